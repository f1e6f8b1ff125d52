"""What the figure `evaluation` needs of Python's side: which questions each model got right, by each way of asking.

The recording keeps what the models picked, for five prompts and four rules; the figure shows some of
their pairs, and the first of the recorded editions.
"""

from glassbox import recordings

EDITION = "0"
WAYS = {  # what the figure calls it: (how the question is put, how the answer is read off)
    "raw": ("plain", "raw"),
    "few": ("few", "raw"),
    "chat": ("chat", "raw"),
    "per_byte": ("plain", "per_byte"),
    "prior": ("plain", "prior"),
}


def marked(picks: str, answers: str) -> str:
    """A mark for each question, from the places picked and the right ones.

    >>> marked("0213", "0113")
    '1011'
    """
    return "".join("01"[pick == answer] for pick, answer in zip(picks, answers, strict=True))


def data() -> dict:
    found = recordings.load("evaluation")
    tests, marks = [], {}
    for family in found["families"]:
        test, picks = found["tests"][family], found["picks"][family][EDITION]
        answers = test["answers"][EDITION]
        tests.append(
            {
                "id": family,
                "name": test["name"],
                "about": test["about"],
                "options": test["options"],
                "questions": len(answers),
                "example": test["example"],
            }
        )
        marks[family] = {
            way: {model: marked(picks[prompt][rule][model], answers) for model in found["models"]}
            for way, (prompt, rule) in WAYS.items()
        }
    return {
        "models": found["models"],
        "rules": list(WAYS),
        "tests": tests,
        "marks": marks,
    }
