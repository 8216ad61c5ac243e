"""Plots of the customer base; each returns its matplotlib Axes. They need the extra: pip install rapport[plot]."""

from ._columns import numbers, wrong
from ._models import _Model, _whole
from ._value import _column, _day_number, _days


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


def _get(table, name, asker):
    try:
        return table[name]
    except (KeyError, IndexError, TypeError):
        raise wrong(f"column {name}: found none, expected the columns of {asker}") from None



def _positions(days, unit):
    """Days as numbers of units from a fixed origin: as summarize counts them, a month with the day as a fraction of its month."""
    import numpy

    lengths = {"day": 1.0, "week": 7.0}
    months = {"month": 1.0, "quarter": 3.0, "year": 12.0}
    if unit in lengths:
        return days / lengths[unit]
    if unit not in months:
        raise wrong(f'unit: found "{unit}", expected day, week, month, quarter or year', "value.unknown_unit")
    dates = days.astype("datetime64[D]")
    month = dates.astype("datetime64[M]")
    length = ((month + 1).astype("datetime64[D]") - month.astype("datetime64[D]")).astype(float)
    return (month.astype(float) + (dates - month.astype("datetime64[D]")).astype(float) / length) / months[unit]


def _firsts_and_repeats(purchases, customer, date, unit, observation_end):
    """Times in units since the first day of all: of each customer's first day, of the days with a repeat purchase, of the end."""
    import numpy

    days = _days(_column(purchases, date)).astype(numpy.int64)
    ids = _column(purchases, customer).dictionary_encode().indices.to_numpy(zero_copy_only=False)
    if not days.size:
        raise wrong("purchases: found no row, expected at least one")
    end = _day_number(observation_end)[1] if observation_end is not None else int(days.max())
    rows = numpy.unique(numpy.column_stack([ids, days])[days <= end], axis=0)
    if not rows.size:
        raise wrong("observation_end: found a day before the first purchase")
    new = numpy.append(True, rows[1:, 0] != rows[:-1, 0])
    zero = _positions(rows[:, 1].min(keepdims=True), unit)[0]
    at = _positions(rows[:, 1], unit) - zero
    return at[new], at[~new], float(_positions(numpy.array([end]), unit)[0] - zero)


def plot_tracking(model, purchases, customer="customer", date="date", unit="week", calibration_end=None, observation_end=None, cumulative=True, ax=None):
    """Repeat purchases of all customers over time: those that were made, and those the model expects of new customers from the days on which they came.

    ``purchases`` as ``summarize`` takes them, ``unit`` that of the model. ``calibration_end`` (a day) draws a line: up to there the model knew. ``cumulative=False`` shows each unit by
    itself. Returns the Axes.

    >>> model = rapport.BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> rows = [{"customer": "a", "date": "2026-01-01"}, {"customer": "a", "date": "2026-01-15"}, {"customer": "b", "date": "2026-02-27"}]
    >>> ax = rapport.plot_tracking(model, rows, calibration_end="2026-02-01")  # doctest: +SKIP
    """
    import numpy

    came, made, end = _firsts_and_repeats(purchases, customer, date, unit, observation_end)
    until = max(int(end), 1)
    ends = numpy.arange(1, until + 1)
    starts, customers = numpy.unique(came, return_counts=True)
    lags = numpy.maximum(ends[None, :] - starts[:, None], 0)
    lengths, place = numpy.unique(lags, return_inverse=True)
    expected = customers @ numpy.asarray(model.expected_purchases_new(lengths))[place.reshape(lags.shape)]
    actual = numpy.searchsorted(numpy.sort(made), ends, side="right").astype(float)
    lines = [("actual", actual, _BLUE, "-"), ("expected", expected, _ORANGE, "--")]
    ax = _axes(ax)
    _bare(ax)
    for label, values, color, style in lines:
        shown = values if cumulative else numpy.diff(values, prepend=0)
        ax.plot(ends, shown, style, color=color, linewidth=2 if cumulative else 1.5, label=label)
    ax.set_ylim(bottom=0)
    ax.set_xlim(0, until)
    if calibration_end is not None:
        first_day = int(_days(_column(purchases, date)).min())
        days = numpy.array([first_day, _day_number(calibration_end)[1]])
        at = float(numpy.diff(_positions(days, unit))[0])
        ax.axvline(at, color=_GREY, linestyle=":", linewidth=1.5)
        ax.text(at, 0.02, " calibration ends", color=_GREY, transform=ax.get_xaxis_transform(), fontsize=9)
    ax.set_title("Repeat purchases, " + ("so far" if cumulative else f"each {unit}"))
    ax.set_xlabel(f"{unit}s since the start")
    ax.set_ylabel("repeat purchases")
    ax.legend(frameon=False, loc="upper left" if cumulative else "upper right")
    return ax


def plot_calibration(model, summary, most=7, ax=None):
    """Purchases of the holdout period by purchases of the calibration period, made and predicted: a mean a group, of ``summarize(..., calibration_end=...)``.

    Groups run from 0 to ``most``, the last one holds more too; the number of customers stands under each. Returns the Axes.
    """
    import numpy

    frequency, recency, age, holdout, duration = (numbers(_get(summary, name, "summarize with calibration_end"), name) for name in
                                                  ("frequency", "recency", "age", "frequency_holdout", "duration_holdout"))
    if not frequency.size:
        raise wrong("summary: found no row, expected at least one")
    predicted = numpy.empty(frequency.size)
    for length in numpy.unique(duration):
        rows = duration == length
        predicted[rows] = model.expected_purchases(length, frequency[rows], recency[rows], age[rows])
    group = numpy.minimum(frequency, most).astype(int)
    count = numpy.bincount(group, minlength=most + 1)
    shown = numpy.flatnonzero(count)
    ax = _axes(ax)
    _bare(ax)
    for values, label, color, style in ((holdout, "actual", _BLUE, "o-"), (predicted, "expected", _ORANGE, "s--")):
        mean = numpy.bincount(group, weights=values, minlength=most + 1)[shown] / count[shown]
        ax.plot(shown, mean, style, color=color, linewidth=2, markersize=6, label=label)
    ax.set_xticks(shown, [f"{g}{'+' if g == most and (frequency > most).any() else ''}\n{count[g]:,}" for g in shown])
    ax.set_ylim(bottom=0)
    ax.set_title("Purchases of the holdout period")
    ax.set_xlabel("repeat purchases in calibration; customers")
    ax.set_ylabel("mean purchases in holdout")
    ax.legend(frameon=False, loc="upper left")
    return ax


def plot_frequency_recency(model, horizon=None, most_frequency=20, longest=52, unit="week", ax=None):
    """By frequency and recency of customers of the age ``longest``: the chance that they are customers still, or with ``horizon`` the purchases expected within it.

    >>> model = rapport.BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> ax = rapport.plot_frequency_recency(model, horizon=39)  # doctest: +SKIP
    """
    import numpy

    if not isinstance(model, _Model):
        raise wrong(f"model: found {type(model).__name__}, expected a model of when customers buy")
    steps = numpy.linspace(0, float(longest), 105) if float(longest) != int(longest) or longest > 200 else numpy.arange(int(longest) + 1.0)
    frequency, recency = numpy.meshgrid(numpy.arange(1.0, _whole(most_frequency, "most_frequency") + 1), steps)
    columns = (frequency.ravel(), recency.ravel(), numpy.full(frequency.size, float(longest)))
    values = model.probability_alive(*columns) if horizon is None else model.expected_purchases(horizon, *columns)
    ax = _axes(ax, (6.5, 5))
    half = (steps[1] - steps[0]) / 2 if len(steps) > 1 else 0.5
    image = ax.imshow(values.reshape(frequency.shape), origin="lower", aspect="auto", interpolation="none", cmap="viridis",
                      extent=(0.5, most_frequency + 0.5, -half, float(longest) + half), **({"vmin": 0, "vmax": 1} if horizon is None else {"vmin": 0}))
    bar = ax.figure.colorbar(image, ax=ax)
    bar.outline.set_visible(False)
    bar.set_label("chance to be a customer still" if horizon is None else f"purchases expected in {horizon:g} {unit}s")
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.set_title(f"Customers of {longest:g} {unit}s" + (", still there?" if horizon is None else f", next {horizon:g} {unit}s"))
    ax.set_xlabel("repeat purchases")
    ax.set_ylabel(f"recency: {unit} of the last purchase")
    return ax
