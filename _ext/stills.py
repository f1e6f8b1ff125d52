"""What stands in for a figure where it cannot run: in a page without JavaScript, and on paper.

A figure has a picture and the sentence that goes with it, `figures/<name>/still.webp` and `still.json`, which
`python make.py stills` takes from the living figure. A quiz and a prediction are words anyway: those are written out.
figures/core/host.js shows the figure in the place of all this; on paper it comes back for a figure that nobody touched.
"""

from __future__ import annotations

import html
import json
import re
import shutil
from pathlib import Path

FOLDER = "_static/figures/stills"


def file_of(root: Path, name: str, view: str = "") -> Path:
    """What tells of a figure's picture; of a figure with several views each may have its own."""
    own = root / "figures" / name / f"still_{view}.json"
    return own if own.is_file() else own.with_name("still.json")


def kept(root: Path, name: str, view: str = "") -> dict | None:
    """What was taken of a figure, its sentence and the picture's size; None where no picture was."""
    file = file_of(root, name, view)
    taken = file.is_file() and file.with_suffix(".webp").is_file()
    return json.loads(file.read_text(encoding="utf-8")) if taken else None


def image_of(file: Path) -> str:
    """The picture's name in the book.

    >>> image_of(Path("figures/tokens/still.json")), image_of(Path("figures/tokens/still_tax.webp"))
    ('tokens.webp', 'tokens_tax.webp')
    """
    return f"{file.parent.name}{file.stem.removeprefix('still')}.webp"


def still(root: Path, name: str, words: str, state: dict, docname: str) -> str:
    """The HTML that stands in for the figure `name`; `words` say what it is."""
    written = {"quiz": quiz, "predict": prediction}.get(name)
    if written:
        inside = written(state)
    elif taken := kept(root, name, state.get("view", "")):
        image = image_of(file_of(root, name, state.get("view", "")))
        inside = picture(taken, image, words, docname)
    else:
        note = f"<p>{html.escape(words)} (This figure needs JavaScript.)</p>"
        return f'<div class="gb-still" data-still>{note}</div>'
    return f'<div class="gb-still gb-whole" data-still>{inside}</div>'


def place(root: Path, name: str, view: str = "") -> str:
    """The style that keeps a figure's place while it loads: its height on a phone and on a desk."""
    small, wide = (kept(root, name, view) or {}).get("tall", (0, 0))
    return f"--tall-small: {small}px; --tall: {wide}px" * bool(wide)


def picture(taken: dict, file: str, words: str, docname: str) -> str:
    up = "../" * docname.count("/")
    width, height = taken["size"]
    image = (
        f'<img src="{up}{FOLDER}/{file}" alt="{html.escape(words, quote=True)}" loading="lazy" '
        f'width="{width}" height="{height}">'
    )
    return image + f"<p>{html.escape(taken['sentence'])}</p>" * bool(taken["sentence"])


def quiz(state: dict) -> str:
    """The questions with their options, then the answers with a reason for every option.

    Authors write the right option first, so options stand in the order of their letters.
    """
    asked, answers = [], []
    for question in state.get("questions", []):
        options = question["options"]
        if not state.get("keepOrder"):
            options = sorted(options, key=lambda option: option["text"])
        listed = "".join(f"<li>{inline(option['text'])}</li>" for option in options)
        asked.append(f"<li><p>{inline(question['q'])}</p><ul>{listed}</ul></li>")
        reasons = "".join(
            f"<li><b>{inline(option['text'])}</b>{' (right)' * bool(option.get('right'))}: {inline(option['why'])}</li>"
            for option in options
        )
        answers.append(f"<li><ul>{reasons}</ul></li>")
    return f"<ol>{''.join(asked)}</ol><p><b>The answers</b></p><ol>{''.join(answers)}</ol>"


def prediction(state: dict) -> str:
    """The question with its choices, and where it is told, what came out."""
    told = f"<p><b>{inline(state.get('question', ''))}</b></p>"
    if "choices" in state:
        told += f"<ul>{''.join(f'<li>{inline(choice)}</li>' for choice in state['choices'])}</ul>"
    if state.get("mode") != "reveal":
        return told
    unit = state.get("number", {}).get("unit", "")
    answer = inline(f"{state.get('answer', '')}{unit if unit == '%' else f' {unit}'}".strip())
    how = inline(state.get("label", "Measured"))
    return f"{told}<p>{how}: <b>{answer}</b>. {inline(state.get('measured', ''))}</p>"


def inline(text) -> str:
    """`code` and *emphasis*, as figures/core/dom.js reads them.

    >>> inline("the token `<cat>`, *really*")
    'the token <code>&lt;cat&gt;</code>, <em>really</em>'
    """
    text = html.escape(str(text))
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
    return re.sub(r"\*([^*\s][^*]*)\*", r"<em>\1</em>", text)


def copy_pictures(root: Path, out: Path) -> None:
    for image in sorted((root / "figures").glob("*/still*.webp")):
        out.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(image, out / image_of(image))
