"""What the page is given of the models that read poems."""

from figures.memorization import data
from glassbox import recordings


def test_the_page_gets_the_grid_and_the_poems_read_in_every_number_of_copies():
    shown = data.data()
    assert shown.pop("one") == recordings.load("memorization_copies")
    assert shown == recordings.load("memorization")


def test_both_give_the_same_first_words_and_ask_for_as_much():
    """The figure says "the first 16 tokens" and "the next 24" once, for both."""
    shown = data.data()
    for key in ("asked_at", "target", "copies"):
        assert shown["one"][key] == shown[key]
