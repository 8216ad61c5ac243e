"""Who knows whom, how well, who worries, who brought whom, what deals were worth: the tables, and when they were known."""

import datetime

import pytest

import rapport

AT = "2026-02-01T00:00:00Z"


def event(id, type, time, data, subject="a", known=None):
    told = {"specversion": "1.0", "id": id, "source": "t", "type": type, "time": time, "data": data}
    return told | ({"subject": subject} if subject else {}) | ({"recordedtime": known} if known else {})


def visit(id, time, rep="r-1", known=None, subject="a"):
    return event(id, "touch", time, {"channel": "visit", "direction": "outbound", "rep": rep, "contact": "p-1", "disposition": "reached"}, subject, known)


@pytest.fixture
def book():
    with rapport.Engine.open() as engine:
        engine.append([
            event("c", "customer.upserted", "2026-01-01T09:00:00Z", {"kind": "organisation", "owner": "r-1", "contact_ideal_days": 10, "contact_latest_days": 20}),
            event("k", "contact.upserted", "2026-01-01T09:00:00Z", {"contact": "p-1", "name": "Ann Mori"}),
            event("r", "rep.upserted", "2026-01-01T09:00:00Z", {"rep": "r-2", "name": "Bo Lee", "team": "Service"}, subject=None),
            event("o", "opportunity.opened", "2026-01-03T09:00:00Z", {"opportunity": "d", "products": ["filter"], "currency": "EUR", "value": "900.00"}),
            visit("t1", "2026-01-12T09:00:00Z"),
            visit("t2", "2026-01-19T09:00:00Z"),
            visit("t3", "2026-01-20T09:00:00Z", rep="r-2", known="2026-01-25T09:00:00Z"),
            event("w", "opportunity.won", "2026-01-20T10:00:00Z", {"opportunity": "d"}),
            event("l", "lesson.recorded", "2026-01-21T09:00:00Z", {"lesson": "ask-first"}),
            event("f", "worry.raised", "2026-01-21T09:00:00Z", {"worry": "w-1", "product": "filter", "topic": "smell"}),
            event("g", "worry.resolved", "2026-01-23T09:00:00Z", {"worry": "w-1", "remedy": "flush"}),
            event("h", "referral.made", "2026-01-24T09:00:00Z", {"referred": "b"}),
            event("b", "customer.upserted", "2026-01-24T10:00:00Z", {"kind": "person"}, subject="b"),
        ])
        yield engine


def test_who_knows(book):
    first, second = book.who_knows("a", AT).to_pylist()
    assert (first["rep"], first["owner"], first["sender"], first["touches"], first["contacts"]) == ("r-1", True, True, 2, "Ann Mori")
    assert (second["rep_name"], second["owner"], second["sender"], second["last_channel"]) == ("Bo Lee", False, False, "visit")
    assert second["sentence"] == "Bo Lee (Service) knows them too; last in contact on Tue 20 Jan"
    assert first["warmth"] > second["warmth"] > 0
    assert book.who_knows("a", AT, known_at="2026-01-22T00:00:00Z").num_rows == 1, "r-2's visit was told later"
    assert book.who_knows("b", AT).num_rows == 0
    for lang in ("ja", "ko", "zh"):
        assert "Bo Lee" in book.who_knows("a", AT, lang=lang).to_pylist()[1]["sentence"]
    with pytest.raises(rapport.Error) as failure:
        book.who_knows("nobody", AT)
    assert failure.value.token == "customer.unknown"


def test_relationships_are_the_signals_told(book):
    stands, new = book.relationships(AT).to_pylist()
    signals = book.signals(AT, ["a"]).to_pylist()[0]
    for name in ("trust", "rung", "falls_on", "days_to_fall", "health", "band", "trend", "people", "sender"):
        assert stands[name] == signals["relationship." + name], name
    assert stands["last_care_at"] == signals["touch.last_care_at"]
    assert (stands["due"], stands["ideal_days"], stands["latest_days"]) == ("due", 10, 20)
    assert stands["falls_on"] > datetime.date(2026, 2, 1)
    assert stands["reasons_for"] or stands["reasons_against"]
    assert (new["customer"], new["rung"], new["falls_on"], new["due"]) == ("b", "none", None, None)
    assert new["sentence"] == "no personal contact with us is noted yet"
    assert book.relationships("2026-01-25T00:00:00Z", ["a"]).to_pylist()[0]["due"] == "fine"
    assert book.relationships("2026-03-01T00:00:00Z", ["a"]).to_pylist()[0]["due"] == "overdue"
    book.append([event("x", "consent.changed", "2026-01-30T09:00:00Z", {"state": "withdrawn", "purpose": "profiling"})])
    unranked = book.relationships(AT, ["a"]).to_pylist()[0]
    assert [unranked[name] for name in ("trust", "rung", "health", "sentence")] == [None] * 4
    assert book.deals(AT).num_rows == 0


def test_worries_and_referrals_come_from_their_models(book):
    for ask in (book.worries, book.referrals):
        with pytest.raises(rapport.Error) as failure:
            ask(AT)
        assert failure.value.token == "relationship.not_fitted"
    fitted = book.fit("all", as_of=AT)
    assert list(fitted) == ["large_accounts", "promise_keeping", "worries", "referrals", "bg_nbd", "repeat", "gamma_gamma", "care_worth"]
    assert fitted["worries"]["appended"] and fitted["referrals"]["appended"]
    assert fitted["bg_nbd"]["token"] == "value.too_few_customers"
    assert not book.fit("all", as_of=AT)["worries"]["appended"], "the same again is recorded once"
    worry, = book.worries(AT).to_pylist()
    assert (worry["product"], worry["topic"], worry["raised"], worry["open"], worry["median_days"]) == ("filter", "smell", 1, 0, 2)
    assert (worry["best_remedy"], worry["tried"], worry["cured"], worry["heard_first"]) == ("flush", 1, 1, 1)
    brought = {row["customer"]: row for row in book.referrals(AT).to_pylist()}
    assert (brought["a"]["depth"], brought["a"]["brought_directly"], brought["a"]["brought"]) == (0, 1, 1)
    assert (brought["b"]["brought_by"], brought["b"]["depth"]) == ("a", 1)
    assert book.referrals(AT, ["b"]).num_rows == 1


def test_a_line_of_referrals_has_its_depths():
    with rapport.Engine.open() as engine:
        engine.append([event(f"r{n}", "referral.made", "2026-01-02T00:00:00Z", {"referred": f"c{n + 1:03}"}, f"c{n:03}") for n in range(300)])
        engine.append([event("again", "referral.made", "2026-01-03T00:00:00Z", {"referred": "c005"}, "z")])
        engine.fit("referrals", as_of=AT)
        rows = engine.referrals(AT).to_pylist()
    line = [row for row in rows if row["refused"] is None]
    assert [row["depth"] for row in line] == list(range(301))
    refused, = [row for row in rows if row["refused"] is not None]
    assert (refused["customer"], refused["referred"], refused["refused"]) == ("z", "c005", "not_first")


def test_deals(book):
    deal, = book.deals(AT).to_pylist()
    assert (deal["won"], deal["value"], deal["currency"], deal["income"]) == (True, 900, "EUR", True)
    assert (deal["rung_before"], deal["rung_after"], deal["verdict"], deal["lesson"]) == ("none", "recognised", "full", "ask-first")
    assert deal["sentence"] == "sold, and the relationship held: no relationship before, recognised after; a lesson was noted"
    late = book.deals("2027-01-01T00:00:00Z").to_pylist()[0]
    assert (late["rung_after"], late["verdict"]) == ("recognised", "full"), "looked at 30 days after it closed, not a year"
    assert book.deals("2026-01-15T00:00:00Z").num_rows == 0, "still open"
    told = book.customer("a")["relationship"]
    assert told["rung"] == "recognised" and told["who_knows"][0]["rep"] == "r-1"
