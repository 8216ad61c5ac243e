"""The rep's day: plans of an engine, and the choice of candidates that needs no book."""

import ctypes

from . import _ask, _lib
from ._columns import pointer, wrong

_ROW = "plan.invalid_candidate"


class EngineOfPlans:
    """The part of Engine that plans days."""

    def plan(self, day, policy=None, reps=None, as_of=None, known_at=None, seed=0, lang="en", days=None, travel=None, team=None):
        """The plan of a day → pyarrow.Table (docs/plan.md): ``status`` is "planned", "no_room", "waits" (another line sees the customer, or
        an appointment on another day does it), "passed_on" (the manager has it now) or "held"; ``told`` says who must be told of what must be done and has no room.
        ``as_of`` None: the first start of the day in the zones of the reps asked about.

        ``days``: with the days after it (None: as the book's plan says, 1 unless it says more). ``travel``: minutes between customers instead of fixed ones, a
        table or a list of dicts ``from, to, minutes``; "" is where the rep starts. ``reps``, ``team``: only these.

        >>> with rapport.Engine.open() as engine:
        ...     _ = engine.append(OFFICE)
        ...     plan = engine.plan("2026-03-02", reps=["r-sato"]).to_pylist()
        ...     [row["travel_minutes"] for row in plan if row["channel"] == "visit" and row["status"] == "planned"]
        [30]
        """
        return _lib.call_table("rapport_engine_plan_days", *self._plan_arguments(day, policy, reps, as_of, known_at, seed, lang, days, travel, team))

    def plan_text(self, day, policy=None, reps=None, as_of=None, known_at=None, seed=0, lang="en", days=None, travel=None, team=None):
        """The same as a rep reads it."""
        return _lib.call_text("rapport_engine_plan_days_text", *self._plan_arguments(day, policy, reps, as_of, known_at, seed, lang, days, travel, team))

    def _plan_arguments(self, day, policy, reps, as_of, known_at, seed, lang, days, travel, team, since=None):
        options = _ask.read_options(as_of, known_at, policy, None, seed, lang)
        ways = None if travel is None else [{name: row[name] for name in ("from", "to", "minutes")} for row in _table(travel, "travel.invalid").to_pylist()]
        asked = _lib.encode_json(day=_ask.day(day), days=days, reps=_ask.ids(reps, "reps"), team=team, travel=ways, since=_ask.instant(since))
        return self._engine(), *asked, ctypes.byref(options)


def _table(rows, token):
    """Whatever is tabular as a pyarrow.Table; of dicts every key of any of them is a column."""
    import pyarrow

    if isinstance(rows, pyarrow.Table):
        return rows
    if isinstance(rows, dict) or hasattr(rows, "__arrow_c_stream__") or hasattr(rows, "__arrow_c_array__"):
        return pyarrow.table(rows)
    columns = _lib.columns_of([dict(row) for row in rows])
    for name, values in columns.items():
        try:
            columns[name] = pyarrow.array(values)
        except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError, OverflowError):
            _check_numbers(values, name, token)  # names the row, where it is one
            columns[name] = pyarrow.array([None if value is None else str(value) for value in values])
    return pyarrow.table(columns)


def _check_numbers(values, name, token):
    for row, value in enumerate(values):
        try:
            float("nan" if value is None else value)
        except (TypeError, ValueError):
            if name in ("minutes", "value", "mandatory"):
                raise wrong(f"row {row}, field {name}: found {value!r}, expected a number", token) from None


def _column(table, name, kind, missing):
    """A column as one contiguous array of a type, nulls filled."""
    import pyarrow

    if name not in table.column_names:
        if missing is None and table.num_rows > 0:
            raise wrong(f"row 0, field {name}: found no such column, expected one; there are {', '.join(table.column_names)}", _ROW)
        return pyarrow.array([missing] * table.num_rows, kind)
    column = table[name]
    array = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    if isinstance(array, pyarrow.ChunkedArray):
        array = pyarrow.concat_arrays(array.chunks) if array.num_chunks else pyarrow.array([], column.type)
    try:
        return array if array.type == kind else array.cast(kind)
    except (pyarrow.ArrowInvalid, pyarrow.ArrowNotImplementedError):
        _check_numbers(column.to_pylist(), name, _ROW)
        raise wrong(f"field {name}: found a column of {column.type}, expected {kind}", _ROW) from None


def _texts(array):
    """Offsets (int64) and bytes of an array of texts."""
    import numpy
    import pyarrow

    array = array.fill_null("").cast(pyarrow.large_string())
    if array.offset:
        array = pyarrow.concat_arrays([array, pyarrow.array([], array.type)])
    offsets = numpy.frombuffer(array.buffers()[1], numpy.int64, len(array) + 1, array.offset * 8) if len(array) else numpy.zeros(1, numpy.int64)
    data = array.buffers()[2]
    return offsets, b"\0" if data is None else data.to_pybytes() or b"\0"


def plan_day(candidates, minutes, visit_quota=None, revisit_share=None, small_floor=None, travel_minutes=0, tolerance=0.01):
    """Which candidates fill ``minutes`` best → pyarrow.Table: the candidates with ``planned`` and ``position`` (from 1; None where it is not planned).

    ``candidates``: anything tabular with ``id`` (unique), ``minutes`` (whole, above 0), ``value`` (0 or more) and, where wanted, ``mandatory`` and ``kind``, free text in
    which the words "visit", "revisit" (a visit too) and "small" (of a small customer) count. ``minutes``: what may be planned, any reserve already taken off. The
    sum of ``value`` is the greatest there is, or within ``tolerance`` of it where candidates by value a minute, each as it fits, come so near: then a candidate
    more or less moves few others. ``tolerance=0`` is exact. What is mandatory goes first; where it does not all fit, the most valuable of it is planned and
    nothing else.

    Before value go, in this order and as far as they can be reached: ``visit_quota``, at least so many visits; ``revisit_share``, at least this share of the
    visits planned are revisits, as long as revisits are left that would fit; ``small_floor``, at least so many candidates of small customers. Each visit costs
    ``travel_minutes`` on top. Errors name row and column.

    >>> day = [{"id": "call", "minutes": 10, "value": 90}, {"id": "hotel", "minutes": 60, "value": 500, "kind": "revisit"},
    ...        {"id": "worry", "minutes": 15, "value": 0, "mandatory": True}]
    >>> [(row["id"], row["position"]) for row in rapport.plan_day(day, 90, travel_minutes=30).to_pylist()]
    [('call', 2), ('hotel', None), ('worry', 1)]
    >>> rapport.plan_day(day, 105, travel_minutes=30)["planned"].to_pylist()
    [False, True, True]
    """
    import numpy
    import pyarrow

    table = _table(candidates, _ROW)
    rows = table.num_rows
    ids = _texts(_column(table, "id", pyarrow.large_string(), None))
    nan = float("nan")
    length, value = (_column(table, name, pyarrow.float64(), None).fill_null(nan).to_numpy(zero_copy_only=False) for name in ("minutes", "value"))
    must = _column(table, "mandatory", pyarrow.int32(), 0).fill_null(0).to_numpy(zero_copy_only=False)
    kinds = _texts(_column(table, "kind", pyarrow.large_string(), "")) if "kind" in table.column_names else (None, None)
    goals = _lib.encode_json(visit_quota=visit_quota, revisit_share=_ask.number(revisit_share), small_floor=small_floor, travel_minutes=travel_minutes,
                             tolerance=_ask.number(tolerance))
    positions = numpy.zeros(max(rows, 1), numpy.int64)
    _lib.call("rapport_plan_day", pointer(ids[0]), ids[1], pointer(length), pointer(value), pointer(must), pointer(kinds[0]), kinds[1], rows, int(minutes),
              *goals, positions.ctypes.data_as(ctypes.POINTER(ctypes.c_int64)))
    positions = positions[:rows]
    for name, column in (("planned", pyarrow.array(positions > 0)), ("position", pyarrow.array(positions, mask=positions == 0))):
        table = table.set_column(table.column_names.index(name), name, column) if name in table.column_names else table.append_column(name, column)
    return table
