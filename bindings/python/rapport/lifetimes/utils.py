"""From purchases to tables, and what models say over time; the functions of lifetimes.utils."""

import numpy as np
import pandas as pd

__all__ = ["calibration_and_holdout_data", "summary_data_from_transaction_data", "calculate_alive_path", "expected_cumulative_transactions"]


class ConvergenceError(ValueError):
    """A model found no optimum in the data."""


def _moments(values, datetime_format=None, name="date"):
    """A Series of timestamps; a text that is no date, and a missing one, is an error that names its row."""
    series = values if isinstance(values, pd.Series) else pd.Series(values)
    moments = pd.to_datetime(series, format=datetime_format, errors="coerce")
    missing = np.flatnonzero(moments.isna().to_numpy())
    if missing.size:
        row = int(missing[0])
        raise ValueError(f"row {row}, field {name}: found {series.iloc[row]!r}, expected a date" + (f" of the form {datetime_format}" if datetime_format else ""))
    return moments


def _moment(value, datetime_format=None):
    if isinstance(value, pd.Period):
        return value.to_timestamp()
    return pd.to_datetime(value, format=datetime_format if isinstance(value, str) else None)


def _alias(freq):
    """Names of hours, minutes and seconds differ between versions of pandas."""
    for name in (freq, freq.lower(), freq.upper()):
        try:
            pd.Period("2000-01-01", freq=name)
            return name
        except ValueError:
            continue
    raise ValueError(f"freq: found {freq!r}, expected a unit of time that pandas knows, such as D, W, M or h")


def _ordinals(moments, freq):
    """The number of each moment's period, counted from 1970."""
    return np.asarray(pd.PeriodIndex(moments.dt.to_period(_alias(freq))).asi8)


def _ordinal(moment, freq):
    return moment.to_period(_alias(freq)).ordinal


def _periods_of(ordinals, freq):
    if hasattr(pd.PeriodIndex, "from_ordinals"):
        return pd.PeriodIndex.from_ordinals(ordinals, freq=_alias(freq))
    return pd.PeriodIndex(ordinal=ordinals, freq=_alias(freq))


def _without_refunds(transactions, moments, monetary_value_col):
    """A negative amount is a refund, no purchase."""
    if not monetary_value_col:
        return transactions, moments
    amounts = transactions[monetary_value_col].to_numpy(dtype=float, na_value=np.nan)
    broken = np.flatnonzero(~np.isfinite(amounts))
    if broken.size:
        raise ValueError(f"row {int(broken[0])}, field {monetary_value_col}: found {amounts[broken[0]]}, expected an amount")
    kept = amounts >= 0
    return (transactions, moments) if kept.all() else (transactions[kept], moments[kept])


class _Periods:
    """Purchases of one customer in one period as one row: customer (a code), period, amount; sorted by both."""

    def __init__(self, transactions, customer_id_col, moments, freq, monetary_value_col=None, until=None):
        codes, self.customers = pd.factorize(transactions[customer_id_col], sort=True)
        if (codes < 0).any():
            raise ValueError(f"row {int(np.flatnonzero(codes < 0)[0])}, field {customer_id_col}: found nothing, expected a customer")
        ordinals = _ordinals(moments, freq)
        amounts = None if monetary_value_col is None else transactions[monetary_value_col].to_numpy(dtype=float)
        if until is not None:
            kept = ordinals <= until
            codes, ordinals = codes[kept], ordinals[kept]
            amounts = None if amounts is None else amounts[kept]
        lowest = int(ordinals.min()) if ordinals.size else 0
        span = int(ordinals.max()) - lowest + 1 if ordinals.size else 1
        keys = codes.astype(np.int64) * span + (ordinals - lowest)
        unique, place = np.unique(keys, return_inverse=True)
        self.code, self.period = unique // span, unique % span + lowest
        self.amount = None if amounts is None else np.bincount(np.ravel(place), weights=amounts, minlength=unique.size)
        self.first = np.ones(unique.size, dtype=bool)
        self.first[1:] = self.code[1:] != self.code[:-1]
        self.begin = np.flatnonzero(self.first)
        self.count = np.diff(np.append(self.begin, unique.size))


def summary_data_from_transaction_data(transactions, customer_id_col, datetime_col, monetary_value_col=None, datetime_format=None,
                                       observation_period_end=None, freq="D", freq_multiplier=1, include_first_transaction=False):
    """Purchases to one row a customer: frequency, recency, T and, with ``monetary_value_col``, monetary_value.

    Purchases of one period ``freq`` are one; times are whole periods, divided by ``freq_multiplier``. ``rapport.summarize`` keeps times exact to the day in any unit.
    """
    moments = _moments(transactions[datetime_col], datetime_format, datetime_col)
    end = moments.max() if observation_period_end is None else _moment(observation_period_end, datetime_format)
    transactions, moments = _without_refunds(transactions, moments, monetary_value_col)
    last = _ordinal(end, freq)
    rows = _Periods(transactions, customer_id_col, moments, freq, monetary_value_col, last)
    first, latest = rows.period[rows.begin], rows.period[rows.begin + rows.count - 1]
    uncounted = 0 if include_first_transaction else 1
    summary = pd.DataFrame({"frequency": (rows.count - uncounted).astype(float), "recency": (latest - first) / freq_multiplier,
                            "T": (last - first) / freq_multiplier}, index=pd.Index(rows.customers[rows.code[rows.begin]], name=customer_id_col))
    if monetary_value_col:
        total = np.add.reduceat(rows.amount, rows.begin) if rows.begin.size else np.zeros(0)
        if uncounted:
            total = total - rows.amount[rows.begin]
        counted = rows.count - uncounted
        summary["monetary_value"] = np.where(counted > 0, total / np.maximum(counted, 1), 0.0)
    return summary


def calibration_and_holdout_data(transactions, customer_id_col, datetime_col, calibration_period_end, observation_period_end=None, freq="D", freq_multiplier=1,
                                 datetime_format=None, monetary_value_col=None, include_first_transaction=False):
    """One row a customer of the calibration period, and what each bought in the holdout period after it."""
    moments = _moments(transactions[datetime_col], datetime_format, datetime_col)
    boundary = _moment(calibration_period_end, datetime_format)
    end = moments.max() if observation_period_end is None else _moment(observation_period_end, datetime_format)
    transactions, moments = _without_refunds(transactions, moments, monetary_value_col)
    dated = transactions.assign(**{datetime_col: moments})
    summary = summary_data_from_transaction_data(dated[moments <= boundary], customer_id_col, datetime_col, monetary_value_col=monetary_value_col,
                                                 observation_period_end=boundary, freq=freq, freq_multiplier=freq_multiplier,
                                                 include_first_transaction=include_first_transaction)
    summary.columns = [name + "_cal" for name in summary.columns]
    late = (moments > boundary) & (moments <= end)
    if not late.any():
        raise ValueError("There is no purchase after calibration_period_end and up to observation_period_end: found none, expected at least one")
    rows = _Periods(dated[late], customer_id_col, moments[late], freq)
    bought = pd.Series(rows.count, index=rows.customers[rows.code[rows.begin]])
    summary["frequency_holdout"] = bought.reindex(summary.index).fillna(0).astype(float)
    if monetary_value_col:
        summary["monetary_value_holdout"] = dated[late].groupby(customer_id_col)[monetary_value_col].mean().reindex(summary.index).fillna(0)
    summary["duration_holdout"] = (_ordinal(end, freq) - _ordinal(boundary, freq)) / freq_multiplier
    return summary


def _find_first_transactions(transactions, customer_id_col, datetime_col, monetary_value_col=None, datetime_format=None, observation_period_end=None, freq="D"):
    """One row a customer and period with a purchase, and whether it is the customer's first."""
    moments = _moments(transactions[datetime_col], datetime_format, datetime_col)
    end = moments.max() if observation_period_end is None else _moment(observation_period_end, datetime_format)
    transactions, moments = _without_refunds(transactions, moments, monetary_value_col)
    rows = _Periods(transactions, customer_id_col, moments, freq, monetary_value_col, _ordinal(end, freq))
    table = {customer_id_col: rows.customers[rows.code], datetime_col: _periods_of(rows.period, freq)}
    if monetary_value_col:
        table[monetary_value_col] = rows.amount
    return pd.DataFrame({**table, "first": rows.first})


def calculate_alive_path(model, transactions, datetime_col, t, freq="D"):
    """The chance to be alive of one customer, at each of 0, 1, ... ``t`` units after the first purchase; a Series."""
    ordinals = np.unique(_ordinals(_moments(transactions[datetime_col], None, datetime_col), freq))
    bought = ordinals - ordinals[0]
    if bought[-1] > t:
        raise ValueError(f"t: found {t}, expected at least {int(bought[-1])}: the last purchase came then")
    age = np.arange(t + 1)
    frequency = np.searchsorted(bought, age, side="right") - 1
    recency = bought[frequency]
    return pd.Series(np.asarray(model.conditional_probability_alive(frequency, recency, age), dtype=float))


def expected_cumulative_transactions(model, transactions, datetime_col, customer_id_col, t, datetime_format=None, freq="D", freq_multiplier=1,
                                     set_index_date=False):
    """Repeat purchases so far, those that were made (``actual``) and those expected of new customers as they came (``predicted``), for ``t`` periods."""
    moments = _moments(transactions[datetime_col], datetime_format, datetime_col)
    start = _ordinal(moments.min(), freq)
    rows = _Periods(transactions, customer_id_col, moments, freq, until=start + t)
    came = np.bincount(rows.period[rows.first] - start, minlength=t + 1)[: t + 1]
    again = np.bincount(rows.period[~rows.first] - start, minlength=t + 1)[: t + 1]
    per_customer = np.zeros(t + 1)
    per_customer[1:] = np.asarray(model.expected_number_of_purchases_up_to_time(np.arange(1, t + 1) / freq_multiplier), dtype=float)
    ends = np.arange(freq_multiplier, t + 1, freq_multiplier)
    predicted = [float(np.dot(came[:end], per_customer[end:0:-1])) for end in ends]
    actual = np.cumsum(again)[ends - 1]
    index = range(len(ends))
    if set_index_date:
        index = _periods_of(start + ends - 1, freq)
    return pd.DataFrame({"actual": actual, "predicted": predicted}, index=index)


def _scale_time(age):
    """What times are multiplied by so that the longest is 1."""
    return 1.0 / np.max(age)


def _wrong_row(wrong, values, name, expected):
    row = int(np.flatnonzero(wrong)[0])
    raise ValueError(f"row {row}, field {name}: found {np.asarray(values)[row]}, expected {expected}")


def _check_inputs(frequency, recency=None, T=None, monetary_value=None):
    """ValueError with the row and the field that no customer can have."""
    columns = {"frequency": frequency, "recency": recency, "T": T, "monetary_value": monetary_value}
    columns = {name: np.asarray(values) for name, values in columns.items() if values is not None}
    size = columns["frequency"].shape[0]
    for name, values in columns.items():
        if values.shape[0] != size:
            raise ValueError(f"row {min(size, values.shape[0])}, field {name}: found {values.shape[0]} rows, expected {size} as frequency has")
        if not values.shape[0]:
            raise ValueError(f"field {name}: found no row, expected at least one")
        if np.isnan(values.astype(float)).any():
            _wrong_row(np.isnan(values.astype(float)), values, name, "a number")
    x = columns["frequency"]
    if (x < 0).any() or (x != np.floor(x)).any():
        _wrong_row((x < 0) | (x != np.floor(x)), x, "frequency", "a whole number of 0 or more")
    if recency is not None:
        t_x = columns["recency"]
        if T is not None and (t_x > columns["T"]).any():
            _wrong_row(t_x > columns["T"], t_x, "recency", "a time up to T")
        if (t_x[x == 0] != 0).any():
            _wrong_row((x == 0) & (t_x != 0), t_x, "recency", "0 where frequency is 0")
        if (t_x < 0).any():
            _wrong_row(t_x < 0, t_x, "recency", "a time of 0 or more")
    if monetary_value is not None and (columns["monetary_value"] <= 0).any():
        _wrong_row(columns["monetary_value"] <= 0, monetary_value, "monetary_value", "an amount above 0: leave out customers who did not buy again")


_MONTH = {"W": 4.345, "M": 1.0, "D": 30, "H": 30 * 24}


def _customer_lifetime_value(transaction_prediction_model, frequency, recency, T, monetary_value, time=12, discount_rate=0.01, freq="D"):
    """The discounted value of ``time`` months of purchases; a Series named clv. A month is 4.345 weeks, 30 days or 720 hours."""
    if str(freq).upper() not in _MONTH:
        raise ValueError(f"freq: found {freq!r}, expected D, W, M or H")
    month = _MONTH[str(freq).upper()]
    index = next((column.index for column in (frequency, recency, T, monetary_value) if isinstance(column, pd.Series)), None)
    x, t_x, age, value = (np.asarray(column, dtype=float) for column in (frequency, recency, T, monetary_value))
    periods = len(np.arange(1, time + 1))      # a month that has begun counts whole, as in lifetimes
    model = getattr(transaction_prediction_model, "_rapport", None)
    if periods == 0:
        clv = np.zeros(np.broadcast_shapes(x.shape, t_x.shape, age.shape, value.shape))
    elif model is not None:
        from .. import _models

        clv = _models.lifetime_value(model, None, x, np.where(x == 0, 0.0, t_x), age, value, periods=periods, discount_rate=discount_rate, period=month)
    else:
        until = [np.asarray(transaction_prediction_model.predict(month * i, x, t_x, age)) for i in range(periods + 1)]
        clv = sum(value * (until[i] - until[i - 1]) / (1 + discount_rate) ** i for i in range(1, periods + 1))
    return pd.Series(clv, index=index, name="clv")
