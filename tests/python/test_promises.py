"""What became of promises: the stand-alone judge, the table, the signals, and the command's worth of faces."""

import datetime
import random
import zoneinfo

import pytest

import rapport

TEN = dict(promised_quantity=10, due="2026-01-11", zone="Asia/Tokyo")


def judged(*deliveries, **more):
    answer = rapport.judge_promise(deliveries=[{"at": at, "quantity": quantity} for at, quantity in deliveries], **{**TEN, **more})
    return answer["outcome"], answer["margin_days"], answer["margin_quantity"]


def test_ten_by_the_eleventh():
    assert judged(("2026-01-10T15:00:00+09:00", 11)) == ("exceeded", 1, 1)
    assert judged(("2026-01-11T23:59:59+09:00", 9)) == ("short", 0, -1)
    assert judged(("2026-01-12T00:00:00+09:00", 10)) == ("late", -1, 0)
    assert judged(("2026-01-11T15:00:00Z", 10)) == ("late", -1, 0), "the same instant, another offset"
    assert judged(("2026-01-12T09:00:00+09:00", 1), ("2026-01-09T09:00:00+09:00", 5)) == ("short_and_late", -1, -4), "in any order"
    assert judged(as_of="2026-01-11T23:00:00+09:00") == ("due_soon", None, -10)
    assert judged() == ("overdue", None, -10)
    assert judged(("2026-01-05T09:00:00+09:00", None), promised_quantity=None) == ("exceeded", 6, None)
    assert judged(due=None, as_of="2026-01-11T23:00:00+09:00") == ("pending", None, -10)


def test_days_times_and_numbers_as_python_has_them():
    tokyo = zoneinfo.ZoneInfo("Asia/Tokyo")
    answer = rapport.judge_promise(10, datetime.date(2026, 1, 14), [{"at": datetime.datetime(2026, 1, 9, 9, tzinfo=tokyo), "quantity": 10.0}], "Asia/Tokyo",
                                   as_of=datetime.datetime(2026, 2, 1, tzinfo=tokyo), made="2026-01-02T00:00:00+09:00", week={"mon": [("09:00", "17:00")]})
    assert answer == {"outcome": "exceeded", "margin_days": 5, "margin_working_days": 1, "margin_quantity": 0, "delivered_quantity": 10,
                      "fulfilled_on": "2026-01-09", "deliveries_before_promise": 0}
    office = rapport.WorkingCalendar("Asia/Tokyo", closed=["2026-01-12"])
    assert rapport.judge_promise(1, "2026-01-14", [{"at": "2026-01-09T09:00:00+09:00", "quantity": 1}], "Asia/Tokyo", week=office)["margin_working_days"] == 2


def test_a_delivery_before_its_promise_counts_for_nothing():
    answer = rapport.judge_promise(10, "2026-01-11", [{"at": "2026-01-01T00:00:00Z", "quantity": 10}], "UTC", made="2026-01-02T00:00:00Z")
    assert (answer["outcome"], answer["deliveries_before_promise"]) == ("overdue", 1)


@pytest.mark.parametrize("change, token, said", [
    ({"promised_quantity": 0}, "promise.invalid_value", "promised_quantity: found 0"),
    ({"promised_quantity": float("inf")}, "promise.wrong_type", "promised_quantity"),
    ({"promised_quantity": "ten"}, "promise.wrong_type", "promised_quantity"),
    ({"due": "2026-02-30"}, "time.invalid_day", "due: "),
    ({"zone": "Asia/Nowhere"}, "zone.unknown", "Asia/Nowhere"),
    ({"as_of": "2026-01-11"}, "time.invalid", "as_of: "),
    ({"deliveries": [{"at": "2026-01-10T00:00:00Z"}, {"quantity": 3}]}, "promise.missing_key", "deliveries[1].at"),
    ({"deliveries": [{"at": "2026-01-10T00:00:00Z", "quantity": -1}]}, "promise.invalid_value", "deliveries[0].quantity: found -1"),
    ({"deliveries": [{"at": "2026-01-10T00:00:00Z", "quantity": float("nan")}]}, "promise.wrong_type", "deliveries[0].quantity"),
    ({"deliveries": [{"at": "yesterday", "quantity": 1}]}, "time.invalid", "deliveries[0].at"),
    ({"deliveries": [{"at": "2026-01-10T00:00:00Z", "amount": 1}]}, "promise.unknown_key", 'deliveries[0]: unknown key "amount"'),
    ({"week": {"mon": [("17:00", "09:00")]}}, "calendar.invalid", "mon"),
])
def test_errors_name_the_field(change, token, said):
    with pytest.raises(rapport.Error) as failure:
        rapport.judge_promise(**{**TEN, "deliveries": [], **change})
    assert failure.value.token == token
    assert said in str(failure.value)


def event(id, type, time, data, subject="c-1"):
    return {"specversion": "1.0", "id": id, "source": "t", "type": type, "subject": subject, "time": time, "data": data}


def test_table_tells_a_row_a_word():
    with rapport.Engine.open() as engine:
        engine.append([
            event("c", "customer.upserted", "2026-01-01T00:00:00+09:00", {"kind": "organisation", "zone": "Asia/Tokyo"}),
            event("e", "promise.delivered", "2026-01-01T09:00:00+09:00", {"promise": "p", "quantity": 3}),
            event("m", "promise.made", "2026-01-02T09:00:00+09:00", {"promise": "p", "quantity": 10, "unit": "filters", "due": "2026-01-11", "rep": "r-1",
                                                                     "product": "f-9", "dimension": "outcome", "work_minutes": 90}),
            event("g", "promise.progressed", "2026-01-05T09:00:00+09:00", {"promise": "p", "ready": 4, "work_minutes": 40}),
            event("u", "promise.delivered", "2026-01-06T09:00:00+09:00", {"promise": "p", "quantity": 10, "unit": "boxes"}),
            event("a", "promise.revised", "2026-01-07T09:00:00+09:00", {"promise": "p", "due": "2026-01-30", "agreed": False}),
            event("r", "promise.revised", "2026-01-12T09:00:00+09:00", {"promise": "p", "due": "2026-01-20"}),
            event("d", "promise.delivered", "2026-01-20T09:00:00+09:00", {"promise": "p"}),
            event("h", "promise.made", "2026-01-03T09:00:00+09:00", {"promise": "h", "due": "2026-01-05", "by": "customer"}),
        ])
        table = engine.promises("2026-02-01T00:00:00+09:00")
        first, second, homework = table.to_pylist()
        assert (first["promise"], first["word"], first["current"], first["outcome"], first["due"]) == ("p", 1, False, "overdue", datetime.date(2026, 1, 11))
        assert (second["word"], second["current"], second["outcome"], second["margin_days"], second["margin_quantity"]) == (2, True, "kept", 0, 0)
        assert first["announced_due"] == datetime.date(2026, 1, 30)
        assert (second["product"], second["dimension"], second["unit"], second["work_left"]) == ("f-9", "outcome", "filters", 40)
        assert (second["deliveries"], second["deliveries_before_promise"], second["deliveries_in_other_unit"]) == (1, 1, 1)
        assert (homework["by"], homework["outcome"]) == ("customer", "overdue")
        assert engine.promises("2026-01-08T00:00:00+09:00", ["c-1"]).column("outcome").to_pylist() == ["due_soon", "overdue"]
        assert engine.promises("2026-01-02T00:00:00+09:00").num_rows == 0
        with pytest.raises(rapport.Error) as failure:
            engine.promises("2026-02-01T00:00:00+09:00", ["nobody"])
        assert failure.value.token == "customer.unknown"
        told = engine.customer("c-1")["promises"]
        assert [promise["outcome"] for promise in told] == ["kept", "overdue"]
        assert [word["outcome"] for word in told[0]["words"]] == ["overdue", "kept"]


def test_a_quantity_of_work_below_nothing_is_refused():
    with rapport.Engine.open() as engine:
        with pytest.raises(rapport.Error) as failure:
            engine.append([event("m", "promise.made", "2026-01-02T09:00:00+09:00", {"work_minutes": -1})])
        assert "field work_minutes: found -1" in str(failure.value)


def test_table_agrees_with_the_judge_that_stands_alone():
    draw = random.Random(11)
    events = []
    for n in range(200):
        due = datetime.date(2026, 1, 1) + datetime.timedelta(days=draw.randint(3, 30))
        events.append(event(f"m{n}", "promise.made", "2026-01-01T09:00:00Z", {"promise": f"p{n:03}", "quantity": draw.randint(1, 9), "due": due.isoformat()}))
        for k in range(draw.randint(0, 3)):
            at = datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone.utc) + datetime.timedelta(hours=draw.randint(0, 900))
            events.append(event(f"d{n}-{k}", "promise.delivered", at.isoformat(), {"promise": f"p{n:03}", "quantity": draw.randint(0, 6)}))
    as_of = "2026-01-25T12:00:00Z"
    with rapport.Engine.open() as engine:
        engine.append(events)
        rows = engine.promises(as_of).to_pylist()
    assert len(rows) == 200
    for row in rows:
        deliveries = [{"at": e["time"], "quantity": e["data"]["quantity"]} for e in events
                      if e["type"] == "promise.delivered" and e["data"]["promise"] == row["promise"]]
        alone = rapport.judge_promise(row["quantity"], row["due"], deliveries, "UTC", as_of=as_of)
        for name in ("outcome", "margin_days", "margin_working_days", "margin_quantity", "delivered_quantity"):
            assert row[name] == alone[name], (row, name)
