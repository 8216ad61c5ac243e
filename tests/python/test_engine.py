import datetime
import json
import os

import pyarrow
import pytest

import rapport
from rapport import _ask, _lib

from conftest import OFFICE

MONDAY = "2026-03-02T00:00:00+09:00"


def test_structs_have_the_sizes_of_the_header(root):
    import ctypes

    header = (root / "capi/rapport.h").read_text() + (root / "capi/rapport_day.h").read_text() + (root / "capi/rapport_pure.h").read_text()
    for name, struct in _lib.STRUCTS.items():
        fields = strip_comments(header.split(f"typedef struct {name} {{")[1].split(f"}} {name};")[0])
        assert fields.count(";") == len(struct._fields_), name
        assert [f[0] for f in struct._fields_] == [part.split("[")[0].split()[-1].lstrip("*") for part in fields.split(";")[:-1]]
    assert ctypes.sizeof(_lib.ReadOptions) == 16 + 10 * 8
    assert ctypes.sizeof(_lib._Error) == 8 + 64 + 1024


def strip_comments(text):
    import re

    return re.sub(r"/\*.*?\*/", "", text, flags=re.S)


def test_monday_is_the_golden_file_in_four_languages(office, root):
    office.fit("all", as_of="2026-03-02T00:00:00+09:00")
    for lang in ("en", "ja", "ko", "zh"):
        assert office.plan_text("2026-03-02", lang=lang) == (root / f"examples/office/monday.{lang}.txt").read_text(encoding="utf-8")


def test_plan_is_a_table(office):
    plan = office.plan(datetime.date(2026, 3, 2))
    assert isinstance(plan, pyarrow.Table)
    for column in ("rep position start minutes customer customer_name contact channel purpose objective headline value mandatory followup_id").split():
        assert column in plan.column_names
    planned = [row for row in plan.to_pylist() if row["status"] == "planned" and row["rep"] == "r-sato"]
    assert [row["position"] for row in planned] == list(range(1, len(planned) + 1))
    assert sum(row["minutes"] for row in planned) <= 240
    assert all(a["start"] + datetime.timedelta(minutes=a["minutes"]) <= b["start"] for a, b in zip(planned, planned[1:]))


def test_decide_columns_and_no_record(office):
    before = office.export()
    table = office.decide(MONDAY)
    assert table.column_names == (
        "followup_id customer contact rep rule step channel purpose objective headline due not_before expires minutes value priority status "
        "held_by held_until propensity").split()
    assert set(table.column("status").to_pylist()) == {"due", "held"}
    assert office.export() == before
    one = office.decide(MONDAY, customers=["c-cafe-nagi"]).to_pylist()
    assert [row["rule"] for row in one] == ["open-worry"]


def test_tick_issues_once_and_explains(office):
    first = office.tick(MONDAY)
    assert first.issued > 3
    second = office.tick(MONDAY)
    assert (second.issued, second.changed, second.withdrawn, second.expired, second.events) == (0, 0, 0, 0, [])
    issued = [event for event in first.events if event["type"] == "followup.issued"]
    why = office.explain(issued[0]["data"]["followup"], lang="ko")
    assert why["sentences"] and why["derivation"]["conditions"]


def test_explain_says_what_would_turn_it(office):
    office.tick(MONDAY)
    followup = office.customer("c-ohori-clinic")["followups"][0]["followup_id"]
    why = office.explain(followup)
    assert why["flip"] == [{
        "change": [{"signal": "touch.since_delivery", "actual": 0, "needed": [{"is": ">=", "value": 1}]}],
        "sentence": "would not be due with contacts since the delivery: at least 1",
    }]


def test_why_not(office):
    early = office.why_not("c-hakata-dental", "promise-due", MONDAY)
    assert (early["why"], early["sentences"][0]) == ("not_yet", "not before Tue 3 Mar")
    silent = office.why_not("c-hotel-kaien", "long-silence", MONDAY, lang="ja")
    assert silent["why"] == "not_crossed" and len(silent["flip"][0]["change"]) == 2
    assert office.why_not("c-ueno", "keep-in-sight", MONDAY)["why"] == "held"
    for customer, rule, token in (("c-ueno", "no-such-rule", "policy.unknown_rule"), ("nobody", "keep-in-sight", "customer.unknown")):
        with pytest.raises(rapport.Error) as failure:
            office.why_not(customer, rule, MONDAY)
        assert failure.value.token == token


def test_hand_over_asks_again(office):
    office.tick(MONDAY)
    followup = office.customer("c-cafe-nagi")["followups"][0]["followup_id"]
    assert office.hand_over(followup, "2026-03-02T06:00:00+09:00").reasons == ["outside_hours", "rep_away"]
    assert office.hand_over(followup, "2026-03-02T09:30:00+09:00").allowed


def test_agenda_forgets_nobody(office):
    agenda = office.agenda(MONDAY).to_pylist()
    assert len(agenda) == 40
    assert all(row["next"] is not None or row["reason"] for row in agenda)
    assert sum(1 for row in agenda if row["reason"] == "no_rule") == 0


def test_signals(office):
    table = office.signals(MONDAY, customers=["c-cafe-nagi", "c-sakura-laundry"], columns=["worry.open", "purchase.rhythm_days"])
    assert table.to_pylist()[0]["worry.open"] == 1
    assert table.to_pylist()[1]["purchase.rhythm_days"] == 42
    with pytest.raises(rapport.Error) as error:
        office.signals(MONDAY, columns=["worry.opn"])
    assert error.value.token == "signal.unknown"


def test_permit_and_permission(office):
    answer = office.permit("c-ueno", "call", "2026-03-02T09:00:00+09:00")
    assert not answer.allowed and "cool_off" in answer.reasons
    assert answer.first_allowed == datetime.datetime(2026, 4, 13, 0, 0, tzinfo=datetime.timezone.utc)
    french = rapport.permission("fr-d223-9")
    answer = french.check("2026-03-02T13:30:00+01:00", "call", "Europe/Paris", [])
    assert not answer.allowed and answer.first_allowed == datetime.datetime(2026, 3, 2, 13, 0, tzinfo=datetime.timezone.utc)
    with pytest.raises(rapport.Error):
        rapport.permission("nowhere")


def test_errors_are_classes_with_tokens(office):
    with pytest.raises(rapport.AlreadyExists) as error:
        office.append([dict(json.loads(OFFICE.splitlines()[-1]), time="2025-01-01T00:00:00Z")])
    assert error.value.token == "ledger.conflict" and error.value.code == "ALREADY_EXISTS"
    with pytest.raises(rapport.Error) as error:
        rapport.Policy.parse('{"rapport_policy":1,"name":"x","rules":[],"rulez":[]}')
    assert error.value.token == "policy.unknown_key" and "\n" not in str(error.value)
    with pytest.raises(rapport.NotFound):
        rapport.Engine.open("/nowhere/office.book", create=False)


def test_closed_and_forked_engines_are_refused():
    engine = rapport.Engine.open()
    engine.close()
    engine.close()
    with pytest.raises(rapport.FailedPrecondition):
        engine.export()
    engine = rapport.Engine.open()
    child = os.fork()
    if child == 0:
        try:
            engine.export()
            os._exit(1)
        except rapport.FailedPrecondition as error:
            os._exit(0 if error.token == "store.forked" else 2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    engine.close()


def test_file_and_memory_give_the_same_plan(tmp_path, office):
    with rapport.Engine.open(tmp_path / "office.book") as engine:
        lines = OFFICE.splitlines()
        engine.append([json.loads(line) for line in reversed(lines)])
        assert engine.plan_text("2026-03-02") == office.plan_text("2026-03-02")
    with rapport.Engine.open(tmp_path / "office.book") as engine:
        assert engine.plan("2026-03-02").equals(office.plan("2026-03-02"))
        engine.check()


def test_a_thousand_tables_leak_nothing(office):
    import resource

    for _ in range(50):
        office.decide(MONDAY)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(400):
        office.decide(MONDAY)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000


def test_policy_describes_itself():
    policy = rapport.default_policy()
    assert rapport.Policy.parse(policy.text).id == policy.id
    for lang in ("en", "ja", "ko", "zh"):
        assert len(policy.describe(lang).splitlines()) >= len(policy.rules)


def test_policy_matches_its_schema(root):
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((root / "schemas/policy.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    validator.validate(json.loads(rapport.default_policy().text))
    broken = json.loads(rapport.default_policy().text)
    broken["rules"][0]["priorty"] = 1
    assert not validator.is_valid(broken)


def test_events_match_their_schemas(root):
    jsonschema = pytest.importorskip("jsonschema")
    validators = {}
    for line in OFFICE.splitlines():
        event = json.loads(line)
        if event["type"] not in validators:
            schema = json.loads((root / "schemas" / f"{event['type']}.json").read_text())
            jsonschema.Draft202012Validator.check_schema(schema)
            validators[event["type"]] = jsonschema.Draft202012Validator(schema)
        validators[event["type"]].validate(event)
    assert len(validators) > 12


def test_import_cdnow_twice(tmp_path, root):
    with rapport.Engine.open() as engine:
        mapping = root / "examples/cdnow/mapping.json"
        first = engine.import_file(root / "examples/cdnow/CDNOW_master.txt", mapping)
        assert first.rows == 69_659
        assert first.events == first.accepted == 69_659 + 23_570
        again = engine.import_file(root / "examples/cdnow/CDNOW_master.txt", mapping)
        assert (again.accepted, again.duplicates) == (0, 69_659 + 23_570)
        counts = engine.signals("1998-07-01T00:00:00-04:00", columns=["purchase.count"])
        assert counts.num_rows == 23_570
        assert sum(counts.column("purchase.count").to_pylist()) == 69_659


def issued_of(office, customer):
    office.tick(MONDAY)
    return office.customer(customer)["followups"][0]["followup_id"]


def failing(call, *arguments):
    with pytest.raises(rapport.Error) as failure:
        call(*arguments)
    return failure.value.token


def test_what_reps_say_of_a_followup(office):
    followup = issued_of(office, "c-cafe-nagi")
    assert office.snooze(followup, "2026-03-04T09:00:00+09:00", "2026-03-02T09:00:00+09:00", reason="asked for Wednesday")
    assert not office.snooze(followup, "2026-03-04T09:00:00+09:00", "2026-03-02T09:00:00+09:00")
    assert office.decide("2026-03-03T00:00:00+09:00", customers=["c-cafe-nagi"])["held_by"].to_pylist() == ["snoozed"]
    assert failing(office.snooze, followup, "2026-03-01T09:00:00+09:00", "2026-03-02T10:00:00+09:00") == "followup.not_ahead"
    assert failing(office.approve, followup, "r-sato", "2026-03-02T10:00:00+09:00") == "followup.no_approval"
    assert office.skip(followup, "2026-03-04T10:00:00+09:00") and not office.skip(followup, "2026-03-04T10:00:00+09:00")
    assert failing(office.snooze, followup, "2026-03-06T09:00:00+09:00", "2026-03-05T09:00:00+09:00") == "followup.closed"
    assert failing(office.skip, "f" + "0" * 31, "2026-03-05T09:00:00+09:00") == "followup.unknown"
    assert office.tick("2026-03-05T00:00:00+09:00") is not None
    assert followup not in [row["followup_id"] for row in office.decide("2026-03-05T00:00:00+09:00").to_pylist()]


def test_what_waits_for_its_owner(office):
    policy = {"rapport_policy": 1, "name": "asked", "rules": [{
        "name": "worries", "purpose": "care", "priority": 1, "approval": "owner", "trigger": {"event": "worry.raised"}, "expires": {"days": 30},
        "action": {"channel": "call", "minutes": 5, "headline": "worry", "objective": "worry.listen"}}]}
    first = office.tick(MONDAY, policy=policy)
    ids = sorted(event["data"]["followup"] for event in first.events if event["type"] == "followup.issued")
    noon = "2026-03-02T11:00:00+09:00"
    assert office.hand_over(ids[0], noon).reasons == ["approval"]
    assert office.approve(ids[0], "r-sato", noon) and not office.approve(ids[0], "r-sato", noon)
    assert office.hand_over(ids[0], noon).allowed
    assert office.withhold(ids[1], "r-park", noon, reason="they know already")
    second = office.tick("2026-03-03T00:00:00+09:00", policy=policy)
    assert [event["data"]["followup"] for event in second.events if event["type"] == "followup.withdrawn"] == [ids[1]]


def test_many_permissions_at_once(office):
    asked = [{"customer": row["customer"], "channel": "call", "at": "2026-03-02T10:00:00+09:00"} for row in office.agenda(MONDAY).to_pylist()]
    asked.append({"customer": "nobody-yet", "channel": "mail", "at": datetime.datetime(2026, 3, 2, 1, tzinfo=datetime.timezone.utc), "purpose": "sell"})
    table = office.permit_table(asked).to_pylist()
    assert len(table) == 41
    for request, row in zip(asked, table):
        texts = (request["customer"], request["channel"], _ask.instant(request["at"]), request.get("purpose", "care"), None, "ja")
        alone = _lib.call_table("rapport_engine_permit", office._engine(), *[part for text in texts for part in _lib.encode(text)]).to_pylist()
        assert row["allowed"] == alone[0]["allowed"] and row["first_allowed"] == alone[0]["first_allowed"]
        assert row["reasons"] == (",".join(one["reason"] for one in alone if one["reason"] is not None) or None)
    assert failing(office.permit_table, [{"customer": "c", "channel": "pigeon", "at": MONDAY}]) == "capi.unknown_word"
    assert failing(office.permit_table, [{"customer": "c", "channel": "call", "at": MONDAY, "message_class": "default"}]) == "capi.invalid_request"
    fine = {"customer": "c", "channel": "call", "at": MONDAY}
    for wrong, said in (({"channel": "pigeon"}, 'channel: found "pigeon"'), ({"at": "soon"}, 'at: found "soon"'), ({"at": None}, "at: found none"), ({"customer": 7}, "customer: found 7")):
        with pytest.raises(rapport.Error) as refused:
            office.permit_table([fine, {**fine, **wrong}])
        assert str(refused.value).startswith("requests[1]: " + said), refused.value


def test_a_datetime_without_a_zone_is_refused_as_everything_else(office):
    naive = datetime.datetime(2026, 3, 2, 9, 0)
    assert failing(office.decide, naive) == "time.invalid"
    assert failing(office.permit, "c-ueno", "call", naive) == "time.invalid"


def test_a_message_class_decides_whether_caps_hold():
    configured = {"permission": {"rapport_permission": 1, "caps": [{"attempts": 1, "days": 30}]}, "zone": "Asia/Tokyo"}
    touch = {"channel": "call", "direction": "outbound", "disposition": "reached"}
    lines = [{"specversion": "1.0", "type": kind, "source": "t", "id": kind, "subject": subject, "time": "2026-03-02T09:00:00+09:00", "data": data}
             for kind, subject, data in (("book.configured", "", configured), ("touch", "c", touch))]
    lines[0].pop("subject")
    with rapport.Engine.open() as engine:
        engine.append("\n".join(map(json.dumps, lines)))
        later = "2026-03-05T09:00:00+09:00"
        assert engine.permit("c", "call", later).reasons == ["frequency_cap"]
        assert engine.permit("c", "call", later, message_class="mandatory").allowed
        assert engine.permit("c", "call", later, message_class="transactional").allowed


def test_coverage(office):
    rows = {row["rule"]: row for row in office.coverage(as_of=MONDAY).to_pylist()}
    assert list(rows) == [rule["name"] for rule in json.loads(rapport.default_policy().text)["rules"]]
    assert rows["open-worry"]["state"] == "live" and rows["open-worry"]["needs"] is None
    assert rows["contract-renewal"]["state"] == "asleep"
    assert rows["contract-renewal"]["needs"] == "contract.started, contract.started ends"
    assert rows["first-order-in-person"]["state"] == "partial"
    # What sleeps has decided nothing, and who decides is not asleep.
    asked_for = set(office.decide(MONDAY)["rule"].to_pylist())
    assert asked_for and all(rows[rule]["state"] != "asleep" for rule in asked_for)
    # Nothing was known before the first event.
    assert {row["state"] for row in office.coverage(as_of="2000-01-01T00:00:00Z").to_pylist()} == {"asleep"}
    assert "休眠" in office.coverage(lang="ja").to_pylist()[0]["sentence"]
    assert failing(lambda: office.coverage(known_at=MONDAY)) == "capi.missing_as_of"
    assert failing(lambda: office.coverage(policy={"rapport_policy": 1})).startswith("policy.")
    event = {"specversion": "1.0", "type": "contract.started", "source": "t", "id": "k", "subject": "c-ueno",
             "time": "2026-02-27T09:00:00+09:00", "data": {"ends": "2027-02-27"}}
    office.append(json.dumps(event))
    assert {row["rule"]: row for row in office.coverage().to_pylist()}["contract-renewal"]["state"] != "asleep"


def test_large_accounts_are_fitted():
    lines = [{"specversion": "1.0", "type": "book.configured", "source": "t", "id": "b", "time": "2026-01-01T00:00:00Z", "data": {"reporting_currency": "EUR", "zone": "UTC"}}]
    lines += [{"specversion": "1.0", "type": "customer.upserted", "source": "t", "id": f"u{i}", "subject": f"c{i:02}", "time": "2026-01-02T00:00:00Z",
               "data": {"kind": "organisation", "owner": "sato", "expected_volume": f"{i}00", "currency": "EUR"}} for i in range(1, 21)]
    with rapport.Engine.open() as engine:
        engine.append("\n".join(map(json.dumps, lines)))
        before = engine.signals("2026-02-01T00:00:00Z", columns=["account.large"])["account.large"].to_pylist()
        assert before == [None] * 20
        fitted = engine.fit("large_accounts", "2026-02-01T00:00:00Z")
        assert fitted["customers"] == 20 and fitted["fitted"]["from"] == {"sato": 1900}
        after = engine.signals("2026-02-01T00:00:00Z").to_pylist()
        assert [row["customer"] for row in after if row["account.large"]] == ["c19", "c20"]
        assert failing(engine.fit, "large_accounts", "2025-02-01T00:00:00Z") == "ledger.behind_seal"
        assert failing(engine.fit, "small_accounts", "2026-02-01T00:00:00Z") == "value.unknown_model"
    with rapport.Engine.open() as empty:
        assert failing(empty.fit, "large_accounts", "2026-02-01T00:00:00Z") == "signal.no_reporting_currency"


def test_backtest(office):
    before = office.export()
    report = office.backtest(None, "2026-02-01", "2026-03-02")
    assert len(report.days) == 30 and report.summary["issued"] == sum(report.days["issued"].to_pylist()) > 5
    assert report.summary["knowledge_assumed"] is False and report.summary["sentences"]
    assert office.export() == before, "nothing is recorded"
    slower = json.loads(rapport.default_policy().text)
    for rule in slower["rules"]:
        if rule["name"] == "large-account-not-seen":
            rule["trigger"]["crosses_above"] = 60
    both = office.backtest(slower, "2026-02-01", "2026-03-02", against=rapport.default_policy(), lang="ko")
    changes = both.people.to_pylist()
    assert changes and {row["rule"] for row in changes} <= {"large-account-not-seen", "keep-in-sight", "long-silence", "slipping", "contact-overdue", "owner-away"}   # one at a time of them
    assert len(both.days) == 60 and both.summary["against"]["issued"] == report.summary["issued"]
    assert both.summary["customers_changed"] == len({row["customer"] for row in changes})
    assert failing(office.backtest, None, "2026-03-02", "2026-03-01") == "backtest.invalid_period"


def test_signal_list():
    listed = rapport.signal_list("ja").to_pylist()
    assert [row["name"] for row in listed] == sorted(row["name"] for row in listed)
    assert next(row for row in listed if row["name"] == "worry.open")["phrase"] != "open worries"


def test_repeat_is_fitted_and_the_balance_is_shown():
    events, truth = rapport.simulate(seed=5, customers=200, years=3, promised_orders=0.8)
    with rapport.Engine.open() as engine:
        engine.append(events)
        fit = engine.fit("repeat", "2026-06-01T00:00:00Z")
        assert fit["appended"] and fit["customers"] > 50 and fit["fitted"]["horizon_days"] == 180
        table = engine.signals("2026-06-01T00:00:00Z", columns=["expectation.repeat_probability", "expectation.gap"])
        chances = [p for p in table.column("expectation.repeat_probability").to_pylist() if p is not None]
        assert chances and all(0 < p < 1 for p in chances)
        balance = engine.customer("c-1")["balance"]
        assert [d["dimension"] for d in balance["dimensions"]][:2] == ["outcome", "ease_of_use"]
        assert abs(sum(d["weight"] for d in balance["dimensions"]) - 1) < 1e-9
    with rapport.Engine.open() as engine, pytest.raises(rapport.Error) as refused:
        engine.append([{"specversion": "1.0", "source": "s", "id": "1", "subject": "c", "type": "customer.upserted", "time": "2026-01-01T00:00:00Z",
                        "data": {"kind": "person", "expectation_weights": {"curtesy": 1}}}])
    assert refused.value.token == "expectation.invalid_weights" and "curtesy" in str(refused.value)
