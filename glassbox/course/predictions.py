"""Predict first: a reader commits to an answer, then sees what was measured beside it.

`predict` and `outcome` show the figure `predict`; in the page it keeps the answer in the reader's
browser, in a running notebook also in this process. Where the figure is not built, a notebook shows plain
radio buttons in its place. Nothing is sent anywhere.
"""

from IPython.display import display

from glassbox.course.figure import built, figure, mount_html

_asked: dict[str, dict] = {}


def predict(name: str, question: str, choices: list[str]) -> None:
    """Ask for a prediction. `name` is `"lab.question"`; give two to six choices."""
    if not 2 <= len(choices) <= 6:
        raise ValueError(f"{name} has {len(choices)} choices; give between 2 and 6")
    _asked[name] = {"question": question, "choices": list(choices), "figure": None}
    _asked[name]["figure"] = _show(id=name, question=question, choices=list(choices), mode="ask")


def outcome(name: str, measured: str, answer: str, label: str = "Measured") -> None:
    """Show what was measured beside what the reader predicted.

    measured  one sentence with the measured numbers, computed by the lab
    answer    the choice that the measurement supports; must be one of the choices
    label     what stands before the sentence, such as "Worked out" where nothing was measured
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
        label=label,
    )


def _show(**state):
    shown = figure("predict", **state) if built("predict") else Plain(**state)
    display(shown)
    return shown


class Plain:
    """A prediction without the figure: radio buttons of ipywidgets, or text where there are none.

    `choice` is what the reader chose, or None. The HTML is the figure's mount, so that a page that has
    the figure shows it.
    """

    def __init__(self, **state):
        self.state = state
        self.choice = state.get("choice")
        self.buttons = self._buttons() if state["mode"] == "ask" else None

    def _buttons(self):
        import ipywidgets

        wide = ipywidgets.Layout(width="max-content")
        buttons = ipywidgets.RadioButtons(options=self.state["choices"], value=None, layout=wide)
        buttons.observe(self._choose, "value")
        return ipywidgets.VBox([ipywidgets.Label(self.state["question"]), buttons])

    def _choose(self, change) -> None:
        self.choice = change["new"]

    def __repr__(self) -> str:
        if self.state["mode"] == "ask":
            rows = [self.state["question"], *(f"  ( ) {c}" for c in self.state["choices"])]
            return "\n".join([*rows, "Choose one before you read on."])
        yours = f"You predicted: {self.choice}." if self.choice else "You made no prediction."
        return (
            f"{self.state['question']}\n{yours}\n{self.state['label']}: {self.state['measured']} "
            f"So the answer is: {self.state['answer']}."
        )

    def _repr_mimebundle_(self, **kwargs) -> dict:
        widget = self.buttons._repr_mimebundle_(**kwargs) if self.buttons else {}
        plain = {
            "text/plain": repr(self),
            "text/html": mount_html("predict", self.state, repr(self)),
        }
        return widget | plain
