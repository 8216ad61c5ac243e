"""Purchases to one row a customer: the table that models of the customer base read."""

import ctypes
import datetime

from . import _lib

_EPOCH = datetime.date(1970, 1, 1)
_REFUNDS = {"exclude": 0, "net": 1, "error": 2}


def _column(table, name):
    """A column of what people pass, as a pyarrow array."""
    import pyarrow

    if isinstance(table, list):
        return pyarrow.array([row[name] for row in table])
    if hasattr(table, "__arrow_c_stream__") or hasattr(table, "__arrow_c_array__"):
        column = pyarrow.table(table)[name]
        return column.combine_chunks() if isinstance(column, pyarrow.ChunkedArray) else column
    return pyarrow.array(table[name])


def _days(column):
    """Days since 1970-01-01 as int32; texts must be ISO dates, an instant is its UTC day."""
    import pyarrow

    if pyarrow.types.is_string(column.type) or pyarrow.types.is_large_string(column.type):
        for row, text in enumerate(column.to_pylist()):
            try:
                datetime.date.fromisoformat(text)
            except (TypeError, ValueError):
                raise _lib.ERROR_CLASSES[3](f'row {row}, field date: found {text!r}, expected a date such as 2026-03-02', "value.invalid_input") from None
    if column.null_count:
        raise _lib.ERROR_CLASSES[3]("field date: found a missing value, expected a date in every row", "value.invalid_input")
    return column.cast(pyarrow.date32()).cast(pyarrow.int32()).to_numpy(zero_copy_only=False)


def _number(values, name, size=None):
    """A contiguous float64 array of the right length."""
    import numpy

    array = numpy.ascontiguousarray(values, dtype=numpy.float64)
    if array.ndim != 1 or (size is not None and array.size != size):
        raise _lib.ERROR_CLASSES[3](f"{name}: found shape {array.shape}, expected one dimension of {size or 'any'} values", "value.invalid_input")
    return array


def _pointer(array):
    return None if array is None else array.ctypes.data


def _day_number(day):
    if day is None:
        return 0, 0
    if isinstance(day, str):
        day = datetime.date.fromisoformat(day)
    if isinstance(day, datetime.datetime):
        day = day.date()
    return 1, (day - _EPOCH).days


def summarize(purchases, customer="customer", date="date", amount=None, unit="week", calibration_end=None, observation_end=None, refunds="exclude"):
    """Purchases to one row a customer: customer, frequency, recency, age, monetary → pyarrow.Table.

    `purchases`: an Arrow table (or anything that gives one), a dict of columns, or a list of dicts. `unit`: "day", "week", "month", ... Times are
    floating units, exact to the day. With `calibration_end` also frequency_holdout, monetary_holdout, duration_holdout.

    >>> rows = [{"customer": "a", "date": "2026-01-01"}, {"customer": "a", "date": "2026-01-15"}]
    >>> rapport.summarize(rows, observation_end="2026-01-29").to_pylist()
    [{'customer': 'a', 'frequency': 1, 'recency': 2.0, 'age': 4.0, 'monetary': None}]
    """
    import numpy
    import pyarrow

    if refunds not in _REFUNDS:
        raise ValueError(f'refunds: found "{refunds}", expected one of {", ".join(_REFUNDS)}')
    ids = _column(purchases, customer).cast(pyarrow.large_string())
    if ids.null_count:
        raise _lib.ERROR_CLASSES[3](f"field {customer}: found a missing value, expected a customer in every row", "value.invalid_input")
    buffers = pyarrow.concat_arrays([ids]).buffers()
    offsets = numpy.frombuffer(buffers[1], dtype=numpy.int64)[ids.offset:ids.offset + len(ids) + 1].copy()
    text = buffers[2] if buffers[2] is not None else pyarrow.py_buffer(b"")
    days = numpy.ascontiguousarray(_days(_column(purchases, date)), dtype=numpy.int32)
    amounts = None if amount is None else _number(_column(purchases, amount).to_numpy(zero_copy_only=False), amount, len(ids))
    options = _lib.SummarizeOptions(struct_size=ctypes.sizeof(_lib.SummarizeOptions), refunds=_REFUNDS[refunds])
    options.has_calibration_end, options.calibration_end = _day_number(calibration_end)
    options.has_observation_end, options.observation_end = _day_number(observation_end)
    options.unit, options.unit_size = _lib.encode(unit)
    return _lib.call_table("rapport_value_summarize", _pointer(offsets), text.address, _pointer(days), _pointer(amounts), len(ids), ctypes.byref(options))
