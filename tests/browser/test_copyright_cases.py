"""The case timeline as a reader uses it: filters, links, keys, a phone, and without JavaScript."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = json.loads((ROOT / "figures" / "copyright_cases" / "cases.json").read_text(encoding="utf-8"))
CASES = DATA["cases"]
ENTRY = ".entry:visible"


@pytest.fixture
def timeline(desk, alone):
    """Open the page that shows the figure, at a link; returns the tab and the figure's element."""

    def open_(link="", visit=desk):
        tab, found = visit.open_figure(alone["copyright_cases"] + link, "copyright_cases")
        found.locator(".judge").wait_for()
        if not found.locator(".filters").is_visible():  # a link that asks for the list opens it
            found.locator(".gb-more > summary").click()
        found.locator(".filters").wait_for()
        # the list is drawn once the fold has said that it is open
        found.locator(".shown:not(:empty)").wait_for()
        return tab, found

    return open_


TRIED = [
    c
    for c in CASES
    if c["kind"] == "case" and "training" in c["questions"] and c["leans"] != "none"
]
ANSWERS = {"user": "For the makers", "owner": "For the owners", "split": "For each in part"}


@pytest.fixture
def bench(desk, alone):
    """Open the page that shows the figure as it opens; returns the tab and the figure's element."""
    tab, found = desk.open_figure(alone["copyright_cases"], "copyright_cases")
    found.locator(".judge").wait_for()
    return tab, found


def test_the_decision_is_sealed_until_the_reader_has_decided(bench):
    _, figure = bench
    case = TRIED[0]
    judge = figure.locator(".judge")
    assert case["about"] in judge.inner_text()
    for secret in (case["decided"], case["turned_on"], case["outcome"]):
        assert secret not in judge.inner_text()
    assert not figure.locator(".filters").is_visible()
    assert not figure.locator(".gb-aha").is_visible()
    wrong = next(words for side, words in ANSWERS.items() if side != case["leans"])
    judge.get_by_role("button", name=wrong).click()
    words = judge.inner_text()
    assert case["decided"] in words and case["turned_on"] in words and case["outcome"] in words
    assert f"{ANSWERS[case['leans']]}. You said otherwise." in words


def test_all_decided_cases_about_training_come_to_the_bench_and_then_the_sentence(bench):
    _, figure = bench
    judge = figure.locator(".judge")
    for n, case in enumerate(TRIED):
        assert f"Case {n + 1} of {len(TRIED)}" in judge.inner_text()
        assert case["name"] in judge.inner_text()
        assert not figure.locator(".gb-aha").is_visible()
        judge.get_by_role("button", name=ANSWERS[case["leans"]]).press("Enter")
        assert "You said so." in judge.inner_text()
        if n < len(TRIED) - 1:
            judge.get_by_role("button", name="Next case").press("Enter")
    assert f" {len(TRIED)} have led" in figure.locator(".gb-aha").inner_text()
    counted = {who: figure.locator(f".seat.{who}").count() for who in ANSWERS}
    assert counted == {who: sum(c["leans"] == who for c in TRIED) for who in ANSWERS}
    judge.get_by_role("button", name="Judge them again").click()
    assert TRIED[0]["name"] in judge.inner_text()


def test_a_case_on_the_bench_opens_in_the_list_with_its_sources(bench):
    tab, figure = bench
    judge = figure.locator(".judge")
    judge.get_by_role("button", name="For the makers").click()
    judge.get_by_role("button", name="All of it").click()
    detail = figure.locator(".detail:visible")
    assert detail.count() == 1 and TRIED[0]["open"] in " ".join(detail.inner_text().split())
    assert TRIED[0]["name"] in tab.evaluate("document.activeElement.innerText")
    tab.wait_for_function("id => location.hash.includes('case=' + id)", arg=TRIED[0]["id"])


@pytest.mark.parametrize("link", ["place=us", "question=training", "order=latest", "case=bartz"])
def test_a_link_into_the_list_opens_it(desk, alone, link):
    page = alone["copyright_cases"] + f"#fig=copyright_cases&{link}"
    _, figure = desk.open_figure(page, "copyright_cases")
    figure.locator(".filters").wait_for()
    assert figure.locator(".filters").is_visible()


def fitting(**chosen):
    where, question, status = (chosen.get(k) for k in ("place", "question", "status"))
    return [
        c["name"]
        for c in CASES
        if (not where or c["place"] == where)
        and (not question or question in c["questions"])
        and (not status or c["status"] == status)
    ]


def names(figure):
    return figure.locator(".entry .name").all_inner_texts()


def test_every_entry_is_there_with_its_state_and_the_date_of_the_list(timeline):
    _, figure = timeline()
    shown = names(figure)
    assert sorted(shown) == sorted(c["name"] for c in CASES)
    states = {s["id"]: s["label"] for s in DATA["statuses"]}
    for case in CASES:
        row = figure.locator(".entry").nth(shown.index(case["name"]))
        assert row.locator(".state").inner_text() == states[case["status"]]
        assert row.locator(".track .mark").count() == len(case["events"])
    assert DATA["as_of"][:4] in figure.locator(".as-of").inner_text()


def test_filters_narrow_the_list_say_how_many_and_go_into_the_link(timeline):
    tab, figure = timeline()
    for key, label, value in (("question", "Question", "training"), ("place", "Where", "us")):
        menu = figure.get_by_label(label)
        menu.select_option(value)
        chosen = {"question": "training"} | ({"place": "us"} if key == "place" else {})
        assert sorted(names(figure)) == sorted(fitting(**chosen))
    wanted = len(fitting(question="training", place="us"))
    assert f"{wanted} of {len(CASES)}" in figure.locator(".shown").inner_text()
    status = figure.locator(".gb-status")
    tab.wait_for_function("e => e.textContent.includes(' of ')", arg=status.element_handle())
    assert f"({wanted})" in figure.get_by_label("Where").locator("option:checked").inner_text()
    tab.wait_for_function("() => /question=training/.test(location.hash) && /place=us/.test(location.hash)")  # fmt: skip
    figure.get_by_role("button", name="Show all").click()
    assert len(names(figure)) == len(CASES)


def test_filters_that_nothing_fits_say_so(timeline):
    empty = next(
        (p["id"], s["id"])
        for p in DATA["places"]
        for s in DATA["statuses"]
        if not fitting(place=p["id"], status=s["id"])
    )
    _, figure = timeline(f"#fig=copyright_cases&place={empty[0]}&status={empty[1]}")
    assert names(figure) == []
    assert figure.get_by_text("No entry fits").is_visible()


@pytest.mark.parametrize("case", [CASES[0], CASES[-1]], ids=lambda c: c["id"])
def test_an_entry_opens_by_keyboard_and_holds_everything_known(timeline, case):
    tab, figure = timeline()
    head = figure.get_by_role("button", name=case["name"])
    head.focus()
    assert head.get_attribute("aria-expanded") == "false"
    tab.keyboard.press("Enter")
    assert head.get_attribute("aria-expanded") == "true"
    detail = figure.locator(".detail:visible")
    words = " ".join(detail.inner_text().split())
    for key in ("about", "decided", "turned_on", "open", "court"):
        assert " ".join(case[key].split()) in words, key
    for event in case["events"]:
        assert event["what"] in words
        assert detail.locator(f'time[datetime="{event["date"]}"]').count() >= 1
    links = detail.locator("a").evaluate_all("links => links.map(a => a.getAttribute('href'))")
    assert links == [s["url"] for s in case["sources"] if s["url"]]
    tab.keyboard.press("Enter")
    assert figure.locator(".detail:visible").count() == 0


def test_a_link_opens_its_case_and_the_latest_come_first_when_asked(timeline):
    _, figure = timeline(f"#fig=copyright_cases&order=latest&case={CASES[0]['id']}")
    assert figure.locator(".detail:visible").count() == 1
    newest = max(CASES, key=lambda c: c["events"][-1]["date"])["events"][-1]["date"]
    first = names(figure)[0]
    assert next(c for c in CASES if c["name"] == first)["events"][-1]["date"][:7] == newest[:7]


def test_the_sentence_counts_the_cases_of_the_list(timeline):
    _, figure = timeline()
    training = [c for c in CASES if c["kind"] == "case" and "training" in c["questions"]]
    decided = [c for c in training if c["leans"] != "none"]
    words = figure.locator(".gb-aha").inner_text()
    assert f"Of the {len(training)} cases" in words and f" {len(decided)} have led" in words
    for who, after in (("user", "model in"), ("owner", "works in"), ("split", "part in")):
        assert f"{after} {sum(c['leans'] == who for c in training)}" in words


@pytest.mark.parametrize("bad", ["place=atlantis&question=%00", "status=x&order=y&case=zz"])
def test_a_broken_link_shows_everything(timeline, desk, bad):
    _, figure = timeline(f"#fig=copyright_cases&{bad}")
    figure.locator(".entry .name").first.wait_for()
    assert len(names(figure)) == len(CASES)
    assert desk.trouble == []


def test_it_is_accessible_in_both_colors_and_narrow(timeline, desk, check_page):
    tab, figure = timeline()
    figure.get_by_role("button", name="Open all").click()
    check_page(tab, "copyright_cases")
    desk.assert_fits(320, 390)


def test_without_javascript_the_page_holds_the_list(browser, address, figures):
    context = browser.new_context(java_script_enabled=False)
    try:
        tab = context.new_page()
        tab.goto(address + figures["copyright_cases"])
        listing = tab.locator(".gb-cases")
        assert listing.is_visible()

        def plain(text):  # the page's quotation marks are curly, its dashes long
            return re.sub(r"[^\w]+", " ", text)

        words = plain(listing.inner_text())
        for case in CASES:
            told = [case["name"], case["turned_on"], *(e["what"] for e in case["events"])]
            for text in told:
                assert plain(text).strip() in words, case["id"]
    finally:
        context.close()
