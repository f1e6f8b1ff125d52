"""Predict first: a reader commits to an answer, then sees what was measured beside it.

`predict` and `outcome` show the figure `predict`; in the page it keeps the answer in the reader's
browser, in a running notebook also in this process. Nothing is sent anywhere.
"""

from IPython.display import display

from glassbox.course.figure import figure

_asked: dict[str, dict] = {}


def predict(name: str, question: str, choices: list[str]) -> None:
    """Ask for a prediction. `name` is `"lab.question"`; give two to six choices."""
    if not 2 <= len(choices) <= 6:
        raise ValueError(f"{name} has {len(choices)} choices; give between 2 and 6")
    _asked[name] = {"question": question, "choices": list(choices), "figure": None}
    _asked[name]["figure"] = _show(id=name, question=question, choices=list(choices), mode="ask")


def outcome(name: str, measured: str, answer: str) -> None:
    """Show what was measured beside what the reader predicted.

    measured  one sentence with the measured numbers, computed by the lab
    answer    the choice that the measurement supports; must be one of the choices
    """
    if name not in _asked:
        raise ValueError(
            f"{name!r} was not asked yet; run the cell with predict({name!r}, …) first"
        )
    asked = _asked[name]
    if answer not in asked["choices"]:
        raise ValueError(f"{answer!r} is not among the choices of {name}: {asked['choices']}")
    _show(
        id=name,
        question=asked["question"],
        choices=asked["choices"],
        mode="reveal",
        choice=getattr(asked["figure"], "choice", None),
        answer=answer,
        measured=measured,
    )


def _show(**state):
    shown = figure("predict", **state)
    display(shown)
    return shown
