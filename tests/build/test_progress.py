"""The time that is left of a run of the tests, and how tests are shared out."""

import json
import types

import pytest

from tests import progress


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A run of four tests, two of them known from the last run; what it says, and a clock to turn."""
    kept = tmp_path / "tests.json"
    kept.write_text(json.dumps({"tests/a.py::x": 10, "tests/b.py::old": 3}), encoding="utf-8")
    monkeypatch.setattr(progress, "KEPT", kept)
    monkeypatch.setattr(progress, "BUILD", tmp_path)
    clock = types.SimpleNamespace(now=0.0)
    monkeypatch.setattr(progress.time, "monotonic", lambda: clock.now)
    said = []
    writer = types.SimpleNamespace(width_of_current_line=0, line=said.append, flush=lambda: None)
    config = types.SimpleNamespace(get_terminal_writer=lambda: writer)
    left = progress.TimeLeft(config)
    ids = ["tests/a.py::x", "tests/a.py::y", "tests/browser/test_c.py::z"]
    left.pytest_xdist_node_collection_finished(None, ids)
    left.pytest_xdist_node_collection_finished(None, ids)  # each worker says the same

    def over(name, seconds):
        clock.now += seconds
        for when, part in (("setup", 0.25), ("call", 0.5), ("teardown", 0.25)):
            report = types.SimpleNamespace(nodeid=name, when=when, duration=part * seconds)
            left.pytest_runtest_logreport(report)

    return types.SimpleNamespace(left=left, over=over, said=said, kept=kept)


def test_the_time_left_goes_by_the_last_run_and_by_todays_pace(run):
    run.over("tests/a.py::x", 40)  # four times what it took
    after = 4 * (progress.guess("tests/a.py::y") + progress.guess("tests/browser/test_c.py::z"))
    assert run.said == [f"1 of 3 tests done (about {after:.0f} s left)"]
    run.over("tests/a.py::y", 1)
    assert len(run.said) == 1  # not at every test


def test_what_tests_took_is_kept_for_the_next_run(run):
    run.over("tests/a.py::x", 40)
    run.left.pytest_sessionfinish()
    assert json.loads(run.kept.read_text()) == {"tests/a.py::x": 40, "tests/b.py::old": 3}


def test_a_page_is_a_share_of_its_own_and_a_file_another():
    file = progress.SHARED_OUT[0]
    desk, phone = (f"{file}::test_{who}[labs/a.html]" for who in ("desk", "phone"))
    assert progress.share(desk) == progress.share(phone) != progress.share(f"{file}::test_x")
    assert progress.share("tests/a.py::x[1]") == progress.share("tests/a.py::y") == "tests/a.py"
