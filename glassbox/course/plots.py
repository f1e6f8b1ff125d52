"""One look for all plots: the course palette (Okabe-Ito), readable in light and in dark.

Plots are SVG on a transparent ground. Text and lines are drawn in `INK` and `GRID`, which the
book replaces in its dark version; data are drawn in `COLORS`, which hold on both grounds.
Palette: Okabe & Ito, "Color Universal Design" (2008).
"""

import matplotlib as mpl
import matplotlib.pyplot as plt

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
            "figure.figsize": (7.2, 3.6),
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
        from matplotlib_inline.backend_inline import set_matplotlib_formats

        set_matplotlib_formats("svg", metadata={"Date": None})


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
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "margin": {"l": 60, "r": 20, "t": 50, "b": 50},
            "xaxis": axis,
            "yaxis": axis,
        }
    )
