"""The brief, adherence, the report and letters: what the faces give, and the slope computed once more by numpy."""

import json
import math

import numpy
import pytest

import rapport

MONDAY = "2026-03-02T00:00:00+09:00"
LANGUAGES = ("en", "ja", "ko", "zh")


def failing(call, *arguments, **named):
    with pytest.raises(rapport.Error) as refused:
        call(*arguments, **named)
    return refused.value.token


def event(kind, identity, subject, time, **data):
    said = {"specversion": "1.0", "id": identity, "source": "t", "type": kind, "time": time, "data": data}
    return said | ({"subject": subject} if subject else {})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_brief_of_the_office(office, root, lang):
    office.fit("all", MONDAY)
    brief = office.brief("Fukuoka", "2026-03-02", lang=lang)
    assert brief["text"] == (root / f"examples/office/brief.{lang}.txt").read_text(encoding="utf-8")
    assert brief["text"] == office.brief_text("Fukuoka", "2026-03-02", lang=lang)
    said = [line["text"] for section in brief["sections"] for line in section["lines"]]
    assert all(line in brief["text"] for line in said)


def test_the_numbers_of_a_brief_are_those_of_its_sentences(office):
    office.fit("all", MONDAY)
    brief = office.brief("Fukuoka", "2026-03-02")
    weeks = {week["monday"]: (week["visits_planned"], week["visits_done"]) for week in brief["facts"]["weeks"]}
    assert weeks == {"2026-02-16": (8, 7), "2026-02-23": (8, 4)}
    assert brief["facts"]["goals"] == 5 and brief["facts"]["goals_met"] == 2
    stored = {(line["source"], line["id"]) for line in map(json.loads, office.export().splitlines())}
    for section in brief["sections"]:
        for line in section["lines"]:
            assert line["events"] and all((cited["source"], cited["id"]) in stored for cited in line["events"]), line


def test_a_brief_knows_what_was_known(office):
    office.fit("all", MONDAY)
    before = office.brief("Fukuoka", "2026-03-02")
    office.append([event("worry.raised", "late", "c-sakura-laundry", "2026-02-26T10:00:00+09:00", worry="late", product="filter", topic="smell after filter change")
                   | {"recordedtime": "2026-03-02T06:00:00+09:00"}])
    assert office.brief("Fukuoka", "2026-03-02") == before
    later = office.brief_text("Fukuoka", "2026-03-02", as_of="2026-03-02T07:00:00+09:00")
    assert "Sakura Laundry" in later
    assert failing(office.brief, "Kyoto", "2026-03-02") == "brief.unknown"
    assert failing(office.brief, "Fukuoka", "2 March") == "time.invalid_day"


def slope_of(planned, done):
    """Weighted least squares through numpy's own solver, and the trend test from its textbook form."""
    weeks, n, d = (numpy.array(x, dtype=float) for x in (range(len(planned)), planned, done))
    used = n > 0
    weeks, n, d = weeks[used], n[used], d[used]
    line = numpy.polyfit(weeks, d / n, 1, w=numpy.sqrt(n))
    share = d.sum() / n.sum()
    scatter = (n * (d / n - numpy.polyval(line, weeks)) ** 2).sum() / (share * (1 - share)) / (len(weeks) - 2)
    mean = (n * weeks).sum() / n.sum()
    z = ((d - n * share) * (weeks - mean)).sum() / math.sqrt(share * (1 - share) * (n * (weeks - mean) ** 2).sum())
    return line[0], z / math.sqrt(max(1, scatter))


def test_slopes_are_those_of_numpy():
    chance = numpy.random.default_rng(8)
    told = 0
    for case in range(60):
        weeks = int(chance.integers(4, 12))
        planned = chance.integers(0, 9, weeks)
        share = numpy.linspace(chance.uniform(0.5, 1), chance.uniform(0, 1), weeks)
        done = chance.binomial(planned, share)
        events = [event("rep.upserted", "r", None, "2025-01-01T00:00:00Z", rep="r", zone="UTC", team="T"), event("book.configured", "b", None, "2025-01-01T00:00:00Z", zone="UTC")]
        for week in range(weeks):
            for visit in range(planned[week]):
                day = numpy.datetime64("2026-03-02") - 7 * (weeks - week) + visit % 5
                customer, at = f"c{visit}", f"{day}T10:00:00Z"
                events.append(event("appointment.made", f"a{week}/{visit}", customer, "2025-06-01T00:00:00Z", appointment=f"a{week}/{visit}", start=at, rep="r"))
                if visit < done[week]:
                    events.append(event("touch", f"t{week}/{visit}", customer, at, channel="visit", direction="outbound", rep="r", disposition="absent"))
        with rapport.Engine.open() as engine:
            engine.append(events)
            rows = [row for row in engine.adherence("2026-03-02T08:00:00Z", weeks=weeks).to_pylist() if row["rep"] == "r"]
        if not rows:
            assert planned.sum() == 0
            continue
        assert [row["planned"] for row in rows] == list(planned) and [row["done"] for row in rows] == list(done)
        enough = (planned > 0).sum() >= 4 and planned.sum() >= 12 and 0 < done.sum() < planned.sum()
        assert all((row["slope"] is not None) == enough for row in rows)
        if not enough:
            continue
        slope, z = slope_of(planned, done)
        assert rows[-1]["slope"] == pytest.approx(slope, abs=1e-9)
        assert (rows[-1]["sentence"] is not None) == (z < -1.959963984540054)
        told += rows[-1]["sentence"] is not None
    assert told >= 5


def test_adherence_of_some(office):
    rows = office.adherence(MONDAY, weeks=2, reps=["r-park"]).to_pylist()
    assert {row["rep"] for row in rows} == {None, "r-park"}
    assert failing(office.adherence, MONDAY, weeks=0) == "adherence.invalid_weeks"
    assert failing(office.adherence, MONDAY, weeks=-(1 << 40)) == "adherence.invalid_weeks"
    assert failing(office.adherence, MONDAY, weeks=1 << 40) == "adherence.invalid_weeks"
    assert failing(office.adherence, MONDAY, reps=["nobody"]) == "rep.unknown"


def test_the_report_of_the_office(office, root):
    office.fit("all", MONDAY)
    report = office.report(MONDAY)
    assert report["text"] == (root / "examples/office/report.en.txt").read_text(encoding="utf-8") == office.report_text(MONDAY)
    facts = report["facts"]
    assert 0 <= facts["revisits"][0] <= facts["visits"][0] and facts["promises_exceeded"][0] <= facts["promises_kept"][0] <= facts["promises_judged"][0]
    assert facts["customers"] == 40 and facts["without_date"] == 0
    held = [row for row in office.decide(MONDAY).to_pylist() if row["status"] == "held"]
    assert sum(one["count"] for one in facts["held"]) == len(held) > 0
    for lang in LANGUAGES:
        assert office.report(MONDAY, lang=lang)["facts"] == facts


def test_a_letter_from_the_owner(office, root):
    policy = json.loads((root / "policies/letters.json").read_text(encoding="utf-8"))
    office.tick("2026-03-09T08:00:00+09:00", policy=policy)
    now = "2026-03-09T10:00:00+09:00"
    rows = office.letters(now).to_pylist()
    assert rows and {row["state"] for row in rows} <= {"waits_for_owner", "held"}
    first = next(row for row in rows if row["state"] == "waits_for_owner")
    other = next(rep for rep in ("r-sato", "r-park", "r-lee") if rep != first["owner"])
    assert failing(office.approve, first["followup_id"], first["owner"], now) == "letter.no_personal_line"
    assert failing(office.approve, first["followup_id"], other, now, line="Hello") == "letter.not_owner"
    assert office.hand_over(first["followup_id"], now).reasons == ["approval"]
    assert office.approve(first["followup_id"], first["owner"], now, line="How is the new roaster?")
    row = next(row for row in office.letters(now).to_pylist() if row["followup_id"] == first["followup_id"])
    assert row["state"] == "ready" and row["line"] == "How is the new roaster?" and row["sender_name"]
    assert office.hand_over(first["followup_id"], now).allowed
    office.erase(first["customer"], "2026-03-10T10:00:00+09:00")
    assert "How is the new roaster?" not in office.export(), "the line is the customer's text"
