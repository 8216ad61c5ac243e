"""Trust in reports: how well invented ones are found, and that honest reps are left in peace; worlds with a known truth are made by report_world.py.

The settings of HELD_OUT were run when the detector's weights were fixed, not before; plain_world was looked at with other seeds before the last of them.
"""

import datetime
import json
import random

import numpy
import pyarrow
import pytest

import rapport
from report_world import WAYS, area, plain_world, world

UTC = datetime.timezone.utc
HELD_OUT = {
    "a small force": dict(seed=17001, reps=85, days=38, share=0.01, entry={"at_once": 0.3, "evening": 0.5, "morning": 0.2}),
    "by the quarter": dict(seed=17002, reps=95, days=36, grid={1: 0.3, 5: 0.3, 10: 0.2, 15: 0.2}, radius=(1, 8), speed=(12, 30)),
    "long roads": dict(seed=17003, reps=95, days=42, radius=(40, 120), speed=(50, 90), a_day=(2, 5), noise_metres=60, wrong_fix=0.005),
    "everything made up": dict(seed=17004, reps=150, days=30, of_a_rep=(0.8, 1.0), notes={"own": 0.5, "short": 0.5}),
    "three in a hundred": dict(seed=17005, reps=110, days=40, share=0.03, of_a_rep=(0.15, 0.5), outcome=(0.3, 0.8)),
}


def judged(reports, truth):
    """Scores, and the reps without an invented report that were flagged."""
    table = rapport.score_reports(reports)
    scores, invented = table["score"].to_numpy(), numpy.array([way is not None for way in truth])
    inventing = {report["rep"] for report, way in zip(reports, truth) if way}
    flagged = {row["rep"] for row in table.select(["rep", "flagged"]).to_pylist() if row["flagged"]}
    honest = {report["rep"] for report in reports} - inventing
    return scores, invented, flagged & honest, honest, flagged & inventing


def test_invented_reports_are_found_in_worlds_the_detector_was_not_built_on():
    areas, wrongly, honest_reps, rightly = [], 0, 0, 0
    for name, settings in HELD_OUT.items():
        scores, invented, flagged, honest, found = judged(*world(**settings))
        assert 0.005 < invented.mean() < 0.06, name
        areas.append(area(scores, invented))
        wrongly, honest_reps, rightly = wrongly + len(flagged), honest_reps + len(honest), rightly + len(found)
        assert areas[-1] >= 0.93, (name, areas[-1])
    assert numpy.mean(areas) >= 0.95, areas
    assert wrongly < 0.01 * honest_reps, (wrongly, honest_reps)
    assert rightly > 5, "somebody who makes reports up is found"


@pytest.mark.parametrize("settings", [dict(seed=131), dict(seed=132, added=False), dict(seed=133, reps=120, reports=150, inventing=5, zone_hours=9)])
def test_another_world_written_apart(settings):
    scores, invented, flagged, honest, _ = judged(*plain_world(**settings))
    assert area(scores, invented) >= 0.95
    assert len(flagged) < 0.01 * len(honest)


def test_each_way_of_inventing_is_found():
    by_way = {way: [] for way in WAYS}
    for seed in (18001, 18002):
        reports, truth = world(seed=seed, reps=200, days=30)
        scores = rapport.score_reports(reports)["score"].to_numpy()
        ways = numpy.array([way or "" for way in truth])
        for way in WAYS:
            some = (ways == way) | (ways == "")
            by_way[way].append(area(scores[some], ways[some] == way))
    for way, areas in by_way.items():
        assert numpy.mean(areas) >= 0.93, (way, areas)


@pytest.mark.parametrize("habit", [dict(entry={"evening": 0.05, "at_once": 0.95}), dict(grid={1: 0.95, 15: 0.05}), dict(notes={"own": 0.95, "phrase": 0.05}),
                                   dict(outcome=(0.1, 0.7)), dict(radius=(0.2, 1), noise_metres=150), dict(wrong_fix=0.01)])
def test_an_honest_force_is_left_in_peace(habit):
    flagged = 0
    for seed in (1, 2):
        reports, truth = world(seed=9000 + seed, reps=60, days=30, share=0, **habit)
        assert not any(truth)
        flagged += len({row["rep"] for row in rapport.score_reports(reports).to_pylist() if row["flagged"]})
    assert flagged <= 1, "of 120"


@pytest.mark.parametrize("missing", [("latitude", "longitude", "accuracy_metres"), ("recorded",), ("note",), ("outcome", "disposition"), ("minutes",), ("channel", "customer")])
def test_columns_may_be_absent(missing):
    reports, truth = world(seed=41, reps=30, days=20, columns=missing)
    scores, invented, flagged, _, _ = judged(reports, truth)
    assert not flagged
    assert area(scores, invented) > 0.6
    empty = [dict(report, **{name: None for name in missing}) for report in reports]
    assert rapport.score_reports(empty)["score"].to_pylist() == rapport.score_reports(reports)["score"].to_pylist()


def test_the_order_of_rows_does_not_matter():
    reports, _ = world(seed=51, reps=20, days=15)
    scores = {row["id"]: row for row in rapport.score_reports(reports).to_pylist()}
    random.Random(1).shuffle(reports)
    table = rapport.score_reports(reports)
    assert table["id"].to_pylist() == [report["id"] for report in reports]
    assert {row["id"]: row for row in table.to_pylist()} == scores


def test_every_flag_has_reasons_and_a_sentence_in_four_languages():
    reports, _ = plain_world(seed=3, reps=150, reports=120, inventing=5)
    english = rapport.score_reports(reports).to_pylist()
    flagged = [row for row in english if row["flagged"]]
    assert flagged and all(row["sentence"].startswith("Worth asking about: ") and row["reasons"] for row in flagged)
    assert all(row["flagged"] == (row["score"] >= 0.5) for row in english)
    assert all((row["sentence"] is None) == (row["reasons"] == "") for row in english)
    for lang, ask in (("ja", "確認をおすすめします: "), ("ko", "확인해 볼 만합니다: "), ("zh", "值得问一问：")):
        assert all(row["sentence"].startswith(ask) for row in rapport.score_reports(reports, lang=lang).to_pylist() if row["flagged"])
    reps = rapport.score_reps(reports).to_pylist()
    assert sum(row["flagged_reports"] for row in reps) == len(flagged)
    assert {row["rep"] for row in reps if row["flagged"]} == {row["rep"] for row in flagged}
    assert all(f"{row['flagged_reports']} of {row['reports']} reports" in row["sentence"] for row in reps if row["flagged"])


def test_tables_of_all_kinds_go_in():
    reports, _ = world(seed=61, reps=5, days=4)
    wanted = rapport.score_reports(reports)["score"].to_pylist()
    table = pyarrow.Table.from_pylist(reports)
    assert rapport.score_reports(table)["score"].to_pylist() == wanted
    assert rapport.score_reports(table.to_pandas())["score"].to_pylist() == wanted
    arrays = {name: table[name].to_pylist() for name in ("id", "rep", "customer", "channel", "note", "disposition", "start", "recorded")}
    arrays |= {name: table[name].to_numpy() for name in ("minutes", "latitude", "longitude", "accuracy_metres")}   # NaN is missing there
    arrays["outcome"] = table["outcome"].to_numpy()
    assert rapport.score_reports(arrays)["score"].to_pylist() == wanted
    texts = [dict(row, start=row["start"].isoformat(), recorded=row["recorded"].isoformat()) for row in reports]
    assert rapport.score_reports(texts)["score"].to_pylist() == wanted
    assert rapport.score_reports([]).num_rows == 0
    assert rapport.score_reports([{"id": 1, "rep": 7, "start": "2026-03-02T09:00:00Z"}])["rep"].to_pylist() == ["7"]


def test_what_is_wrong_is_named():
    good = {"id": "a", "rep": "r", "start": "2026-03-02T09:00:00Z", "minutes": 30}
    for change, words in ((dict(start="2026-03-02T09:00:00"), "row 2, field start"), (dict(start=None), "row 2, field start"), (dict(minutes=-5), "row 2, field minutes"),
                          (dict(rep=None), "row 2, field rep"), (dict(latitude=40.0), "longitude"), (dict(colour="red"), "colour"), (dict(outcome="yes"), "field outcome")):
        with pytest.raises(rapport.InvalidArgument, match=words) as error:
            rapport.score_reports([good, dict(good, id="b", **change)])
        assert error.value.token == "trust.invalid_input"
    with pytest.raises(rapport.InvalidArgument, match="row 2, field id") as error:
        rapport.score_reports([good, good])
    assert error.value.token == "trust.duplicate_id"
    with pytest.raises(rapport.InvalidArgument, match="column \"start\""):
        rapport.score_reports([{"id": "a", "rep": "r"}])
    with pytest.raises(rapport.Error) as error:
        rapport.score_reports([good], zone="Mars/Base")
    assert error.value.token == "zone.unknown"


def _touches(reports):
    """The reports as events of a book."""
    for row in reports:
        data = {"channel": row["channel"], "direction": "outbound", "rep": row["rep"], "disposition": row.get("disposition", "reached"), "minutes": int(row["minutes"]),
                "note": row["note"]}
        if row["latitude"] is not None:
            data |= {"latitude": row["latitude"], "longitude": row["longitude"]}
        if row["outcome"]:
            data["objective_met"] = True
        yield json.dumps({"specversion": "1.0", "id": row["id"], "source": "crm", "type": "touch", "subject": row["customer"], "time": row["start"].isoformat(),
                          "recordedtime": row["recorded"].isoformat(), "data": data})


def test_a_books_own_reports_are_scored_like_the_table():
    reports, truth = world(seed=71, reps=25, days=12, ways=("travel", "copied"), share=0.02, of_a_rep=(0.8, 1.0), grid={5: 1.0})
    with rapport.Engine.open() as engine:
        engine.append("\n".join(_touches(reports)))
        of_book = engine.report_trust("2026-12-01T00:00:00Z")
        reps = engine.report_trust("2026-12-01T00:00:00Z", by="rep").to_pylist()
        week = engine.report_trust("2026-12-01T00:00:00Z", start="2026-01-05", end="2026-01-09")
        before = engine.report_trust("2026-01-01T00:00:00Z")
    rows = {row["touch"]: row for row in of_book.to_pylist()}
    assert list(of_book["score"].to_pylist()) == sorted(of_book["score"].to_pylist(), reverse=True)
    # What reached nobody is expected to lead to nothing in a book, and places have no accuracy here.
    same = [{key: value for key, value in row.items() if key != "accuracy_metres"} | {"outcome": row["outcome"] if row["disposition"] == "reached" else None,
                                                                                     "minutes": float(int(row["minutes"]))} for row in reports]
    table = rapport.score_reports(same)
    for row in table.to_pylist():
        assert rows[row["id"]]["score"] == pytest.approx(row["score"], abs=1e-12)
        assert (rows[row["id"]]["reasons"], rows[row["id"]]["sentence"]) == (row["reasons"], row["sentence"])
    assert {row["rep"] for row in reps if row["flagged"]} <= {report["rep"] for report, way in zip(reports, truth) if way}
    assert 0 < week.num_rows < of_book.num_rows and before.num_rows == 0
    assert {at.date().isoformat() for at in week["start"].to_pylist()} == {"2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08", "2026-01-09"}


def _event(id, type, time, data, **more):
    return {"specversion": "1.0", "id": id, "source": "crm", "type": type, "subject": "c", "time": time, "data": data, **more}


@pytest.mark.parametrize("event, outcome", [
    (None, False),
    (_event("x", "worry.raised", "2026-01-05T15:00:00Z", {"rep": "r", "topic": "smell"}), True),
    (_event("x", "worry.raised", "2026-01-05T15:00:00Z", {"rep": "other", "topic": "smell"}), False),
    (_event("x", "worry.raised", "2026-01-06T15:00:00Z", {"rep": "r", "topic": "smell"}), False),
    (_event("x", "fact.learned", "2026-01-05T15:00:00Z", {"rep": "r", "facet": "hobby", "value": "fishing"}), True),
    (_event("x", "need.stated", "2026-01-05T15:00:00Z", {"rep": "r", "need": "n"}), True),
    (_event("x", "promise.made", "2026-01-05T15:00:00Z", {"rep": "r", "promise": "p", "due": "2026-01-09"}), True),
    (_event("x", "refusal", "2026-01-05T15:00:00Z", {"rep": "r", "reason": "money"}), True),
    (_event("x", "purchase.placed", "2026-02-01T15:00:00Z", {}), True),
    (_event("x", "purchase.placed", "2026-02-10T15:00:00Z", {}), False),
    (_event("x", "purchase.placed", "2026-01-04T15:00:00Z", {}), False),
])
def test_what_counts_as_having_come_of_a_report(event, outcome):
    visit = _event("v", "touch", "2026-01-05T09:00:00Z", {"channel": "visit", "direction": "outbound", "rep": "r", "disposition": "reached"})
    with rapport.Engine.open() as engine:
        engine.append([visit] + ([event] if event else []))
        assert engine.report_trust("2026-06-01T00:00:00Z")["outcome"].to_pylist() == [outcome]


@pytest.mark.parametrize("day, outcome", [("2026-01-09", True), ("2026-01-10", False), ("2026-01-12", True), ("2026-01-13", False)])
def test_of_what_was_noted_later_both_days_count(day, outcome):
    """A Friday's visit noted on Monday: what came of it was noted on Friday, or with it."""
    visit = _event("v", "touch", "2026-01-12T09:00:00Z", {"channel": "visit", "direction": "outbound", "rep": "r", "disposition": "reached", "start": "2026-01-09T10:00:00Z"})
    worry = _event("x", "worry.raised", f"{day}T15:00:00Z", {"rep": "r", "topic": "smell"})
    with rapport.Engine.open() as engine:
        engine.append([visit, worry])
        assert engine.report_trust("2026-06-01T00:00:00Z")["outcome"].to_pylist() == [outcome]


def test_corrected_and_erased_notes():
    words = "Went through the catalogue with all of them and agreed to talk about the boiler again in spring"
    reports, _ = world(seed=81, reps=8, days=6)
    for row in (copied := [row for row in reports if row["rep"] == "r-0003"]):
        row["note"] = words
    with rapport.Engine.open() as engine:
        engine.append("\n".join(_touches(reports)))

        def shown():
            return {row["touch"] for row in engine.report_trust("2026-12-01T00:00:00Z").to_pylist() if "copied" in row["reasons"]}

        assert {row["id"] for row in copied} <= shown()
        other = dict(copied[0], note="Nobody was there but the gardener, who says that the owner has moved to the coast")
        engine.append("\n".join(_touches([other])), on_conflict="correct")
        assert copied[0]["id"] not in shown()
        engine.erase(copied[1]["customer"], "2026-11-01T00:00:00Z")
        assert not shown() & {row["id"] for row in copied if row["customer"] == copied[1]["customer"]}


def test_nothing_else_tells_of_trust(office):
    at = "2026-03-02T08:00:00+09:00"
    before = office.export(None)
    office.report_trust(at)
    assert office.export(None) == before, "it is stored nowhere"
    rows = office.signals(at).to_pylist() + office.agenda(at).to_pylist() + office.decide(at).to_pylist()
    assert rows and "worth asking about" not in json.dumps(rows, default=str).lower()


def test_the_simulated_rep_who_invents_visits_is_found():
    events, truth = rapport.simulate(seed=7, customers=600)
    invents = {rep["rep"] for rep in truth["reps"] if rep["kind"] == "invented_reports"}
    assert invents
    with rapport.Engine.open() as engine:
        engine.append(events)
        reps = engine.report_trust("2026-01-01T00:00:00Z", by="rep").to_pylist()
    assert {row["rep"] for row in reps if row["flagged"]} == invents


def test_a_hundred_thousand_reports_take_seconds():
    import time

    n = 100_000
    draw = numpy.random.default_rng(1)
    start = numpy.datetime64("2026-01-05T08:00:00", "us") + (draw.integers(0, 200, n) * 86_400 + draw.integers(0, 9 * 3600, n)).astype("timedelta64[s]")
    table = pyarrow.table({"id": [str(i) for i in range(n)], "rep": [f"r{i % 400}" for i in range(n)], "customer": [f"c{i % 9000}" for i in range(n)],
                           "start": pyarrow.array(start).cast(pyarrow.timestamp("us", "UTC")), "minutes": draw.uniform(5, 60, n),
                           "recorded": pyarrow.array(start + numpy.timedelta64(2, "h")).cast(pyarrow.timestamp("us", "UTC")),
                           "latitude": draw.uniform(35, 36, n), "longitude": draw.uniform(139, 140, n),
                           "note": [" ".join(map(str, words)) + " were told about the lease and the filters" for words in draw.integers(10**9, 10**10, (n, 4))],
                           "outcome": draw.uniform(size=n) < 0.4})
    began = time.perf_counter()
    assert rapport.score_reports(table).num_rows == n
    assert time.perf_counter() - began < 15
