"""Cards and outcomes from Python: read, asked, recorded, taken back; the command does the same."""

import datetime
import json

import pytest

import rapport
from conftest import OFFICE

MONDAY = "2026-03-02T00:00:00+09:00"
NOON = "2026-03-02T12:00:00+09:00"


@pytest.fixture
def monday():
    with rapport.Engine.open() as engine:
        engine.append(OFFICE)
        engine.fit("all", as_of=MONDAY)
        issued = {event["data"]["rule"]: event for event in engine.tick(MONDAY).events if event["type"] == "followup.issued"}
        yield engine, issued


def of(issued, rule):
    return issued[rule]["data"]["followup"]


def touches(engine, customer):
    return engine.customer(customer)["touches"]


def test_a_card_reads_as_its_sections_say(monday):
    engine, issued = monday
    hotel = of(issued, "large-account-not-seen")
    hotel = next(row["followup_id"] for row in engine.plan("2026-03-02", reps=["r-sato"]).to_pylist() if row["customer"] == "c-hotel-kaien")
    card = engine.card(hotel, as_of="2026-03-02T08:00:00+09:00")
    assert card["kind"] == "card" and card["facts"]["followup_id"] == hotel and card["facts"]["ask"] == "decides"
    assert card["text"] == engine.card_text(hotel, as_of="2026-03-02T08:00:00+09:00")
    for section in card["sections"]:
        for line in section["lines"]:
            assert line["text"] in card["text"] and line["followup"] == hotel
    assert engine.card(hotel, as_of=datetime.datetime.fromisoformat("2026-03-02T08:00:00+09:00")) == card
    texts = {lang: engine.card_text(hotel, lang=lang, as_of=NOON) for lang in ("en", "ja", "ko", "zh")}
    assert len(set(texts.values())) == 4
    with pytest.raises(rapport.Error) as failure:
        engine.card("nobody")
    assert failure.value.token == "followup.unknown"
    with pytest.raises(rapport.Error) as failure:
        engine.card(hotel, known_at=NOON)
    assert failure.value.token == "capi.missing_as_of"


def test_what_was_erased_is_on_no_card(monday):
    engine, issued = monday
    hotel = next(row["followup_id"] for row in engine.plan("2026-03-02", reps=["r-sato"]).to_pylist() if row["customer"] == "c-hotel-kaien")
    assert "fishes" in engine.card_text(hotel)
    engine.erase("c-hotel-kaien", NOON)
    for private in ("fishes", "water report", "Kaien", "Baba"):
        assert private not in engine.card_text(hotel)


def test_record_and_undo(monday):
    engine, issued = monday
    worry = issued["open-worry"]
    followup, customer = worry["data"]["followup"], worry["subject"]
    before = engine.customer(customer)
    answers = {"reached": "reached", "goal": True, "worry": "Ms Oda flushed it herself", "fact": {"facet": "hobby", "value": "sings"}, "minutes": 12,
               "promise": {"what": "new filters", "due": "2026-03-06"}, "next": "2026-03-12"}
    receipt = engine.record(followup, answers, NOON, "r-sato")
    assert receipt["appended"] == 6 and receipt["closed"] and receipt["by"] == "r-sato"
    assert sorted(event["type"] for event in receipt["events"]) == [
        "appointment.made", "fact.learned", "followup.done", "promise.made", "touch", "worry.resolved"]
    exported = [json.loads(line) for line in engine.export(None).splitlines()]
    stored = {event["id"]: event for event in exported if event["source"] == "rapport"}
    touch = next(stored[event["id"]] for event in receipt["events"] if event["type"] == "touch")
    assert touch["data"]["followup"] == followup and touch["data"]["objective_met"] is True and touch["data"]["minutes"] == 12
    resolved = next(stored[event["id"]] for event in receipt["events"] if event["type"] == "worry.resolved")
    assert resolved["data"]["cure"] == "Ms Oda flushed it herself" and "remedy" not in resolved["data"], "a plain text is told to no other customer"
    done = next(stored[event["id"]] for event in receipt["events"] if event["type"] == "followup.done")
    assert done["data"]["objective_met"] is True and done["data"]["rep"] == "r-sato"

    again = engine.record(followup, answers, NOON, "r-sato")
    assert again == receipt | {"appended": 0}
    with pytest.raises(rapport.Error) as failure:
        engine.record(followup, answers | {"goal": False}, NOON, "r-sato")
    assert failure.value.token == "followup.closed"

    assert engine.undo(receipt) == {"followup_id": followup, "recording": receipt["recording"], "state": "open", "appended": 6}
    assert engine.undo(receipt)["appended"] == 0
    after = engine.customer(customer)
    for part in ("touches", "worries", "promises"):
        assert after[part] == before[part]
    assert engine.tick("2026-03-02T18:00:00+09:00").issued == 0


def test_invalid_answers_say_what_was_wrong(monday):
    engine, issued = monday
    followup = of(issued, "open-worry")
    size = len(engine.export(None))
    for answers, question in [({}, "reached"), ({"reached": "reached"}, "goal"), ({"reached": "reached", "goal": True}, "worry"),
                              ({"reached": "absent", "next": "2026-03-01"}, "next"), ({"reached": "absent", "weather": "fine"}, "weather")]:
        with pytest.raises(rapport.Error) as failure:
            engine.record(followup, answers, NOON)
        assert failure.value.token == "outcome.invalid_answer"
        assert question in str(failure.value) and "found" in str(failure.value) and "expected" in str(failure.value)
    assert len(engine.export(None)) == size
    with pytest.raises(rapport.Error) as failure:
        engine.undo({"followup_id": followup, "recording": "elsewhere"})
    assert failure.value.token == "outcome.unknown_receipt"


def test_not_reached_stays_open_and_out_of_todays_way(monday):
    engine, issued = monday
    followup = of(issued, "long-silence")
    receipt = engine.record(followup, {"reached": "call_back", "next": "2026-03-04"}, NOON)
    assert not receipt["closed"]
    held = next(row for row in engine.decide("2026-03-03T00:00:00+09:00").to_pylist() if row["followup_id"] == followup)
    assert (held["status"], held["held_by"]) == ("held", "snoozed")
    engine.undo(receipt, at="2026-03-02T13:00:00+09:00")
    due = next(row for row in engine.decide("2026-03-02T14:00:00+09:00").to_pylist() if row["followup_id"] == followup)
    assert due["held_by"] != "snoozed"


def test_a_book_on_disk_is_undone_by_another_process(tmp_path):
    path = tmp_path / "office.book"
    with rapport.Engine.open(path) as engine:
        engine.append(OFFICE)
        followup = next(event["data"]["followup"] for event in engine.tick(MONDAY).events if event["type"] == "followup.issued")
        receipt = engine.record(followup, {"reached": "absent"}, NOON)
    with rapport.Engine.open(path) as engine:
        assert engine.record(followup, {"reached": "absent"}, NOON) == receipt | {"appended": 0}
        assert engine.undo(json.loads(json.dumps(receipt)))["appended"] == 1
        engine.check()
