"""Purchases as people pass them, at once or chunk by chunk, on their way in: Arrow columns of customers, days and amounts."""

import contextlib
import datetime
import operator

from . import _lib
from ._columns import wrong

_EPOCH = datetime.date(1970, 1, 1)
REFUNDS = {"exclude": 0, "net": 1, "error": 2}


def one_of(value, name, expected):
    if not isinstance(value, str) or value not in expected:
        raise wrong(f"{name}: found {value!r}, expected one of {', '.join(expected)}")
    return value


def refunds_of(refunds, amount):
    one_of(refunds, "refunds", list(REFUNDS))
    if amount is None and refunds != "exclude":
        raise wrong(f"refunds: found {refunds!r} without amounts, expected also amount, the name of their column")
    return refunds


def threads_of(threads):
    try:
        found = operator.index(threads)
    except TypeError:
        raise wrong(f"threads: found {threads!r}, expected a whole number") from None
    if not 1 <= found <= 1024:
        raise wrong(f"threads: found {found}, expected 1 to 1024")
    return found


@contextlib.contextmanager
def arrow_errors(name):
    """What pyarrow says of people's data, as an error of this package in one line."""
    import pyarrow

    try:
        yield
    except _lib.Error:
        raise
    except (pyarrow.ArrowException, TypeError, ValueError, OverflowError) as error:
        raise wrong(f"{name}: {' '.join(str(error).split())}") from None


def _batches(purchases, names):
    """Record batches of the columns `names`, one at a time where the source gives them so."""
    import pyarrow

    if isinstance(purchases, list) and any(not isinstance(row, dict) or _is_columns(row) for row in purchases[:1]):  # a list of chunks
        for chunk in purchases:
            yield from _batches(chunk, names)
        return
    if isinstance(purchases, (dict, list)) or type(purchases).__module__.partition(".")[0] == "pandas":
        purchases = _held(purchases, names)
    if isinstance(purchases, pyarrow.RecordBatch):
        batches = [purchases]
    elif isinstance(purchases, pyarrow.Table):
        check_names(purchases.schema.names, names)
        batches = purchases.select(names).to_batches()
    elif isinstance(purchases, pyarrow.RecordBatchReader):
        batches = purchases
    elif hasattr(purchases, "__arrow_c_stream__"):
        with arrow_errors("purchases"):
            batches = pyarrow.RecordBatchReader.from_stream(purchases)
    elif hasattr(purchases, "__arrow_c_array__"):
        with arrow_errors("purchases"):
            batches = [pyarrow.record_batch(purchases)]
    elif hasattr(purchases, "__iter__") and not isinstance(purchases, (str, bytes, bytearray)):
        for chunk in purchases:
            yield from _batches([chunk] if isinstance(chunk, dict) and not _is_columns(chunk) else chunk, names)
        return
    else:
        found = repr(purchases)[:60] if isinstance(purchases, (str, bytes)) else type(purchases).__name__
        raise wrong(f"purchases: found {found}, expected a table, a dict of columns, a list of dicts, or an iterator of these")
    for batch in batches:
        check_names(batch.schema.names, names)
        yield batch.select(names)


def _held(purchases, names):
    """A table of what Python holds: a dict of columns, a list of dicts, a pandas table."""
    import pyarrow

    if isinstance(purchases, list):
        if not all(isinstance(row, dict) for row in purchases):
            at = next(i for i, row in enumerate(purchases) if not isinstance(row, dict))
            raise wrong(f"row {at}: found {type(purchases[at]).__name__}, expected a dict as before it")
        purchases = {name: [row.get(name) for row in purchases] for name in names if not purchases or any(name in row for row in purchases)}
    check_names(list(purchases), names)
    arrays = {}
    for name in names:
        if isinstance(purchases[name], (str, bytes)):
            raise wrong(f"field {name}: found {purchases[name]!r}, expected a column")
        with arrow_errors(f"field {name}"):
            arrays[name] = _array(purchases[name])
    if len({len(array) for array in arrays.values()}) > 1:
        raise wrong("purchases: found " + ", ".join(f"{len(array)} rows of {name}" for name, array in arrays.items()) + ", expected as many of each")
    return pyarrow.table(arrays)


def _array(values):
    import pyarrow

    if isinstance(values, (pyarrow.Array, pyarrow.ChunkedArray)):
        return values
    if hasattr(values, "__arrow_c_stream__") and type(values).__module__.partition(".")[0] != "pandas":
        return pyarrow.chunked_array(values)
    return pyarrow.array(values)


def _is_columns(chunk):
    """A dict of columns; a dict of single values is a row."""
    return any(hasattr(value, "__len__") and not isinstance(value, (str, bytes)) for value in chunk.values())


def check_names(found, names):
    for name in names:
        if name not in found:
            raise wrong(f'column "{name}": found none, expected one', "value.missing_column")
        if list(found).count(name) > 1:
            raise wrong(f'column "{name}": found {list(found).count(name)}, expected one')


def _no_nulls(column, name, row, expected):
    if column.null_count:
        at = row + column.is_null().index(True).as_py()
        raise wrong(f"row {at}, field {name}: found a missing value, expected {expected}")


def customers_of(column, name, row):
    """Texts as large_string, whole numbers as int64."""
    import pyarrow
    from pyarrow import types

    if types.is_dictionary(column.type):
        column = column.dictionary_decode()
    _no_nulls(column, name, row, "a customer in every row")
    if types.is_integer(column.type) and column.type != pyarrow.uint64():
        return column.cast(pyarrow.int64())
    if types.is_string(column.type) or types.is_large_string(column.type) or types.is_integer(column.type) or str(column.type) == "string_view":
        return column.cast(pyarrow.large_string())
    if types.is_null(column.type):
        return column.cast(pyarrow.large_string())
    raise wrong(f"field {name}: found {column.type}, expected texts or whole numbers")


def _dates(column, name, row, zone):
    """Days as date32. Texts are ISO dates; an instant falls on the day of `zone`, or else of the zone it carries."""
    import pyarrow
    import pyarrow.compute
    from pyarrow import types

    if types.is_dictionary(column.type):
        column = column.dictionary_decode()
    _no_nulls(column, name, row, "a date in every row")
    if types.is_string(column.type) or types.is_large_string(column.type) or str(column.type) == "string_view":
        return _parsed(column, name, row)
    if types.is_timestamp(column.type) and column.type.tz is not None:
        if zone is not None:
            column = column.cast(pyarrow.timestamp(column.type.unit, tz=zone))
        try:
            column = pyarrow.compute.local_timestamp(column)
        except pyarrow.ArrowInvalid:
            raise wrong(f'zone: found "{column.type.tz}", expected an IANA name such as "Asia/Tokyo"', "zone.unknown") from None
    if types.is_timestamp(column.type):
        with arrow_errors(f"field {name}"):
            return pyarrow.compute.floor_temporal(column, unit="day").cast(pyarrow.date32())
    if types.is_date(column.type) or types.is_null(column.type):
        with arrow_errors(f"field {name}"):
            return column.cast(pyarrow.date32())
    raise wrong(f"field {name}: found {column.type}, expected dates, instants or texts such as 2026-03-02")


def _parsed(column, name, row):
    """ISO dates, all at once; where one is none, it is looked for by halves."""
    import pyarrow

    try:
        return column.cast(pyarrow.date32())
    except pyarrow.ArrowInvalid:
        pass
    begin, end = 0, len(column)
    while end - begin > 1:
        middle = (begin + end) // 2
        try:
            column[begin:middle].cast(pyarrow.date32())
            begin = middle
        except pyarrow.ArrowInvalid:
            end = middle
    raise wrong(f"row {row + begin}, field {name}: found {column[begin].as_py()!r}, expected a date such as 2026-03-02")


def amounts_of(column, name, row, expected="an amount"):
    import pyarrow
    from pyarrow import types

    _no_nulls(column, name, row, expected)
    if not (types.is_floating(column.type) or types.is_integer(column.type) or types.is_decimal(column.type) or types.is_null(column.type)):
        raise wrong(f"field {name}: found {column.type}, expected numbers")
    with arrow_errors(f"field {name}"):
        return column.cast(pyarrow.float64())


def day_of(day, name):
    if isinstance(day, datetime.datetime):
        return day.date()
    if isinstance(day, str):
        try:
            read = datetime.date.fromisoformat(day)
        except ValueError:
            read = None
        if read is None or read.isoformat() != day:
            raise wrong(f'{name}: found "{day}", expected a date such as 2026-03-02')
        return read
    if day is not None and not isinstance(day, datetime.date):
        raise wrong(f"{name}: found {day!r}, expected a date, or a text such as 2026-03-02")
    return day


def day_number(day, name):
    return (0, 0) if day is None else (1, (day_of(day, name) - _EPOCH).days)


def _check_zone(zone):
    """A zone is one whatever the dates are: texts and days would never ask."""
    import pyarrow
    import pyarrow.compute

    if zone is None:
        return
    try:
        known = bool(zone) and pyarrow.compute.local_timestamp(pyarrow.array([0], pyarrow.timestamp("s", tz=zone)))
    except (pyarrow.ArrowException, TypeError, ValueError):
        known = False
    if not known:
        raise wrong(f'zone: found {zone!r}, expected an IANA name such as "Asia/Tokyo"', "zone.unknown")


class PurchaseColumns:
    """The names of the columns, and how dates are read."""

    def __init__(self, customer, date, amount, zone):
        for role, name in (("customer", customer), ("date", date), ("amount", amount)):
            if not isinstance(name, str) and not (role == "amount" and name is None):
                raise wrong(f"{role}: found {name!r}, expected the name of a column")
        _check_zone(zone)
        self.customer, self.date, self.amount, self.zone = customer, date, amount, zone
        self.names = [customer, date] + ([] if amount is None else [amount])

    def chunks(self, purchases, rows=0):
        """(customers, dates, amounts or None) a chunk; messages count rows from `rows`."""
        for batch in _batches(purchases, self.names):
            amounts = None if self.amount is None else amounts_of(batch.column(2), self.amount, rows)
            yield customers_of(batch.column(0), self.customer, rows), _dates(batch.column(1), self.date, rows, self.zone), amounts
            rows += batch.num_rows

    def named(self, error):
        """The library's error with the names of these columns."""
        text = str(error)
        for field, name in (("customer", self.customer), ("date", self.date), ("amount", self.amount)):
            text = text.replace(f", field {field}:", f", field {name}:")
        return type(error)(text, error.token)
