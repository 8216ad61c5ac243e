"""From purchases to tables: every form of input, chunks and merges, zones, errors by row, and what is read off the tables."""

import datetime
import json
import random
import threading

import pyarrow
import pytest

import rapport

DAY = datetime.date


def some_purchases(n=400, seed=3):
    draw = random.Random(seed)
    return pyarrow.table({
        "customer": [f"c{draw.randrange(60)}" for _ in range(n)],
        "date": [DAY(2025, 1, 1) + datetime.timedelta(draw.randrange(500)) for _ in range(n)],
        "amount": [draw.randrange(1, 9000) / 100 for _ in range(n)],
    })


def test_every_form_of_input_gives_the_same_table():
    table = some_purchases()
    frame = table.to_pandas()
    texts = table.set_column(1, "date", table["date"].cast(pyarrow.string()))
    stamps = frame.assign(date=frame["date"].astype("datetime64[ns]"))
    numbers = table.set_column(0, "customer", pyarrow.array([int(text[1:]) for text in table["customer"].to_pylist()]))
    forms = [table, frame, stamps, texts, table.to_pylist(), {name: table[name].to_pylist() for name in table.schema.names},
             table.to_batches(max_chunksize=37), iter(table.to_batches(max_chunksize=41)), table.to_reader(max_chunksize=50), table[:100].to_batches() + table[100:].to_batches(),
             table.set_column(0, "customer", table["customer"].dictionary_encode()), (row for row in table.to_pylist())]
    wanted = rapport.summarize(table, amount="amount", calibration_end="2025-12-31")
    for form in forms:
        assert rapport.summarize(form, amount="amount", calibration_end=DAY(2025, 12, 31), threads=2).equals(wanted)
    by_number = rapport.summarize(numbers, amount="amount", calibration_end="2025-12-31")
    assert by_number["customer"].to_pylist() == [text[1:] for text in wanted["customer"].to_pylist()]
    assert by_number.drop_columns(["customer"]).equals(wanted.drop_columns(["customer"]))
    assert by_number["customer"].to_pylist() == sorted(by_number["customer"].to_pylist())


def test_whole_numbers_may_be_followed_by_texts():
    chunks = [{"customer": [1, 2], "date": ["2026-01-01"] * 2}, {"customer": ["1", "x"], "date": ["2026-02-01"] * 2}]
    texts = [{"customer": ["1", "2"], "date": ["2026-01-01"] * 2}, chunks[1]]
    for ask in (rapport.summarize, rapport.cohorts, rapport.rfm, lambda rows: rapport.tracking(BG, rows)):
        for form in (list, iter):
            assert ask(form(chunks)).equals(ask(texts))
            assert ask(form(chunks[::-1])).equals(ask(texts))
    assert rapport.rfm(chunks)["customer"].to_pylist() == ["1", "2", "x"]


def test_parts_merge_to_the_same_bits():
    table = some_purchases()
    options = {"amount": "amount", "unit": "month", "calibration_end": "2025-10-01", "refunds": "net"}
    whole = rapport.Summaries(**options).add(table)
    parts = [rapport.Summaries(**options).add(table[start:start + 90]) for start in (270, 0, 360, 90, 180)]
    gathered = rapport.Summaries.from_bytes(parts[0].to_bytes(), amount="amount")
    for part in parts[1:]:
        gathered.merge(rapport.Summaries.from_bytes(part.to_bytes()))
    assert gathered.to_bytes() == whole.to_bytes()
    assert gathered.table().equals(whole.table(), check_metadata=True)
    gathered.add(table[:5])
    with pytest.raises(rapport.Error) as failed:
        gathered.merge(rapport.Summaries(unit="day"))
    assert failed.value.token == "value.summary_mismatch"
    with pytest.raises(rapport.Error) as failed:
        rapport.Summaries.from_bytes(whole.to_bytes()[:-1])
    assert failed.value.token == "value.summary_bytes"


def test_streams_that_pyarrow_does_not_take_are_released(monkeypatch):
    from rapport import _lib

    summaries, made = rapport.Summaries().add([{"customer": "a", "date": "2026-01-01"}]), []

    class Watched(_lib.ArrowArrayStream):
        def __init__(self):
            super().__init__()
            made.append(self)

    class Reader:
        @staticmethod
        def _import_from_c(address):
            assert all(stream.release for stream in made)
            raise MemoryError

    monkeypatch.setattr(_lib, "ArrowArrayStream", Watched)
    monkeypatch.setattr(pyarrow, "RecordBatchReader", Reader)
    with pytest.raises(MemoryError):
        _lib.call_streams("rapport_summary_to_arrow", summaries._handle, 1, count=2)
    assert len(made) == 2 and not any(stream.release for stream in made)


def together(*calls):
    """Runs each call in a thread of its own; what they raised."""
    failed = []

    def run(call):
        try:
            call()
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(call,), daemon=True) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return failed


def test_threads_of_python_share_summaries():
    draw = random.Random(5)
    chunks = [pyarrow.table({"customer": [f"c{draw.randrange(60000)}" for _ in range(5000)], "date": [DAY(2026, 1, 1 + draw.randrange(28)) for _ in range(5000)],
                             "amount": [1.5] * 5000}) for _ in range(24)]
    whole, shared, other = rapport.Summaries(amount="amount"), rapport.Summaries(amount="amount"), rapport.Summaries(amount="amount")
    for chunk in chunks:
        whole.add(chunk)
    add = [lambda part=part: [shared.add(chunk) for chunk in chunks[part::8]] for part in range(8)]
    read = [lambda: [shared.to_bytes() and shared.table() for _ in range(20)]] * 2
    assert together(*add, *read) == []
    assert shared.to_bytes() == whole.to_bytes()
    assert together(*[lambda: [shared.merge(other) for _ in range(50)], lambda: [other.merge(rapport.Summaries(amount="amount")) for _ in range(50)]] * 2) == []
    crossed = [rapport.Summaries(amount="amount") for _ in range(2)]
    assert together(*[lambda a=a, b=b: [a.merge(b) for _ in range(200)] for a, b in (crossed, crossed[::-1])] * 3) == []
    assert shared.to_bytes() == whole.to_bytes()
    with pytest.raises(rapport.Error, match="other: found these summaries themselves, expected others to add") as failed:
        shared.merge(shared)
    assert failed.value.token == "value.summary_mismatch"


def test_who_joined_later_is_reported():
    rows = [{"customer": "a", "date": "2026-01-01"}, {"customer": "b", "date": "2026-03-01"}, {"customer": "c", "date": "2026-03-01"}]
    table, later = rapport.summarize(rows, calibration_end="2026-02-01", later=True)
    assert table["customer"].to_pylist() == ["a"]
    assert later.to_pylist() == [{"customer": "b", "first_day": DAY(2026, 3, 1)}, {"customer": "c", "first_day": DAY(2026, 3, 1)}]
    facts = json.loads(table.schema.metadata[b"rapport"])
    assert facts["joined_later"] == 2 and facts["joined_later_by_day"] == {"2026-03-01": 2} and facts["purchases"] == 3


def test_instants_fall_on_local_days():
    late = datetime.datetime(2026, 1, 1, 20, tzinfo=datetime.timezone.utc)
    rows = {"customer": ["a", "a"], "date": pyarrow.array([late, late.replace(hour=1)], pyarrow.timestamp("us", tz="UTC"))}
    assert rapport.summarize(rows, unit="day")["frequency"].to_pylist() == [0]
    assert rapport.summarize(rows, unit="day", zone="Asia/Tokyo")["frequency"].to_pylist() == [1]
    own = {**rows, "date": rows["date"].cast(pyarrow.timestamp("us", tz="Asia/Tokyo"))}
    assert rapport.summarize(own, unit="day")["frequency"].to_pylist() == [1]
    naive = {**rows, "date": [late.replace(tzinfo=None), late.replace(tzinfo=None, hour=1)]}
    assert rapport.summarize(naive, unit="day", zone="Asia/Tokyo")["frequency"].to_pylist() == [0]
    before_1970 = {"customer": ["a", "a"], "date": [datetime.datetime(1969, 12, 31, 12), datetime.datetime(1970, 1, 1, 12)]}
    assert rapport.summarize(before_1970, unit="day")["recency"].to_pylist() == [1.0]
    with pytest.raises(rapport.Error, match="zone"):
        rapport.summarize(rows, zone="Mars/Olympus")


@pytest.mark.parametrize("column, value, message", [
    ("date", "2026-2-3", "row 5, field date: found '2026-2-3', expected a date such as 2026-03-02"),
    ("date", "20260203", "row 5, field date: found '20260203', expected a date such as 2026-03-02"),
    ("date", "2026-02-30", "row 5, field date: found '2026-02-30', expected a date such as 2026-03-02"),
    ("date", "2026-02-03T10:00:00", "row 5, field date: found '2026-02-03T10:00:00', expected a date such as 2026-03-02"),
    ("date", None, "row 5, field date: found a missing value, expected a date in every row"),
    ("who", None, "row 5, field who: found a missing value, expected a customer in every row"),
    ("who", "", "row 5, field who: found no text, expected an id"),
    ("paid", None, "row 5, field paid: found a missing value, expected an amount"),
    ("paid", float("nan"), "row 5, field paid: found a number that is not finite, expected an amount"),
    ("paid", 2e18, "row 5, field paid: found 2e+18, expected at most 1e18 by size"),
])
def test_wrong_rows_are_named(column, value, message):
    good = {"who": ["a", "b", "c"], "date": ["2026-01-01"] * 3, "paid": [1.0] * 3}
    bad = {**good, column: good[column][:2] + [value]}
    for chunks in ([good, bad], pyarrow.concat_tables([pyarrow.table(good), pyarrow.table(bad)])):
        with pytest.raises(rapport.Error) as failed:
            rapport.summarize(chunks, customer="who", amount="paid")
        assert str(failed.value) == message and failed.value.token == "value.invalid_input"


def test_columns_that_are_not_there_or_of_another_kind():
    with pytest.raises(rapport.Error, match='column "when": found none'):
        rapport.summarize(some_purchases(), date="when")
    with pytest.raises(rapport.Error, match="field date: found int64"):
        rapport.summarize({"customer": ["a"], "date": [20260101]})
    with pytest.raises(rapport.Error, match="field customer: found double"):
        rapport.summarize({"customer": [1.5], "date": ["2026-01-01"]})
    with pytest.raises(rapport.Error, match="calibration_end: found"):
        rapport.summarize([], calibration_end="20260101")
    with pytest.raises(rapport.Error, match="refunds"):
        rapport.summarize([], refunds="maybe")
    assert rapport.summarize([]).num_rows == 0


def pandas_of(names, row):
    return pytest.importorskip("pandas").DataFrame([row], columns=names)


BG = rapport.BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
ROWS = [{"customer": "a", "date": "2026-01-01"}, {"customer": "a", "date": "2026-02-01"}]
REFUSED = [
    (lambda: rapport.summarize(ROWS, refunds="x"), "refunds: found 'x', expected one of exclude, net, error"),
    (lambda: rapport.summarize(ROWS, refunds=["net"]), "refunds: found ['net']"),
    (lambda: rapport.cohorts(ROWS, measure="x"), "measure: found 'x'"),
    (lambda: rapport.cohorts(ROWS, period=b"month"), "period: found bytes"),
    (lambda: rapport.cohorts(ROWS, observation_end=5), "observation_end: found 5"),
    (lambda: rapport.tracking(BG, ROWS, customers="x"), "customers: found 'x', expected one of all, calibration"),
    (lambda: rapport.tracking(BG, ROWS, until=5.5), "until: found 5.5"),
    (lambda: rapport.tracking(None, ROWS), "model: found NoneType"),
    (lambda: rapport.calibration("bg", rapport.summarize(ROWS, calibration_end="2026-01-15")), "model: found str"),
    (lambda: rapport.calibration(BG, None), "summaries: found NoneType"),
    (lambda: rapport.summarize(ROWS, observation_end=5), "observation_end: found 5"),
    (lambda: rapport.summarize(ROWS, threads="4"), "threads: found '4', expected a whole number"),
    (lambda: rapport.summarize(ROWS, threads=2**40), "threads: found 1099511627776"),
    (lambda: rapport.rfm(ROWS, threads=1.5), "threads: found 1.5"),
    (lambda: rapport.rfm(ROWS, weights=3), "weights: found 3"),
    (lambda: rapport.rfm(ROWS, weights=(1, "x", 1)), "weights: found (1, 'x', 1)"),
    (lambda: rapport.rfm(ROWS, weights=(1, float("nan"), 1)), "frequency_weight"),
    (lambda: rapport.rfm({"frequency": [1], "recency": [1.0, 2.0], "age": [1.0], "customer": ["a"]}), "summaries: "),
    (lambda: rapport.summarize(ROWS, refunds="net"), "refunds: found 'net' without amounts, expected also amount"),
    (lambda: rapport.Summaries(refunds="error"), "refunds: found 'error' without amounts"),
    (lambda: rapport.rfm(ROWS, refunds="net"), "refunds: found 'net' without amounts"),
    (lambda: rapport.cohorts(ROWS, refunds="error"), "refunds: found 'error' without amounts"),
    (lambda: rapport.tracking(BG, ROWS, refunds="net"), "refunds: found 'net' without amounts"),
    (lambda: rapport.rfm(ROWS, weights=(1, 1)), "weights: found (1, 1), expected three numbers"),
    (lambda: rapport.rfm(ROWS, weights=(1, 1, 1, 1)), "weights: found (1, 1, 1, 1)"),
    (lambda: rapport.summarize(ROWS, zone="Mars/Olympus"), "zone: found 'Mars/Olympus', expected an IANA name"),
    (lambda: rapport.summarize(ROWS, zone=9), "zone: found 9"),
    (lambda: rapport.cohorts(ROWS, zone=""), "zone: found ''"),
    (lambda: rapport.Summaries.from_bytes(rapport.Summaries().to_bytes(), zone="Mars"), "zone: found 'Mars'"),
    (lambda: rapport.summarize(ROWS, threads=0), "threads: found 0, expected 1 to 1024"),
    (lambda: rapport.Summaries.from_bytes(rapport.Summaries().to_bytes(), threads=-1), "threads: found -1"),
    (lambda: rapport.cohorts(ROWS, threads=0), "threads: found 0"),
    (lambda: rapport.tracking(BG, ROWS, threads=-2), "threads: found -2"),
    (lambda: rapport.calibration(BG, rapport.summarize(ROWS, calibration_end="2026-01-15"), threads=0), "threads: found 0"),
    (lambda: rapport.summarize(ROWS, customer=["customer"]), "customer: found ['customer'], expected the name of a column"),
    (lambda: rapport.cohorts(ROWS, date=None), "date: found None, expected the name of a column"),
    (lambda: rapport.rfm(ROWS, amount=2), "amount: found 2, expected the name of a column"),
    (lambda: rapport.summarize(pyarrow.table([["a"], ["b"], ["2026-01-01"]], names=["customer", "customer", "date"])), 'column "customer": found 2, expected one'),
    (lambda: rapport.summarize(pandas_of(["customer", "date", "date"], ["a", "2026-01-01", "2026-01-02"])), 'column "date": found 2, expected one'),
    (lambda: rapport.rfm(ROWS, lang=b"en"), "language: found bytes"),
    (lambda: rapport.rfm(ROWS, bins=pyarrow.array([4, 5]).to_numpy()), "bins: found ndarray"),
    (lambda: rapport.fold([]), "summaries: found no table"),
    (lambda: rapport.fold(None), "summaries: found NoneType"),
    (lambda: rapport.fold("a.csv"), "summaries: found str"),
    (lambda: rapport.fold({"frequency": [1], "recency": [1.0, 2.0], "age": [1.0]}), "summaries: "),
    (lambda: rapport.Summaries.from_bytes("abc"), "summary: found str, expected the bytes of to_bytes"),
    (lambda: rapport.Summaries().merge(None), "other: found NoneType, expected Summaries"),
    (lambda: rapport.summarize(None), "purchases: found NoneType"),
    (lambda: rapport.summarize(5), "purchases: found int"),
    (lambda: rapport.summarize("abc.csv"), "purchases: found 'abc.csv'"),
    (lambda: rapport.summarize([["a", "2026-01-01"]]), "purchases: found 'a'"),
    (lambda: rapport.cohorts(iter(["a"])), "purchases: found 'a'"),
    (lambda: rapport.summarize(ROWS + [["a", "2026-01-01"]]), "row 2: found list, expected a dict"),
    (lambda: rapport.summarize({"customer": ["a", "b"], "date": ["2026-01-01"]}), "purchases: found 2 rows of customer, 1 rows of date"),
    (lambda: rapport.summarize({"customer": "a", "date": "2026-01-01"}), "field customer: "),
    (lambda: rapport.summarize({"customer": ["a", 1], "date": ["2026-01-01"] * 2}), "field customer: "),
    (lambda: rapport.cohorts({"customer": [1, "a"], "date": ["2026-01-01"] * 2}), "field customer: "),
    (lambda: rapport.summarize(pyarrow.table({"customer": ["a", "b"]}).to_pandas().assign(date=["2026-01-01", DAY(2026, 1, 1)])), "field date: "),
    (lambda: rapport.summarize({"customer": ["a", "a"], "date": ["2026-01-01", DAY(2026, 1, 1)]}), "field date: "),
    (lambda: rapport.summarize({"customer": ["a"], "date": ["2026-01-01"], "amount": [2**62 + 1]}, amount="amount"), "field amount: "),
]


@pytest.mark.parametrize("case", range(len(REFUSED)))
def test_every_error_is_one_of_the_package(case):
    call, said = REFUSED[case]
    with pytest.raises(rapport.Error) as refused:
        call()
    assert said in str(refused.value) and "\n" not in str(refused.value) and refused.value.token


def test_what_ends_the_observation_where_nobody_says_it():
    rows = [{"customer": "a", "date": "2026-01-01", "amount": 5.0}, {"customer": "b", "date": "2026-01-04", "amount": -1.0}]
    end = lambda **options: json.loads(rapport.summarize(rows, amount="amount", unit="day", **options).schema.metadata[b"rapport"])["observation_end"]
    assert end() == end(refunds="net") == "2026-01-04", "the refund that is excluded was seen too"
    assert end(calibration_end="2026-01-09") == "2026-01-09"
    assert rapport.summarize(rows, amount="amount", unit="day")["age"].to_pylist() == [3.0]


def test_a_refund_takes_nothing_from_other_days():
    rows = [{"customer": "a", "date": f"2026-01-0{day}", "amount": amount} for day, amount in ((1, 5.0), (3, 7.0), (5, 2.0), (5, -100.0), (6, -3.0))]
    assert rapport.summarize(rows, amount="amount", unit="day", refunds="net").to_pylist() == [
        {"customer": "a", "frequency": 1, "recency": 2.0, "age": 5.0, "monetary": 7.0}]
    cohort = rapport.cohorts(rows, amount="amount", refunds="net", partial=True).to_pylist()[0]
    assert cohort["purchases"] == 2 and cohort["revenue"] == 12


def test_a_zone_is_taken_with_texts():
    assert rapport.summarize(ROWS, zone="Asia/Tokyo").equals(rapport.summarize(ROWS))
    assert rapport.summarize(ROWS, zone="+09:00", threads=True).equals(rapport.summarize(ROWS))


def test_errors_of_the_source_come_through():
    def chunks():
        yield ROWS
        raise KeyError("the file ended")

    for ask in (rapport.summarize, rapport.cohorts):
        with pytest.raises(KeyError, match="the file ended"):
            ask(chunks())


def test_folded_rows_fit_to_the_same_bits():
    table = rapport.summarize(some_purchases(900), observation_end="2026-06-01")
    columns = [table[name].to_numpy() for name in ("frequency", "recency", "age")]
    folded = rapport.fold(table)
    pieces = rapport.fold([rapport.fold(table[:20]), rapport.fold(table[20:])])
    assert pieces.equals(folded) and rapport.fold(folded).equals(folded) and rapport.fold(iter([table])).equals(folded)
    assert sum(folded["weight"].to_pylist()) == table.num_rows
    doubled = rapport.fold([table, table])
    assert doubled.num_rows == folded.num_rows and sum(doubled["weight"].to_pylist()) == 2 * table.num_rows
    whole = rapport.BgNbd.fit(*columns)
    weighted = rapport.BgNbd.fit(*(folded[name].to_numpy() for name in ("frequency", "recency", "age", "weight")))
    assert weighted.params == whole.params and weighted.log_likelihood == whole.log_likelihood


def test_rfm_scores_and_segments():
    rows = [{"customer": c, "date": DAY(2026, m, 1), "amount": a} for c, months, a in
            [("often", (1, 2, 3, 4, 5, 6), 10.0), ("new", (6,), 500.0), ("gone", (1,), 1.0), ("was", (1, 2, 3), 20.0), ("also gone", (1,), 1.0)] for m in months]
    table = rapport.rfm(rows, amount="amount", lang="ja")
    found = {row["customer"]: row for row in table.to_pylist()}
    assert found["often"]["segment"] == "champions" and found["often"]["segment_name"] == "最優良顧客"
    assert found["new"]["segment"] == "new_customers"
    assert found["gone"]["segment"] == "lost" and found["gone"]["score"] == 1
    equal = ("recency_score", "frequency_score", "monetary_score", "score", "segment")
    assert [found["gone"][name] for name in equal] == [found["also gone"][name] for name in equal]
    summaries = rapport.summarize(rows, amount="amount")
    assert rapport.rfm(summaries)["recency_score"].equals(table["recency_score"])
    assert rapport.rfm(rows)["monetary_score"].null_count == 5
    with pytest.raises(rapport.Error, match="bins"):
        rapport.rfm(rows, bins=1)
    assert rapport.rfm(rows, bins=pyarrow.array([4]).to_numpy()[0]).equals(rapport.rfm(rows, bins=4))


def test_cohorts_are_right_censored():
    rows = [{"customer": "a", "date": "2026-01-05", "amount": 5.0}, {"customer": "b", "date": "2026-01-31", "amount": 1.5},
            {"customer": "a", "date": "2026-03-02", "amount": 2.0}, {"customer": "c", "date": "2026-02-03", "amount": 4.0}]
    table = rapport.cohorts(rows, amount="amount", observation_end="2026-03-30")
    cells = {(row["cohort"].month, row["period_index"]): row for row in table.to_pylist()}
    assert len(cells) == 6
    assert cells[1, 0]["active"] == 2 and cells[1, 0]["revenue"] == 6.5
    assert cells[1, 1]["active"] == 0 and cells[1, 1]["retention"] == 0
    assert cells[1, 2]["active"] is None and cells[2, 2]["active"] is None, "March has not ended"
    whole = rapport.cohorts(rows, amount="amount", observation_end="2026-03-31", measure="retention")
    assert whole.to_pylist()[0] == {"cohort": DAY(2026, 1, 1), "customers": 2, "0": 1.0, "1": 0.0, "2": 0.5}
    assert whole.to_pylist()[1] == {"cohort": DAY(2026, 2, 1), "customers": 1, "0": 1.0, "1": 0.0, "2": None}
    partial = rapport.cohorts(rows, partial=True, observation_end="2026-03-30", period="quarter")
    assert partial.to_pylist()[0]["purchases"] == 4
    with pytest.raises(rapport.Error) as failed:
        rapport.cohorts(rows, period="week")
    assert failed.value.token == "value.unknown_period"
    with pytest.raises(rapport.Error, match="row 1, field date"):
        rapport.cohorts([{"customer": "a", "date": "2026-01-05"}, {"customer": "a", "date": "x"}])


def test_tracking_adds_up():
    table = some_purchases(900)
    model = rapport.BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
    tracked = rapport.tracking(model, table, calibration_end="2025-12-31", until="2026-07-01")
    summary = rapport.summarize(table)
    known = [row for row in tracked.to_pylist() if row["actual"] is not None]
    assert known[-1]["until"] <= max(table["date"].to_pylist())
    first = {}
    for customer, day in sorted(zip(table["customer"].to_pylist(), table["date"].to_pylist())):
        first.setdefault(customer, day)
    for row in tracked.to_pylist()[::9]:
        seen = {(c, d) for c, d in zip(table["customer"].to_pylist(), table["date"].to_pylist()) if d <= row["until"] and d > first[c]}
        assert row["actual_cumulative"] in (None, len(seen))
        expected = sum(model.expected_purchases_new((row["until"] - day).days / 7) for day in first.values() if day < row["until"])
        assert row["expected_cumulative"] == pytest.approx(expected, rel=1e-12)
        assert row["holdout"] == (row["until"] > DAY(2025, 12, 31))
    assert summary.num_rows == len(first)
    months = rapport.tracking(model, table, unit="month")
    assert all(day.day == 1 for day in months["from"].to_pylist()[1:])
    assert months["actual_cumulative"].to_pylist()[-1] == sum(summary["frequency"].to_pylist())


def test_calibration_by_frequency():
    table = rapport.summarize(some_purchases(900), calibration_end="2025-09-30")
    model = rapport.BgNbd.fit(*(table[name].to_numpy() for name in ("frequency", "recency", "age")))
    report = rapport.calibration(model, table, classes=5)
    metrics = json.loads(report.schema.metadata[b"rapport"])
    actual = table["frequency_holdout"].to_numpy()
    predicted = model.expected_purchases(table["duration_holdout"][0].as_py(), *(table[name].to_numpy() for name in ("frequency", "recency", "age")))
    assert sum(report["customers"].to_pylist()) == table.num_rows == metrics["customers"]
    assert sum(report["actual"].to_pylist()) == actual.sum()
    assert sum(report["predicted"].to_pylist()) == pytest.approx(predicted.sum(), rel=1e-12)
    assert metrics["mae"] == pytest.approx(abs(predicted - actual).mean(), rel=1e-12)
    assert metrics["rmse"] == pytest.approx(((predicted - actual) ** 2).mean() ** 0.5, rel=1e-12)
    assert metrics["bias"] == pytest.approx((predicted - actual).mean(), abs=1e-12)
    assert metrics["log_score"] < 0
    assert report["frequency"].to_pylist()[-1] == 4 and report["or_more"].to_pylist()[-1]
    dicts = {name: table[name].to_pylist() for name in table.column_names}
    for form in (table.to_pylist(), dicts, table.to_pandas(), table.set_column(1, "frequency", table["frequency"].cast(pyarrow.int16()))):
        assert rapport.calibration(model, form, classes=5).equals(report, check_metadata=True)
    nobody = rapport.calibration(model, {name: [] for name in dicts}, classes=5)
    assert nobody.schema.names == report.schema.names and sum(nobody["customers"].to_pylist()) == 0
    assert nobody.equals(rapport.calibration(model, table[:0], classes=5), check_metadata=True)
    with pytest.raises(rapport.Error, match="row 2, field recency: found a missing value, expected a number"):
        rapport.calibration(model, {**dicts, "recency": dicts["recency"][:2] + [None] + dicts["recency"][3:]})
    with pytest.raises(rapport.Error, match="field recency: found string, expected numbers"):
        rapport.calibration(model, {**dicts, "recency": ["1"] * table.num_rows})
    with pytest.raises(rapport.Error, match='column "frequency_holdout"'):
        rapport.calibration(model, rapport.summarize(some_purchases()))
