"""What the figure `adoption` needs of Python's side: published counts, and the band of curves fitted until 2024.

Each view has one quantity: what was known by the end of 2024, what came after, and what others counted.
"""

from glassbox.society import adoption

CUT = 2025.0  # what the curves know lies before
END = 2026.5
VIEWS = {  # id: (the counts that are fitted, others beside them, where the axis ends and its step)
    "users": ("weekly_users", ("monthly_users",), 1000, 250),
    "adults": ("us_adults", ("us_workers",), 100, 25),
    "firms": ("us_firms", ("eu_firms", "other_firms"), 100, 25),
}
BEGIN = 2022.75


def marks(name: str) -> list[dict]:
    """The counts of a series: {t, v, kind, who, date}."""
    found = adoption.series(name)
    rows = zip(found.times, found.points)
    return [
        {"t": round(t, 3), "v": p["value"], "kind": p["kind"], "who": p["who"], "date": p["date"]}
        for t, p in rows
        if BEGIN <= t <= END
    ]


def curves(name: str, steps: int = 40) -> list[list[float]]:
    """The band: [t, low, middle, high], from the first count or the start on."""
    whole = adoption.series(name)
    known = whole.until(CUT)
    found = adoption.band(known.times, known.values, whole.ceiling, whole.start)
    first = max(BEGIN, whole.start or known.times[0])
    times = [first + (END - first) * i / steps for i in range(1, steps + 1)]
    return [[round(t, 3), *(round(v, 2) for v in found.between(t))] for t in times]


def data() -> dict:
    views = []
    for name, (main, others, top, step) in VIEWS.items():
        views.append(
            {
                "id": name,
                "main": marks(main),
                "others": [row for other in others for row in marks(other)],
                "band": curves(main),
                "top": top,
                "step": step,
            }
        )
    return {
        "cut": CUT,
        "begin": BEGIN,
        "end": END,
        "asked": [2025.25, 2025.75, 2026.25],
        "views": views,
    }
