"""From purchases to one row a customer: summaries, made at once or chunk by chunk, and folded."""

import ctypes
import json
import threading

from . import _lib
from ._columns import wrong
from ._purchases import REFUNDS, PurchaseColumns, arrow_errors, check_names, day_number, refunds_of, threads_of


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
        counted = REFUNDS[refunds_of(refunds, amount)]
        options = _lib.SummarizeOptions(struct_size=ctypes.sizeof(_lib.SummarizeOptions), refunds=counted)
        options.has_calibration_end, options.calibration_end = day_number(calibration_end, "calibration_end")
        options.has_observation_end, options.observation_end = day_number(observation_end, "observation_end")
        options.unit, options.unit_size = _lib.encode(unit)
        self._open(options, b"", PurchaseColumns(customer, date, amount, zone), threads)

    def _open(self, options, saved, columns, threads):
        self._handle = ctypes.c_void_p()
        self._lock = threading.Lock()   # the library leaves this to its callers, and ctypes lets other threads run meanwhile
        self._columns, self._threads, self._rows = columns, threads_of(threads), 0
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
        made._open(None, bytes(data), PurchaseColumns(customer, date, amount, zone), threads)
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
        check_names(table.schema.names, keys)
        with arrow_errors("summaries"):
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
        yield summary_table(summaries)
        return
    for part in summaries:
        if isinstance(part, pyarrow.RecordBatch):
            yield pyarrow.Table.from_batches([part])
        else:
            yield from _summary_tables(part)


def summary_table(summaries):
    """A table of summarize in any form."""
    import pyarrow

    if isinstance(summaries, pyarrow.Table):
        return summaries
    if isinstance(summaries, list) and all(isinstance(row, dict) for row in summaries):
        summaries = _lib.columns_of(summaries)
    if isinstance(summaries, (str, bytes)) or not (isinstance(summaries, dict) or hasattr(summaries, "columns") or hasattr(summaries, "__arrow_c_stream__")
                                                   or hasattr(summaries, "__arrow_c_array__")):
        raise wrong(f"summaries: found {type(summaries).__name__}, expected a table of summarize")
    with arrow_errors("summaries"):
        return pyarrow.table(summaries)
