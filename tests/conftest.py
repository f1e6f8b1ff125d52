"""What all tests share: no network, no home folder, a fixed order, and the built book."""

import os
import shutil
import socket
import tempfile

# Before torch is loaded. Tests run side by side, each process in an empty home of its own.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["HOME"] = os.environ["USERPROFILE"] = tempfile.mkdtemp(prefix="glassbox-home-")
os.environ["HF_HUB_OFFLINE"] = "1"

import pytest

from tests import progress

# Cheap tests first; those that need labs, then pages, then a browser, last. Where several workers
# share them out, one file that needs the pages goes before all: its worker builds them while the
# others test, instead of all waiting for them later.
ORDER = ["labs", "book", "browser"]
BUILDS_PAGES = "book/test_pages.py"


def pytest_configure(config):
    if "PYTEST_XDIST_WORKER" not in os.environ and not config.option.collectonly:
        config.pluginmanager.register(progress.TimeLeft(config))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return progress.Sharing(config, log) if config.option.dist == "loadfile" else None


def pytest_unconfigure():
    shutil.rmtree(os.environ["HOME"], ignore_errors=True)


def pytest_collection_modifyitems(items):
    items.sort(key=_stage)


def _stage(item) -> int:
    folder = item.path.parent.name
    if progress.share(item.nodeid) != progress.share(item.nodeid.split("::")[0]):
        return len(ORDER) + 1  # many small shares at the end keep all workers busy to the end
    if "PYTEST_XDIST_WORKER" in os.environ and item.path.as_posix().endswith(BUILDS_PAGES):
        return -1
    return ORDER.index(folder) + 1 if folder in ORDER else 0


@pytest.fixture(scope="session", autouse=True)
def no_network():
    """Refuse every connection that leaves this machine."""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):
            raise OSError(f"a test wanted to connect to {address[0]}; tests use no network")
        return connect(self, address)

    socket.socket.connect = guarded
    yield
    socket.socket.connect = connect


def _is_here(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


@pytest.fixture(scope="session")
def built_book():
    """The folder of the book's pages, built from the labs as they are now; by one process, once."""
    from tools import book, figures, labs

    figures.build()
    failed = [name for name in labs.names() if not labs.verdict(name).get("ok")]
    if failed:
        pytest.fail(f"the book cannot be built: {', '.join(failed)} failed (see tests/labs)")
    return book.build()
