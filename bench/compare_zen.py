"""Rapport beside zen-engine (GoRules) on one table of twelve rows, in one run on one machine. Usage: compare_zen.py [CUSTOMERS]

Both get the customers in the form they take best, made beforehand: Rapport an Arrow table, Zen a list of contexts. Zen holds the table
compiled and is asked by its batch call, by its decision with dicts and by its decision with JSON bytes; the fastest of the three counts.
"""

import json
import random
import sys

import pyarrow
import rapport
import zen

from timing import median

# A row: conditions as (signal, comparison, value). Zen's cell says the same of the same signal.
ROWS = [
    ("worry", [("worry.open", ">=", 2)]),
    ("worry-large", [("worry.open", ">=", 1), ("account.large", "=", True)]),
    ("large-unseen", [("account.large", "=", True), ("touch.days_since", ">=", 40)]),
    ("large-new", [("account.large", "=", True), ("purchase.count", "=", 1)]),
    ("price-large-sum", [("refusal.last_reason", "in", ["price", "money"]), ("purchase.revenue", ">", 5000)]),
    ("price", [("refusal.last_reason", "=", "price"), ("touch.days_since", ">", 20)]),
    ("silent-often", [("purchase.silence_ratio", ">=", 2), ("purchase.count", ">=", 10)]),
    ("silent", [("purchase.silence_ratio", ">=", 3), ("purchase.revenue", ">=", 1000)]),
    ("gone", [("purchase.days_since", ">", 365), ("touch.days_since", ">", 180)]),
    ("fresh", [("purchase.days_since", "<=", 7), ("touch.days_since", ">", 7)]),
    ("one-order", [("purchase.count", "<", 2), ("purchase.days_since", "<", 90)]),
    ("in-sight", [("touch.days_since", ">=", 180)]),
]
SIGNALS = sorted({signal for _, conditions in ROWS for signal, _, _ in conditions})
VALUES = {
    "worry.open": lambda: random.choice([0, 0, 0, 0, 1, 2]), "account.large": lambda: random.random() < 0.1,
    "touch.days_since": lambda: random.randrange(250), "purchase.count": lambda: random.randrange(1, 30),
    "refusal.last_reason": lambda: random.choice(["price", "money", "time", "no_need"]), "purchase.revenue": lambda: random.randrange(80000) / 8,
    "purchase.silence_ratio": lambda: random.randrange(40) / 8, "purchase.days_since": lambda: random.randrange(500),
}


def policy():
    rules = [
        {"name": name, "purpose": "care", "priority": 1, "trigger": {"event": "touch"}, "expires": {"days": 1},
         "when": {"all": [{"signal": signal, "is": comparison, "value": value} for signal, comparison, value in conditions]},
         "action": {"channel": "call", "minutes": 5, "headline": "general", "objective": "thank"}}
        for name, conditions in ROWS
    ]
    return rapport.Policy.parse({"rapport_policy": 1, "name": "twelve", "rules": rules})


def field(signal):
    return signal.replace(".", "_")


def cell(comparison, value):
    if comparison == "in":
        return ", ".join(json.dumps(one) for one in value)
    return json.dumps(value) if comparison == "=" else f"{comparison} {json.dumps(value)}"


def decision_table(hit_policy):
    """The twelve rows as a JSON decision model: an input, a table, an output."""
    rows = []
    for name, conditions in ROWS:
        said = {field(signal): cell(comparison, value) for signal, comparison, value in conditions}
        rows.append({"_id": name, "rule": json.dumps(name)} | {field(signal): said.get(field(signal), "") for signal in SIGNALS})
    table = {"hitPolicy": hit_policy, "inputs": [{"id": field(s), "name": s, "field": field(s)} for s in SIGNALS],
             "outputs": [{"id": "rule", "name": "rule", "field": "rule"}], "rules": rows}
    at = {"position": {"x": 0, "y": 0}}
    return {
        "nodes": [{"id": "in", "type": "inputNode", "name": "in"} | at,
                  {"id": "table", "type": "decisionTableNode", "name": "table", "content": table} | at,
                  {"id": "out", "type": "outputNode", "name": "out"} | at],
        "edges": [{"id": "1", "sourceId": "in", "targetId": "table", "type": "edge"},
                  {"id": "2", "sourceId": "table", "targetId": "out", "type": "edge"}],
    }


def zen_answers(hit_policy, contexts):
    """Seconds and answers of the fastest of Zen's ways, and its name. Which is fastest, a part of the customers tells."""
    model = decision_table(hit_policy)
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"table": model}}})
    decision = engine.create_decision(zen.ZenDecisionContent(json.dumps(model)))
    ways = {
        "evaluate_batch": (lambda context: {"key": "table", "context": context},
                           lambda requests: [one["data"]["result"] for one in engine.evaluate_batch(requests)]),
        "evaluate, dicts": (lambda context: context, lambda given: [decision.evaluate(context)["result"] for context in given]),
        "evaluate, bytes": (lambda context: json.dumps(context).encode(), lambda given: [decision.evaluate(text)["result"] for text in given]),
    }
    part = {way: median(lambda ask=ask, given=[form(one) for one in contexts[:2000]]: ask(given), 3) for way, (form, ask) in ways.items()}
    first = next(iter(part.values()))[1]
    assert all(answers == first for _, answers in part.values()), "Zen's ways differ"
    way = min(part, key=lambda one: part[one][0])
    form, ask = ways[way]
    given = [form(one) for one in contexts]
    return *median(lambda: ask(given), 3), way


def main():
    customers = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    random.seed(7)
    columns = {signal: [None if random.random() < 0.1 else VALUES[signal]() for _ in range(customers)] for signal in SIGNALS}
    contexts = [{field(signal): columns[signal][i] for signal in SIGNALS} for i in range(customers)]
    table, twelve = pyarrow.table(columns), policy()
    ours, screened = median(lambda: twelve.screen(table))
    masks = [screened[name].to_pylist() for name, _ in ROWS]
    holding = [[name for (name, _), mask in zip(ROWS, masks) if mask[i]] for i in range(customers)]
    print(f"{customers} customers, {len(ROWS)} rows: rapport {ours / customers * 1e9:.1f} ns a customer; for {sum(map(bool, holding))} a row holds")
    for hit_policy in ("first", "collect"):
        theirs, answers, way = zen_answers(hit_policy, contexts)
        if hit_policy == "first":
            expected, found = [names[:1] for names in holding], [list(answer.values()) for answer in answers]
        else:
            expected, found = holding, [[hit["rule"] for hit in answer] for answer in answers]
        differing = sum(a != b for a, b in zip(expected, found))
        assert differing == 0, f"{hit_policy}: {differing} answers differ"
        print(f"zen-engine, {hit_policy:8} {way:16} {theirs / customers * 1e9:8.0f} ns a customer, {theirs / ours:6.0f}x   wanted: at least 100x; same answers")


main()
