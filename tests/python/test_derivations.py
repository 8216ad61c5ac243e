"""Every decision of real books follows from its derivation alone; a derivation that was changed does not."""

import copy
import json

import rapport
from conftest import OFFICE
from derivation_checker import check


def derivations_of(engine, moments, policy=None):
    """Of what was decided, due and held, and of what was issued, tick after tick."""
    found = []
    for moment in moments:
        for row in engine.decide(moment, policy=policy).to_pylist():
            found.append(engine.explain(row["followup_id"], as_of=moment, policy=policy)["derivation"])
        for event in engine.tick(moment, policy=policy).events:
            if event["type"] == "followup.issued":
                found.append(event["data"]["derivation"])
    return found


def office_derivations():
    with rapport.Engine.open() as engine:
        engine.append(OFFICE)
        return derivations_of(engine, [f"2026-03-{day:02d}T{hour}:00:00+09:00" for day in (2, 3, 7, 20) for hour in ("00", "11")])


def test_office_follows():
    found = office_derivations()
    assert len(found) > 80
    assert [problem for derivation in found for problem in check(derivation)] == []
    assert {derivation["status"] for derivation in found} == {"due", "held"}


def test_a_made_up_book_follows():
    with rapport.Engine.open() as engine:
        engine.append(rapport.simulate(seed=11, customers=150, years=1, reps=4)[0])
        found = derivations_of(engine, ["2024-06-03T00:00:00Z", "2024-06-05T13:00:00Z", "2024-09-01T06:00:00Z"])
    assert len(found) > 100
    assert [problem for derivation in found for problem in check(derivation)] == []


def test_every_kind_of_trigger_follows():
    def rule(name, trigger, **more):
        return {"name": name, "purpose": "care", "priority": 1, "trigger": trigger, "expires": {"days": 60},
                "action": {"channel": "call", "minutes": 5, "headline": "general", "objective": "worry.listen"}, **more}

    cadence = rule("steps", {"event": "worry.raised"})
    cadence["steps"] = [{"name": "first", "after": {"days": 1, "at": "10:30"}, "expires": cadence.pop("expires"), "action": cadence.pop("action")}]
    policy = {"rapport_policy": 1, "name": "kinds", "holdout": {"share": 0.3, "salt": "s"}, "rules": [
        rule("event", {"event": "purchase.placed", "offset": {"days": 2, "at": "09:15"}}, throttle={"new_a_day": 2}),
        rule("above", {"signal": "purchase.days_since", "crosses_above": 10}, exclusive="one"),
        rule("silence", {"silence": "care", "days": 70, "repeat": {"days": 70}}, exclusive="one"),
        rule("calendar", {"recurrence": "FREQ=MONTHLY;BYMONTHDAY=1"}, mandatory=True),
        rule("checked", {"signal": "purchase.value_at_risk", "crosses_above": 1, "check": "FREQ=WEEKLY"}), cadence]}
    with rapport.Engine.open() as engine:
        engine.append(OFFICE)
        found = derivations_of(engine, ["2026-02-27T12:00:00+09:00", "2026-03-02T12:00:00+09:00"], policy)
    assert {derivation["rule"] for derivation in found} == {"event", "above", "silence", "calendar", "checked", "steps"}
    assert {derivation["held_by_rule"]["by"] for derivation in found if "held_by_rule" in derivation} >= {"holdout", "throttle", "exclusive"}
    assert [problem for derivation in found for problem in check(derivation)] == []


def leaves(node):
    for name in ("all", "any", "not"):
        if name in node:
            return [leaf for part in node[name] for leaf in leaves(part)]
    return [node]


def changed(derivation):
    """Copies with one thing changed each, which no longer follow."""
    def copied(change):
        other = copy.deepcopy(derivation)
        change(other)
        return other

    root = derivation["trigger"]["root"]
    yield copied(lambda d: d.update(followup="f" + "0" * 31))
    yield copied(lambda d: d.update(customer=d["customer"] + "x"))
    yield copied(lambda d: d["trigger"].update(root={"source": root["source"], "id": root["id"] + "x"}))
    yield copied(lambda d: d.update(events=d["events"] + 1))
    yield copied(lambda d: d.update(status="due" if d["status"] == "held" else "held"))
    yield copied(lambda d: d["trigger"].update(due="2030-01-01T00:00:00Z"))
    yield copied(lambda d: d["permission"].update(allowed=not d["permission"]["allowed"]))
    if "amount" in derivation["value"]:
        yield copied(lambda d: d["value"].update(amount=str(int(float(d["value"]["amount"])) + 7)))
    for index, leaf in enumerate(leaves(derivation["conditions"])):
        yield copied(lambda d, i=index: leaves(d["conditions"])[i].update(holds=not leaves(d["conditions"])[i]["holds"]))
        if leaf["is"] == "=" and leaf["holds"]:
            yield copied(lambda d, i=index: leaves(d["conditions"])[i].update(actual="another"))
            yield copied(lambda d, i=index: leaves(d["conditions"])[i].update(expected=["another"]))
    if derivation["permission"]["holds"]:
        yield copied(lambda d: d["permission"].update(holds=[]))


def test_what_was_changed_does_not_follow():
    count = 0
    for derivation in office_derivations():
        for other in changed(derivation):
            assert check(other), json.dumps(other, indent=1)
            count += 1
    assert count > 600
