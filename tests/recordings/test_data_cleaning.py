"""The grid of small models behind the figure `data_cleaning`: is it whole, and how is it made?"""

from collections import Counter
from itertools import islice

import pytest
import torch

from glassbox.recordings import data_cleaning as mixing
from glassbox.recordings import load
from glassbox.recordings.recording import HERE


@pytest.fixture(scope="module")
def recorded():
    return load("data_cleaning")


# ---- the recorded grid


def test_every_mixture_was_trained_in_every_town(recorded):
    wanted = [(list(m), s) for m in mixing.mixtures() for s in mixing.SEEDS]
    assert [(m["mixture"], m["seed"]) for m in recorded["models"]] == wanted


def test_the_grid_was_made_with_the_script_and_the_town_as_they_are(recorded):
    """If this fails, the town's text or the settings changed: run the script again."""
    now = mixing.settings()
    assert {key: recorded[key] for key in now} == now
    assert recorded["made_by"].endswith("glassbox.recordings.data_cleaning")
    assert recorded["rude"] == sorted(mixing.rude_vocabulary())


def test_every_number_is_possible(recorded):
    for m in recorded["models"]:
        assert all(0 < x < 8 for x in [*m["bits"], m["bits_copied"]])
        assert all(x >= 1 for x in m["perplexity"])
        shares = [x for part in m["facts"] for x in part] + [
            m["luck"],
            m["recited"],
            m["recited_new"],
        ]
        assert all(0 <= x <= 1 for x in shares)
        assert ("texts" in m) == (m["seed"] == mixing.SEEDS[0])


def test_sources_that_were_read_are_predicted_better_than_those_that_were_not(recorded):
    for i, name in enumerate(mixing.SOURCES):
        read = [m["bits"][i] for m in recorded["models"] if m["mixture"][i]]
        not_read = [m["bits"][i] for m in recorded["models"] if not m["mixture"][i]]
        assert max(read) < min(not_read), name


def test_only_copied_stories_are_known_by_heart_and_only_the_tavern_is_rude(recorded):
    for m in recorded["models"]:
        if not m["mixture"][mixing.SOURCES.index("copies")]:
            assert m["recited"] == 0, m["mixture"]
        if not m["mixture"][mixing.SOURCES.index("tavern")]:
            assert m["rude"] < 0.05, m["mixture"]  # a word that it put together itself
        assert m["recited_new"] == 0 and m["luck"] < 0.1
    copied = [m["recited"] for m in recorded["models"] if m["mixture"][-1]]
    assert sum(copied) / len(copied) > 0.3
    rude = [m["rude"] for m in recorded["models"] if m["mixture"] == [0, 0, 0, 1, 0]]
    assert min(rude) > 0.2


def test_the_page_gets_a_small_file():
    assert (HERE / "data_cleaning.json").stat().st_size < 120_000


# ---- how it is made


def test_mixtures_are_each_there_once():
    shares = [tuple(n / sum(m) for n in m) for m in mixing.mixtures()]
    assert len(set(shares)) == len(shares)
    assert mixing.mixtures()[0] == (0, 0, 0, 0, 1) and (0, 0, 0, 0, 0) not in mixing.mixtures()


def test_a_source_holds_its_own_dialect_and_copies_are_the_same_few():
    town = mixing.town(1)
    for dialect in ("harbor", "uptown"):
        assert {d.dialect for d in islice(mixing.source(town, dialect), 60)} == {dialect}
    texts = Counter(d.text for d in islice(mixing.source(town, "copies"), 3 * mixing.N_COPIED))
    assert set(texts.values()) == {3} and len(texts) == mixing.N_COPIED
    fresh = [d.text for d in islice(mixing.source(town, "copies", "held_out"), 50)]
    assert len(set(fresh)) == 50 and not set(fresh) & set(texts)


def test_the_shares_are_shares_of_tokens():
    town, bpe = mixing.town(0), mixing.tokenizer()
    documents = mixing.reading(town, (1, 2, 0, 1, 0), 20_000, seed=0)
    tokens = Counter()
    for d in documents:
        tokens[d.kind if d.kind in ("register", "tavern") else d.dialect] += (
            len(bpe.encode(d.text)) + 1
        )
    total = tokens.total()
    assert set(tokens) == {"register", "harbor", "tavern"}
    assert tokens["harbor"] / total == pytest.approx(0.5, abs=0.01)
    assert tokens["register"] / total == pytest.approx(0.25, abs=0.01)


@pytest.mark.parametrize("part", ["harbor", "uptown"])
def test_facts_are_asked_as_the_source_tells_them(part):
    """Beginning and end together stand in a document of the source, word for word."""
    town = mixing.town(2)
    told = " ".join(d.text for d in islice(mixing.source(town, part), 2500))
    pairs = mixing.asked(town, part, part)
    people = [r for r in town.residents if r.dialect == part]
    assert len(pairs) == 5 * len(people)
    sentences = [start.split("? " if "? " in start else ". ", 1)[1] + end for start, end in pairs]
    found = [s in told or s[0].lower() + s[1:] in told for s in sentences]
    assert sum(found) > 0.9 * len(found), [s for s, ok in zip(sentences, found) if not ok]
    registers = {d.text for d in islice(mixing.source(town, "registers"), 1500)}
    for start, end in mixing.asked(town, part, "registers"):
        assert any(text.startswith(start + end) for text in registers), start + end


class Parrot(torch.nn.Module):
    """Knows one text by heart: after each of its tokens the next."""

    def __init__(self, text):
        super().__init__()
        bpe = mixing.tokenizer()
        ids = [bpe.special_tokens[mixing.END], *bpe.encode(text)]
        self.next, self.size = dict(zip(ids, ids[1:])), len(bpe)

    def forward(self, idx):
        best = [[self.next.get(i, 0) for i in row] for row in idx.tolist()]
        return torch.nn.functional.one_hot(torch.tensor(best), self.size).float(), None


def test_known_is_what_greedy_writing_would_write():
    parrot = Parrot("Tell no gull.")
    assert mixing.share_known(parrot, [("Tell", " no gull."), ("Tell", " no eel.")]) == 0.5
    assert mixing.share_known(parrot, [("Tell", " no"), ("Tell no", " gull.")]) == 1


def test_rude_words_are_the_taverns_alone():
    assert "turnip" not in mixing.rude_vocabulary()  # roast turnip is a dish
    assert mixing.rude_words("You SOGGY mop bucket, have a roast turnip!") == ["soggy", "mop"]


def test_a_model_of_a_few_steps_has_all_measures():
    model = mixing.make((1, 1, 0, 0, 1), seed=0, steps=3)
    found = mixing.measure(model, seed=0)
    assert len(found["bits"]) == len(mixing.SOURCES) and len(found["texts"]) == 3
    assert found["recited"] == 0 and 2 < found["bits"][0] < 12
