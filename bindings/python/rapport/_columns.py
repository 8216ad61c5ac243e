"""Numbers and columns of numbers as people hold them, on their way to the C library."""

import ctypes
import json
import math

from . import _lib


def wrong(message, token="value.invalid_input"):
    """The error of an argument that is not what was expected."""
    return _lib.InvalidArgument(message, token)


def finite(value, name, token="value.invalid_input"):
    """A finite float, of any kind of number."""
    kind = getattr(getattr(value, "dtype", None), "kind", None)
    try:
        number = math.nan if isinstance(value, (str, bytes, bool)) or kind in ("b", "c", "m", "M") else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise wrong(f"{name}: found {shown(value)}, expected a number", token)
    return number


def shown(value):
    """What was found, on one line and short."""
    text = " ".join(repr(value).split())
    return text if len(text) <= 100 else text[:97] + "..."


def whole(value, name):
    """An int, of any kind of whole number."""
    number, count = finite(value, name), int(value)
    if count != number and count != value:
        raise wrong(f"{name}: found {shown(value)}, expected a whole number")
    return count


def seed(value):
    found = whole(value, "seed")
    if not 0 <= found <= 2**53:
        raise wrong(f"seed: found {found}, expected a whole number from 0 to 2**53")
    return found


def _refuse_dates(dtype, name):
    if getattr(dtype, "kind", None) in ("m", "M"):
        raise wrong(f"field {name}: found dates or durations, expected numbers; x / pd.Timedelta(days=7) gives weeks")


def _plain(values, dtype, name):
    """An array of the dtype; what is missing (None, NA, masked, null) is NaN."""
    import numpy

    _refuse_dates(getattr(values, "dtype", None), name)
    if isinstance(values, numpy.ma.MaskedArray):
        return numpy.ma.filled(values.astype(dtype), numpy.nan)
    if type(values).__module__.startswith("pandas") and hasattr(values, "to_numpy"):
        return values.to_numpy(dtype=dtype, na_value=numpy.nan)
    if type(values).__module__.startswith("pyarrow") and hasattr(values, "cast") and str(values.type).startswith("decimal"):
        return numpy.asarray(values.cast("float64"))
    array = numpy.asarray(values)
    _refuse_dates(array.dtype, name)
    if array.dtype.kind == "c":
        raise TypeError("complex numbers have no order")
    return array.astype(dtype, copy=False)


def _first_wrong(values):
    for row, value in enumerate(values):
        if getattr(getattr(value, "dtype", None), "kind", None) == "c":
            return row, value
        try:
            float(value)
        except (TypeError, ValueError, OverflowError):
            if value is not None:
                return row, value
    return 0, values


def numbers(values, name, size=None, like="frequency"):
    """A contiguous float64 array of one dimension; `size`: how many rows the column `like` has."""
    import numpy

    try:
        array = numpy.ascontiguousarray(numpy.atleast_1d(_plain(values, numpy.float64, name)), dtype=numpy.float64)
    except _lib.Error:
        raise
    except (TypeError, ValueError, OverflowError):
        row, found = _first_wrong(values if hasattr(values, "__iter__") and not isinstance(values, str) else [values])
        raise wrong(f"row {row}, field {name}: found {found!r}, expected a number") from None
    if array.ndim != 1:
        raise wrong(f"field {name}: found an array of shape {array.shape}, expected one dimension")
    if size is not None and array.size != size:
        raise wrong(f"row {min(array.size, size)}, field {name}: found {array.size} rows, expected {size} as {like} has")
    return array


def wanted(**columns):
    """Columns that an answer needs, by name."""
    for name, values in columns.items():
        if values is None:
            raise wrong(f"field {name}: found none, expected a column")


def pointer(array):
    return None if array is None else array.ctypes.data


def covariates(table, name, size):
    """Names and float64 columns of covariates."""
    if table is None:
        return [], []
    named = named_columns(table, name)
    return [key for key, _ in named], [numbers(values, key, size) for key, values in named]


def named_columns(table, name):
    """Pairs of a name and a column: of a table, a dict of columns, a list of dicts, a named Series, a structured array; of other arrays x1, x2, ..."""
    import numpy

    if isinstance(table, dict):
        return [(str(key), values) for key, values in table.items()]
    if isinstance(table, (list, tuple)) and table and all(isinstance(row, dict) for row in table):
        return [(str(key), values) for key, values in _lib.columns_of(table).items()]
    if hasattr(table, "column_names") and hasattr(table, "column"):            # pyarrow
        return [(key, table.column(key)) for key in table.column_names]
    if hasattr(table, "columns") and hasattr(table, "__getitem__"):            # pandas, polars
        return [(str(key), table[key]) for key in table.columns]
    if getattr(getattr(table, "dtype", None), "names", None):                  # a structured array
        return [(key, table[key]) for key in table.dtype.names]
    if hasattr(table, "to_numpy") and not str(getattr(table, "type", "")).startswith("struct"):    # a Series, an Arrow array
        return [("x1" if getattr(table, "name", None) in (None, "") else str(table.name), table)]
    if hasattr(table, "__arrow_c_stream__") or hasattr(table, "__arrow_c_array__"):
        import pyarrow

        table = pyarrow.table(table)
        return [(key, table.column(key)) for key in table.column_names]
    try:
        array = _plain(table, numpy.float64, name)
    except _lib.Error:
        raise
    except (TypeError, ValueError, OverflowError):
        raise wrong(f"{name}: found no table of numbers, expected one row a customer and one column a covariate", "value.covariates") from None
    if array.ndim == 1:
        array = array[:, None]
    if array.ndim != 2:
        raise wrong(f"{name}: found an array of shape {array.shape}, expected one row a customer and one column a covariate", "value.covariates")
    return [(f"x{j + 1}", array[:, j]) for j in range(array.shape[1])]


class Columns:
    """`rapport_value_columns` and what keeps its arrays alive."""

    def __init__(self, frequency=None, recency=None, age=None, monetary=None, weights=None, log_gaps=None, covariates_transaction=None,
                 covariates_dropout=None, last="age", forgive=True):
        given = {"frequency": frequency, "recency": recency, "age": age, "monetary": monetary, "weights": weights, "log_gaps": log_gaps}
        self._kept, self.size, like = [], None, None
        self.arrays = {}
        for field, values in given.items():
            if values is None:
                continue
            name = last if field == "age" else field
            self.arrays[field] = numbers(values, name, self.size, like)
            if self.size is None:
                self.size, like = self.arrays[field].size, name
        if forgive:
            self._forgive_missing_money()
        self.struct = _lib.ValueColumns(struct_size=ctypes.sizeof(_lib.ValueColumns), n=self.size or 0)
        for field, array in self.arrays.items():
            setattr(self.struct, field, pointer(array))
        self._set_covariates("transaction", covariates_transaction)
        self._set_covariates("dropout", covariates_dropout)

    def _forgive_missing_money(self):
        """Who bought once has no mean of repeat purchases: missing there says no more than 0."""
        import numpy

        money, bought = self.arrays.get("monetary"), self.arrays.get("frequency")
        if money is None or bought is None:
            return
        missing = numpy.isnan(money) & (bought == 0)
        if missing.any():
            self.arrays["monetary"] = numpy.where(missing, 0.0, money)

    def _set_covariates(self, process, table):
        names, columns = covariates(table, f"covariates_{process}", self.size)
        text, size = _lib.encode(json.dumps(names)) if names else (b"", 0)
        pointers = (ctypes.c_void_p * max(len(columns), 1))(*[pointer(column) for column in columns])
        self._kept += [columns, text, pointers]
        setattr(self.struct, f"{process}_count", len(columns))
        setattr(self.struct, process, ctypes.cast(pointers, ctypes.c_void_p) if columns else None)
        setattr(self.struct, f"{process}_names", text)
        setattr(self.struct, f"{process}_names_size", size)

    @property
    def reference(self):
        return ctypes.byref(self.struct)
