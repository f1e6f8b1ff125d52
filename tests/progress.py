"""How the tests are shared out between workers, and how long they will still take.

What each test took in the last run is kept in `_build/tests.json`; a test that was never run here is
taken to need what its like needed elsewhere.
"""

import json
import re
import time

import pytest
from xdist.scheduler import LoadFileScheduling

from tools.environment import BUILD, read_json, write
from tools.workers import duration

KEPT = BUILD / "tests.json"
GUESS = {"tests/browser/": 6.0, "": 0.4}  # seconds of a test, by where it stands
EVERY = 30  # seconds between two words about the time left
# Files so long that they are shared out, all tests of one page or one figure together.
SHARED_OUT = [f"tests/browser/test_{name}.py" for name in ("pages", "figures", "first_screen")]


def share(nodeid: str) -> str:
    """
    >>> share("tests/world/test_draw.py::test_dice[3]")
    'tests/world/test_draw.py'
    >>> share("tests/browser/test_pages.py::test_page_on_a_desk[index.html]")
    'tests/browser/test_pages.py[index.html]'
    """
    file = nodeid.split("::")[0]
    part = re.search(r"\[.+\]$", nodeid)
    return file + part[0] if part and file in SHARED_OUT else file


class Sharing(LoadFileScheduling):
    """A file stays with one worker, or a page of it; see `share`."""

    def _split_scope(self, nodeid):
        return share(nodeid)


class TimeLeft:
    """Say every half minute how many tests are done and about how long the others take."""

    def __init__(self, config):
        self.config = config
        self.kept = read_json(KEPT)
        self.took: dict[str, float] = {}
        self.left: dict[str, float] = {}
        self.done = 0.0  # what the tests that are over were expected to take
        self.begun = self.said = time.monotonic()

    def pytest_collection_finish(self, session):
        self._expect([item.nodeid for item in session.items])

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node, ids):
        self._expect(ids)

    def _expect(self, ids):
        if not self.left:
            self.left = {name: self.kept.get(name) or guess(name) for name in ids}
            self.begun = self.said = time.monotonic()

    def pytest_runtest_logreport(self, report):
        name = report.nodeid
        self.took[name] = self.took.get(name, 0) + report.duration
        if report.when == "teardown":
            self.done += self.left.pop(name, 0)
            if self.left and time.monotonic() - self.said > EVERY:
                self._say()

    def _say(self):
        self.said = time.monotonic()
        done, left = len(self.took), sum(self.left.values())
        about = duration(left * (self.said - self.begun) / self.done)
        terminal = self.config.get_terminal_writer()
        if terminal.width_of_current_line:  # dots
            terminal.line()
        terminal.line(f"{done:,} of {done + len(self.left):,} tests done (about {about} left)")
        terminal.flush()

    def pytest_sessionfinish(self):
        if BUILD.exists():
            rounded = {name: round(seconds, 2) for name, seconds in self.took.items()}
            write(KEPT, json.dumps(self.kept | rounded, indent=0))


def guess(nodeid: str) -> float:
    return next(seconds for folder, seconds in GUESS.items() if nodeid.startswith(folder))
