"""Charts that a reader turns, and controls: what they leave in a notebook and in a page."""

import io
import json
import re

import matplotlib.pyplot as plt
import plotly.graph_objects as go
import pytest

from glassbox.course import charts, plots
from glassbox.course.charts import points


@pytest.fixture
def shown(monkeypatch):
    """What was displayed: mimebundles."""
    found = []

    def display(thing, raw=False):
        bundle = thing if raw else None
        if bundle is None and hasattr(thing, "_repr_mimebundle_"):
            bundle = thing._repr_mimebundle_()
            bundle = bundle[0] if isinstance(bundle, tuple) else bundle
        found.append(bundle or {"text/html": thing._repr_html_()})

    monkeypatch.setattr(charts, "display", display)
    return found


def test_a_chart_is_plotlys_json_with_a_table_behind_it(shown):
    figure = go.Figure(go.Scatter(x=[1, 2], y=[3, 4]))
    charts.chart(figure, [{"x": 1, "y": 3}, {"x": 2, "y": 4}], "It rises")
    chart, table = shown
    assert chart[charts.PLOTLY]["layout"]["title"]["text"] == "It rises"
    json.dumps(chart)
    assert "<table>" in table["text/html"] and "<td>4</td>" in table["text/html"]


def test_a_chart_without_a_title_is_refused(shown):
    with pytest.raises(ValueError, match="no title"):
        charts.chart(go.Figure(), [{"x": 1}])
    assert shown == []


def test_text_in_tables_is_text():
    assert "&lt;b&gt;" in charts.table_html([{"<b>": "<b>"}])


def test_a_control_shows_its_first_setting_to_a_page(shown):
    charts.explore(lambda temperature: f"at {temperature}", temperature=(0.0, 2.0, 0.1, 0.7))
    (bundle,) = shown
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert 'class="gb-control"' in bundle["text/html"] and "at 0.7" in bundle["text/html"]


def test_a_control_draws_again_when_it_is_moved(monkeypatch):
    shown = []
    monkeypatch.setattr(charts, "display", shown.append)
    charts.explore(lambda beta: f"beta {beta}", beta=[0.0, 0.1, 0.3])
    control, answer = shown[0].box.children
    assert control.description == "beta" and answer.value == "<pre>beta 0.0</pre>"
    control.value = 0.3
    assert answer.value == "<pre>beta 0.3</pre>"


def test_a_drawing_follows_the_inks_of_the_page():
    figure, ax = plt.subplots()
    ax.plot([1, 2], [1, 2])
    ax.set_title("A line <&>")
    page = charts._page(figure)
    assert charts.INK not in page
    assert 'aria-label="A line &lt;&amp;&gt;"' in page and page.count("<svg") == 1


def test_what_cannot_be_drawn_is_named():
    with pytest.raises(TypeError, match="int"):
        charts._page(3)


def test_names_of_lines_that_end_together_stand_apart_and_inside(shown):
    ax = plots.bands([1, 2], {f"line {i}": [0, 100] for i in range(5)}, ylim=(0, 104))
    places = sorted(text.get_window_extent().y0 for text in ax.texts)
    height = ax.texts[0].get_window_extent().height
    assert all(b - a >= 0.9 * height for a, b in zip(places, places[1:]))
    assert places[-1] < ax.bbox.y1
    plt.close(ax.figure)


def test_letters_of_a_plot_stay_readable_on_a_phone():
    plots.style()
    names = {"a true reply with empty words over the same without": 0.79, "short": 0.5}
    title = "A finding that takes a good many more words than there is room for over the plot"
    ax = plots.ladder(names, title=title, xlabel="share")
    plots.break_titles(ax.figure)
    file = io.StringIO()
    ax.figure.savefig(file, format="svg")
    plt.close(ax.figure)
    width = float(re.search(r'width="([\d.]+)pt"', file.getvalue())[1])
    assert (
        plt.rcParams["font.size"] * 350 / width > 7
    )  # pixels, on a page 350 wide; unbroken it would be 5


def test_a_title_is_broken_before_the_panel_beside_it():
    figure, (left, right) = plt.subplots(1, 2)
    long, short = left.set_title("Tokens of each letter, for new words", loc="left"), "Short"
    other = right.set_title(short, loc="left")
    plots.style()
    plots.break_titles(figure)
    figure.canvas.draw()
    assert long.get_window_extent().x1 <= other.get_window_extent().x0
    assert other.get_text() == short
    plt.close(figure)


def test_points_join_what_belongs_together_and_name_each_color_once():
    rows = [
        {"x": i, "y": i * i, "way": way, "seed": seed, "page": "a < b"}
        for way in ("up", "down") for seed in (0, 1) for i in range(3)
    ]  # fmt: skip
    figure = points(rows, "x", "y", color="way", group="seed")
    assert [(t.name, len(t.x), t.showlegend) for t in figure.data] == [
        ("up", 3, True), ("up", 3, False), ("down", 3, True), ("down", 3, False),
    ]  # fmt: skip
    colors = [t.marker.color for t in figure.data]
    assert colors[0] == colors[1] != colors[2] == colors[3]
    assert "page: a &lt; b" in figure.data[0].text[0]  # a hover shows a text, and never runs it
    assert figure.layout.xaxis.title.text == "x"
