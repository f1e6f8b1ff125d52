"""The pages: a staged copy of the book's source with the executed labs, and Jupyter Book on it.

`_build/src/` is what Sphinx reads: settings and chapters as they are, and each lab as it
ran, arranged for reading (`lab_page.py`), with an anchor before every cell so that `labs/03_softmax_sampling.html#verdict-greedy` lands
on that cell. A file is written only when its content differs, so Sphinx rebuilds only what
changed. `_build/html/` is the book.
"""

import json
import os
import re
import shutil
import subprocess
import time
from pathlib import Path

from tools import environment, lab_page, labs
from tools.environment import BUILD, ROOT, Stop, digest, read_json, tree_digest, write

SOURCE = BUILD / "src"
HTML = BUILD / "html"
STAMP = BUILD / "book.json"

# What the book is made of, besides the labs; folders are copied whole.
SETTINGS = ["_config.yml", "_toc.yml"]
PAGES = ["intro.md", "CHANGELOG.md", "CORRECTIONS.md", "chapters", "_static"]
DRAWN = "_labfigures"  # what an extension draws into the staged tree

STALE = """```{warning}
This is a preview. What this lab shows was computed by an earlier version of it; `make book` runs it again.
```"""
NOT_RUN = """```{warning}
This is a preview. This lab has not been run yet; `make book` runs it.
```"""


def build(preview: bool = False) -> Path:
    """Bring `_build/html` up to date and return it; does nothing when nothing changed.

    A preview takes the labs' last outputs, marked where they are old, and lets warnings pass.
    """
    with environment.alone("book"):
        return _build(preview)


def _build(preview: bool) -> Path:
    removed = stage(preview)
    wanted = {
        "mode": "preview" if preview else "book",
        "rest": _rest_digest(),
        "pages": _pages_digest(),
    }
    done = read_json(STAMP)
    if wanted.items() <= done.items() and (HTML / "index.html").exists():
        return HTML
    # The book is built whole: a page also shows other pages' titles, and Sphinx does not repeat
    # the warnings of pages it has read before. A preview rebuilds the changed pages alone.
    whole = not preview or removed or any(done.get(k) != wanted[k] for k in ("mode", "rest"))
    STAMP.unlink(missing_ok=True)
    if whole:
        shutil.rmtree(HTML, ignore_errors=True)
    about = f" (about {done['seconds']:.0f} s)" if "seconds" in done else ""
    print(f"Building the pages{about} …", end=" ", flush=True)
    start = time.monotonic()
    _jupyter_book(whole, preview)
    seconds = time.monotonic() - start
    print(f"{seconds:.0f} s", flush=True)
    write(STAMP, json.dumps({**wanted, "seconds": round(seconds)}))
    return HTML


def stage(preview: bool = False) -> bool:
    """Bring `_build/src` up to date; True where a file vanished from it."""
    files = {}
    for part in SETTINGS + PAGES:
        path = ROOT / part
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        files |= {p.relative_to(ROOT).as_posix(): p for p in found if p.is_file()}
    for relative, path in files.items():
        _put(SOURCE / relative, path.read_bytes())
    for name in labs.names():
        relative = f"labs/{name}.ipynb"
        files[relative] = None
        text = json.dumps(_lab_page(name, preview), indent=1, ensure_ascii=False) + "\n"
        _put(SOURCE / relative, text.encode("utf-8"))
    vanished = [
        path
        for path in sorted(SOURCE.rglob("*"))
        if path.is_file()
        and path.relative_to(SOURCE).as_posix() not in files
        and path.relative_to(SOURCE).parts[0] != DRAWN
    ]
    for path in vanished:
        path.unlink()
    return bool(vanished)


def with_anchors(notebook: dict) -> dict:
    """The notebook with `<a id="cell-id"></a>` before each cell, for links from the text.

    >>> cells = [{"cell_type": "markdown", "id": "title", "source": "# Dice", "metadata": {}},
    ...          {"cell_type": "code", "id": "verdict", "source": "1", "metadata": {}}]
    >>> [cell["source"] for cell in with_anchors({"cells": cells})["cells"]]
    ['# Dice\\n\\n<a id="title"></a>', '<a id="verdict"></a>', '1']
    """
    cells = []
    for cell in notebook["cells"]:
        name = cell["id"]
        anchor = f'<a id="{name}"></a>'
        source = "".join(cell["source"])
        if cell["cell_type"] != "markdown":
            mark = {"cell_type": "markdown", "id": f"at-{name}", "metadata": {}, "source": anchor}
            cells += [mark, cell]
        elif _slug(source) == name:  # the heading already has this id
            cells.append(cell)
        elif source.startswith("# "):  # the page must begin with its title
            title, _, text = source.partition("\n")
            cells.append({**cell, "source": f"{title}\n\n{anchor}\n{text}".rstrip()})
        else:
            cells.append({**cell, "source": f"{anchor}\n\n{source}"})
    return {**notebook, "cells": cells}


def _slug(source: str) -> str | None:
    """The id that a leading heading gets."""
    heading = re.match(r"#+ +(.+)", source)
    if not heading:
        return None
    words = re.sub(r"[^\w\- ]", "", heading.group(1).strip().lower())
    return words.replace(" ", "-")


def _lab_page(name: str, preview: bool) -> dict:
    """The notebook that the page of a lab is made from."""
    record = labs.run_record(name)
    executed = labs.CACHE / name / "executed.ipynb"
    current = labs.is_current(name)
    if not current and not preview:
        raise Stop(f"Lab {name} has no current results: run `python make.py labs` and see why.")
    path = executed if record and executed.exists() else ROOT / "labs" / f"{name}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["metadata"].setdefault("language_info", {"name": "python"})
    notebook = with_anchors(lab_page.arrange(notebook))
    if not current:
        text = STALE if path == executed else NOT_RUN
        note = {"cell_type": "markdown", "id": "preview-note", "metadata": {}, "source": text}
        notebook["cells"].insert(1, note)
    return notebook


def _pages_digest() -> str:
    """The hash of what single pages are made of."""
    staged = [p for p in sorted(SOURCE.rglob("*")) if p.is_file() and DRAWN not in p.parts]
    runs = [labs.CACHE / name / "run.json" for name in labs.names()]
    return digest(
        *(part for path in staged for part in (path.relative_to(SOURCE).as_posix(), path)), *runs
    )


def _rest_digest() -> str:
    """The hash of what all pages share: settings, extensions, theme, figures, claims."""
    return digest(
        *(SOURCE / name for name in SETTINGS),
        *(tree_digest(ROOT / folder) for folder in ("_ext", "_static", "seeds")),
        tree_digest(BUILD / "figures"),
        ROOT / "requirements.lock",
        ROOT / "package-lock.json",
        ROOT / "tools" / "book.py",
        ROOT / "tools" / "lab_page.py",
    )


def _jupyter_book(whole: bool, preview: bool) -> None:
    command = [environment.python(), "-c", "from jupyter_book.cli.main import main; main()"]
    command += ["build", str(SOURCE), "--path-output", str(ROOT), "--builder", "html", "-q"]
    command += ["--all"] if whole else []
    command += [] if preview else ["-W", "--keep-going"]
    env = {
        **labs.quiet_environment(),
        "PYTHONPATH": os.pathsep.join([str(ROOT / "_ext"), str(ROOT)]),
        "GLASSBOX_PREVIEW": "1" if preview else "",  # records and claims may then be missing
    }
    log = BUILD / "logs" / "book.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as sink:
        status = subprocess.run(command, cwd=ROOT, env=env, stdout=sink, stderr=sink).returncode
    if status:
        print("failed", flush=True)
        text = re.sub(r"\x1b\[[0-9;]*m", "", log.read_text(encoding="utf-8", errors="replace"))
        text = text.replace(f"{SOURCE}{os.sep}", "")  # name the files that authors edit
        told = [line for line in text.splitlines() if re.search(r"WARNING|ERROR|CRITICAL", line)]
        shown = "\n".join(told or text.splitlines()[-25:])
        raise Stop(f"The pages do not build:\n{shown}\n(The whole log: {log})")


def _put(path: Path, content: bytes) -> None:
    """Write a file only where its content differs, so that its date stays."""
    if not path.is_file() or path.read_bytes() != content:
        write(path, content)
