"""Lets the tests import the ledger's loader, which is plain Python outside the package."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "_ext"))


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def ledger(root):
    import ledger as module

    return module.load(root / "seeds")
