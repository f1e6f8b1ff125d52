"""The scaling explorer as a reader uses it: by keyboard, by mouse, by link, against the recorded runs."""

import math
import re
from statistics import mean

import pytest

from glassbox.recordings import load
from glassbox.scale import scaling

RECORDED = load("scaling_laws")  # in nats; the figure shows bits
BIT = math.log(2)
FLOOR = RECORDED["floor"] / BIT
DONE = [r | {"loss": r["loss"] / BIT} for r in RECORDED["runs"] if r["status"] == "done"]
GRID = [r for r in DONE if r["group"] == "grid"]
APART = [r for r in DONE if r["group"] == "held_out"]
LARGER = [r for r in DONE if r["group"] == "larger"]


def ahead(axis):
    """What the reader's line foretells: the far larger model, or the best setting with the most compute."""
    if axis == "n":
        return APART
    most = max(r["flops"] for r in LARGER)
    settings = {}
    for run in LARGER:
        if run["flops"] > 0.9 * most:
            settings.setdefault((run["n_params"], run["n_tokens"]), []).append(run)
    return min(settings.values(), key=lambda runs: mean(r["loss"] for r in runs))


@pytest.fixture
def explorer(desk, alone):
    """Open the page that shows the figure, at a link; returns the tab and the figure's element."""

    def open_(link="", visit=desk):
        tab, found = visit.open_figure(alone["scaling_laws"] + link, "scaling_laws")
        found.locator(".panel, .gb-failed:visible").first.wait_for()
        assert found.locator(".gb-failed:visible").count() == 0, found.inner_text()
        return tab, found

    return open_


def shown(figure, name):
    """The number above a label."""
    stat = figure.locator(".stats > div").filter(has_text=name).first
    return stat.locator("dd").inner_text().replace("\u2212", "-")


def refitted(tab, figure):
    """Wait until the refits are done."""
    tab.wait_for_function(
        "f => ![...f.querySelectorAll('.stats')].some(s => s.textContent.includes('Refitting'))",
        arg=figure.element_handle(),
    )


@pytest.mark.parametrize("axis, key", [("n", "n_params"), ("d", "n_tokens"), ("c", "flops")])
@pytest.mark.parametrize("floor", [0.0, FLOOR])
def test_least_squares_over_all_runs_is_the_librarys(explorer, axis, key, floor):
    _, figure = explorer(f"#fig=scaling_laws&axis={axis}&off=none&floor={floor}")
    law = scaling.fit_power_law([r[key] for r in GRID], [r["loss"] - floor for r in GRID])
    assert float(shown(figure, "exponent, least squares")) == pytest.approx(-law.b, abs=6e-4)
    assert figure.locator("svg .band").count() == 1


def test_the_line_moves_by_arrow_keys_and_by_mouse_and_snaps_to_least_squares(explorer):
    tab, figure = explorer("#fig=scaling_laws&axis=c")
    assert abs(float(shown(figure, "your exponent"))) < 0.005  # it lies flat at first
    right = figure.get_by_label("Right end")
    right.focus()
    for _ in range(20):
        tab.keyboard.press("ArrowLeft")
    steeper = float(shown(figure, "your exponent"))
    assert steeper > 0
    status = figure.locator(".gb-status")
    tab.wait_for_function(
        "e => e.textContent.includes('Your exponent')", arg=status.element_handle()
    )
    handle = figure.locator(".handle.right")
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.mouse.move(x, y + 25, steps=4)
    tab.mouse.up()
    assert float(shown(figure, "your exponent")) > steeper
    assert right.evaluate("e => e === document.activeElement")  # keys go on from here
    figure.get_by_role("button", name="Least squares", exact=True).click()
    mine = float(shown(figure, "your exponent"))
    assert mine == pytest.approx(float(shown(figure, "exponent, least squares")), abs=0.01)
    tab.wait_for_function("() => location.hash.includes('right=')")


def score(figure):
    """The three numbers for the larger model: the reader's line, least squares, measured."""
    return figure.locator(".score dd").all_inner_texts()


def test_the_fit_is_hidden_until_the_reader_commits_and_the_result_until_asked(explorer):
    tab, figure = explorer()
    commit = figure.get_by_role("button", name="This is my line")
    assert score(figure)[1:] == ["?", "?"] and commit.is_disabled()
    assert figure.locator("svg .fit, svg .band, .dot.held, .dot.out").count() == 0
    assert not figure.locator(".gb-aha").is_visible()
    figure.locator(".gb-more > summary").first.click()
    assert "least squares" not in figure.locator(".stats").first.inner_text()
    figure.locator(".gb-more > summary").first.click()
    figure.get_by_label("Left end").press("End")
    figure.get_by_label("Right end").press("Home")
    assert score(figure)[1:] == ["?", "?"]
    tab.wait_for_function("() => location.hash.includes('committed=false')")

    commit.click()
    series = alike("n")
    law = scaling.fit_power_law(
        [r["n_params"] for r in series], [r["loss"] - FLOOR for r in series]
    )
    x = APART[0]["n_params"]
    foretold = FLOOR + float(law(x))
    assert float(score(figure)[1]) == pytest.approx(foretold, abs=6e-4)
    assert score(figure)[2] == "?" and figure.locator(".dot.held").count() == 0
    assert figure.locator("svg .fit, svg .band").count() == 2

    figure.get_by_role("button", name="Show the result").click()
    measured = mean(r["loss"] for r in APART)
    mine, fit, shown_ = map(float, score(figure))
    assert shown_ == pytest.approx(measured, abs=6e-4)
    words = figure.locator(".verdict").inner_text()
    assert ("You were nearer" in words) == (abs(mine - measured) < abs(fit - measured))
    assert figure.locator(".gb-aha").is_visible()

    figure.get_by_role("button", name="Start over").click()
    assert score(figure)[1:] == ["?", "?"] and commit.is_disabled()
    assert figure.locator("svg .fit, .dot.held").count() == 0


@pytest.mark.parametrize("floor", [0.0, FLOOR])
def test_the_axis_counts_what_the_numbers_count(explorer, floor):
    """An end laid at a loss of 1 stands beside the mark 1, whatever is taken off."""
    _, figure = explorer(f"#fig=scaling_laws&floor={floor}&left=2&right=1")
    middle = "e => { const b = e.getBoundingClientRect(); return (b.top + b.bottom) / 2; }"
    marks = {float(m.inner_text()): m.evaluate(middle) for m in figure.locator(".ys .y").all()}
    for end, loss in (("left", 2.0), ("right", 1.0)):
        assert figure.locator(f".handle.{end}").evaluate(middle) == pytest.approx(
            marks[loss], abs=2
        )


def test_links_of_before_show_what_they_showed(explorer):
    _, figure = explorer("#fig=scaling_laws&left=2.5&right=0.9")
    assert figure.locator("svg .fit").count() == 1
    _, figure = explorer("#fig=scaling_laws&axis=d")
    assert figure.get_by_label("Floor taken off").is_visible()
    assert figure.locator("svg .fit").count() == 1
    _, figure = explorer("#fig=scaling_laws&view=budget")
    assert figure.get_by_role("slider", name="Budget of computation").is_visible()


@pytest.mark.parametrize("axis", ["n", "c"])
def test_what_was_kept_apart_stays_hidden_until_it_is_revealed(explorer, axis):
    tab, figure = explorer(f"#fig=scaling_laws&axis={axis}")
    hidden = ahead(axis)
    measured = f"{mean(r['loss'] for r in hidden):.3f}"
    figure.locator(".gb-data > summary").first.click()
    assert shown(figure, "measured") == "?"
    assert figure.locator(".area .dot.held, .area .dot.more").count() == 0
    assert measured not in figure.inner_text()
    figure.get_by_role("button", name="Show the result").click()
    assert shown(figure, "measured") == measured
    others = len(LARGER) if axis == "c" else len(hidden)
    assert figure.locator(".area .dot.held").count() == len(hidden)
    assert figure.locator(".area .dot.more").count() == others - len(hidden)
    said = figure.locator(".stats > div", has_text="foretold by least").inner_text()
    low, high = map(float, re.search(r"refits: ([\d.]+) to ([\d.]+)", said).groups())
    words = figure.locator(".gb-aha").inner_text()
    assert measured in words
    assert ("lies inside" in words) == (low <= float(measured) <= high)
    tab.wait_for_function("() => location.hash.includes('shown=true')")


def alike(axis):
    """The runs of the fit that differ in this axis only: equal text, or the size with most amounts of text."""
    if axis == "n":
        return [r for r in GRID if not r["budget"]]
    sizes = {r["n_params"]: {x["n_tokens"] for x in GRID if same_size(x, r)} for r in GRID}
    most = max(sizes, key=lambda size: len(sizes[size]))
    return [r for r in GRID if r["n_params"] == most]


def same_size(a, b):
    return a["n_params"] == b["n_params"]


@pytest.mark.parametrize("axis, key", [("n", "n_params"), ("d", "n_tokens")])
def test_a_line_goes_first_through_runs_that_differ_in_one_thing(explorer, axis, key):
    series = alike(axis)
    _, figure = explorer(f"#fig=scaling_laws&axis={axis}&floor={FLOOR}")
    assert figure.locator(".area .dot.in").count() == len(series)
    losses = [r["loss"] - FLOOR for r in series]
    law = scaling.fit_power_law([r[key] for r in series], losses)
    assert float(shown(figure, "exponent, least squares")) == pytest.approx(-law.b, abs=6e-4)


@pytest.mark.parametrize("entropy", ["free", "fixed"])
def test_the_model_far_larger_than_the_fits_is_foretold_as_the_library_does(explorer, entropy):
    tab, figure = explorer(f"#fig=scaling_laws&view=budget&entropy={entropy}")
    box = figure.locator(".test")
    said = RECORDED["held_out"][entropy]["predicted"] / BIT
    assert float(shown(box, "the law says")) == pytest.approx(said, rel=2e-3)
    assert shown(box, "measured") == "?"
    refitted(tab, figure)
    box.get_by_role("button").click()
    measured = mean(r["loss"] for r in APART)
    assert shown(box, "measured") == f"{measured:.3f}"
    low, high = map(float, re.search(r"refits: ([\d.]+) to ([\d.]+)", box.inner_text()).groups())
    words = "inside" if low <= measured <= high else "worse" if measured > high else "better"
    assert words in box.inner_text()


def test_runs_go_out_of_the_fit_and_back_by_click_and_by_checkbox(explorer):
    tab, figure = explorer("#fig=scaling_laws&axis=c&off=none")
    before = shown(figure, "exponent, least squares")
    figure.locator(".gb-data > summary").first.click()
    boxes = figure.get_by_role("checkbox")
    assert boxes.count() == len(GRID)
    assert figure.locator(".area .dot.out").count() == 0
    boxes.first.uncheck()
    assert figure.locator(".area .dot.out").count() == 1
    assert shown(figure, "exponent, least squares") != before
    boxes.first.check()
    assert shown(figure, "exponent, least squares") == before
    dot = figure.locator(".area .dot.in").first
    dot.scroll_into_view_if_needed()
    box = dot.bounding_box()
    at = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tab.mouse.click(*at)
    assert figure.locator(".area .dot.out").count() == 1
    tab.mouse.click(*at)
    assert figure.locator(".area .dot.out").count() == 0
    for i in range(boxes.count()):  # nothing left: a sentence, and no line
        if i > 1:
            boxes.nth(i).uncheck()
    assert figure.get_by_text("At least three runs").is_visible()
    figure.get_by_role("button", name="All", exact=True).click()
    assert shown(figure, "exponent, least squares") == before


def number(text):
    """'1.4 million' as 1400000.0."""
    words = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
    if "× 10" in text:
        m, p = text.split("× 10")
        return float(m) * 10 ** int(p.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")))
    value, _, unit = text.partition(" ")
    return float(value) * words.get(unit, 1)


@pytest.mark.parametrize("entropy", ["free", "fixed"])
@pytest.mark.parametrize("budget", [10, 16, 25])
def test_a_budget_buys_what_the_library_says(explorer, budget, entropy):
    _, figure = explorer(f"#fig=scaling_laws&view=budget&budget={budget}&entropy={entropy}")
    fit = scaling.fit_chinchilla(
        [r["n_params"] for r in GRID],
        [r["n_tokens"] for r in GRID],
        [r["loss"] * BIT for r in GRID],
        E=RECORDED["floor"] if entropy == "fixed" else None,
    )
    n, d = fit.optimal(10**budget)
    assert number(shown(figure, "parameters, for")) == pytest.approx(n, rel=0.1)
    assert number(shown(figure, "training tokens")) == pytest.approx(d, rel=0.1)
    assert float(shown(figure, "loss, bits")) == pytest.approx(
        fit.predict(n, d) / BIT, rel=3e-3, abs=2e-3
    )
    beyond = math.log10(10**budget / max(r["flops"] for r in GRID))
    assert (beyond > 0.03) == figure.get_by_text("powers of ten beyond").is_visible()


def test_the_uncertainty_is_wider_at_the_frontier(explorer):
    tab, figure = explorer("#fig=scaling_laws&view=budget&entropy=free")

    def width():
        text = figure.locator(".stats > div").first.locator(".range").inner_text()
        low, high = text.partition(": ")[2].split(" to ")
        return number(high) / number(low)

    refitted(tab, figure)
    figure.get_by_role("button", name="A run here").click()
    near = width()
    figure.get_by_role("button", name="Llama 3 405B").click()
    assert width() > near
    tab.wait_for_function("() => location.hash.includes('budget=25.6')")
    slider = figure.get_by_role("slider", name="Budget of computation")
    slider.focus()
    tab.keyboard.press("Home")
    assert figure.get_by_text("below the cheapest run").is_visible()


def test_published_laws_are_apart_from_our_runs_and_no_published_loss_is_drawn(explorer):
    _, figure = explorer("#fig=scaling_laws&view=budget")
    assert figure.locator(".sizes .published").count() == 3
    assert figure.locator(".expected .published, .expected .diamond").count() == 0
    keys = figure.locator(".keys").inner_text()
    assert "not in any fit here" in keys and "Kaplan et al. 2020" in keys


@pytest.mark.parametrize(
    "bad", ["axis=x&floor=abc", "floor=99&left=-1&right=x", "off=%00.zz", "view=budget&budget=1e9"]
)
def test_a_broken_link_is_no_trouble(explorer, desk, bad):
    _, figure = explorer(f"#fig=scaling_laws&{bad}")
    assert figure.locator(".stats dd").count() >= 4
    assert "NaN" not in figure.inner_text()
    assert desk.trouble == []


@pytest.mark.parametrize("view", ["line", "budget"])
def test_it_is_accessible_in_both_colors_and_narrow(explorer, desk, check_page, view):
    tab, figure = explorer(f"#fig=scaling_laws&view={view}&shown=true")
    folded = figure.locator("details:not([open]) > summary:visible")
    while folded.count():
        folded.first.click()
    refitted(tab, figure)
    check_page(tab, "scaling_laws")
    desk.assert_fits(320, 390)


def test_a_phone_moves_the_line_by_touch_area_of_a_finger(explorer, phone):
    _, figure = explorer("#fig=scaling_laws", phone)
    for end in ("left", "right"):
        reach = figure.locator(f".handle.{end}").evaluate(
            "h => parseFloat(getComputedStyle(h, '::after').width)"
        )
        assert reach >= 40
    assert figure.locator(".handle.left").evaluate("h => getComputedStyle(h).touchAction") == "none"
