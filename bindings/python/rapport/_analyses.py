"""What purchases and summaries tell: RFM, cohorts, tracking and calibration of a model."""

import contextlib
import datetime
import json
import math
import operator

from . import _lib
from ._columns import wrong
from ._purchases import PurchaseColumns, amounts_of, check_names, customers_of, day_of, one_of, refunds_of, threads_of
from ._summaries import summary_table


def _analyse(stream, request):
    """(table, facts)."""
    asked = {name: value.isoformat() if isinstance(value, datetime.date) else value for name, value in request.items() if value is not None}
    for name, value in asked.items():
        if not isinstance(value, bool):
            with contextlib.suppress(TypeError):
                asked[name] = value = operator.index(value)   # whole numbers of numpy
        if not isinstance(value, (str, int, float, bool, dict)):
            raise wrong(f"{name}: found {type(value).__name__}, expected a text or a number")
    (table,), facts = _lib.call_tables("rapport_value_analyse", stream.pointer, *_lib.encode_json(**asked), count=1)
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


def _model(model):
    """What the library reads of a model."""
    if not hasattr(model, "to_json"):
        raise wrong(f"model: found {type(model).__name__}, expected a model of when customers buy")
    return json.loads(model.to_json())


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

    request = {"ask": "rfm", "bins": bins, "language": lang, "threads": threads_of(threads)}
    request.update(_weights_of(weights))
    summaries = _as_summaries(data)
    if summaries is not None:
        names = ["customer", "frequency", "recency", "age"] + (["monetary"] if "monetary" in summaries.schema.names else [])
        check_names(summaries.schema.names, names)
        summaries = summaries.select(names)
        summaries = summaries.set_column(0, "customer", pyarrow.chunked_array(
            [customers_of(chunk, "customer", 0) for chunk in summaries["customer"].chunks], type=None if summaries.num_rows else pyarrow.large_string()))
        return _analyse(_lib.Stream(summaries), {**request, "of": "summaries"})[0]
    request.update(observation_end=day_of(observation_end, "observation_end"), refunds=refunds_of(refunds, amount))
    return _analyse_purchases(data, PurchaseColumns(customer, date, amount, zone), request)


def _weights_of(weights):
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
        return summary_table(data) if {"frequency", "recency", "age"} <= set(data) else None
    names = getattr(getattr(data, "schema", None), "names", None) or getattr(data, "columns", None)
    if isinstance(data, pyarrow.RecordBatchReader) or names is None or callable(names) or not {"frequency", "recency", "age"} <= {str(name) for name in names}:
        return None
    return summary_table(data)


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
        one_of(measure, "measure", list(columns))
    request = {"ask": "cohorts", "period": period, "partial": bool(partial), "observation_end": day_of(observation_end, "observation_end"),
               "refunds": refunds_of(refunds, amount), "threads": threads_of(threads)}
    table = _analyse_purchases(purchases, PurchaseColumns(customer, date, amount, zone), request)
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
    one_of(customers, "customers", ["all", "calibration"])
    request = {"ask": "tracking", "model": _model(model), "unit": unit, "calibration_end": day_of(calibration_end, "calibration_end"),
               "until": day_of(until, "until"), "calibration_customers": customers == "calibration",
               "observation_end": day_of(observation_end, "observation_end"), "refunds": refunds_of(refunds, amount), "threads": threads_of(threads)}
    return _analyse_purchases(purchases, PurchaseColumns(customer, date, amount, zone), request)


def calibration(model, summaries, classes=8, threads=1):
    """A model against what came after calibration_end, by how often customers had bought before: frequency, or_more, customers, actual, predicted,
    actual_mean, predicted_mean. The last of the `classes` holds all that are more frequent.

    `summaries`: of summarize with calibration_end, in the model's unit, as any table, dict of columns or list of dicts. Over customers,
    ``.schema.metadata[b"rapport"]`` holds as JSON customers, actual, predicted, mae, rmse, bias (predicted less actual) and log_score (the mean of
    ln P(exactly as many as came)).
    """
    import pyarrow

    names = ["frequency", "recency", "age", "frequency_holdout", "duration_holdout"]
    table = summary_table(summaries)
    check_names(table.schema.names, names)
    table = pyarrow.table({name: amounts_of(table[name], name, 0, "a number") for name in names})
    request = {"ask": "calibration", "model": _model(model), "classes": classes, "threads": threads_of(threads)}
    answer, metrics = _analyse(_lib.Stream(table), request)
    return answer.replace_schema_metadata({"rapport": json.dumps(metrics)})
