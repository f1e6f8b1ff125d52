"""Pages of the tests' own, each with figures and nothing else, laid out as the book lays them out."""

import pytest
from bookfiles import to_json
from livefigure import copy_figures

from tools import figures
from tools.environment import ROOT

QUIZ = {
    "id": "test",
    "keepOrder": True,
    "questions": [
        {
            "q": "Which is `right`?",
            "options": [
                {"text": "<!-- <img src=x onerror=alert(1)>", "why": "No: text stays *text*."},
                {"text": "This one", "right": True, "why": "Yes."},
            ],
        },
        {
            "q": "And here?",
            "options": [
                {"text": "The first", "right": True, "why": "Yes."},
                {"text": "The second", "why": "No."},
            ],
        },
    ],
}
ASK = {"id": "test.choice", "question": "More or less?", "choices": ["more", "less"], "mode": "ask"}
REVEAL = {**ASK, "mode": "reveal", "answer": "less", "measured": "12 against 30."}
NUMBER = {
    "id": "test.number",
    "question": "How many of 100?",
    "number": {"min": 0, "max": 100, "step": 1, "unit": "%"},
    "mode": "reveal",
    "answer": 93,
    "measured": "93 of 100.",
}
PAGES = {
    "quiz": [("quiz", QUIZ)],
    "predict": [
        ("predict", ASK),
        ("predict", REVEAL),
        ("predict", NUMBER),
        ("predict", REVEAL | {"label": "Worked out"}),
    ],
    "next_word": [("next_word", {})],
    "write": [("next_word", {"mode": "write"})],
    "broken": [("quiz", {"id": "x", "questions": []}), ("no_such_figure", {})],
}


def write(out):
    """A site of plain pages with the figures, laid out as the book lays them out."""
    figures.build()
    copy_figures(ROOT, out / "figures")
    theme = (ROOT / "_static" / "theme.css").read_text(encoding="utf-8")
    (out / "theme.css").write_text(theme, encoding="utf-8")
    for name, shown in PAGES.items():
        mounts = "".join(
            f'<div class="afm" data-afm-name="{figure}" role="group" aria-label="Figure {n}">'
            f'<script type="application/json">{to_json(state)}</script></div>'
            for n, (figure, state) in enumerate(shown)
        )
        (out / f"{name}.html").write_text(
            f'<!doctype html><html lang="en" data-theme="light"><head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{name}</title>'
            '<link rel="stylesheet" href="theme.css"><style>body{background:var(--gb-paper);'
            "color:var(--gb-ink)}main{max-width:41rem;margin:auto;padding:0 1rem}</style></head>"
            f'<body><main><h1>{name}</h1>{mounts}</main><script src="figures/host.js" defer></script>'
            "</body></html>",
            encoding="utf-8",
        )


def said(tab, figure=0):
    """What the figure's status line says, once it says something."""
    status = tab.locator(".gb-fig").nth(figure).locator("[role=status]")
    tab.wait_for_function("e => e.textContent !== ''", arg=status.element_handle())
    return status.inner_text()


def reach(tab, selector):
    """Go on with Tab until an element that fits has the focus, as a reader without a mouse does."""
    for _ in range(60):
        tab.keyboard.press("Tab")
        if tab.evaluate("s => document.activeElement.matches(s)", selector):
            return
    pytest.fail(f"{selector} cannot be reached with the keyboard")
