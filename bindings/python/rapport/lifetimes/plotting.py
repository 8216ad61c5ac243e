"""The plots of lifetimes.plotting; each returns its Axes. They need matplotlib."""

import math

import numpy as np
import pandas as pd

from .utils import _alias, _moments, calculate_alive_path, expected_cumulative_transactions

__all__ = ["plot_period_transactions", "plot_calibration_purchases_vs_holdout_purchases", "plot_frequency_recency_matrix", "plot_probability_alive_matrix",
           "plot_expected_repeat_purchases", "plot_history_alive", "plot_cumulative_transactions", "plot_incremental_transactions",
           "plot_transaction_rate_heterogeneity", "plot_dropout_rate_heterogeneity"]


def _new_axes():
    from .._plots import pyplot

    return pyplot().subplots()[1]


def _label(ax, title, xlabel, ylabel):
    ax.set_title(title)
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    return ax


def plot_period_transactions(model, max_frequency=7, title="Frequency of Repeat Transactions", xlabel="Number of Calibration Period Transactions",
                             ylabel="Customers", **kwargs):
    """How many customers bought how often, beside customers drawn from the model."""
    labels = kwargs.pop("label", ["Actual", "Model"])
    drawn = model.generate_new_data(size=model.data.shape[0])
    index = pd.RangeIndex(max_frequency)
    counts = pd.DataFrame({name: table["frequency"].astype(int).value_counts().reindex(index, fill_value=0)
                           for name, table in zip(labels, (model.data, drawn))})
    if "ax" not in kwargs:
        kwargs["ax"] = _new_axes()
    ax = counts.plot(kind="bar", rot=0, **kwargs)
    return _label(ax, title, xlabel, ylabel)


_CALIBRATION_LABELS = {
    "frequency_cal": "Purchases in calibration period", "recency_cal": "Age of customer at last purchase",
    "T_cal": "Age of customer at the end of calibration period", "time_since_last_purchase": "Time since user made last purchase",
}


def plot_calibration_purchases_vs_holdout_purchases(model, calibration_holdout_matrix, kind="frequency_cal", n=7, **kwargs):
    """Purchases of the holdout period, made and predicted, by what was known at the end of calibration."""
    if kind not in _CALIBRATION_LABELS:
        raise ValueError(f"kind: found {kind!r}, expected one of {', '.join(_CALIBRATION_LABELS)}")
    table = calibration_holdout_matrix.copy()
    table["model_predictions"] = model.conditional_expected_number_of_purchases_up_to_time(
        table["duration_holdout"].iloc[0], table["frequency_cal"], table["recency_cal"], table["T_cal"])
    table["time_since_last_purchase"] = table["T_cal"] - table["recency_cal"]
    if "ax" not in kwargs:
        kwargs["ax"] = _new_axes()
    ax = table.groupby(kind)[["frequency_holdout", "model_predictions"]].mean().iloc[:n].plot(**kwargs)
    return _label(ax, "Actual Purchases in Holdout Period vs Predicted Purchases", _CALIBRATION_LABELS[kind], "Average of Purchases in Holdout Period")


def _matrix(values, ax, title, xlabel, ylabel, kwargs):
    kwargs.setdefault("interpolation", "none")
    kwargs.setdefault("aspect", "auto")
    ax = _new_axes() if ax is None else ax
    ax.figure.colorbar(ax.imshow(values, **kwargs), ax=ax)
    ax.set_box_aspect(1)
    return _label(ax, title, xlabel, ylabel)


def plot_frequency_recency_matrix(model, T=1, max_frequency=None, max_recency=None, title=None, xlabel="Customer's Historical Frequency",
                                  ylabel="Customer's Recency", ax=None, **kwargs):
    """Purchases expected in the next ``T`` units, by frequency and recency of a customer of the longest age."""
    most = int(model.data["frequency"].max()) if max_frequency is None else max_frequency
    longest = int(model.data["T"].max()) if max_recency is None else max_recency
    frequency, recency = np.meshgrid(np.arange(most + 1.0), np.arange(longest + 1.0))
    expected = model.conditional_expected_number_of_purchases_up_to_time(T, frequency, recency, float(longest))
    if title is None:
        title = f"Expected Number of Future Purchases for {T} Unit{'s' if T != 1 else ''} of Time,\nby Frequency and Recency of a Customer"
    return _matrix(np.asarray(expected), ax, title, xlabel, ylabel, kwargs)


def plot_probability_alive_matrix(model, max_frequency=None, max_recency=None, title="Probability Customer is Alive,\nby Frequency and Recency of a Customer",
                                  xlabel="Customer's Historical Frequency", ylabel="Customer's Recency", ax=None, **kwargs):
    """The chance to be a customer still, by frequency and recency of a customer of the longest age."""
    return _matrix(model.conditional_probability_alive_matrix(max_frequency, max_recency), ax, title, xlabel, ylabel, kwargs)


def plot_expected_repeat_purchases(model, title="Expected Number of Repeat Purchases per Customer", xlabel="Time Since First Purchase", ax=None, label=None,
                                   **kwargs):
    """Repeat purchases expected of a new customer; dashed beyond the longest age seen."""
    ax = _new_axes() if ax is None else ax
    longest = float(model.data["T"].max())
    times = np.linspace(0, longest, 100), np.linspace(longest, 1.5 * longest, 100)
    color = kwargs.pop("c", kwargs.pop("color", None))
    seen, = ax.plot(times[0], model.expected_number_of_purchases_up_to_time(times[0]), label=label, **({} if color is None else {"color": color}), **kwargs)
    kwargs.pop("ls", None), kwargs.pop("linestyle", None)
    ax.plot(times[1], model.expected_number_of_purchases_up_to_time(times[1]), color=seen.get_color(), ls="--", **kwargs)
    if label is not None:
        ax.legend(loc="lower right")
    return _label(ax, title, xlabel, "")


def plot_history_alive(model, t, transactions, datetime_col, freq="D", start_date=None, ax=None, **kwargs):
    """One customer's chance to be alive over time, and the purchases."""
    ax = _new_axes() if ax is None else ax
    moments = _moments(transactions[datetime_col], None, datetime_col)
    path = calculate_alive_path(model, transactions, datetime_col, t, freq)
    periods = moments.dt.to_period(_alias(freq))
    dates = pd.period_range(periods.min(), periods=len(path), freq=periods.dt.freq).to_timestamp()
    ax.plot(dates, path, "-", label="P_alive", **kwargs)
    ax.vlines(np.unique(periods.dt.to_timestamp().to_numpy()), ymin=0, ymax=1, colors="r", linestyles="dashed", label="purchases")
    ax.set_ylim(0, 1.0)
    ax.set_yticks(np.arange(0, 1.1, 0.1))
    ax.set_xlim(pd.Timestamp(dates[0] if start_date is None else start_date), dates[-1])
    ax.figure.autofmt_xdate()
    ax.legend(loc=3)
    return _label(ax, "History of P_alive", "", "P_alive")


def _tracking(model, transactions, datetime_col, customer_id_col, t, t_cal, datetime_format, freq, set_index_date, step, title, xlabel, ylabel, ax, kwargs):
    table = expected_cumulative_transactions(model, transactions, datetime_col, customer_id_col, t, datetime_format=datetime_format, freq=freq,
                                             set_index_date=set_index_date)
    if step:
        table = table - table.shift(1)
    ax = table.plot(ax=_new_axes() if ax is None else ax, title=title, **kwargs)
    ax.axvline(x=table.index[int(t_cal)] if set_index_date else t_cal, color="r", linestyle="--")
    return _label(ax, title, "date" if set_index_date else xlabel, ylabel)


def plot_cumulative_transactions(model, transactions, datetime_col, customer_id_col, t, t_cal, datetime_format=None, freq="D", set_index_date=False,
                                 title="Tracking Cumulative Transactions", xlabel="day", ylabel="Cumulative Transactions", ax=None, **kwargs):
    """Repeat purchases of all customers so far, made and expected; a line marks the end of calibration."""
    return _tracking(model, transactions, datetime_col, customer_id_col, t, t_cal, datetime_format, freq, set_index_date, False, title, xlabel, ylabel, ax, kwargs)


def plot_incremental_transactions(model, transactions, datetime_col, customer_id_col, t, t_cal, datetime_format=None, freq="D", set_index_date=False,
                                  title="Tracking Daily Transactions", xlabel="day", ylabel="Transactions", ax=None, **kwargs):
    """Repeat purchases of all customers period by period, made and expected; a line marks the end of calibration."""
    return _tracking(model, transactions, datetime_col, customer_id_col, t, t_cal, datetime_format, freq, set_index_date, True, title, xlabel, ylabel, ax, kwargs)


def _density(log_density, most, mean, variance, suptitle, xlabel, ylabel, fontsize, kwargs):
    """A density up to its 99th percentile, which is read from its sum over a fine grid of logarithms."""
    grid = np.exp(np.linspace(math.log(most) - 60, math.log(most), 20001))
    weight = np.exp([log_density(x) for x in grid]) * grid
    share = np.cumsum(weight) / weight.sum()
    points = np.linspace(0, grid[np.searchsorted(share, 0.99)], 201)[1:]
    ax = _new_axes()
    ax.plot(points, np.exp([log_density(x) for x in points]), **kwargs)
    ax.figure.suptitle(suptitle, fontsize=fontsize, fontweight="bold")
    _label(ax, f"mean: {mean:.3f}, var: {variance:.3f}", xlabel, ylabel)
    ax.figure.tight_layout(rect=[0, 0.03, 1, 0.95])
    return ax


def plot_transaction_rate_heterogeneity(model, suptitle="Heterogeneity in Transaction Rate", xlabel="Transaction Rate", ylabel="Density", suptitle_fontsize=14,
                                        **kwargs):
    """How customers differ in how often they buy: the gamma density of the rate."""
    r, alpha = map(float, model._unload_params("r", "alpha"))
    constant = r * math.log(alpha) - math.lgamma(r)
    most = (r + 12 * math.sqrt(r) + 24) / alpha
    return _density(lambda x: constant + (r - 1) * math.log(x) - alpha * x, most, r / alpha, r / alpha ** 2, suptitle, xlabel, ylabel, suptitle_fontsize, kwargs)


def plot_dropout_rate_heterogeneity(model, suptitle="Heterogeneity in Dropout Probability", xlabel="Dropout Probability p", ylabel="Density",
                                    suptitle_fontsize=14, **kwargs):
    """How customers differ in how soon they stop: the beta density of the chance to stop after a purchase."""
    a, b = map(float, model._unload_params("a", "b"))
    constant = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    variance = a * b / (a + b) ** 2 / (a + b + 1)
    return _density(lambda x: constant + (a - 1) * math.log(x) + (b - 1) * math.log1p(-x), 1 - 1e-12, a / (a + b), variance, suptitle, xlabel, ylabel,
                    suptitle_fontsize, kwargs)
