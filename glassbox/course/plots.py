"""One look for all plots: the course palette (Okabe-Ito), readable in light and in dark.

Plots are SVG on a transparent ground. Text and lines are drawn in `INK` and `GRID`, which the
book replaces in its dark version; data are drawn in `COLORS`, which hold on both grounds.
Palette: Okabe & Ito, "Color Universal Design" (2008).

A page shrinks a plot to its own width, letters and all, on a phone to about 350 pixels. So plots are
drawn narrow (`WIDTH`), and long titles and names are broken: then the letters stay readable there.
"""

import textwrap

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np

WIDTH = 5.2  # inches
NAME = 26  # letters of a row's name on one line
INK = "#1b1f24"
GRID = "#c9ced6"
COLORS = {
    "blue": "#0072b2",
    "orange": "#e69f00",
    "green": "#009e73",
    "vermilion": "#d55e00",
    "purple": "#cc79a7",
    "sky": "#56b4e9",
    "yellow": "#f0e442",
    "gray": "#7a828c",
}


def style() -> None:
    """Set matplotlib to the house style; call it once at the top of a lab.

    >>> style()
    >>> mpl.rcParams["axes.spines.top"]
    False
    """
    plt.rcParams.update(
        {
            "figure.figsize": (WIDTH, 3.6),
            "figure.facecolor": "none",
            "savefig.facecolor": "none",
            "savefig.bbox": "tight",
            "svg.hashsalt": "glassbox",  # the same plot gives the same file
            "font.family": "DejaVu Sans",
            "font.size": 10.5,
            "text.color": INK,
            "axes.facecolor": "none",
            "axes.edgecolor": INK,
            "axes.labelcolor": INK,
            "axes.titlelocation": "left",
            "axes.titlesize": 12,
            "axes.titleweight": "bold",
            "axes.titlepad": 12,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "axes.grid.axis": "y",
            "axes.axisbelow": True,
            "axes.prop_cycle": mpl.cycler(color=list(COLORS.values())),
            "grid.color": GRID,
            "grid.linewidth": 0.8,
            "xtick.color": INK,
            "ytick.color": INK,
            "lines.linewidth": 2,
            "legend.frameon": False,
        }
    )
    _inline_svg()


def _inline_svg() -> None:
    """In a notebook, show figures as SVG without the date of drawing."""
    from IPython import get_ipython

    if get_ipython() is not None:
        from IPython.core.pylabtools import print_figure
        from matplotlib_inline.backend_inline import set_matplotlib_formats

        def svg(figure):
            break_titles(figure)
            return print_figure(figure, "svg", metadata={"Date": None})

        set_matplotlib_formats("svg")
        formatters = get_ipython().display_formatter.formatters
        formatters["image/svg+xml"].for_type(mpl.figure.Figure, svg)


def break_titles(figure) -> None:
    """Break each title that would run into the panel to its right or past the edge, which widens the plot.

    >>> figure, ax = plt.subplots()
    >>> text = ax.set_title("Past a point, more context helps only on pages already read, and not on others")
    >>> break_titles(figure)
    >>> text.get_text().count("\\n")
    1
    """
    places = [ax.get_position() for ax in figure.axes]
    for ax, place in zip(figure.axes, places):
        beside = [p.x0 for p in places if p.x0 > place.x1 and p.y0 < place.y1 and place.y0 < p.y1]
        room = 72 * figure.get_figwidth() * (min(beside, default=1.02) - place.x0)  # points
        title = ax.get_title(loc=mpl.rcParams["axes.titlelocation"])
        for text in ax.findobj(mpl.text.Text, include_self=False):
            if title and text.get_text() == title:
                letter = 0.58 * text.get_fontsize()  # the width of one, on average
                text.set_text(_broken(title, int(room / letter)))


def _broken(text: str, letters: int) -> str:
    """Lines of at most so many letters; a break that is there stays."""
    return "\n".join(textwrap.fill(line, letters) for line in text.split("\n"))


def label(ax, x: float, y: float, text: str, color: str = INK, **kwargs) -> None:
    """Write a label next to a point, in its color: better than a legend where there is room."""
    settings = {"xytext": (6, 0), "textcoords": "offset points", "va": "center", **kwargs}
    ax.annotate(text, (x, y), color=color, **settings)


def plotly_template():
    """The house style as a plotly template, for charts that a reader turns and hovers over."""
    import plotly.graph_objects as go

    axis = {"gridcolor": GRID, "zerolinecolor": GRID, "linecolor": INK}
    return go.layout.Template(
        layout={
            "colorway": list(COLORS.values()),
            "font": {"color": INK},
            "title": {"font": {"size": 14}},  # a sentence fits on a phone
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "margin": {"l": 60, "r": 20, "t": 50, "b": 50},
            "xaxis": axis,
            "yaxis": axis,
        }
    )


# ---------------------------------------------------------------------------------------------
# Charts that several labs draw. Each gives its axes back; `settings` is what `Axes.set` takes
# (title, xlabel, ylabel, xscale, ylim …).


def bands(x, series: dict, ax=None, colors=(), dots: bool = False, **settings):
    """A line for each name, with a band from the lowest to the highest of its seeds.

    x       values along the axis
    series  {name: values}: one row of len(x), or one row for each seed; the name stands at the line's end
    dots    mark every value of x

    >>> ax = bands([1, 2], {"two seeds": [[1, 2], [3, 4]]}, title="They rise", xlabel="steps")
    >>> ax.lines[0].get_ydata().tolist()
    [2.0, 3.0]
    """
    ax = ax or plt.subplots()[1]
    ends = []
    for color, (name, rows) in zip(_cycle(colors), series.items()):
        rows = np.atleast_2d(np.asarray(rows, dtype=float))  # (seeds, len(x))
        if rows.shape[1] != len(x):
            raise ValueError(f"{name!r} has {rows.shape[1]} values and x has {len(x)}")
        if len(rows) > 1:
            ax.fill_between(x, rows.min(0), rows.max(0), color=color, alpha=0.18, linewidth=0)
        ax.plot(x, rows.mean(0), color=color, marker="o" if dots else None, markersize=4)
        ends.append((rows.mean(0)[-1], name, color))
    ax.set(**settings)
    _label_ends(ax, x[-1], ends)
    return ax


def dots(values: dict, ax=None, color: str = COLORS["blue"], form: str = "{:.2f}", **settings):
    """A row for each name: its value as a dot, with the number beside it.

    Of several values the dot is the mean, and a bar goes from the lowest to the highest.

    >>> ax = dots({"before": [0.1, 0.3], "after": 0.4}, title="It rose")
    >>> [text.get_text() for text in ax.texts]
    ['0.20', '0.40']
    """
    ax = ax or plt.subplots(figsize=(WIDTH, 0.7 + _height(values)))[1]
    for row, each in enumerate(values.values()):
        each = np.atleast_1d(np.asarray(each, dtype=float))
        ax.plot([each.min(), each.max()], [row, row], color=color, linewidth=2, alpha=0.5)
        ax.plot(each.mean(), row, "o", color=color)
        label(ax, each.max(), row, form.format(each.mean()), xytext=(8, 0))
    _rows(ax, list(values))
    ax.set(**settings)
    return ax


def before_after(pairs: dict, names=("before", "after"), ax=None, form: str = "{:.2f}", **settings):
    """A row for each name: an open dot before, a full dot after, and the way between them.

    pairs  {name: (before, after)}

    >>> ax = before_after({"courteous": (0.27, 0.88)}, title="Manners improved")
    >>> [text.get_text() for text in ax.texts]
    ['0.27', '0.88', 'before', 'after']
    """
    ax = ax or plt.subplots(figsize=(WIDTH, 0.9 + _height(pairs)))[1]
    blue = COLORS["blue"]
    for row, (before, after) in enumerate(pairs.values()):
        side = 1 if after >= before else -1
        ax.plot([before, after], [row, row], color=blue, linewidth=1.5, alpha=0.6)
        ax.plot(before, row, "o", mec=blue, mfc="none")
        ax.plot(after, row, "o", color=blue)
        for value, way in ((before, -side), (after, side)):
            place = {"xytext": (8 * way, 0), "ha": "left" if way > 0 else "right"}
            label(ax, value, row, form.format(value), **place)
    _rows(ax, list(pairs))
    before, after = next(iter(pairs.values()))
    sides = ("right", "left") if before <= after else ("left", "right")  # never on each other
    for x, name, side in zip((before, after), names, sides):
        label(ax, x, 0, name, blue, xytext=(0, 10), ha=side, va="bottom", fontsize=9)
    ax.set(**settings)
    return ax


def ladder(values: dict, ax=None, color: str = COLORS["blue"], form: str = "{:,.2f}", **settings):
    """A bar for each name with the number at its end; a value may also be several seeds.

    >>> ax = ladder({"letters": 4.71, "bigram": 3.48}, title="Counting helps")
    >>> [text.get_text() for text in ax.texts]
    ['4.71', '3.48']
    """
    ax = ax or plt.subplots(figsize=(WIDTH, 0.7 + _height(values)))[1]
    for row, each in enumerate(values.values()):
        each = np.atleast_1d(np.asarray(each, dtype=float))
        ax.barh(row, each.mean(), height=0.6, color=color)
        if len(each) > 1:
            ax.plot([each.min(), each.max()], [row, row], color=INK, linewidth=1.5)
        label(ax, max(each.max(), 0), row, form.format(each.mean()))
    _rows(ax, list(values))
    ax.set(**settings)
    return ax


def _cycle(colors) -> list:
    return [COLORS.get(c, c) for c in colors] + [c for c in COLORS.values() if c not in colors]


def _height(names) -> float:
    """Inches for the rows: all are as high as the one whose name takes most lines."""
    lines = max((_broken(name, NAME).count("\n") + 1 for name in names), default=1)
    return len(names) * max(0.42, 0.2 * lines)


def _rows(ax, names: list[str]) -> None:
    """Names down the side, the first on top, long ones on two lines, and room for the numbers."""
    ax.set_yticks(range(len(names)), [_broken(name, NAME) for name in names])
    ax.set_ylim(len(names) - 0.4, -0.8)
    ax.grid(axis="y", visible=False)
    ax.grid(axis="x", visible=True)
    ax.margins(x=0.12)


def _label_ends(ax, x, ends: list) -> None:
    """Names at the ends of lines, moved apart where they would lie on each other, up or, at the top, down."""
    ax.figure.canvas.draw()  # settles the scale
    ends = sorted(ends, key=lambda end: end[0])
    pixels = [ax.transData.transform((x, y))[1] for y, _, _ in ends]
    shown, gap = list(pixels), 0.2 * ax.figure.dpi
    for i in range(1, len(shown)):
        shown[i] = max(shown[i], shown[i - 1] + gap)
    top = max(ax.bbox.y1, pixels[-1])
    for i in reversed(range(len(shown))):
        shown[i] = min(shown[i], top)
        top = shown[i] - gap
    for (y, name, color), pixel, place in zip(ends, pixels, shown):
        points = (place - pixel) * 72 / ax.figure.dpi
        label(ax, x, y, name, color, xytext=(8, points))
