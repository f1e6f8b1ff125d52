"""What the page is given of chapter 8's recorded runs."""

from figures.rlhf import data
from glassbox import recordings


def test_the_page_gets_the_leashes_and_nothing_else():
    recording = recordings.load("rlhf")
    assert data.data() == {part: recording[part] for part in data.PARTS}
    assert set(data.PARTS) < set(recording)
