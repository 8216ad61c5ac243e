"""Trust in reports: which visits and calls are worth asking about, from the records alone. For managers only."""

import ctypes

from . import _ask, _lib


def _table(reports):
    """What a stream takes; in a dict of arrays NaN is a missing value, as numpy knows no other, and of no rows the columns are known all the same."""
    if hasattr(reports, "__arrow_c_stream__") or hasattr(reports, "__arrow_c_array__"):
        return reports
    import pyarrow

    if isinstance(reports, dict):
        return pyarrow.table({name: pyarrow.array(values, from_pandas=True) for name, values in reports.items()})
    return pyarrow.table(_lib.columns_of([dict(row) for row in reports]) or {"id": [], "rep": [], "start": []})


def score_reports(reports, lang="en", zone="UTC"):
    """Which reports of visits and calls are unlike what the other reps write → pyarrow.Table, a row a report in the same order: id, rep, score (0 to 1),
    flagged, reasons (comma separated, the strongest first), sentence (None where nothing is odd).

    ``reports``: a table or a list of dicts with ``id``, ``rep``, ``start`` (instant) and any of ``customer``, ``channel`` ("call" is at no place), ``minutes``,
    ``recorded`` (when it was entered), ``latitude``, ``longitude``, ``accuracy_metres``, ``note``, ``disposition``, ``outcome`` (did something come of it).
    Reasons: travel, batch, copied, round, even, no_outcome. ``zone``: whose full hours count. A flag means "worth asking about", and nobody is flagged for
    being odd in one way (docs/report_trust.md). FOR MANAGERS ONLY.

    >>> hour = "2026-03-{:02d}T{:02d}:{:02d}:00Z".format
    >>> rows = [{"id": f"{rep}-{day}-{i}", "rep": rep, "start": hour(day, 9 + 2 * i, 7 * day % 60), "minutes": 25, "latitude": 35.0 + 0.02 * i,
    ...          "longitude": 139.0} for rep in ("ann", "bob", "eve") for day in range(2, 12) for i in range(4)]
    >>> for row in rows[80:]:                                     # eve is 300 km away in the next hour, and back two hours later
    ...     row.update(latitude=35.0 + 2.7 * (row["start"][11:13] in ("11", "15")), minutes=90)
    >>> table = rapport.score_reports(rows)
    >>> sorted({row["rep"] for row in table.to_pylist() if row["flagged"]})
    ['eve']
    >>> table.to_pylist()[81]["reasons"], table.to_pylist()[81]["sentence"]
    ('travel', 'Worth asking about: two visits 300 km apart within 30 minutes')
    """
    return _score(reports, lang, zone, "report")


def score_reps(reports, lang="en", zone="UTC"):
    """The same by rep → pyarrow.Table: rep, reports, flagged_reports, score, flagged, reasons, sentence. FOR MANAGERS ONLY.

    >>> rapport.score_reps([{"id": "1", "rep": "ann", "start": "2026-03-02T09:00:00Z"}]).to_pylist()[0]["flagged"]
    False
    """
    return _score(reports, lang, zone, "rep")


def _score(reports, lang, zone, by):
    stream = _lib.Stream(_table(reports))
    return _lib.call_table("rapport_score_reports", stream.pointer, *_lib.encode_json(language=lang, zone=zone, by=by))


class EngineOfTrust:
    """The part of Engine that is about trust in reports."""

    def report_trust(self, as_of, start=None, end=None, by="report", known_at=None, lang="en"):
        """Which of the book's reports of visits, meetings and calls are worth asking about → pyarrow.Table, the most odd first: source, touch, customer,
        customer_name, rep, rep_name, channel, start, recorded, outcome, score, flagged, reasons, sentence; with ``by="rep"`` a row a rep: rep, rep_name,
        reports, flagged_reports, score, flagged, reasons, sentence. ``start``, ``end``: days of the reports, both included.

        Off unless asked: no plan, brief, report or signal holds anything of it. FOR MANAGERS ONLY.

        >>> with rapport.Engine.open() as engine:
        ...     _ = engine.append(OFFICE)
        ...     [row["rep"] for row in engine.report_trust("2026-03-02T08:00:00+09:00", by="rep").to_pylist() if row["flagged"]]
        []
        """
        asked = _lib.encode_json(start=_ask.day(start), end=_ask.day(end), by=by)
        options = _ask.read_options(as_of, known_at, lang=lang)
        return _lib.call_table("rapport_engine_report_trust", self._engine(), *asked, ctypes.byref(options))
