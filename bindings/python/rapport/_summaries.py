"""From purchases to tables: summaries, RFM, cohorts, calibration and tracking. What is tabular goes in, at once or chunk by chunk."""

import contextlib
import ctypes
import datetime
import json
import math
import operator
import threading

from . import _lib
from ._columns import wrong

_EPOCH = datetime.date(1970, 1, 1)
_REFUNDS = {"exclude": 0, "net": 1, "error": 2}


def _one_of(value, name, expected):
    if not isinstance(value, str) or value not in expected:
        raise wrong(f"{name}: found {value!r}, expected one of {', '.join(expected)}")
    return value


def _refunds(refunds, amount):
    _one_of(refunds, "refunds", list(_REFUNDS))
    if amount is None and refunds != "exclude":
        raise wrong(f"refunds: found {refunds!r} without amounts, expected also amount, the name of their column")
    return refunds


def _threads(threads):
    try:
        found = operator.index(threads)
    except TypeError:
        raise wrong(f"threads: found {threads!r}, expected a whole number") from None
    if not 1 <= found <= 1024:
        raise wrong(f"threads: found {found}, expected 1 to 1024")
    return found


def _model(model):
    """What the library reads of a model."""
    if not hasattr(model, "to_json"):
        raise wrong(f"model: found {type(model).__name__}, expected a model of when customers buy")
    return json.loads(model.to_json())


@contextlib.contextmanager
def _arrow(name):
    """What pyarrow says of people's data, as an error of this package in one line."""
    import pyarrow

    try:
        yield
    except _lib.Error:
        raise
    except (pyarrow.ArrowException, TypeError, ValueError, OverflowError) as error:
        raise wrong(f"{name}: {' '.join(str(error).split())}") from None


# --- what people pass, as chunks of Arrow columns ---------------------------------------------------------------------

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
        _check_names(purchases.schema.names, names)
        batches = purchases.select(names).to_batches()
    elif isinstance(purchases, pyarrow.RecordBatchReader):
        batches = purchases
    elif hasattr(purchases, "__arrow_c_stream__"):
        with _arrow("purchases"):
            batches = pyarrow.RecordBatchReader.from_stream(purchases)
    elif hasattr(purchases, "__arrow_c_array__"):
        with _arrow("purchases"):
            batches = [pyarrow.record_batch(purchases)]
    elif hasattr(purchases, "__iter__") and not isinstance(purchases, (str, bytes, bytearray)):
        for chunk in purchases:
            yield from _batches([chunk] if isinstance(chunk, dict) and not _is_columns(chunk) else chunk, names)
        return
    else:
        found = repr(purchases)[:60] if isinstance(purchases, (str, bytes)) else type(purchases).__name__
        raise wrong(f"purchases: found {found}, expected a table, a dict of columns, a list of dicts, or an iterator of these")
    for batch in batches:
        _check_names(batch.schema.names, names)
        yield batch.select(names)


def _held(purchases, names):
    """A table of what Python holds: a dict of columns, a list of dicts, a pandas table."""
    import pyarrow

    if isinstance(purchases, list):
        if not all(isinstance(row, dict) for row in purchases):
            at = next(i for i, row in enumerate(purchases) if not isinstance(row, dict))
            raise wrong(f"row {at}: found {type(purchases[at]).__name__}, expected a dict as before it")
        purchases = {name: [row.get(name) for row in purchases] for name in names if not purchases or any(name in row for row in purchases)}
    _check_names(list(purchases), names)
    arrays = {}
    for name in names:
        if isinstance(purchases[name], (str, bytes)):
            raise wrong(f"field {name}: found {purchases[name]!r}, expected a column")
        with _arrow(f"field {name}"):
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


def _check_names(found, names):
    for name in names:
        if name not in found:
            raise wrong(f'column "{name}": found none, expected one', "value.missing_column")
        if list(found).count(name) > 1:
            raise wrong(f'column "{name}": found {list(found).count(name)}, expected one')


def _no_nulls(column, name, row, expected):
    if column.null_count:
        at = row + column.is_null().index(True).as_py()
        raise wrong(f"row {at}, field {name}: found a missing value, expected {expected}")


def _customers(column, name, row):
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
        with _arrow(f"field {name}"):
            return pyarrow.compute.floor_temporal(column, unit="day").cast(pyarrow.date32())
    if types.is_date(column.type) or types.is_null(column.type):
        with _arrow(f"field {name}"):
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


def _amounts(column, name, row, expected="an amount"):
    import pyarrow
    from pyarrow import types

    _no_nulls(column, name, row, expected)
    if not (types.is_floating(column.type) or types.is_integer(column.type) or types.is_decimal(column.type) or types.is_null(column.type)):
        raise wrong(f"field {name}: found {column.type}, expected numbers")
    with _arrow(f"field {name}"):
        return column.cast(pyarrow.float64())


def _day(day, name):
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


def _day_number(day, name):
    return (0, 0) if day is None else (1, (_day(day, name) - _EPOCH).days)


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


class _Columns:
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
            amounts = None if self.amount is None else _amounts(batch.column(2), self.amount, rows)
            yield _customers(batch.column(0), self.customer, rows), _dates(batch.column(1), self.date, rows, self.zone), amounts
            rows += batch.num_rows

    def named(self, error):
        """The library's error with the names of these columns."""
        text = str(error)
        for field, name in (("customer", self.customer), ("date", self.date), ("amount", self.amount)):
            text = text.replace(f", field {field}:", f", field {name}:")
        return type(error)(text, error.token)


# --- summaries --------------------------------------------------------------------------------------------------------

class Summaries:
    """Summaries of purchases that come chunk by chunk: of data larger than memory, or spread over machines.

    Memory grows with customers, not with purchases. Any split, any order, any merges and any number of threads give the same bits. Messages count rows
    from 0 over all chunks that this object was given. One object may be used from several threads: its calls wait for each other.

    >>> january, february = rapport.Summaries(unit="day"), rapport.Summaries(unit="day")
    >>> _ = january.add([{"customer": "a", "date": "2026-01-01"}])
    >>> _ = february.add([{"customer": "a", "date": "2026-02-01"}, {"customer": "b", "date": "2026-02-03"}])
    >>> _ = january.merge(rapport.Summaries.from_bytes(february.to_bytes()))
    >>> january.table().select(["customer", "frequency", "recency", "age"]).to_pylist()
    [{'customer': 'a', 'frequency': 1, 'recency': 31.0, 'age': 33.0}, {'customer': 'b', 'frequency': 0, 'recency': 0.0, 'age': 0.0}]
    """

    def __init__(self, customer="customer", date="date", amount=None, unit="week", calibration_end=None, observation_end=None, refunds="exclude",
                 zone=None, threads=1):
        counted = _REFUNDS[_refunds(refunds, amount)]
        options = _lib.SummarizeOptions(struct_size=ctypes.sizeof(_lib.SummarizeOptions), refunds=counted)
        options.has_calibration_end, options.calibration_end = _day_number(calibration_end, "calibration_end")
        options.has_observation_end, options.observation_end = _day_number(observation_end, "observation_end")
        options.unit, options.unit_size = _lib.encode(unit)
        self._open(options, b"", _Columns(customer, date, amount, zone), threads)

    def _open(self, options, saved, columns, threads):
        self._handle = ctypes.c_void_p()
        self._lock = threading.Lock()   # the library leaves this to its callers, and ctypes lets other threads run meanwhile
        self._columns, self._threads, self._rows = columns, _threads(threads), 0
        _lib.call("rapport_summary_open", None if options is None else ctypes.byref(options), saved, len(saved), ctypes.byref(self._handle))

    def __del__(self):
        handle = getattr(self, "_handle", None)
        if handle:
            _lib.library.rapport_summary_free(handle)

    def add(self, purchases):
        """Adds purchases: an Arrow, pandas or polars table, a dict of columns, a list of dicts, a RecordBatchReader, or any iterator of these. Of an iterator
        that fails, the chunks before are in."""
        for customers, dates, amounts in self._columns.chunks(purchases, self._rows):
            self._add(customers, dates, amounts)
        return self

    def _add(self, customers, dates, amounts):
        import numpy
        import pyarrow

        offsets = text = numbers = None
        if customers.type == pyarrow.int64():
            numbers = customers.to_numpy().ctypes.data
        else:
            buffers = customers.buffers()
            offsets = buffers[1].address + 8 * customers.offset if buffers[1] is not None else numpy.zeros(1, numpy.int64).ctypes.data
            text = buffers[2].address if buffers[2] is not None and buffers[2].size else b"\0"
        days = dates.view(pyarrow.int32()).to_numpy()
        money = None if amounts is None else amounts.to_numpy()
        text = ctypes.cast(text, ctypes.c_void_p) if isinstance(text, bytes) else text
        try:
            with self._lock:
                _lib.call("rapport_summary_add", self._handle, offsets, text, numbers, days.ctypes.data, None if money is None else money.ctypes.data,
                          len(days), self._threads)
                self._rows += len(days)
        except _lib.Error as error:
            raise self._columns.named(error) from None

    def merge(self, other):
        """Adds what another one holds, of the same options; the other stays as it is."""
        if not isinstance(other, Summaries):
            raise wrong(f"other: found {type(other).__name__}, expected Summaries")
        if other is self:
            raise wrong("other: found these summaries themselves, expected others to add", "value.summary_mismatch")
        first, second = sorted((self, other), key=id)   # the same order for a.merge(b) and b.merge(a), so that neither waits for ever
        with first._lock, second._lock:
            _lib.call("rapport_summary_merge", self._handle, other._handle)
        return self

    def to_bytes(self):
        """All it holds, with version and checksum, for another machine or another day."""
        with self._lock:
            return _lib.call_bytes("rapport_summary_save", self._handle)

    @classmethod
    def from_bytes(cls, data, customer="customer", date="date", amount=None, zone=None, threads=1):
        """What to_bytes gave, with its options; more purchases may be added."""
        made = cls.__new__(cls)
        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise wrong(f"summary: found {type(data).__name__}, expected the bytes of to_bytes", "value.summary_bytes")
        if not data:
            raise wrong("summary: found no bytes, expected those of a saved summary", "value.summary_bytes")
        made._open(None, bytes(data), _Columns(customer, date, amount, zone), threads)
        return made

    def table(self, later=False):
        """The summaries as a pyarrow.Table, sorted by customer as UTF-8 text. What was summarised stands in ``.schema.metadata[b"rapport"]`` as JSON: purchases,
        customers, joined_later (who came after calibration_end and has no row), joined_later_by_day, unit, calibration_end, observation_end. With `later`
        also a table of those who came later: customer, first_day."""
        with self._lock:
            (table, joined), facts = _lib.call_streams("rapport_summary_to_arrow", self._handle, self._threads, count=2)
        facts = json.loads(facts)
        counts = joined["first_day"].value_counts().to_pylist()
        facts["joined_later_by_day"] = {count["values"].isoformat(): count["counts"] for count in sorted(counts, key=lambda count: count["values"])}
        table = table.replace_schema_metadata({"rapport": json.dumps(facts)})
        return (table, joined) if later else table

    def __repr__(self):
        return f"<rapport.Summaries of {self._rows} purchases added here>"


def summarize(purchases, customer="customer", date="date", amount=None, unit="week", calibration_end=None, observation_end=None, refunds="exclude",
              zone=None, threads=1, later=False):
    """Purchases to one row a customer: customer, frequency, recency, age, monetary → pyarrow.Table.

    `purchases`: whatever Summaries.add takes. `unit`: "day", "week", "month", "quarter", "year"; times are floating units, exact to the day. With
    `calibration_end` also frequency_holdout, monetary_holdout, duration_holdout; who came later has no row, is counted in the table's metadata, and is a
    second table with `later=True`. Instants fall on local days of `zone` (none: of the zone they carry); datetimes without a zone are taken as they are. Whole
    numbers as customers become texts, and all are sorted as texts ("10" before "9"). See Summaries.table for the metadata.

    >>> rows = [{"customer": "a", "date": "2026-01-01"}, {"customer": "a", "date": "2026-01-15"}]
    >>> rapport.summarize(rows, observation_end="2026-01-29").to_pylist()
    [{'customer': 'a', 'frequency': 1, 'recency': 2.0, 'age': 4.0, 'monetary': None}]
    """
    return Summaries(customer, date, amount, unit, calibration_end, observation_end, refunds, zone, threads).add(purchases).table(later)


def fold(summaries):
    """Equal rows as one: frequency, recency, age and weight (how many customers), sorted → pyarrow.Table.

    `summaries`: a table of summarize, an earlier fold (its weights add up), or an iterator of these. So tables of many machines are folded one by one, put
    together and folded again, and a fit with these weights has the bits of a fit to all customers.

    >>> rows = {"frequency": [1, 0, 1], "recency": [2.0, 0.0, 2.0], "age": [4.0, 3.0, 4.0]}
    >>> rapport.fold(rows).to_pylist()
    [{'frequency': 0, 'recency': 0.0, 'age': 3.0, 'weight': 1.0}, {'frequency': 1, 'recency': 2.0, 'age': 4.0, 'weight': 2.0}]
    """
    import pyarrow

    keys = ["frequency", "recency", "age"]
    folded = None
    for table in _summary_tables(summaries):
        _check_names(table.schema.names, keys)
        with _arrow("summaries"):
            weight = table["weight"].cast(pyarrow.float64()) if "weight" in table.schema.names else pyarrow.repeat(1.0, table.num_rows)
            part = table.select(keys).append_column("weight", pyarrow.chunked_array([weight]) if isinstance(weight, pyarrow.Array) else weight)
            part = part.replace_schema_metadata(None)
            part = part if folded is None else pyarrow.concat_tables([folded, part])
            folded = part.group_by(keys).aggregate([("weight", "sum")]).rename_columns(keys + ["weight"]).sort_by([(key, "ascending") for key in keys])
    if folded is None:
        raise wrong("summaries: found no table, expected at least one")
    return folded


def _summary_tables(summaries):
    """Tables, one at a time."""
    import pyarrow

    pieces = isinstance(summaries, pyarrow.RecordBatchReader) or not hasattr(summaries, "__arrow_c_stream__") and hasattr(summaries, "__iter__")
    if not pieces or isinstance(summaries, (dict, str, bytes)):
        yield _table(summaries)
        return
    for part in summaries:
        if isinstance(part, pyarrow.RecordBatch):
            yield pyarrow.Table.from_batches([part])
        else:
            yield from _summary_tables(part)


def _table(summaries):
    """A table of summarize in any form."""
    import pyarrow

    if isinstance(summaries, pyarrow.Table):
        return summaries
    if isinstance(summaries, list) and all(isinstance(row, dict) for row in summaries):
        summaries = {name: [row.get(name) for row in summaries] for name in dict.fromkeys(name for row in summaries for name in row)}
    if isinstance(summaries, (str, bytes)) or not (isinstance(summaries, dict) or hasattr(summaries, "columns") or hasattr(summaries, "__arrow_c_stream__")
                                                   or hasattr(summaries, "__arrow_c_array__")):
        raise wrong(f"summaries: found {type(summaries).__name__}, expected a table of summarize")
    with _arrow("summaries"):
        return pyarrow.table(summaries)


# --- what the tables tell ---------------------------------------------------------------------------------------------

def _analyse(stream, request):
    """(table, facts)."""
    asked = {name: value.isoformat() if isinstance(value, datetime.date) else value for name, value in request.items() if value is not None}
    for name, value in asked.items():
        if not isinstance(value, bool):
            with contextlib.suppress(TypeError):
                asked[name] = value = operator.index(value)   # whole numbers of numpy
        if not isinstance(value, (str, int, float, bool, dict)):
            raise wrong(f"{name}: found {type(value).__name__}, expected a text or a number")
    (table,), facts = _lib.call_tables("rapport_value_analyse", stream.pointer, *_lib.encode(json.dumps(asked)), count=1)
    return table, json.loads(facts)


def _analyse_purchases(purchases, columns, request):
    import pyarrow

    failed = []

    def batches():
        try:
            for customers, dates, amounts in columns.chunks(purchases):
                arrays = [customers.cast(pyarrow.large_string()), dates] + ([] if amounts is None else [amounts])
                yield pyarrow.record_batch(arrays, schema=schema)
        except Exception as error:  # Arrow would tell its text only
            failed.append(error)
            raise

    # Texts always: whole numbers of one chunk may be followed by texts in the next.
    schema = pyarrow.schema([("customer", pyarrow.large_string()), ("date", pyarrow.date32())]
                            + ([] if columns.amount is None else [("amount", pyarrow.float64())]))
    stream = _lib.Stream(pyarrow.RecordBatchReader.from_batches(schema, batches()))
    try:
        return _analyse(stream, request)[0]
    except _lib.Error as error:
        raise (failed[0] if failed else columns.named(error)) from None


def rfm(data, bins=5, weights=(1, 1, 1), lang="en", customer="customer", date="date", amount=None, observation_end=None, refunds="exclude", zone=None,
        threads=1):
    """Scores of recency, frequency and money, and segments: customer, recency_score, frequency_score, monetary_score, score, segment, segment_name.

    `data`: purchases, or a table of summarize (then monetary is that of repeat days, and customers without any score lowest). Scores are 1 to `bins`, higher is
    better: the share who are worse of those who differ; equal values have equal scores. `score`: their mean with `weights`. docs/summaries.md has the segments.

    >>> rows = [{"customer": c, "date": d} for c, d in [("a", "2026-01-01"), ("a", "2026-03-01"), ("b", "2026-01-02")]]
    >>> rapport.rfm(rows, bins=2).select(["customer", "recency_score", "frequency_score", "segment"]).to_pylist()[1]
    {'customer': 'b', 'recency_score': 1, 'frequency_score': 1, 'segment': 'lost'}
    """
    import pyarrow

    request = {"ask": "rfm", "bins": bins, "language": lang, "threads": _threads(threads)}
    request.update(_weights(weights))
    summaries = _as_summaries(data)
    if summaries is not None:
        names = ["customer", "frequency", "recency", "age"] + (["monetary"] if "monetary" in summaries.schema.names else [])
        _check_names(summaries.schema.names, names)
        summaries = summaries.select(names)
        summaries = summaries.set_column(0, "customer", pyarrow.chunked_array(
            [_customers(chunk, "customer", 0) for chunk in summaries["customer"].chunks], type=None if summaries.num_rows else pyarrow.large_string()))
        return _analyse(_lib.Stream(summaries), {**request, "of": "summaries"})[0]
    request.update(observation_end=_day(observation_end, "observation_end"), refunds=_refunds(refunds, amount))
    return _analyse_purchases(data, _Columns(customer, date, amount, zone), request)


def _weights(weights):
    try:
        given = [float(weight) for weight in weights]
    except (TypeError, ValueError):
        given = []
    if len(given) != 3:
        raise wrong(f"weights: found {weights!r}, expected three numbers: of recency, frequency and money")
    return {name: weight if math.isfinite(weight) else str(weight) for name, weight in zip(("recency_weight", "frequency_weight", "monetary_weight"), given)}


def _as_summaries(data):
    """The table, where it has the columns of summaries."""
    import pyarrow

    if isinstance(data, dict):
        return _table(data) if {"frequency", "recency", "age"} <= set(data) else None
    names = getattr(getattr(data, "schema", None), "names", None) or getattr(data, "columns", None)
    if isinstance(data, pyarrow.RecordBatchReader) or names is None or callable(names) or not {"frequency", "recency", "age"} <= {str(name) for name in names}:
        return None
    return _table(data)


def cohorts(purchases, period="month", measure=None, partial=False, customer="customer", date="date", amount=None, observation_end=None,
            refunds="exclude", zone=None, threads=1):
    """Who came in the same `period` ("month", "quarter", "year"), and what became of them: cohort, period_index, customers, active, retention, purchases,
    revenue; a row a cohort and period. What is not observed to its end is null, not 0; `partial` counts the last period as far as it went.

    With `measure` ("customers": active, "retention", "purchases", "revenue") a row a cohort instead: cohort, customers, and a column a period_index.

    >>> rows = [{"customer": "a", "date": "2026-01-05"}, {"customer": "b", "date": "2026-01-07"}, {"customer": "a", "date": "2026-02-28"}]
    >>> rapport.cohorts(rows).select(["cohort", "period_index", "customers", "active", "retention"]).to_pylist()[1]
    {'cohort': datetime.date(2026, 1, 1), 'period_index': 1, 'customers': 2, 'active': 1, 'retention': 0.5}
    """
    columns = {"customers": "active", "retention": "retention", "purchases": "purchases", "revenue": "revenue"}
    if measure is not None:
        _one_of(measure, "measure", list(columns))
    request = {"ask": "cohorts", "period": period, "partial": bool(partial), "observation_end": _day(observation_end, "observation_end"),
               "refunds": _refunds(refunds, amount), "threads": _threads(threads)}
    table = _analyse_purchases(purchases, _Columns(customer, date, amount, zone), request)
    return table if measure is None else _triangle(table, columns[measure])


def _triangle(table, value):
    import pyarrow

    width = 1 + max(table["period_index"].to_pylist(), default=-1)
    values = table[value].combine_chunks()
    columns = {name: table[name].combine_chunks()[::width] if width else table[name] for name in ("cohort", "customers")}
    for index in range(width):
        columns[str(index)] = values[index::width]
    return pyarrow.table(columns)


def tracking(model, purchases, unit="week", calibration_end=None, until=None, customers="all", customer="customer", date="date", observation_end=None,
             refunds="exclude", amount=None, zone=None, threads=1):
    """Repeat purchases period by period as they came and as `model` expects them: period, from, until, holdout, actual, actual_cumulative, expected,
    expected_cumulative. `unit` is that of the model. Actual ones are null after the end of observation, expected ones go on until `until`.

    `customers`: "all" who came, each from the first purchase on; or "calibration", only those who came until calibration_end.

    >>> rows = [{"customer": "a", "date": "2026-01-01"}, {"customer": "a", "date": "2026-01-12"}]
    >>> table = rapport.tracking(rapport.BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426), rows, until="2026-01-28")
    >>> table["actual"].to_pylist(), round(table["expected_cumulative"][3].as_py(), 4)
    ([0, None, None, None], 0.1897)
    """
    _one_of(customers, "customers", ["all", "calibration"])
    request = {"ask": "tracking", "model": _model(model), "unit": unit, "calibration_end": _day(calibration_end, "calibration_end"),
               "until": _day(until, "until"), "calibration_customers": customers == "calibration",
               "observation_end": _day(observation_end, "observation_end"), "refunds": _refunds(refunds, amount), "threads": _threads(threads)}
    return _analyse_purchases(purchases, _Columns(customer, date, amount, zone), request)


def calibration(model, summaries, classes=8, threads=1):
    """A model against what came after calibration_end, by how often customers had bought before: frequency, or_more, customers, actual, predicted,
    actual_mean, predicted_mean. The last of the `classes` holds all that are more frequent.

    `summaries`: of summarize with calibration_end, in the model's unit, as any table, dict of columns or list of dicts. Over customers,
    ``.schema.metadata[b"rapport"]`` holds as JSON customers, actual, predicted, mae, rmse, bias (predicted less actual) and log_score (the mean of
    ln P(exactly as many as came)).
    """
    import pyarrow

    names = ["frequency", "recency", "age", "frequency_holdout", "duration_holdout"]
    table = _table(summaries)
    _check_names(table.schema.names, names)
    table = pyarrow.table({name: _amounts(table[name], name, 0, "a number") for name in names})
    request = {"ask": "calibration", "model": _model(model), "classes": classes, "threads": _threads(threads)}
    answer, metrics = _analyse(_lib.Stream(table), request)
    return answer.replace_schema_metadata({"rapport": json.dumps(metrics)})
