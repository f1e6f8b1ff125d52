"""A crawl to be cleaned: some of its pages were copied, and some of those often."""

import pytest

from glassbox.world import World
from glassbox.world.crawl import crawl


@pytest.fixture(scope="session")
def world():
    return World(seed=0, residents=40)


@pytest.fixture(scope="session")
def pages(world):
    return crawl(world, 1500, copies=(1, 16))
