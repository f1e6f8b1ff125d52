"""The leash as a reader drags it, against the recording itself."""

import math

import pytest

from figures.rlhf import data as rlhf_data

MEASURES = ("kl", "proxy", "gold", "invented", "right", "polite", "words")


@pytest.fixture(scope="module")
def recording():
    return rlhf_data.data()


@pytest.fixture(scope="module")
def where(alone):
    return alone["rlhf"]


def opened(visit, where, link=""):
    return visit.open_figure(where + link, "rlhf", ".talk")


def with_more(visit, where, link=""):
    """With the fold open, where charts, all conversations and all numbers are."""
    tab, figure = opened(visit, where, link)
    if figure.locator(".gb-more").get_attribute("open") is None:
        figure.locator(".gb-more > summary").click()
    figure.locator(".sample").first.wait_for()
    return tab, figure


def clock_of(figure):
    return figure.get_by_label("Rounds of training")


def leash_of(figure):
    return figure.get_by_label("Leash (KL coefficient)")


def shown(figure):
    """The numbers in the fold."""
    values = figure.locator(".stats dd").all_inner_texts()
    return dict(zip(MEASURES, values, strict=True))


def plain(text):
    return " ".join(text.split())


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


def test_it_begins_before_the_training_and_gives_nothing_away(desk, where, recording):
    _, figure = opened(desk, where)
    assert clock_of(figure).get_attribute("aria-valuetext").startswith("0 of")
    assert leash_of(figure).get_attribute("aria-valuetext") == label(recording["leash"][0])
    assert figure.locator(".meter b").all_inner_texts() == ["0", "0"]
    assert figure.locator(".gb-aha").is_hidden()
    assert not figure.locator(".charts").is_visible()


def test_one_conversation_turns_as_the_training_is_dragged(desk, where, recording):
    """At every stop the reply is the recorded one, and the town's books have their say on it."""
    tab, figure = opened(desk, where, "#fig=rlhf&iteration=0")
    asked = figure.locator(".asked").inner_text()
    [k] = [k for k, prompt in enumerate(recording["prompts"]) if prompt["text"] == asked]
    run, clock = recording["leash"][0]["runs"][0], clock_of(figure)
    clock.focus()
    start = run["curve"][0]
    for row, replies in zip(run["curve"], run["replies"], strict=True):
        assert clock.get_attribute("aria-valuetext").startswith(f"{row['iteration']} of")
        assert plain(figure.locator(".said").last.inner_text()) == plain(replies[k])
        assert figure.locator(".mark b.is").count() == 1
        assert row is start or f"{row['iteration']} rounds, run 1 of" in plain(
            figure.locator(".who").inner_text()
        )
        changes = [
            float(b.split()[-1].replace("\u2212", "-"))
            for b in figure.locator(".meter b").all_inner_texts()
        ]
        for change, key in zip(changes, ("proxy", "gold"), strict=True):
            assert change == pytest.approx(row[key] - start[key], abs=0.0051), (row, key)
        tab.keyboard.press("ArrowRight")
    assert run["replies"][0][k] != run["replies"][-1][k]
    assert len(run["curve"]) > 8  # so many stops


def test_the_question_shown_first_is_the_one_that_training_turns_most(desk, where, recording):
    """Right before and not after, where there is such a question; and every question has its turn."""
    tab, figure = opened(desk, where)
    clock_of(figure).focus()
    verdicts = []
    for key in ("Home", "End"):
        tab.keyboard.press(key)
        verdicts.append(figure.locator(".mark b.is").get_attribute("class"))
    first, lost = (
        figure.locator(".asked").inner_text(),
        verdicts == ["is right", verdicts[1]] and verdicts[1] != "is right",
    )
    seen = [first]
    for _ in recording["prompts"][1:]:
        figure.get_by_role("button", name="Another question").click()
        seen.append(figure.locator(".asked").inner_text())
        tab.keyboard.press("Tab")
    assert sorted(seen) == sorted(prompt["text"] for prompt in recording["prompts"])
    if not lost:  # then no question of a resident was lost
        for prompt, before, after in zip(
            recording["prompts"],
            recording["before"]["samples"],
            recording["leash"][0]["runs"][0]["replies"][-1],
            strict=True,
        ):
            if prompt["truth"]:
                assert prompt["truth"] not in before or prompt["truth"] in after


def test_every_leash_shows_its_recorded_end_by_keyboard(desk, where, recording):
    tab, figure = with_more(desk, where)
    clock_of(figure).focus()
    tab.keyboard.press("End")
    slider = leash_of(figure)
    slider.focus()
    tab.keyboard.press("Home")  # the tightest
    for entry in reversed(recording["leash"]):
        words = slider.get_attribute("aria-valuetext")
        assert words == label(entry)
        for key, text in shown(figure).items():
            value, half = number(text)
            if "<" not in text and ">" not in text:
                assert value == pytest.approx(mean_end(entry, key), abs=half), (words, key)
        for k, reply in enumerate(entry["runs"][0]["replies"][-1]):
            said = figure.locator(".sample").nth(k).locator(".now").inner_text()
            assert plain(reply) in plain(said)
        tab.keyboard.press("ArrowRight")
    status = figure.locator(".gb-status")
    tab.wait_for_function("e => e.textContent.includes('no leash')", arg=status.element_handle())


def test_a_finger_on_a_chart_takes_the_nearest_leash(desk, where, recording):
    _, figure = with_more(desk, where)
    area = figure.locator(".area").nth(1)
    box = area.bounding_box()
    far = max(recording["leash"], key=lambda entry: mean_end(entry, "kl"))
    area.click(position={"x": box["width"] - 4, "y": box["height"] / 2})
    slider = leash_of(figure)
    assert slider.get_attribute("aria-valuetext") == label(far)
    assert slider.evaluate("e => e === document.activeElement")
    area.click(position={"x": 1, "y": box["height"] / 2})
    near = min(recording["leash"], key=lambda entry: mean_end(entry, "kl"))
    assert slider.get_attribute("aria-valuetext") == label(near)


def test_replies_of_every_seed_can_be_read(desk, where, recording):
    beta = recording["leash"][0]["beta"]
    for number, run in enumerate(recording["leash"][0]["runs"], start=1):
        _, figure = opened(desk, where, f"#fig=rlhf&beta={beta}&seed={run['seed']}")
        assert figure.get_by_label(str(number), exact=True).is_checked()  # the fold is open
        assert f"run {number} of" in figure.locator(".who").inner_text()
        said = figure.locator(".sample .now").first.inner_text()
        assert plain(run["replies"][-1][0]) in plain(said)


def test_verdicts_on_the_replies_are_the_towns(desk, where, recording):
    """Of a stranger nothing is right; of a resident a reply with the true value and no other is."""
    _, figure = with_more(desk, where)
    for prompt, sample in zip(recording["prompts"], figure.locator(".sample").all(), strict=True):
        asked = sample.locator(".from")
        assert prompt["text"] in asked.inner_text()
        assert asked.bounding_box()["width"] > 0.8 * sample.bounding_box()["width"]
        kinds = [b.get_attribute("class").split()[1] for b in sample.locator("b.is").all()]
        assert len(kinds) == 2, prompt["text"]
        if prompt["about"] == "stranger":
            assert not set(kinds) & {"right", "wrong"}
        else:
            assert "invented" not in kinds


def test_the_sentence_follows_what_the_reader_did_and_is_what_the_recording_says(
    desk, where, recording
):
    tab, figure = opened(desk, where)
    sentence = figure.locator(".gb-aha")
    loose = recording["leash"][0]
    stops = range(len(loose["runs"][0]["curve"]))

    def gold(stop):
        return sum(run["curve"][stop]["gold"] for run in loose["runs"]) / len(loose["runs"])

    peak, last = max(stops, key=gold), len(stops) - 1
    best = f"{max(mean_end(entry, 'gold') for entry in recording['leash']):.2f}".replace(
        "-", "\u2212"
    )
    leash_of(figure).focus()
    tab.keyboard.press("Home")
    assert sentence.is_hidden()  # nothing has been trained yet
    tab.keyboard.press("End")
    clock_of(figure).focus()
    tab.keyboard.press("End")
    free = sentence.inner_text()
    assert f"{gold(last):.2f}".replace("-", "\u2212") in free
    leash_of(figure).focus()
    tab.keyboard.press("Home")
    assert sentence.inner_text().startswith(free) and best in sentence.inner_text()[len(free) :]
    if "score is not the thing" in free:  # then in every seed
        for run in loose["runs"]:
            assert run["curve"][last]["gold"] < run["curve"][peak]["gold"]
            assert run["curve"][last]["proxy"] > run["curve"][peak]["proxy"]


def test_the_runs_can_be_followed_through_training(desk, where, recording):
    tab, figure = with_more(desk, where, "#fig=rlhf&beta=0")
    clock = clock_of(figure)
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


def test_links_of_before_still_name_the_end_of_a_run(desk, where, recording):
    beta = recording["leash"][-1]["beta"]
    last = recording["leash"][0]["runs"][0]["curve"][-1]["iteration"]
    _, figure = opened(desk, where, f"#fig=rlhf&beta={beta}&axis=iteration")
    assert clock_of(figure).get_attribute("aria-valuetext") == f"{last} of {last}"
    assert figure.locator(".charts").is_visible()
    assert figure.get_by_label("rounds", exact=True).is_checked()


def test_a_reply_and_what_became_of_it_can_be_saved_as_a_picture(desk, where, recording, saved):
    tab, figure = with_more(desk, where)
    save = figure.get_by_role("button", name="Save my result")
    save.press("Enter")
    figure.get_by_text("no result yet").first.wait_for()  # before the training
    clock_of(figure).focus()
    tab.keyboard.press("End")
    words = saved(tab, figure, "glass-box-rlhf.png")
    for text in (figure.locator(".asked"), figure.locator(".said").last):
        assert plain(text.inner_text()) in words
    for value in figure.locator(".meter b").all_inner_texts():
        assert value in words


@pytest.mark.parametrize(
    "bad", ["beta=x&seed=99", "beta=-3", "beta=1e99&seed=abc", "iteration=x&prompt=99", "prompt=-1"]
)
def test_a_broken_link_is_no_trouble(desk, where, bad):
    _, figure = with_more(desk, where, f"#fig=rlhf&{bad}")
    assert len(shown(figure)) == len(MEASURES)
    assert desk.trouble == []


def test_it_is_accessible_in_both_colors_and_narrow(desk, where, check_page):
    tab, figure = with_more(desk, where, "#fig=rlhf&beta=0")
    for summary in figure.locator(".gb-data > summary").all():
        summary.click()
    check_page(tab, "rlhf")
    desk.assert_fits(320, 390)
