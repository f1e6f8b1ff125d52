"""The copy of the book that Sphinx reads: only what changed is written, what vanished goes."""

import json

import pytest

from tools import book, environment

OLD = 1_000_000_000


def staged(project, path: str):
    return project.root / "_build" / "src" / path


def test_a_second_staging_touches_no_file(project):
    import os

    project.pretend_run("01_tiny")
    assert book.stage() is False
    files = [p for p in staged(project, "").rglob("*") if p.is_file()]
    assert {p.name for p in files} == {"_config.yml", "01.md", "01_tiny.ipynb"}
    for path in files:
        os.utime(path, (OLD, OLD))
    book.stage()
    assert {p.stat().st_mtime for p in files} == {OLD}


def test_only_the_changed_file_is_written(project):
    import os

    project.pretend_run("01_tiny")
    book.stage()
    for path in (staged(project, "_config.yml"), staged(project, "chapters/01.md")):
        os.utime(path, (OLD, OLD))
    project.write("chapters/01.md", "# One, changed")
    book.stage()
    assert staged(project, "_config.yml").stat().st_mtime == OLD
    assert staged(project, "chapters/01.md").read_text(encoding="utf-8") == "# One, changed"


def test_what_vanished_from_the_source_vanishes_from_the_copy(project):
    project.pretend_run("01_tiny")
    project.write("chapters/02.md", "# Two")
    book.stage()
    (project.root / "chapters" / "02.md").unlink()
    drawn = project.write("_build/src/_labfigures/plot.svg", "<svg/>")
    assert book.stage() is True
    assert not staged(project, "chapters/02.md").exists()
    assert drawn.exists()  # an extension draws there; it is not ours to remove


def test_every_cell_of_a_lab_can_be_linked_to(project):
    project.pretend_run("01_tiny")
    book.stage()
    page = json.loads(staged(project, "labs/01_tiny.ipynb").read_text(encoding="utf-8"))
    sources = ["".join(cell["source"]) for cell in page["cells"]]
    assert sources[0].startswith("# Tiny")  # the page begins with its title
    for name in ("title", "imports", "result"):
        assert sum(f'<a id="{name}"></a>' in source for source in sources) == 1
    assert len({cell["id"] for cell in page["cells"]}) == len(page["cells"])


def test_a_heading_that_has_the_id_already_gets_no_second_one():
    heading = {"cell_type": "markdown", "id": "the-verdict", "source": "## The verdict"}
    assert book.with_anchors({"cells": [heading]})["cells"] == [heading]


def test_the_book_refuses_old_results_and_a_preview_marks_them(project):
    with pytest.raises(environment.Stop, match="01_tiny has no current results"):
        book.stage()
    for pretend, words in ((False, "has not been run yet"), (True, "an earlier version of it")):
        if pretend:
            project.pretend_run("01_tiny", key="of another day")
        book.stage(preview=True)
        page = json.loads(staged(project, "labs/01_tiny.ipynb").read_text(encoding="utf-8"))
        assert words in page["cells"][1]["source"]
