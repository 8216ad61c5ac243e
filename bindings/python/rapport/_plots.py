"""Plots of the customer base; each returns its matplotlib Axes. They need the extra: pip install rapport[plot]."""

import datetime

from ._arguments import whole
from ._columns import wrong
from ._models import BgBb, _PurchaseModel
from ._summaries import calibration, tracking


def pyplot():
    """matplotlib.pyplot, or an ImportError that says what to install."""
    try:
        from matplotlib import pyplot as plt
    except ImportError:
        raise ImportError('plots need matplotlib: pip install "rapport[plot]"') from None
    return plt


_BLUE, _ORANGE, _GREY = "#1f5fa8", "#d9730d", "#6b6b6b"


def _axes(ax, size=(7.5, 4.5)):
    if ax is not None:
        return ax
    return pyplot().subplots(figsize=size, layout="constrained")[1]


def _bare(ax):
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    ax.grid(axis="y", color="#e4e4e4", linewidth=0.8)
    ax.set_axisbelow(True)


def plot_tracking(model, purchases, unit="week", calibration_end=None, until=None, cumulative=True, ax=None, **options):
    """Repeat purchases of all customers over time: those that were made, and those the model expects of new customers from the days on which they came.

    ``purchases``, ``unit``, ``until`` and ``options`` as ``tracking`` takes them. ``calibration_end`` (a day) draws a line: up to there the model knew. ``cumulative=False`` shows each
    unit by itself. Returns the Axes.

    >>> model = rapport.BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> rows = [{"customer": "a", "date": "2026-01-01"}, {"customer": "a", "date": "2026-01-15"}, {"customer": "b", "date": "2026-02-27"}]
    >>> ax = rapport.plot_tracking(model, rows, calibration_end="2026-02-01")  # doctest: +SKIP
    """
    table = tracking(model, purchases, unit=unit, calibration_end=calibration_end, until=until, **options)
    kind = "_cumulative" if cumulative else ""
    rows = [(row["until"], row["actual" + kind], row["expected" + kind], (row["until"] - row["from"]).days) for row in table.to_pylist()]
    if not cumulative and len(rows) > 1 and rows[-1][3] < rows[-2][3] - 3:
        rows.pop()   # a unit that is cut short would look like a fall
    ax = _axes(ax)
    _bare(ax)
    width = 2 if cumulative else 1.5
    made = [(day, value) for day, value, _, _ in rows if value is not None]
    ax.plot([day for day, _ in made], [value for _, value in made], "-", color=_BLUE, linewidth=width, label="actual")
    ax.plot([row[0] for row in rows], [row[2] for row in rows], "--", color=_ORANGE, linewidth=width, label="expected")
    ax.set_ylim(bottom=0)
    ax.margins(x=0)
    if calibration_end is not None:
        at = datetime.date.fromisoformat(calibration_end) if isinstance(calibration_end, str) else calibration_end
        ax.axvline(at, color=_GREY, linestyle=":", linewidth=1.5)
        ax.text(at, 0.02, " calibration ends", color=_GREY, transform=ax.get_xaxis_transform(), fontsize=9)
    locator = ax.xaxis.get_major_locator()
    ax.xaxis.set_major_formatter(pyplot().matplotlib.dates.ConciseDateFormatter(locator))
    ax.set_title("Repeat purchases, " + ("so far" if cumulative else f"each {unit}"))
    ax.set_ylabel("repeat purchases")
    ax.legend(frameon=False, loc="upper left" if cumulative else "upper right")
    return ax


def plot_calibration(model, summary, most=7, ax=None):
    """Purchases of the holdout period by purchases of the calibration period, made and predicted: a mean a group, of ``summarize(..., calibration_end=...)``.

    Groups run from 0 to ``most``, the last one holds more too; the number of customers stands under each. Returns the Axes.
    """
    rows = calibration(model, summary, classes=whole(most, "most") + 1).to_pylist()
    ax = _axes(ax)
    _bare(ax)
    shown = [row["frequency"] for row in rows]
    for column, label, color, style in (("actual_mean", "actual", _BLUE, "o-"), ("predicted_mean", "expected", _ORANGE, "s--")):
        ax.plot(shown, [row[column] for row in rows], style, color=color, linewidth=2, markersize=6, label=label)
    ax.set_xticks(shown, [f"{row['frequency']}{'+' if row['or_more'] else ''}\n{row['customers']:,}" for row in rows])
    ax.set_ylim(bottom=0)
    ax.set_title("Purchases of the holdout period")
    ax.set_xlabel("repeat purchases in calibration; customers")
    ax.set_ylabel("mean purchases in holdout")
    ax.legend(frameon=False, loc="upper left")
    return ax


def plot_frequency_recency(model, horizon=None, most_frequency=20, longest=52, unit="week", ax=None):
    """By frequency and recency of customers of the age ``longest``: the chance that they are customers still, or with ``horizon`` the purchases expected within it.
    Of BgBb, ages count opportunities, and what cannot be (more purchases than opportunities) stays blank.

    >>> model = rapport.BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> ax = rapport.plot_frequency_recency(model, horizon=39)  # doctest: +SKIP
    """
    import numpy

    if not isinstance(model, _PurchaseModel):
        raise wrong(f"model: found {type(model).__name__}, expected a model of when customers buy")
    counted = isinstance(model, BgBb)
    fine = float(longest) != int(longest) or longest > 200
    steps = numpy.linspace(0, float(longest), 105) if fine and not counted else numpy.arange(int(longest) + 1.0)
    frequency, recency = numpy.meshgrid(numpy.arange(1.0, whole(most_frequency, "most_frequency") + 1), steps)
    there = frequency <= recency if counted else numpy.full(frequency.shape, True)   # nobody buys more often than there were opportunities
    columns = (frequency[there], recency[there], numpy.full(there.sum(), float(longest)))
    values = numpy.full(frequency.shape, numpy.nan)
    values[there] = model.probability_alive(*columns) if horizon is None else model.expected_purchases(horizon, *columns)
    ax = _axes(ax, (6.5, 5))
    half = (steps[1] - steps[0]) / 2 if len(steps) > 1 else 0.5
    image = ax.imshow(values, origin="lower", aspect="auto", interpolation="none", cmap="viridis",
                      extent=(0.5, most_frequency + 0.5, -half, float(longest) + half), **({"vmin": 0, "vmax": 1} if horizon is None else {"vmin": 0}))
    bar = ax.figure.colorbar(image, ax=ax)
    bar.outline.set_visible(False)
    bar.set_label("chance to be a customer still" if horizon is None else f"purchases expected in {horizon:g} {unit}s")
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.set_title(f"Customers of {longest:g} {unit}s" + (", still there?" if horizon is None else f", next {horizon:g} {unit}s"))
    ax.set_xlabel("repeat purchases")
    ax.set_ylabel(f"recency: {unit} of the last purchase")
    return ax
