"""The cleaner's desk as a reader uses it: by keyboard, by link, and against the recorded grid."""

import re
from statistics import mean

import pytest

from glassbox.recordings import data_cleaning as mixing
from glassbox.recordings import load

GRID = load("data_cleaning")
HARBOR = mixing.SOURCES.index("harbor")


def recorded(mixture, of):
    """The mean of three towns of one measure of one mixture."""
    return mean(of(m) for m in GRID["models"] if tuple(m["mixture"]) == tuple(mixture))


def is_loss(text, value):
    """Whether a loss is shown as the figure rounds: three digits after the point below 1, else two."""
    digits = 3 if value < 1 else 2
    return len(text.split(".")[1]) == digits and abs(float(text) - value) < 0.51 * 10**-digits


@pytest.fixture
def desk_of(desk, alone):
    """Open the page that shows the figure, at a link; returns the tab and the figure's element."""

    def open_(link="", visit=desk):
        tab, found = visit.open_figure(alone["data_cleaning"] + link, "data_cleaning")
        found.locator(".ingredient").first.wait_for()
        return tab, found

    return open_


def open_more(figure):
    """Unfold every measure, unless a link did."""
    if not figure.locator(".plot").first.is_visible():
        figure.locator(".gb-more > summary").click()
    figure.locator(".plot").first.wait_for()
    figure.locator(
        ".compared:not(:empty)"
    ).wait_for()  # drawn once the fold has said that it is open


def source(figure, name):
    """The box of a source that puts it in or takes it out."""
    return figure.get_by_role("checkbox", name=name)


def shown(figure, measure):
    """The number in bold beside a measure."""
    return figure.locator(f".plot .{measure} b").inner_text()


def test_the_space_bar_takes_harbor_talk_out_and_the_numbers_follow(desk_of):
    tab, figure = desk_of("#fig=data_cleaning&mix=1-1-1-0-0&kept=1-1-1-0-0")
    open_more(figure)
    harbor = source(figure, "Harbor talk")
    assert harbor.is_checked()
    before = shown(figure, "harbor")
    harbor.focus()
    tab.keyboard.press("Space")
    assert not harbor.is_checked()
    loss = recorded((1, 0, 1, 0, 0), lambda m: m["bits"][HARBOR])
    assert is_loss(shown(figure, "harbor"), loss)
    assert f"was {before}" in figure.locator(".plot .harbor").inner_text()
    tab.wait_for_function(
        "f => f.querySelector('[role=status]').textContent.includes('on harbor talk')",
        arg=figure.element_handle(),
    )
    assert shown(figure, "harbor") in figure.locator(".gb-status").text_content()
    tab.wait_for_function("() => location.hash.includes('mix=1-0-1-0-0')")


def own_loss(mixture):
    """The average that its maker looks at: of what is in, the copied stories as they were copied."""
    share = [n / sum(mixture) for n in mixture]
    return recorded(
        mixture,
        lambda m: sum(
            s * x for s, x in zip(share, [*m["bits"][:4], m["bits_copied"]], strict=True)
        ),
    )


def test_it_opens_with_all_five_and_tells_nothing_before_the_first_tap(desk_of):
    _, figure = desk_of()
    boxes = figure.get_by_role("checkbox")
    assert [boxes.nth(i).is_checked() for i in range(boxes.count())] == [True] * 5
    assert not figure.locator(".gb-aha").is_visible()
    assert not figure.locator(".plot").first.is_visible()
    assert figure.locator(".card .large").all_inner_texts()[1] == "–"
    assert is_loss(figure.locator(".card .large").first.inner_text(), own_loss((1, 1, 1, 1, 1)))


def test_a_tap_shows_the_average_fall_and_what_it_no_longer_counts(desk_of):
    _, figure = desk_of()
    source(figure, "Harbor talk").click()
    average, out = figure.locator(".card .large").all_inner_texts()
    assert is_loss(average, own_loss((1, 0, 1, 1, 1)))
    now = recorded((1, 0, 1, 1, 1), lambda m: m["bits"][HARBOR])
    was = recorded((1, 1, 1, 1, 1), lambda m: m["bits"][HARBOR])
    assert is_loss(out, now) and is_loss(figure.locator(".harbor b").first.inner_text(), now)
    words = figure.locator(".verdict").inner_text()
    assert "average got better" in words
    assert float(re.search(r"Harbor talk: ([\d.]+) times", words).group(1)) == pytest.approx(
        now / was, abs=0.051
    )
    better = sum(own_loss(m) < own_loss((1, 0, 1, 1, 1)) for m in mixing.mixtures())
    assert figure.get_by_text(f"rank {better + 1} of {len(mixing.mixtures())}").is_visible()


def test_the_lowest_average_is_named_when_it_is_found(desk_of):
    _, figure = desk_of()
    best = min(mixing.mixtures(), key=own_loss)
    boxes = figure.get_by_role("checkbox")
    for i, inside in enumerate(best):
        if not inside:
            assert "No mix of the" not in figure.locator(".verdict").inner_text()
            boxes.nth(i).click()
    words = figure.locator(".verdict").inner_text()
    assert f"No mix of the {len(mixing.mixtures())} has a lower average" in words
    known = 100 * recorded(best, lambda m: m["facts"][0][1])
    assert int(re.search(r"(\d+)% of the harbor", words).group(1)) == pytest.approx(known, abs=0.51)


def test_a_link_that_keeps_a_mix_for_comparison_opens_what_it_changes(desk_of):
    _, figure = desk_of("#fig=data_cleaning&mix=1-0-1-0-0&kept=1-1-1-0-0")
    assert figure.locator(".plot .ring:visible").count() > 0
    assert "Compared with" in figure.locator(".compared").inner_text()


@pytest.mark.parametrize("mixture", [(0, 1, 1, 0, 1), (1, 1, 1, 1, 1), (0, 0, 0, 1, 0)])
def test_a_link_shows_what_was_recorded(desk_of, mixture):
    _, figure = desk_of(f"#fig=data_cleaning&mix={'-'.join(map(str, mixture))}")
    open_more(figure)
    for i, name in enumerate(mixing.SOURCES):
        losses = [m["bits"][i] for m in GRID["models"] if tuple(m["mixture"]) == mixture]
        assert is_loss(shown(figure, name), mean(losses)), name
    rude = recorded(mixture, lambda m: 100 * m["rude"])
    assert float(shown(figure, "rude")) == pytest.approx(rude, abs=0.06 if rude < 100 else 0.6)
    texts = next(
        m["texts"] for m in GRID["models"] if tuple(m["mixture"]) == mixture and "texts" in m
    )
    written = figure.locator(".texts .text").all_inner_texts()
    assert [t.split() for t in written] == [t.split() for t in texts]
    marked = figure.locator(".texts mark").all_inner_texts()
    assert marked == [
        w for t in texts for w in re.findall(r"[\w-]+", t) if w.lower() in GRID["rude"]
    ]


def test_nothing_put_in_gives_no_model(desk_of, desk):
    tab, figure = desk_of("#fig=data_cleaning&mix=1-0-0-0-0")
    open_more(figure)
    source(figure, "Town registers").focus()
    tab.keyboard.press("Space")
    assert figure.get_by_text("Nothing to read").first.is_visible()
    assert not figure.locator(".plot").first.is_visible()
    assert not figure.get_by_role("button", name="Compare from here").is_visible()
    figure.get_by_role("button", name="All five").click()
    assert figure.locator(".plot").first.is_visible()
    assert not desk.trouble


def test_a_mix_kept_for_comparison_stays_in_the_link(desk_of):
    tab, figure = desk_of("#fig=data_cleaning&mix=1-0-1-0-0&kept=1-0-1-0-0")
    open_more(figure)
    assert figure.locator(".plot .ring:visible").count() == 0
    figure.get_by_role("button", name="No quarrels, no copies").click()
    assert figure.locator(".plot .ring:visible").count() > 0
    figure.get_by_role("button", name="Compare from here").click()
    assert figure.locator(".plot .ring:visible").count() == 0
    tab.wait_for_function("() => location.hash.includes('kept=1-1-1-0-0')")


def test_the_sentence_under_the_figure_is_that_of_the_grid(desk_of):
    _, figure = desk_of()
    source(figure, "Harbor talk").click()
    out = [m for m in mixing.mixtures() if m[HARBOR] == 0]
    ratios, known = [], []
    for mixture in out:
        with_ = tuple(1 if i == HARBOR else n for i, n in enumerate(mixture))
        loss = [recorded(m, lambda row: row["bits"][HARBOR]) for m in (mixture, with_)]
        ratios.append(loss[0] / loss[1])
        known.append([recorded(m, lambda row: row["facts"][0][1]) for m in (mixture, with_)])
    words = figure.locator(".gb-aha").inner_text()
    assert f"{len(out)} pairs" in words
    low, high = (float(x) for x in re.search(r"costs ([\d.]+) to ([\d.]+) times", words).groups())
    assert [low, high] == pytest.approx([min(ratios), max(ratios)], abs=0.51)
    without, with_ = (
        int(x) for x in re.search(r"(\d+)% of the facts right instead of (\d+)%", words).groups()
    )
    assert without == pytest.approx(100 * mean(a for a, _ in known), abs=0.51)
    assert with_ == pytest.approx(100 * mean(b for _, b in known), abs=0.51)


def test_the_tables_hold_the_numbers_of_the_charts(desk_of):
    _, figure = desk_of("#fig=data_cleaning&mix=1-1-1-0-0")
    open_more(figure)
    figure.locator(".tables summary").first.click()
    row = figure.get_by_role("row", name="Harbor talk").first
    towns = [m["bits"][HARBOR] for m in GRID["models"] if m["mixture"] == [1, 1, 1, 0, 0]]
    cells = row.get_by_role("cell").all_inner_texts()[:4]
    assert all(is_loss(text, x) for text, x in zip(cells, [*towns, mean(towns)], strict=True))
    figure.locator(".tables summary").nth(1).click()
    assert figure.locator("table").nth(1).locator("tbody tr").count() == len(mixing.mixtures())


@pytest.mark.parametrize("bad", ["mix=9-9-9-9-9", "mix=%00&kept=x", "mix=1-1", "kept=2-2-2-2-2"])
def test_a_broken_link_shows_what_the_page_shows(desk_of, desk, bad):
    _, figure = desk_of()
    open_more(figure)
    plain = figure.locator(".desk").inner_text(), figure.locator(".compared").inner_text()
    _, figure = desk_of(f"#fig=data_cleaning&{bad}")
    open_more(figure)
    linked = figure.locator(".desk").inner_text(), figure.locator(".compared").inner_text()
    assert linked == plain
    assert not desk.trouble


def test_a_phone_shows_it_without_scrolling_sideways(desk_of, phone):
    _, figure = desk_of("", phone)
    open_more(figure)
    box = figure.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    wide = figure.evaluate(
        "f => [...f.querySelectorAll('.gb-fig *')].filter(e => e.offsetParent && !e.closest('.gb-scroll') && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.className)"
    )
    assert wide == []
