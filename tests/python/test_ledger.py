"""Keeping the book right, from Python: tables in and out, batches, synchronised tables, erasure, snapshots, simulated books, other readers of the file."""

import json
import sqlite3
import subprocess
import sys

import pytest

import rapport

pyarrow = pytest.importorskip("pyarrow")

ORDER = {
    "specversion": "1.0", "id": "o-1", "source": "shop", "type": "purchase.placed", "subject": "c-1", "time": "2026-03-02T10:15:00+09:00",
    "data": {"currency": "JPY", "rep": "r-3", "lines": [{"product": "p-9", "quantity": 2, "amount": "19800"}]},
}
ROWS = {
    "id": ["t-1", "t-2"], "source": ["crm", "crm"], "type": ["touch", "touch"], "subject": ["c-1", "c-2"],
    "time": ["2026-03-02T10:15:00+09:00", "2026-03-03T10:15:00+09:00"], "channel": ["call", "visit"], "direction": ["outbound", "inbound"],
    "minutes": [5, None], "disposition": ["reached", None], "note": ["spoke with Ms Oda", None],
}
MAPPING = {
    "rapport_mapping": 1, "source": "crm", "format": "delimited", "columns": ["id", "day", "name", "mail"], "zone": "Asia/Tokyo",
    "events": [{"type": "customer.upserted", "subject": {"column": "id", "prefix": "c-"}, "id": {"column": "id"}, "time": {"column": "day", "form": "%Y-%m-%d"},
                "data": {"kind": {"value": "organisation"}, "name": {"column": "name"}, "mail": {"column": "mail"}}}],
}


def crm(*rows):
    return [dict(zip(("id", "day", "name", "mail"), row)) for row in rows]


def frames():
    """The same table as each library holds it."""
    polars, duckdb, pandas = pytest.importorskip("polars"), pytest.importorskip("duckdb"), pytest.importorskip("pandas")
    table = pyarrow.table(ROWS)
    yield "pyarrow table", table
    yield "pyarrow reader", table.to_reader(max_chunksize=1)
    yield "record batch", table.to_batches()[0]
    yield "polars", polars.DataFrame(ROWS)
    yield "duckdb", duckdb.from_arrow(table)
    yield "pandas", pandas.DataFrame(ROWS).convert_dtypes()


def test_tables_of_events_come_in_from_every_library():
    seen = {}
    for name, frame in frames():
        with rapport.Engine.open() as engine:
            assert engine.append(frame).accepted == 2, name
            seen[name] = engine.export()
    assert len(set(seen.values())) == 1, seen
    assert json.loads(seen["polars"].splitlines()[0])["data"] == {
        "channel": "call", "direction": "outbound", "minutes": 5, "disposition": "reached", "note": "spoke with Ms Oda"}


def test_tables_of_events_go_out_to_every_library():
    polars, duckdb = pytest.importorskip("polars"), pytest.importorskip("duckdb")
    with rapport.Engine.open() as engine:
        engine.append(pyarrow.table(ROWS))
        touches = engine.events("touch")
    assert touches.column("minutes").to_pylist() == [5, None]
    assert polars.DataFrame(touches)["channel"].to_list() == ["call", "visit"]
    assert duckdb.sql("SELECT sum(minutes) FROM touches").fetchall() == [(5,)]
    assert list(touches.to_pandas()["subject"]) == ["c-1", "c-2"] if pytest.importorskip("pandas") else True
    with rapport.Engine.open() as engine:
        with pytest.raises(rapport.NotFound) as error:
            engine.events("no.such")
        assert error.value.token == "event.unknown_type"


def test_a_table_that_is_wrong_says_where():
    rows = dict(ROWS, time=["2026-03-02T10:15:00+09:00", "yesterday"])
    with rapport.Engine.open() as engine, pytest.raises(rapport.Error, match="row 2"):
        engine.append(pyarrow.table(rows))


def test_a_correction_keeps_the_old_answer():
    with rapport.Engine.open() as engine:
        engine.append([dict(ORDER, recordedtime="2026-03-02T11:00:00+09:00")])
        other = dict(ORDER, recordedtime="2026-04-01T00:00:00+09:00", data={"currency": "JPY", "lines": [{"amount": "5"}]})
        with pytest.raises(rapport.AlreadyExists) as error:
            engine.append([other])
        assert error.value.token == "ledger.conflict"
        with pytest.raises(rapport.InvalidArgument, match='on_conflict: found "ignore", expected "error" or "correct"'):
            engine.append([other], on_conflict="ignore")
        assert engine.append([other], on_conflict="correct").corrected == 1
        assert engine.append([other], on_conflict="correct") == (0, 1, 0, 2)
        revenue = lambda at: engine.signals(at, columns=["purchase.revenue"]).column("purchase.revenue").to_pylist()
        assert revenue("2026-03-31T00:00:00+09:00") == [19800]
        assert revenue("2026-04-02T00:00:00+09:00") == [5]


def test_an_import_is_a_batch_that_can_be_taken_back(tmp_path):
    path = tmp_path / "crm.csv"
    path.write_text("id,day,name,mail\n1,2026-01-05,Nagi,nagi@example.org\n2,2026-01-06,Mine,\n")
    with rapport.Engine.open() as engine:
        with pytest.raises(rapport.InvalidArgument, match='on_unknown: found "skip", expected "error" or "keep"'):
            engine.import_file(path, MAPPING, on_unknown="skip")
        first = engine.import_file(path, MAPPING)
        assert first.accepted == 2 and first.batch
        assert engine.import_file(path, MAPPING).batch is None
        assert engine.retract_batch(first.batch).accepted == 1
        with pytest.raises(rapport.NotFound):
            engine.customer("c-1")
        again = engine.import_file(path, MAPPING)
        assert again.corrected == 2 and again.batch != first.batch
        assert engine.customer("c-1")["name"] == "Nagi"
        with pytest.raises(rapport.NotFound) as error:
            engine.retract_batch("b-none")
        assert error.value.token == "batch.unknown"


def test_sync_turns_a_table_into_events_and_is_quiet_when_nothing_changed():
    with rapport.Engine.open() as engine:
        table = crm(("1", "2026-01-05", "Nagi", "a@example.org"), ("2", "2026-01-06", "Mine", ""))
        assert engine.sync(table, MAPPING)[:4] == (2, 0, 0, 0)
        assert engine.sync(table, MAPPING)[:4] == (0, 2, 0, 0)
        assert engine.sync(table, MAPPING).batch is None
        changed = crm(("1", "2026-01-05", "Cafe Nagi", "a@example.org"))
        receipt = engine.sync(changed, MAPPING)
        assert (receipt.corrected, receipt.retracted) == (1, 1)
        assert engine.customer("c-1")["name"] == "Cafe Nagi"
        assert engine.sync(changed, MAPPING).batch is None
        assert engine.sync(pyarrow.Table.from_pylist(table), MAPPING, mode="delta").corrected == 2


def test_sync_does_not_change_the_past():
    with rapport.Engine.open() as engine:
        engine.sync(crm(("1", "2026-01-05", "Nagi", "")), MAPPING)
        engine.sync(crm(("1", "2026-01-05", "Cafe Nagi", "")), MAPPING, at="2026-06-01T00:00:00Z")
        assert engine.customer("c-1", as_of="2026-02-01T00:00:00Z")["name"] == "Nagi"
        assert engine.customer("c-1")["name"] == "Cafe Nagi"


def test_inspect_proposes_a_mapping_that_imports(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text("customer_id;order_date;total\n17;02.03.2026;19,80\n18;03.03.2026;5,00\n17;15.03.2026;7,50\n")
    with rapport.Engine.open() as engine:
        seen = engine.inspect(path)
        assert [column["name"] for column in seen["columns"]] == ["customer_id", "order_date", "total"]
        assert seen["events"][0]["type"] == "purchase.placed"
        assert engine.import_file(path, seen["mapping"]).accepted >= 3


def test_shipped_mappings_are_documents(root):
    for name in rapport.shipped_mappings():
        with rapport.Engine.open() as engine:
            assert engine.import_file(root / f"tests/fixtures/imports/{name}.csv", name).accepted > 0


def test_erasure_leaves_no_byte_and_a_key_knows_who_comes_back(tmp_path):
    key = b"0123456789abcdef0123456789abcdef"
    person = dict(ORDER, id="p", type="customer.upserted", data={"kind": "person", "name": "Zanzibarova", "mail": "zanzibarova@example.org"})
    path = tmp_path / "office.book"
    with rapport.Engine.open(path, suppression_key=key) as engine:
        engine.append([person, ORDER])
        assert "Zanzibarova" in engine.export(kind="subject", subject="c-1")
        receipt = engine.erase("c-1", "2026-04-01T00:00:00+09:00")
        assert receipt == (1, 1)
        assert "Zanzibarova" not in engine.export(kind="subject", subject="c-1")
        engine.save_snapshot()
        engine.append([dict(person, id="p2", subject="c-2", time="2026-05-01T00:00:00+09:00")])
        assert not engine.permit("c-2", "call", "2026-05-02T10:00:00+09:00").allowed
        for file in tmp_path.iterdir():
            assert b"Zanzibarova" not in file.read_bytes() or file.name.startswith("office.book"), file
    with rapport.Engine.open(path) as engine:
        assert engine.customer("c-1")["name"] == "c-1"


def test_a_snapshot_goes_on_where_the_events_are_elsewhere():
    with rapport.Engine.open() as engine:
        engine.append([ORDER])
        blob, cursor = engine.snapshot_bytes(), len(engine.events())
        assert engine.snapshot_bytes() == blob
    with rapport.Engine.open(blob) as engine:
        assert engine.append([ORDER]).duplicates == 1
        assert engine.append([dict(ORDER, id="o-2", time="2026-03-09T10:15:00+09:00")]).accepted == 1
        assert engine.signals("2026-04-01T00:00:00Z", columns=["purchase.count"]).column("purchase.count").to_pylist() == [2]
        assert [json.loads(line)["id"] for line in engine.export(after=cursor).splitlines()] == ["o-2"]
    with pytest.raises(rapport.InvalidArgument) as error:
        rapport.Engine.open(blob[:-1])
    assert error.value.token == "snapshot.invalid"


def test_an_export_is_read_back_whole(office, tmp_path):
    office.tick("2026-03-02T00:00:00+09:00")
    lines = office.export()
    with rapport.Engine.open(tmp_path / "copy.book") as copy:
        assert copy.append(lines, own_events=True).accepted == len(lines.splitlines())
        assert copy.plan_text("2026-03-02") == office.plan_text("2026-03-02")


def test_other_programs_read_the_file(tmp_path):
    path = tmp_path / "shop.book"
    with rapport.Engine.open(path) as engine:
        engine.append([ORDER, dict(ORDER, id="o-2")])
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
            assert db.execute("SELECT count(*), max(data_rep) FROM purchase_placed").fetchone() == (2, "r-3")
        told = subprocess.run(["sqlite3", str(path), "SELECT subject, json_extract(data_lines, '$[0].amount') FROM purchase_placed LIMIT 1"],
                              capture_output=True, text=True, check=True).stdout
        assert told.strip() == "c-1|19800"
        engine.backup(tmp_path / "copy.book")


# In a process of its own: the reader is not the writer.
DUCKDB = """
import sys, duckdb
from duckdb_extensions import import_extension
import_extension("sqlite_scanner")
duckdb.execute("LOAD sqlite_scanner")
duckdb.execute(f"ATTACH '{sys.argv[1]}' AS book (TYPE sqlite, READ_ONLY)")
print(duckdb.sql("SELECT count(*), sum(CAST(json_extract_string(facts, '$.lines[0].amount') AS BIGINT)) FROM book.event WHERE type = 'purchase.placed'").fetchone())
"""


def test_duckdb_reads_a_book_in_use(tmp_path):
    pytest.importorskip("duckdb_extensions", reason="DuckDB's reader of SQLite files is a package of its own")
    path = tmp_path / "shop.book"
    with rapport.Engine.open(path) as engine:
        engine.append([ORDER, dict(ORDER, id="o-2")])
        told = subprocess.run([sys.executable, "-c", DUCKDB, str(path)], capture_output=True, text=True)
        assert told.stdout.strip() == "(2, 39600)", told.stderr
        engine.append([dict(ORDER, id="o-3")])


def test_a_simulated_book_is_the_same_for_the_same_seed():
    events, truth = rapport.simulate(seed=3, customers=30, years=1)
    assert (events, truth) == rapport.simulate(seed=3, customers=30, years=1)
    assert events != rapport.simulate(seed=4, customers=30, years=1)[0]
    with rapport.Engine.open() as engine:
        assert engine.append(events).accepted == len(events.splitlines())


def test_go_live_counts_what_is_past_and_issues_what_is_owed(office):
    office.append([{"specversion": "1.0", "id": "live", "source": "setup", "type": "book.configured", "time": "2026-02-28T00:00:00+09:00",
                    "data": {"go_live": "2026-03-02"}}])
    tick = office.tick("2026-03-02T08:00:00+09:00")
    assert sum(tick.backlog.values()) > 0
    rules = {event["data"]["rule"] for event in tick.events if event["type"] == "followup.issued"}
    assert rules & {"open-worry", "promise-due"}


def test_facts_keep_their_old_values_with_source_and_date():
    def fact(id, time, value, source):
        return {"specversion": "1.0", "id": id, "source": "crm", "type": "fact.learned", "subject": "c-1", "time": time,
                "data": {"facet": "hobby", "value": value, "learned_from": source}}
    with rapport.Engine.open() as engine:
        engine.append([fact("1", "2025-06-03T10:00:00+09:00", "golf", "colleague"), fact("2", "2025-11-14T10:00:00+09:00", "fishing", "customer")])
        facts = engine.customer("c-1")["facts"]
        assert [(f["value"], f["learned_from"], f["current"]) for f in facts] == [("golf", "colleague", False), ("fishing", "customer", True)]
        assert [f["value"] for f in engine.customer("c-1", as_of="2025-10-01T00:00:00Z")["facts"]] == ["golf"]


def test_a_sum_over_two_currencies_needs_a_rate_and_names_what_is_missing():
    euro = dict(ORDER, id="o-eur", data={"currency": "EUR", "lines": [{"amount": "10.00"}]})
    setup = {"specversion": "1.0", "id": "s", "source": "setup", "type": "book.configured", "time": "2026-01-01T00:00:00Z", "data": {"reporting_currency": "JPY"}}
    rate = {"specversion": "1.0", "id": "r", "source": "bank", "type": "rate.set", "time": "2026-01-01T00:00:00Z", "data": {"from": "EUR", "to": "JPY", "rate": "161.25"}}
    with rapport.Engine.open() as engine:
        engine.append([setup, ORDER, euro])
        assert engine.customer("c-1")["revenue"]["token"] == "money.no_rate"
        assert "customer c-1" in engine.customer("c-1")["revenue"]["message"] and "EUR to JPY on 2026-03-02" in engine.customer("c-1")["revenue"]["message"]
        engine.append([rate])
        assert engine.customer("c-1")["revenue"] == {"amount": "21412", "currency": "JPY"}   # 1612.5 rounds half to even


def test_profiling_withdrawn_means_no_scores(root):
    orders = [dict(ORDER, id=f"o-{c}-{i}", subject=f"c-{c}", time=f"2026-0{1 + i}-0{1 + c}T10:00:00+09:00") for c in range(6) for i in range(1 + c % 3)]
    no = {"specversion": "1.0", "id": "n", "source": "web", "type": "consent.changed", "subject": "c-2", "time": "2026-04-01T00:00:00Z",
          "data": {"state": "withdrawn", "purpose": "profiling"}}
    with rapport.Engine.open() as engine:
        engine.append(orders + [no])
        engine.fit(as_of="2026-05-01T00:00:00Z")
        scores = engine.signals("2026-05-02T00:00:00Z", columns=["value.probability_alive", "purchase.count"]).to_pylist()
        assert [row["value.probability_alive"] is None for row in scores] == [False, False, True, False, False, False]
        assert scores[2]["purchase.count"] == 3
