"""A small town and a crawl of its web."""

import pytest

from glassbox.world import World
from glassbox.world.crawl import crawl


@pytest.fixture(scope="session")
def world():
    return World(seed=0, residents=40)


@pytest.fixture(scope="session")
def pages(world):
    return crawl(world, 3000)
