"""What all tests share: no network, no home folder, a fixed order, and the built book."""

import os
import socket
import tempfile

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before torch is loaded: tests run side by side
os.environ["HOME"] = os.environ["USERPROFILE"] = tempfile.mkdtemp(prefix="glassbox-home-")
os.environ["HF_HUB_OFFLINE"] = "1"

import pytest

# Cheap tests first; those that need labs, then pages, then a browser, last.
ORDER = ["labs", "book", "browser"]


def pytest_collection_modifyitems(items):
    items.sort(key=_stage)


def _stage(item) -> int:
    folder = item.path.parent.name
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
    """The folder of the book's pages, built from the labs as they are now."""
    from tools import book, figures, labs

    figures.build()
    failed = [record["name"] for record in labs.run_stale() if not record.get("ok")]
    if failed:
        pytest.fail(f"the book cannot be built: {', '.join(failed)} failed (see tests/labs)")
    return book.build()
