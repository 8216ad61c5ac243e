"""Plans that fit: the choice of candidates beside an exact optimiser of another kind (HiGHS), its goals and errors, and the plans of an engine."""

import json
import random
import statistics

import numpy
import pyarrow
import pytest

import rapport


def length(row, travel=0):
    return row["minutes"] + (travel if {"visit", "revisit"} & set(row.get("kind", "").split()) else 0)


def optimum(rows, minutes, visit_quota=None, revisit_share=None, small_floor=None, travel_minutes=0):
    """The goals and the value that an integer program reaches, one after the other: [visits missing, revisits missing, small ones missing, value]."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    kinds = [set(row.get("kind", "").split()) for row in rows]
    must = numpy.array([bool(row.get("mandatory")) for row in rows])
    lengths = numpy.array([length(row, travel_minutes) for row in rows], float)
    if lengths[must].sum() > minutes:   # then what is mandatory has the minutes to itself, and no goals
        rows, kinds, lengths = ([part[i] for i in numpy.flatnonzero(must)] for part in (rows, kinds, lengths))
        lengths, must, visit_quota, revisit_share, small_floor = numpy.array(lengths), numpy.zeros(len(rows), bool), None, None, None
    n = len(rows)
    is_visit = numpy.array([bool({"visit", "revisit"} & kind) for kind in kinds], float)
    is_revisit = numpy.array(["revisit" in kind for kind in kinds], float)
    is_small = numpy.array(["small" in kind for kind in kinds], float)
    room = minutes - lengths[must].sum()
    revisits = sum(1 for i in range(n) if is_revisit[i] and (must[i] or lengths[i] <= room))
    many = 10 * n + 10
    share = revisit_share or 0
    # x, then what is missing of visits, revisits and small ones, then: all revisits are in
    line = lambda x, *rest: numpy.concatenate([x, rest])
    zero = numpy.zeros(n)
    constraints = [
        LinearConstraint(line(lengths, 0, 0, 0, 0), -numpy.inf, minutes),
        LinearConstraint(line(is_visit, 1, 0, 0, 0), visit_quota or 0, numpy.inf),
        LinearConstraint(line(is_revisit - share * is_visit, 0, 1, 0, many), -1e-7, numpy.inf),
        LinearConstraint(line(is_revisit, 0, 1, 0, -many), revisits - many if revisit_share is not None else -numpy.inf, numpy.inf),
        LinearConstraint(line(is_small, 0, 0, 1, 0), small_floor or 0, numpy.inf),
    ]
    bounds = Bounds(line(must.astype(float), 0, 0, 0, 0), line(numpy.ones(n), many, many, many, 1))
    values = numpy.array([row["value"] for row in rows], float)
    reached = []
    for goal in (line(zero, 1, 0, 0, 0), line(zero, 0, 1, 0, 0), line(zero, 0, 0, 1, 0), line(-values, 0, 0, 0, 0)):
        found = milp(goal, constraints=constraints, integrality=numpy.ones(n + 4), bounds=bounds, options={"mip_rel_gap": 0})
        assert found.status == 0, found.message
        reached.append(round(found.fun, 6))
        constraints.append(LinearConstraint(goal, -numpy.inf, found.fun + 0.5 if len(reached) < 4 else numpy.inf))
    return [*map(round, reached[:3]), -reached[3]]


def reached(rows, planned, minutes, visit_quota=None, revisit_share=None, small_floor=None, travel_minutes=0):
    """The same of a plan, counted by hand; and its minutes."""
    kinds = [set(row.get("kind", "").split()) for row in rows]
    must = [row for row in rows if row.get("mandatory")]
    left = minutes - sum(length(row, travel_minutes) for row in must)
    if left < 0:
        visit_quota = revisit_share = small_floor = None
    took = [i for i in range(len(rows)) if planned[i]]
    visits = sum(1 for i in took if {"visit", "revisit"} & kinds[i])
    revisits = sum(1 for i in took if "revisit" in kinds[i])
    there = sum(1 for row, kind in zip(rows, kinds) if "revisit" in kind and (row.get("mandatory") or length(row, travel_minutes) <= left))
    wanted = min(-(-round((revisit_share or 0) * visits * 1e6) // 10**6), there)
    missing = [max(0, (visit_quota or 0) - visits), max(0, wanted - revisits), max(0, (small_floor or 0) - sum(1 for i in took if "small" in kinds[i]))]
    return missing + [sum(rows[i]["value"] for i in took)], sum(length(rows[i], travel_minutes) for i in took)


def random_day(seed, kinds=True):
    draw = random.Random(seed)
    count = draw.choice([5, 12, 25, 40, 60])
    step = draw.choice([1, 5, 5])
    words = ["call", "call", "visit", "revisit", "call small", "small revisit", "new visit", "mail"] if kinds else ["call"]
    rows = [{"id": f"c{i}", "minutes": step * draw.randint(1, 90 // step), "value": round(draw.lognormvariate(8, 1.3)) * draw.choice([0, 1, 1, 1, 1, 1]),
             "mandatory": draw.random() < draw.choice([0.02, 0.1]), "kind": draw.choice(words)} for i in range(count)]
    return rows, draw.choice([120, 240, 300, 415])


@pytest.mark.parametrize("goals", [False, True])
def test_300_random_days_are_the_optimum(goals):
    overfull = 0
    for seed in range(300):
        rows, minutes = random_day(seed)
        draw = random.Random(-seed - 1)
        options = {"travel_minutes": draw.choice([0, 15, 30])}
        if goals:
            options |= {"visit_quota": draw.choice([None, 1, 2, 4]), "revisit_share": draw.choice([None, 0.3, 0.5, 1.0]), "small_floor": draw.choice([None, 1, 3])}
        planned = rapport.plan_day(rows, minutes, tolerance=0, **options)["planned"].to_pylist()
        found, used = reached(rows, planned, minutes, **options)
        best = optimum(rows, minutes, **options)
        steady, used_too = reached(rows, rapport.plan_day(rows, minutes, **options)["planned"].to_pylist(), minutes, **options)
        assert used_too <= minutes and steady[:3] == best[:3] and steady[3] >= 0.99 * best[3], (seed, options)
        assert used <= minutes, seed
        assert found[:3] == best[:3], (seed, options, found, best)
        assert found[3] == pytest.approx(best[3], abs=1e-6 * max(1, best[3])), (seed, options)
        left_out = any(row["mandatory"] and not is_in for row, is_in in zip(rows, planned))
        overfull += left_out
        if left_out:
            assert not any(is_in and not row["mandatory"] for row, is_in in zip(rows, planned)), seed
    assert overfull > 10, "the days are to hold some on which not even what is mandatory fits"


@pytest.mark.parametrize("step", [1, 5])
def test_one_candidate_less_changes_three_lines_in_the_median(step):
    changes = []
    for seed in range(40):
        draw = random.Random(seed)
        rows = [{"id": f"c{i}", "minutes": step * draw.randint(1, 60 // step), "value": round(draw.lognormvariate(8, 1.2))} for i in range(draw.choice([20, 60, 200]))]
        ids = lambda some: {row["id"] for row in rapport.plan_day(some, 240).to_pylist() if row["planned"]}
        before = ids(rows)
        for gone in before:
            changes.append(len(before ^ ids([row for row in rows if row["id"] != gone])))   # itself among them
    assert statistics.median(changes) <= 3


def test_whatever_is_tabular_goes_in_and_comes_out_with_two_columns_more():
    rows = [{"id": 7, "minutes": 30, "value": 12.5, "note": "hello"}, {"id": 8, "minutes": 30.0, "value": 12.25, "mandatory": None},
            {"id": 9, "minutes": 60, "value": 24.76, "kind": "new VISIT"}]
    wanted = [(7, None), (8, None), (9, 1)]   # 24.76 beat 24.75
    table = rapport.plan_day(rows, 60, tolerance=0)
    assert [(row["id"], row["position"]) for row in table.to_pylist()] == wanted
    assert table.column_names == ["id", "minutes", "value", "note", "mandatory", "kind", "planned", "position"]
    columns = {"id": [7, 8, 9], "minutes": numpy.array([30, 30, 60]), "value": numpy.array([12.5, 12.25, 24.76])}
    chunks = pyarrow.concat_tables([pyarrow.table(columns).slice(0, 1), pyarrow.table(columns).slice(1)])
    for given in (columns, pyarrow.table(columns), pyarrow.table(columns).to_batches()[0], chunks, table):
        assert [(row["id"], row["position"]) for row in rapport.plan_day(given, 60, tolerance=0).to_pylist()] == wanted
    assert rapport.plan_day([], 60, tolerance=0).num_rows == 0
    assert rapport.plan_day(rows, 0)["planned"].to_pylist() == [False] * 3
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    assert rapport.plan_day(pandas.DataFrame(columns), 60, tolerance=0)["position"].to_pylist() == [None, None, 1]
    assert rapport.plan_day(polars.DataFrame(columns), 60, tolerance=0)["position"].to_pylist() == [None, None, 1]


@pytest.mark.parametrize("change, token, said", [
    ({"minutes": 0}, "plan.invalid_candidate", "row 1, field minutes: found 0, expected at least 1"),
    ({"minutes": 2.5}, "plan.invalid_candidate", "row 1, field minutes: found 2.5, expected a whole number"),
    ({"minutes": None}, "plan.invalid_candidate", "row 1, field minutes: found no finite number"),
    ({"minutes": "long"}, "plan.invalid_candidate", "row 1, field minutes: found 'long', expected a number"),
    ({"minutes": 10**9}, "plan.invalid_candidate", "row 1, field minutes: found 1000000000, expected at most a year"),
    ({"value": -0.5}, "plan.invalid_candidate", "row 1, field value: found -0.5, expected a number, 0 or more"),
    ({"value": float("nan")}, "plan.invalid_candidate", "row 1, field value: found no finite number"),
    ({"value": float("inf")}, "plan.invalid_candidate", "row 1, field value: found no finite number"),
    ({"value": [1]}, "plan.invalid_candidate", "row 1, field value: found [1], expected a number"),
    ({"id": "a"}, "plan.invalid_candidate", 'row 1, field id: found "a" a second time'),
])
def test_a_wrong_candidate_is_named_by_row_and_column(change, token, said):
    rows = [{"id": "a", "minutes": 10, "value": 5}, {"id": "b", "minutes": 10, "value": 5} | change]
    with pytest.raises(rapport.Error, match="^" + "".join("\\" + c if c in ".()[]*+?" else c for c in said)) as error:
        rapport.plan_day(rows, 60)
    assert (error.value.token, error.value.code) == (token, "INVALID_ARGUMENT")


def test_wrong_goals_and_columns_are_named():
    rows = [{"id": "a", "minutes": 10, "value": 5}]
    for goal, said in (({"revisit_share": 1.5}, "revisit_share: found 1.5"), ({"visit_quota": -1}, "visit_quota: found -1"), ({"small_floor": -1}, "small_floor: found -1"),
                       ({"travel_minutes": -1}, "travel_minutes: found -1"), ({"tolerance": 0.5}, "tolerance: found 0.5"), ({"revisit_share": float("nan")}, "revisit_share")):
        with pytest.raises(rapport.Error, match=said):
            rapport.plan_day(rows, 60, **goal)
    with pytest.raises(rapport.Error, match="field value: found no such column") as error:
        rapport.plan_day([{"id": "a", "minutes": 10}], 60)
    assert error.value.token == "plan.invalid_candidate"


def test_great_and_fractional_values():
    rows = [{"id": "a", "minutes": 30, "value": 3e15}, {"id": "b", "minutes": 30, "value": 2e15}, {"id": "c", "minutes": 60, "value": 4.9e15}]
    assert rapport.plan_day(rows, 60)["planned"].to_pylist() == [True, True, False]
    rows = [{"id": str(i), "minutes": 30, "value": v} for i, v in enumerate((1e-9, 3e-9, 2e-9))]
    assert rapport.plan_day(rows, 60)["planned"].to_pylist() == [False, True, True]
    assert rapport.plan_day([{"id": str(i), "minutes": 1, "value": 2**53} for i in range(3000)], 2000)["planned"].to_pylist().count(True) == 2000


MONDAY = "2026-03-02"


def rows_of(table, rep, status="planned"):
    return [row for row in table.to_pylist() if row["rep"] == rep and row["status"] == status]


def test_the_office_monday(office):
    office.fit("all", as_of="2026-03-02T00:00:00+09:00")
    lines = rows_of(office.plan(MONDAY), "r-sato")
    assert [row["position"] for row in lines] == list(range(1, len(lines) + 1))
    assert [row["customer"] for row in lines if row["mandatory"]] == ["c-hakata-dental", "c-cafe-nagi", "c-kurume-print", "c-ohori-clinic"]
    starts = {row["customer"]: row["start"].astimezone(__import__("zoneinfo").ZoneInfo("Asia/Tokyo")).strftime("%H:%M") for row in lines}
    assert (starts["c-hotel-kaien"], starts["c-yamato-inn"], starts["c-sakura-laundry"]) == ("10:30", "16:00", "16:15")
    assert sum(row["minutes"] + row["travel_minutes"] for row in lines) <= 240


def test_travel_changes_the_day(office):
    ways = [{"from": "", "to": "c-hotel-kaien", "minutes": 75}]
    line = next(row for row in office.plan(MONDAY, travel=ways).to_pylist() if row["customer"] == "c-hotel-kaien" and row["status"] == "planned")
    assert line["travel_minutes"] == 75
    assert office.plan(MONDAY, travel=pyarrow.Table.from_pylist(ways)).equals(office.plan(MONDAY, travel=ways))
    with pytest.raises(rapport.Error, match=r"travel\[0\]: field minutes: found -1"):
        office.plan(MONDAY, travel=[{"from": "", "to": "c", "minutes": -1}])


def test_days_ahead_and_teams(office):
    office.append([{"specversion": "1.0", "id": "sato-short", "source": "test", "type": "rep.upserted", "time": "2026-02-28T10:00:00+09:00",
                    "data": {"rep": "r-sato", "minutes": 60, "reserve_minutes": 0}}])
    table = office.plan(MONDAY, days=3, reps=["r-sato"])
    planned = rows_of(table, "r-sato")
    assert {MONDAY, "2026-03-03"} <= {str(row["day"]) for row in planned} <= {MONDAY, "2026-03-03", "2026-03-04"}
    assert {str(row["day"]) for row in rows_of(office.plan(MONDAY, reps=["r-sato"]), "r-sato")} == {MONDAY}
    for day in {row["day"] for row in planned}:
        assert sum(row["minutes"] + row["travel_minutes"] for row in planned if row["day"] == day) <= 60
    later = {row["followup_id"]: row["later"] for row in rows_of(table, "r-sato", "no_room")}
    moved = [row for row in planned if later.get(row["followup_id"])]
    assert moved and all(later[row["followup_id"]] == row["start"] and str(row["day"]) > MONDAY for row in moved)
    assert len(moved) == sum(at is not None for at in later.values())
    assert "No room" in office.plan_text(MONDAY, days=3, reps=["r-sato"])
    assert office.plan(MONDAY, team="Service").num_rows == 0                         # his day in the office is free
    for number, (kind, data) in enumerate((("customer.upserted", {"kind": "organisation", "name": "Test House", "owner": "r-kato", "zone": "Asia/Tokyo"}),
                                           ("worry.raised", {"worry": "w-test", "text": "it drips"}))):
        office.append([{"specversion": "1.0", "id": f"kato-{number}", "source": "test", "type": kind, "subject": "c-test-house", "time": "2026-02-27T15:00:00+09:00",
                        "data": data}])
    assert {(row["rep"], row["customer"]) for row in office.plan(MONDAY, team="Service").to_pylist()} == {("r-kato", "c-test-house")}
    assert {row["rep"] for row in office.plan(MONDAY, team="Fukuoka").to_pylist()} == {"r-lee", "r-park", "r-sato"}
    assert {row["rep"] for row in office.plan(MONDAY).to_pylist()} == {"r-kato", "r-lee", "r-park", "r-sato"}
    with pytest.raises(rapport.Error) as error:
        office.plan(MONDAY, team="Nowhere")
    assert error.value.token == "team.unknown"
    with pytest.raises(rapport.Error) as error:
        office.plan(MONDAY, days=15)
    assert error.value.token == "plan.invalid_days"


def test_the_terms_of_a_book_are_checked_where_they_come_in(office):
    said = {"specversion": "1.0", "id": "terms", "source": "test", "type": "book.configured", "time": "2026-02-28T10:00:00+09:00", "data": {"plan": {"travel_minutes": 10}}}
    wrong = json.loads(json.dumps(said))
    wrong["data"]["plan"] = {"travel": 10}
    with pytest.raises(rapport.Error, match="field travel: found an unknown member") as error:
        office.append([wrong])
    assert error.value.token == "plan.invalid_terms"
    before = office.plan(MONDAY)
    office.append([said])
    visit = lambda table: [row["travel_minutes"] for row in table.to_pylist() if row["channel"] == "visit" and row["status"] == "planned" and row["rep"] == "r-sato"]
    assert set(visit(before)) == {30} and set(visit(office.plan(MONDAY))) == {10}


@pytest.mark.parametrize("lang", ["en", "ja", "ko", "zh"])
def test_what_cannot_be_done_says_who_is_told(office, lang):
    office.append([{"specversion": "1.0", "id": "sato-short", "source": "test", "type": "rep.upserted", "time": "2026-02-28T10:00:00+09:00",
                    "data": {"rep": "r-sato", "minutes": 25, "reserve_minutes": 0}}])
    table = office.plan(MONDAY, lang=lang)
    planned, out = rows_of(table, "r-sato"), rows_of(table, "r-sato", "no_room")
    assert all(row["mandatory"] for row in planned)
    told = [row["told"] for row in out if row["mandatory"]]
    assert told and all(told)
    text = office.plan_text(MONDAY, reps=["r-sato"], lang=lang)
    assert all(sentence in text for sentence in told)
