"""Intervals of what models answer: how they are asked for, and the customers that a bootstrap draws anew."""

from . import _lib
from ._columns import Columns, finite, named_columns, numbers, pointer, seed, shown, whole, wrong


def interval_question(quantity, method, level, replicates, draws, threads, **more):
    """The question of an interval; of what else there may be, what is None is left out."""
    question = {}
    for name, value in (("quantity", quantity), ("method", method)):
        if not isinstance(value, str):
            raise wrong(f"{name}: found {shown(value)}, expected a text")
        question[name] = value
    question.update(level=finite(level, "level"), replicates=whole(replicates, "replicates"), seed=seed(draws), threads=whole(threads, "threads"))
    question.update((name, value) for name, value in more.items() if value is not None)
    return question


def ask_interval(text, question, columns, base):
    """The model's answers and their bounds; one number each where there are no columns."""
    import numpy

    low, high, estimate = (numpy.empty(1 if columns is None else columns.size) for _ in range(3))
    _lib.call("rapport_value_interval", *_lib.encode(text), *_lib.encode_json(**question), None if columns is None else columns.reference,
              None if base is None else base.reference, pointer(estimate), pointer(low), pointer(high))
    return {"estimate": estimate, "low": low, "high": high}


def interval_of_new(text, question, horizon, base):
    """Of somebody new: numbers, or arrays of the shape of the horizons."""
    import numpy

    horizons, shape = horizons_of(horizon)
    asked = [ask_interval(text, {**question, "horizon": one}, None, base) for one in horizons]
    columns = {name: numpy.array([answer[name][0] for answer in asked]).reshape(shape) for name in ("estimate", "low", "high")}
    return columns if shape != () else {name: float(column) for name, column in columns.items()}


def horizons_of(horizon):
    """Horizons one after another, and the shape they came in; () of a number."""
    import numpy

    try:
        horizons = numpy.asarray(horizon)
    except ValueError:
        raise wrong(f"horizon: found {shown(horizon)}, expected a number") from None
    return [finite(value, "horizon") for value in (horizons.ravel() if horizons.ndim else [horizon])], horizons.shape


def buyers(table):
    """Frequencies of the customers that a GammaGamma was fitted on: of a table, or of the two arrays of its fit."""
    if isinstance(table, (tuple, list)) and len(table) == 2 and not isinstance(table[0], dict):
        return Columns(frequency=table[0])
    import numpy

    columns = dict(named_columns(table, "fitted_on"))
    if "frequency" not in columns:
        raise wrong(f"fitted_on: found columns {', '.join(columns) or 'none'}, expected frequency among them")
    rows = Columns(frequency=columns["frequency"], weights=columns.get("weights"))
    if "weights" not in rows.arrays:
        return rows
    return Columns(frequency=numpy.repeat(rows.arrays["frequency"], _times(rows.arrays["weights"])))


def histories(table, last, effects):
    """Columns of a table (or three arrays) of the customers a model was fitted on, with the covariates of its effects and the weights, where there are any."""
    if isinstance(table, (tuple, list)) and len(table) == 3 and not isinstance(table[0], dict):
        return Columns(*table, last=last)
    columns = dict(named_columns(table, "fitted_on"))

    def take(name):
        if name not in columns:
            raise wrong(f"fitted_on: found columns {', '.join(columns) or 'none'}, expected {name} among them")
        return columns[name]

    names = {"transaction": {}, "dropout": {}}
    for effect in effects:
        process, name = effect.split(".", 1)
        names["transaction" if process == "transaction" else "dropout"][name] = None
    taken = {process: {name: take(name) for name in named} or None for process, named in names.items()}
    rows = Columns(take("frequency"), take("recency"), take(last), weights=columns.get("weights"), covariates_transaction=taken["transaction"],
                   covariates_dropout=taken["dropout"], last=last)
    return rows if "weights" not in rows.arrays else _each_customer(rows.arrays, taken, last)


def _times(weights):
    """How many customers each row stands for."""
    import numpy

    broken = numpy.flatnonzero(~((weights >= 0) & (weights == numpy.floor(weights)) & (weights < 1e9)))
    if broken.size:
        row = int(broken[0])
        raise wrong(f"fitted_on: row {row}, field weights: found {weights[row]:g}, expected a whole number: the bootstrap draws so many customers")
    return weights.astype(numpy.int64)


def _each_customer(arrays, covariates, last):
    """Each row as often as its weight says: the bootstrap draws a customer a row."""
    import numpy

    times = _times(arrays["weights"])
    more = {f"covariates_{process}": table and {name: numpy.repeat(numbers(values, name), times) for name, values in table.items()}
            for process, table in covariates.items()}
    return Columns(*(numpy.repeat(arrays[name], times) for name in ("frequency", "recency", "age")), **more, last=last)
