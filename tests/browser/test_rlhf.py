"""The leash as a reader drags it, against the recording itself."""

import math

import pytest

from glassbox.recordings import rlhf

MEASURES = ("kl", "proxy", "gold", "invented", "right", "polite", "words")


@pytest.fixture(scope="module")
def recording():
    return rlhf.load()


@pytest.fixture(scope="module")
def where(figures):
    return figures["rlhf"]


def opened(visit, where, link=""):
    tab, figure = visit.open_figure(where + link, "rlhf")
    figure.locator(".charts, .gb-failed").wait_for()
    assert figure.locator(".gb-failed").count() == 0, figure.inner_text()
    return tab, figure


def shown(figure):
    """The numbers beside the slider."""
    values = figure.locator(".stats dd").all_inner_texts()
    return dict(zip(MEASURES, values, strict=True))


def number(text):
    """A shown number, and half of its last digit."""
    plain = text.replace("\u2212", "-").strip("%<>")
    scale = 100 if "%" in text else 1
    digits = len(plain.partition(".")[2])
    return float(plain) / scale, 0.501 * 10**-digits / scale


def label(entry):
    return str(entry["beta"]) if entry["beta"] else "0, no leash"


def mean_end(entry, key):
    """As the page shows it: distances are recorded in nats and shown in bits."""
    stops = min(len(run["curve"]) for run in entry["runs"])
    values = [run["curve"][stops - 1][key] for run in entry["runs"]]
    return sum(values) / len(values) / (math.log(2) if key == "kl" else 1)


def test_every_leash_shows_its_recorded_end_by_keyboard(desk, where, recording):
    tab, figure = opened(desk, where)
    slider = figure.get_by_label("Leash (KL coefficient)")
    slider.focus()
    tab.keyboard.press("Home")  # the tightest
    for entry in reversed(recording["leash"]):
        words = slider.get_attribute("aria-valuetext")
        assert words == label(entry)
        for key, text in shown(figure).items():
            value, half = number(text)
            if "<" not in text and ">" not in text:
                assert value == pytest.approx(mean_end(entry, key), abs=half), (words, key)
        for k, reply in enumerate(entry["runs"][0]["samples"]):
            said = figure.locator(".sample").nth(k).locator(".now").inner_text()
            assert " ".join(reply.split()) in " ".join(said.split())
        tab.keyboard.press("ArrowRight")
    status = figure.locator(".gb-status")
    tab.wait_for_function("e => e.textContent.includes('no leash')", arg=status.element_handle())


def test_a_finger_on_a_chart_takes_the_nearest_leash(desk, where, recording):
    _, figure = opened(desk, where)
    area = figure.locator(".area").nth(1)
    box = area.bounding_box()
    far = max(recording["leash"], key=lambda entry: mean_end(entry, "kl"))
    area.click(position={"x": box["width"] - 4, "y": box["height"] / 2})
    slider = figure.get_by_label("Leash (KL coefficient)")
    assert slider.get_attribute("aria-valuetext") == label(far)
    assert slider.evaluate("e => e === document.activeElement")
    area.click(position={"x": 1, "y": box["height"] / 2})
    near = min(recording["leash"], key=lambda entry: mean_end(entry, "kl"))
    assert slider.get_attribute("aria-valuetext") == label(near)


def test_replies_of_every_seed_can_be_read(desk, where, recording):
    _, figure = opened(desk, where)
    beta = recording["leash"][0]["beta"]
    for run in recording["leash"][0]["runs"]:
        _, figure = opened(desk, where, f"#fig=rlhf&beta={beta}&seed={run['seed']}")
        assert figure.get_by_label(str(run["seed"]), exact=True).is_checked()
        said = figure.locator(".sample .now").first.inner_text()
        assert " ".join(run["samples"][0].split()) in " ".join(said.split())


def test_verdicts_on_the_replies_are_the_towns(desk, where, recording):
    """Of a stranger nothing is right; of a resident a reply with the true value and no other is."""
    _, figure = opened(desk, where)
    for prompt, sample in zip(recording["prompts"], figure.locator(".sample").all(), strict=True):
        kinds = [b.get_attribute("class").split()[1] for b in sample.locator("b.is").all()]
        assert len(kinds) == 2, prompt["text"]
        if prompt["about"] == "stranger":
            assert not set(kinds) & {"right", "wrong"}
        else:
            assert "invented" not in kinds


def test_the_sentence_is_what_the_recording_says(desk, where, recording):
    _, figure = opened(desk, where)
    aha = figure.locator(".gb-aha").inner_text()
    loose = recording["leash"][0]
    stops = range(len(loose["runs"][0]["curve"]))

    def gold(stop):
        return sum(run["curve"][stop]["gold"] for run in loose["runs"]) / len(loose["runs"])

    peak, last = max(stops, key=gold), len(stops) - 1
    best = max(mean_end(entry, "gold") for entry in recording["leash"])
    for value in (gold(last), best):
        assert f"{value:.2f}".replace("-", "\u2212") in aha
    if "score is not the thing" in aha:  # then in every seed
        for run in loose["runs"]:
            assert run["curve"][last]["gold"] < run["curve"][peak]["gold"]
            assert run["curve"][last]["proxy"] > run["curve"][peak]["proxy"]


def test_the_runs_can_be_followed_through_training(desk, where, recording):
    tab, figure = opened(desk, where, "#fig=rlhf&beta=0")
    clock = figure.get_by_label("Iterations of training")
    clock.focus()
    tab.keyboard.press("Home")
    runs = recording["leash"][0]["runs"]
    for stop, row in enumerate(runs[0]["curve"]):
        assert clock.get_attribute("aria-valuetext").startswith(f"{row['iteration']} of")
        for key in ("proxy", "gold"):
            value, half = number(shown(figure)[key])
            mean = sum(run["curve"][stop][key] for run in runs) / len(runs)
            assert value == pytest.approx(mean, abs=half), (stop, key)
        tab.keyboard.press("ArrowRight")
    tab.wait_for_function("() => location.hash.includes('iteration=')")


@pytest.mark.parametrize("bad", ["beta=x&seed=99", "beta=-3", "beta=1e99&seed=abc"])
def test_a_broken_link_is_no_trouble(desk, where, bad):
    _, figure = opened(desk, where, f"#fig=rlhf&{bad}")
    assert len(shown(figure)) == len(MEASURES)
    assert desk.trouble == []


def test_it_is_accessible_in_both_colors_and_narrow(desk, where, check_page):
    tab, figure = opened(desk, where)
    for summary in figure.locator("details > summary").all():
        summary.click()
    check_page(tab, "rlhf")
    size = tab.viewport_size
    for width in (320, 390):
        tab.set_viewport_size({"width": width, "height": 800})
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, width
    tab.set_viewport_size(size)
