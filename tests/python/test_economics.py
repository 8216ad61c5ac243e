"""What customers, reps and care are worth in money: the four tables, their questions, and what is refused."""

import datetime

import pytest

import rapport

AT = "2026-03-01T00:00:00Z"


def event(id, type, time, data, subject="c"):
    told = {"specversion": "1.0", "id": id, "source": "t", "type": type, "time": time, "data": data}
    return told | ({"subject": subject} if subject else {})


def order(id, time, amount, margin, subject="c", rep="r-1"):
    return event(id, "purchase.placed", time, {"order": id, "currency": "EUR", "rep": rep, "lines": [{"amount": amount, "margin": margin}]}, subject)


@pytest.fixture
def book():
    with rapport.Engine.open() as engine:
        engine.append([
            event("b", "book.configured", "2025-01-01T00:00:00Z", {"reporting_currency": "EUR", "economics": {"commission": {"share": "0.1", "clawback_days": 30}}}, None),
            event("t1", "touch", "2026-01-02T09:00:00Z", {"channel": "visit", "direction": "outbound", "minutes": 90}),
            order("o1", "2026-01-05T09:00:00Z", "300.00", "90.00"),
            event("t2", "touch", "2026-01-20T09:00:00Z", {"channel": "call", "direction": "outbound", "disposition": "reached"}),
            order("o2", "2026-01-25T09:00:00Z", "200.00", "50.00", rep="r-2"),
            event("x", "purchase.returned", "2026-02-10T09:00:00Z", {"order": "o2", "currency": "EUR", "amount": "80.00"}),
            event("m", "referral.made", "2026-02-01T09:00:00Z", {"referred": "d"}),
            order("o3", "2026-02-05T09:00:00Z", "100.00", "40.00", "d"),
            event("k", "contract.started", "2026-01-01T09:00:00Z", {"currency": "EUR", "value": "1200.00", "ends": "2026-05-31"}),
        ])
        yield engine


def test_economics_by_origin(book):
    new, repeat, referral = book.economics_by_origin(AT).to_pylist()
    assert (new["orders"], new["revenue"], new["margin"], new["minutes"], new["margin_per_minute"]) == (1, 300, 90, 90, 1)
    assert (repeat["revenue"], repeat["margin"], repeat["minutes"], repeat["minutes_assumed"]) == (120, 30, 10, 10)
    assert (referral["customers"], referral["margin"], referral["minutes"], referral["margin_per_minute"]) == (1, 40, 0, None)
    assert repeat["sentence"] == "A repeat order brought 3 times the margin a minute of a new one."
    assert book.economics_by_origin(AT, since=datetime.date(2026, 1, 20))["orders"].to_pylist() == [0, 1, 1]
    assert book.economics_by_origin("2026-01-10T00:00:00Z")["orders"].to_pylist() == [1, 0, 0]
    assert "倍" in book.economics_by_origin(AT, lang="ja").to_pylist()[1]["sentence"]


def test_commission(book):
    rows = {(row["rep"], row["month"].isoformat()): row for row in book.commission(AT).to_pylist()}
    assert sorted(rows) == [("r-1", "2026-01-01"), ("r-1", "2026-02-01"), ("r-2", "2026-01-01"), ("r-2", "2026-02-01")]
    assert (rows["r-2", "2026-01-01"]["earned"], rows["r-2", "2026-02-01"]["taken_back"], rows["r-2", "2026-02-01"]["kept"]) == (20, 8, -8)
    assert rows["r-1", "2026-02-01"]["at_risk"] == 10
    assert rows["r-1", "2026-01-01"]["at_risk"] == 0
    assert book.commission(AT, reps=["r-2"]).num_rows == 2
    nobody = book.commission(AT, reps=[])
    assert nobody.num_rows == 0 and nobody.schema.equals(book.commission(AT).schema)
    assert book.commission(AT, reps=iter(["r-2"])).num_rows == 2


def test_one_id_is_not_a_list_of_letters(book):
    for ask, name in ((lambda: book.commission(AT, reps="r-1"), "reps"), (lambda: book.commission(AT, reps=5), "reps"), (lambda: book.worth_of_care(AT, "c"), "customers"),
                      (lambda: book.plan("2026-03-02", reps="r-1"), "reps"), (lambda: book.adherence(AT, reps="r-1"), "reps")):
        with pytest.raises(rapport.Error, match=f"^{name}: found .*, expected a list of ids$"):
            ask()


def test_recurring_base(book):
    rows = book.recurring_base(AT, months=12).to_pylist()
    months = {row["month"].isoformat(): row for row in rows if row["span"] == "month"}
    assert (months["2026-01-01"]["contracts"], months["2026-01-01"]["repeat_actual"], months["2026-01-01"]["base"]) == (100, 120, 220)
    assert (months["2026-06-01"]["contracts"], months["2026-06-01"]["renewal_at_risk"]) == (0, 100)
    past, ahead = [row for row in rows if row["span"] == "year"]
    assert (past["base"], ahead["contracts"], ahead["renewal_at_risk"]) == (320, 300, 900)
    assert ahead["repeat_expected"] is None
    for months in (0, 121, -1):
        with pytest.raises(rapport.Error) as failure:
            book.recurring_base(AT, months=months)
        assert failure.value.token == "economics.invalid_months"


def test_worth_of_care(book):
    with pytest.raises(rapport.Error) as failure:
        book.worth_of_care(AT)
    assert failure.value.token == "economics.not_fitted"
    assert book.fit("care_worth", as_of=AT)["appended"]
    rows = {row["customer"]: row for row in book.worth_of_care(AT).to_pylist()}
    assert rows["d"]["margin_at_risk"] == 40
    assert book.worth_of_care(AT, ["c"]).num_rows == 1
    signals = book.signals(AT, customers=["d"], columns=["value.worth_of_care"]).to_pylist()
    assert signals[0]["value.worth_of_care"] == rows["d"]["worth"]
    with pytest.raises(rapport.Error) as failure:
        book.worth_of_care(AT, ["nobody"])
    assert failure.value.token == "customer.unknown"


def test_what_a_book_does_not_say():
    with rapport.Engine.open() as engine:
        for ask, token in ((engine.commission, "economics.no_commission"), (engine.economics_by_origin, "money.no_reporting_currency"),
                           (engine.recurring_base, "money.no_reporting_currency")):
            with pytest.raises(rapport.Error) as failure:
                ask(AT)
            assert failure.value.token == token
        with pytest.raises(rapport.Error) as failure:
            engine.append([event("b", "book.configured", "2025-01-01T00:00:00Z", {"economics": {"clv": {"margin_share": 2}}}, None)])
        assert failure.value.token == "economics.invalid_terms"
        assert "economics.clv.margin_share" in str(failure.value)
