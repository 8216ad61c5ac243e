"""Derives a decision again from its derivation alone, without Rapport: what does not follow from what is stored is told as a problem."""

import datetime
import decimal
import hashlib
import math

COMPARISONS = {
    "=": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}
DECIMALS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0}


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def followup_id(rule, step, customer, contact, root):
    """"f" and 31 hexadecimal digits of BLAKE2b over the parts, each after its length in eight bytes."""
    hashed = hashlib.blake2b(digest_size=32)
    for part in ("rapport.followup", rule, step, customer, contact, root["source"], root["id"]):
        data = part.encode()
        hashed.update(len(data).to_bytes(8, "little") + data)
    return "f" + hashed.hexdigest()[:31]


def leaf_holds(leaf):
    actual, expected, word = leaf["actual"], leaf["expected"], leaf["is"]
    if word in ("known", "unknown"):
        return (actual is None) == (word == "unknown")
    if actual is None:
        return False
    if word == "in":
        return actual in expected
    return COMPARISONS[word](actual, expected[0])


def condition_holds(node, problems):
    """The truth of a node from its leaves; tells where what is stored differs."""
    for name, combine in (("all", all), ("any", any), ("not", lambda parts: not parts[0])):
        if name in node:
            holds = combine([condition_holds(part, problems) for part in node[name]])
            break
    else:
        holds = leaf_holds(node)
    if holds != node["holds"]:
        problems.append(f"conditions: {node.get('signal', 'a group')} holds {holds}, stored {node['holds']}")
    return holds


def cited(derivation):
    """Every event that something in the derivation rests on."""
    keys = {(derivation["trigger"]["root"]["source"], derivation["trigger"]["root"]["id"])}

    def see(evidence):
        keys.update((key["source"], key["id"]) for key in evidence)

    def walk(node):
        for name in ("all", "any", "not"):
            for part in node.get(name, ()):
                walk(part)
        see(node.get("evidence", ()))

    see(derivation["trigger"]["evidence"])
    walk(derivation["conditions"])
    for hold in derivation["permission"]["holds"]:
        see(hold["evidence"])
    for factor in derivation["value"]["of"]:
        see(factor["evidence"])
    return keys


def check_trigger(derivation, problems):
    trigger = derivation["trigger"]
    due, as_of = instant(trigger["due"]), instant(derivation["as_of"])
    if due > as_of:
        problems.append(f"trigger: due {trigger['due']} lies after as_of {derivation['as_of']}")
    if as_of > instant(derivation["expires"]):
        problems.append(f"expires: {derivation['expires']} lies before as_of {derivation['as_of']}")
    if abs((due - datetime.datetime.fromisoformat(trigger["due_day"] + "T00:00:00+00:00")).total_seconds()) > 2 * 86400:
        problems.append(f"trigger: due {trigger['due']} is not on {trigger['due_day']}")
    if {"source": trigger["root"]["source"], "id": trigger["root"]["id"]} not in trigger["evidence"] and "event" in trigger:
        problems.append("trigger: the root is no evidence of it")
    if "check" in trigger and not trigger["due_day"] <= trigger["checked_on"] <= derivation["as_of"][:10]:
        problems.append(f"trigger: looked at on {trigger['checked_on']}, due {trigger['due_day']}")
    actual = trigger.get("actual")
    if actual is not None and "crosses_above" in trigger and actual < trigger["crosses_above"] and "repeat" not in trigger:
        problems.append(f"trigger: {trigger['signal']} is {actual}, below {trigger['crosses_above']}")
    if actual is not None and "crosses_below" in trigger and actual > trigger["crosses_below"]:
        problems.append(f"trigger: {trigger['signal']} is {actual}, above {trigger['crosses_below']}")


def check_value(value, problems):
    if "amount" not in value:
        return
    factors = [factor["value"] for factor in value["of"]]
    known = bool(factors) and all(factor is not None for factor in factors)
    product = value["share"]
    for factor in factors:
        product *= factor if factor is not None else 0
    known = known and math.isfinite(product)
    if value["from"] != ("of" if known else "otherwise"):
        problems.append(f"value: from {value['from']}")
    places = DECIMALS.get(value["currency"], 2)
    if known:
        twelve = decimal.Decimal(repr(float(f"{product:.11e}")))
        amount = max(twelve, decimal.Decimal(0)).quantize(decimal.Decimal(1).scaleb(-places), rounding=decimal.ROUND_HALF_EVEN)
    else:
        amount = decimal.Decimal(value["otherwise"]).quantize(decimal.Decimal(1).scaleb(-places), rounding=decimal.ROUND_DOWN)
    if decimal.Decimal(value["amount"]) != amount:
        problems.append(f"value: {value['amount']}, worth {amount}")


def local_day(derivation, text):
    import zoneinfo
    return instant(text).astimezone(zoneinfo.ZoneInfo(derivation["permission"]["zone"])).date()


def check_permission(derivation, problems):
    permission = derivation["permission"]
    reasons = [hold["reason"] for hold in permission["holds"]]
    if permission["allowed"] != (not reasons):
        problems.append(f"permission: allowed {permission['allowed']} with holds {reasons}")
    if len(set(reasons)) != len(reasons):
        problems.append(f"permission: {reasons} says something twice")
    checked, first = instant(permission["checked_at"]), permission.get("first_allowed")
    if checked < max(instant(derivation["trigger"]["due"]), instant(derivation["as_of"])):
        problems.append("permission: asked about a moment before it is due, or before now")
    if permission["allowed"] and (first is None or not checked <= instant(first) < checked + datetime.timedelta(minutes=1)):
        problems.append(f"permission: allowed, first allowed {first}")
    for hold in permission["holds"]:
        until = hold.get("until")
        if until is None and first is not None:
            problems.append(f"permission: {hold['reason']} has no end, but {first} is allowed")
        if until is not None and first is not None and instant(until) > instant(first):
            problems.append(f"permission: {hold['reason']} lasts until {until}, but {first} is allowed")
    if not permission["allowed"] and permission["chain"] and permission["chain"][0] not in reasons:
        problems.append(f"permission: the chain begins with {permission['chain'][0]}, held by {reasons}")


def check_status(derivation, problems):
    permission = derivation["permission"]
    first = permission.get("first_allowed")
    today = first is not None and local_day(derivation, first) <= local_day(derivation, derivation["as_of"])
    late = not permission["allowed"] and (first is None or instant(first) > instant(derivation["expires"]))
    now = permission["allowed"] and instant(permission["checked_at"]) == instant(derivation["as_of"])
    due = (now or today) and not late and "held_by_rule" not in derivation
    if derivation["status"] != ("due" if due else "held"):
        problems.append(f"status: {derivation['status']}, follows {'due' if due else 'held'}")


def check_assigned(derivation, problems):
    """Whose work it is follows from what was asked for and why it went elsewhere."""
    assigned = derivation.get("assigned")
    if assigned is None:
        if "assignee" in derivation["rests_on"]:
            problems.append("assigned: nothing is said, but it rests on something")
        return
    because, to, asked = assigned["because"], assigned["to"], assigned["asked"]
    follows = {
        "rule": to == asked != "owner",
        "nobody": to == "owner" != asked,
        "left": "instead_of" in assigned,
        "away": "instead_of" in assigned,
    }.get(because, False)
    if not follows:
        problems.append(f"assigned: asked for {asked}, to {to} because {because}")
    if "instead_of" in assigned and (assigned["rep"] == assigned["instead_of"]) != (to == "owner"):
        problems.append(f"assigned: {assigned['rep']} as {to} instead of {assigned['instead_of']}")
    if to != "owner" and not derivation["rests_on"].get("assignee"):
        problems.append(f"assigned: to {to}, resting on nothing")


def check_left_out(derivation, problems):
    left_out = derivation.get("left_out")
    if left_out is None:
        return
    if "enrolment" not in derivation and "held_by_rule" not in derivation:
        problems.append("left_out: of what is no cadence")
    if not left_out["steps"] or left_out["begins_at"] in left_out["steps"]:
        problems.append(f"left_out: begins at {left_out['begins_at']}, without {left_out['steps']}")


def check(derivation):
    """What does not follow; empty where all does."""
    problems = []
    wanted = followup_id(derivation["rule"], derivation["step"], derivation["customer"], derivation["contact"], derivation["trigger"]["root"])
    if derivation["followup"] != wanted:
        problems.append(f"followup: {derivation['followup']}, made of its cause {wanted}")
    if not condition_holds(derivation["conditions"], problems):
        problems.append("conditions: they do not hold")
    check_trigger(derivation, problems)
    check_permission(derivation, problems)
    check_status(derivation, problems)
    check_value(derivation["value"], problems)
    check_assigned(derivation, problems)
    check_left_out(derivation, problems)
    if derivation["events"] != len(cited(derivation)):
        problems.append(f"events: {derivation['events']}, cited {len(cited(derivation))}")
    return problems
