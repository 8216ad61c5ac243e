"""Promises on arrays: the real data's figures, an independent implementation, the advisor's rolling evaluation, over-promisers."""

import csv
import datetime
import json

import pytest

import rapport

numpy = pytest.importorskip("numpy")
pytest.importorskip("pyarrow")


def rows(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def at(text):
    return datetime.datetime.strptime(text, "%Y-%m-%d %H:%M:%S")


def delivered(shared):
    orders = rows(shared / "data/olist-sample/olist_orders.csv")
    return [o for o in orders if o["order_status"] == "delivered" and o["order_delivered_customer_date"]]


@pytest.fixture
def margins(shared):
    """Days early and whether the review was 4 or more, of the orders delivered and reviewed (first row per order)."""
    scores = {}
    for review in rows(shared / "data/olist-sample/olist_order_reviews.csv"):
        scores.setdefault(review["order_id"], int(review["review_score"]))
    days, satisfied = [], []
    for order in delivered(shared):
        if order["order_estimated_delivery_date"] and order["order_id"] in scores:
            days.append((at(order["order_estimated_delivery_date"]).date() - at(order["order_delivered_customer_date"]).date()).days)
            satisfied.append(scores[order["order_id"]] >= 4)
    return numpy.array(days), numpy.array(satisfied)


def test_response_on_olist(margins):
    days, satisfied = margins
    assert (len(days), (days > 0).sum(), (days == 0).sum(), (days < 0).sum()) == (5164, 4750, 72, 342)
    model = rapport.PromiseResponse.fit(numpy.clip(days, -30, 30), satisfied)
    for name, value, error in (("const", 1.3515, 0.0807), ("late", -1.5238, 0.2138), ("days_early", 0.01337, 0.00551), ("days_late", -0.12735, 0.02545)):
        assert model.params[name] == pytest.approx(value, abs=1e-4)
        assert model.standard_errors[name] == pytest.approx(error, abs=1e-4)
    ratio = model.late_to_early_ratio
    print(f"\na late day weighs {ratio['ratio']:.1f} times an early one ({ratio['low']:.1f} to {ratio['high']:.1f})")
    assert ratio["ratio"] == pytest.approx(9.52, abs=0.01)
    assert 4 < ratio["low"] < 6 and 30 < ratio["high"] < 80
    assert rapport.PromiseResponse.fit(numpy.clip(days, -30, 30), satisfied, monotone=True).params == pytest.approx(model.params, abs=1e-9)
    again = rapport.PromiseResponse.from_json(model.to_json())
    assert again.params == model.params and again.late_to_early_ratio == ratio and again.covariance == model.covariance
    assert (again.predict(days) == model.predict(days)).all()


def reference(design, yes, weights):
    """Newton's method written down once more, with numpy alone: coefficients and standard errors."""
    beta = numpy.zeros(design.shape[1])
    for _ in range(50):
        p = 1 / (1 + numpy.exp(-design @ beta))
        information = design.T @ (design * (weights * p * (1 - p))[:, None])
        beta += numpy.linalg.solve(information, design.T @ (weights * (yes - p)))
    return beta, numpy.sqrt(numpy.diag(numpy.linalg.inv(information)))


@pytest.mark.parametrize("seed", range(5))
def test_response_agrees_with_an_independent_implementation(seed):
    random = numpy.random.default_rng(seed)
    days = random.integers(-12, 25, 400).astype(float)
    yes = (random.random(400) < 0.7 - 0.2 * (days < 0)).astype(float)
    weights = random.integers(1, 4, 400).astype(float)
    design = numpy.column_stack([numpy.ones(400), days < 0, numpy.maximum(days, 0), numpy.maximum(-days, 0)]).astype(float)
    beta, errors = reference(design, yes, weights)
    model = rapport.PromiseResponse.fit(days, yes, weights)
    names = ("const", "late", "days_early", "days_late")
    assert [model.params[name] for name in names] == pytest.approx(beta, abs=1e-9)
    assert [model.standard_errors[name] for name in names] == pytest.approx(errors, abs=1e-9)
    assert model.predict(days) == pytest.approx(1 / (1 + numpy.exp(-design @ beta)), abs=1e-9)


def test_response_agrees_with_statsmodels(margins):
    statsmodels = pytest.importorskip("statsmodels.api")
    days, satisfied = numpy.clip(margins[0], -30, 30), margins[1]
    design = numpy.column_stack([numpy.ones(len(days)), days < 0, numpy.maximum(days, 0), numpy.maximum(-days, 0)]).astype(float)
    other = statsmodels.Logit(satisfied.astype(float), design).fit(disp=0, method="newton", tol=1e-12)
    model = rapport.PromiseResponse.fit(days, satisfied)
    assert list(model.params[name] for name in ("const", "late", "days_early", "days_late")) == pytest.approx(other.params, abs=1e-8)
    assert model.covariance == pytest.approx(other.cov_params(), abs=1e-8)
    assert model.log_likelihood == pytest.approx(other.llf, abs=1e-6)


def rolling(orders, confidences, warm=100, group=None, daily=True):
    """Each order in the order of purchase is promised from what was delivered before the day of its purchase: (month, chance, kept) a promise."""
    by_purchase = sorted(orders, key=lambda order: order["bought"])
    by_delivery = sorted(orders, key=lambda order: order["delivered"])
    advisor, known, told, answers = rapport.PromiseAdvisor.fit([]), 0, [], {}
    today = None
    for order in by_purchase:
        day = order["bought"].date() if daily else order["bought"].date().replace(day=1)
        if day != today:
            today, answers = day, {}
            arrived = known
            while arrived < len(by_delivery) and by_delivery[arrived]["delivered"] < datetime.datetime.combine(day, datetime.time()):
                arrived += 1
            if arrived > known:
                news = by_delivery[known:arrived]
                advisor = advisor.add([o["lead"] for o in news], None if group is None else [o[group] for o in news])
                known = arrived
        if known < warm:
            continue
        asked = None if group is None else order[group]
        if asked not in answers:
            answers[asked] = advisor.days(confidences, asked)
        for chance, days in zip(confidences, answers[asked]):
            told.append((order["bought"].strftime("%Y-%m"), chance, order["lead"] <= days, asked))
    return told


@pytest.fixture
def orders(shared):
    states = {c["customer_id"]: c["customer_state"] for c in rows(shared / "data/olist-sample/olist_customers.csv")}
    made = []
    for order in delivered(shared):
        bought, arrived = at(order["order_purchase_timestamp"]), at(order["order_delivered_customer_date"])
        made.append({"bought": bought, "delivered": arrived, "lead": (arrived - bought).total_seconds() / 86400, "state": states[order["customer_id"]],
                     "whole": float((arrived.date() - bought.date()).days)})
    return made


CHANCES = [0.8, 0.9, 0.95]


def share(told, chance, **where):
    kept = [k for month, p, k, group in told if p == chance and where.get("month", month) == month and where.get("group", group) == group]
    return sum(kept) / len(kept), len(kept)


@pytest.mark.parametrize("form", ["fractions, every day", "whole days, every day", "fractions, on the first of each month"])
def test_advisor_covers_later_orders(orders, form):
    if form.startswith("whole"):
        orders = [dict(order, lead=order["whole"]) for order in orders]
    told = rolling(orders, CHANCES, daily="first of" not in form)
    print(f"\n{form}\nmonth     orders   0.80   0.90   0.95")
    for month in sorted({line[0] for line in told}):
        print(f"{month} {share(told, 0.8, month=month)[1]:8d}   " + "   ".join(f"{share(told, p, month=month)[0]:.3f}"[1:] for p in CHANCES))
    for p in CHANCES:
        print(f"all months: asked {p}, kept {share(told, p)[0]:.4f} of {share(told, p)[1]}")
        assert abs(share(told, p)[0] - p) < 0.02


def test_advisor_covers_states_each_for_itself(orders):
    told = rolling(orders, CHANCES, warm=300, group="state")
    whole = rolling(orders, CHANCES, warm=300)
    assert len(told) == len(whole)
    sizes = {state: sum(1 for line in told if line[3] == state) // len(CHANCES) for state in {line[3] for line in told}}
    for p in CHANCES:
        assert abs(share(told, p)[0] - p) < 0.02
        away = {state: share(told, p, group=state)[0] - p for state, size in sizes.items() if size >= 60}
        print(f"asked {p}: kept {share(told, p)[0]:.3f}; by state " + ", ".join(f"{state} {value:+.3f}" for state, value in sorted(away.items())))
        root_mean_square = (sum(sizes[state] * value**2 for state, value in away.items()) / sum(sizes[state] for state in away)) ** 0.5
        assert root_mean_square < 0.05


def test_advisor_one_by_one_is_all_at_once():
    random = numpy.random.default_rng(3)
    leads, groups = random.gamma(2, 5, 300), random.choice(["a", "b", None], 300).tolist()
    whole = rapport.PromiseAdvisor.fit(leads, groups)
    parts = rapport.PromiseAdvisor.fit(leads[:100], groups[:100]).add(leads[100:101], groups[100:101]).add(leads[101:], groups[101:])
    assert whole.to_json() == parts.to_json() and parts.known == 300
    assert rapport.PromiseAdvisor.from_json(whole.to_json()).days(0.9, "a") == whole.days(0.9, "a")
    assert whole.days([0.5, 0.9])[0] < whole.days([0.5, 0.9])[1]
    assert whole.days(0.9, group="never seen") == whole.days(0.9)


def test_kept_shares_of_planted_over_promisers():
    random = numpy.random.default_rng(1)
    found = accused = planted = honest = 0
    for _ in range(40):
        names = numpy.repeat(numpy.arange(10), 30)
        kept = random.random(300) < numpy.where(names < 2, 0.6, 0.9)
        table = rapport.kept_shares({"rep": names.astype(str), "kept": kept})
        for row in table.to_pylist():
            bad = int(row["name"]) < 2
            planted, honest = planted + bad, honest + (not bad)
            found, accused = found + (bad and row["over_promises"]), accused + (not bad and row["over_promises"])
    print(f"\nfound {found / planted:.3f} of the planted, accused {accused / honest:.3f} of the honest")
    assert found / planted >= 0.9 and accused / honest <= 0.05


def test_kept_shares_by_product_and_dimension():
    rows = [{"rep": "r", "product": "p" if i % 2 else "q", "dimension": "outcome", "kept": i % 3 > 0, "margin_days": i % 5 - 2, "margin_quantity": None} for i in range(60)]
    table = rapport.kept_shares(rows)
    assert [(row["by"], row["name"]) for row in table.to_pylist()] == [("rep", "r"), ("product", "p"), ("product", "q"), ("dimension", "outcome")]
    assert table.column("settled").to_pylist() == [60, 30, 30, 60]
    assert table.column("bias_days").to_pylist()[0] == pytest.approx(0)
    assert table.column("mean_margin_quantity").null_count == 4


def test_errors_name_row_and_field():
    with pytest.raises(rapport.Error, match="row 1, field satisfied: found 2") as caught:
        rapport.PromiseResponse.fit([1, 2], [0, 2])
    assert caught.value.token == "expectation.invalid_input"
    with pytest.raises(rapport.Error, match="row 1, field satisfied: found 'yes', expected a number"):
        rapport.PromiseResponse.fit([1, 2], [0, "yes"])
    with pytest.raises(rapport.Error, match="row 1, field weights: found 1 rows, expected 2 as days_early has"):
        rapport.PromiseResponse.fit([1, 2], [0, 1], weights=[1])
    with pytest.raises(rapport.Error, match="field groups: found 1 rows, expected 2") as caught:
        rapport.PromiseAdvisor.fit([1, 2], ["north"])
    assert caught.value.token == "expectation.invalid_input"
    with pytest.raises(rapport.Error, match="row 0, field lead_days"):
        rapport.PromiseAdvisor.fit([-1])
    with pytest.raises(rapport.Error, match="confidence"):
        rapport.PromiseAdvisor.fit([1]).days(1.5)
    with pytest.raises(rapport.Error, match="row 2, field kept"):
        rapport.kept_shares([{"kept": True}, {"kept": None}])
    with pytest.raises(rapport.Error, match='column "colour"'):
        rapport.kept_shares([{"kept": True}, {"kept": True, "colour": "red"}])   # whatever row names it
    with pytest.raises(rapport.Error):
        rapport.PromiseAdvisor.from_json(json.dumps({"model": "promise_advisor", "known": 1}))


PARAMS = {"const": 1, "late": -1, "days_early": 0.01, "days_late": -0.1}


@pytest.mark.parametrize("make, message, token", [
    (lambda: rapport.PromiseResponse(**{**PARAMS, "late": "much"}), "late: found 'much', expected a number", "expectation.invalid_parameter"),
    (lambda: rapport.PromiseResponse(**{**PARAMS, "late": 2e6}), "late: found", "expectation.invalid_parameter"),
    (lambda: rapport.PromiseResponse.from_json("no JSON"), "model: expected the JSON text of to_json", "json.invalid"),
    (lambda: rapport.PromiseResponse.from_json('{"model": "bg_nbd"}'), "model: found 'bg_nbd', expected promise_response", "expectation.unknown_model"),
    (lambda: rapport.PromiseResponse.from_json('{"model": "promise_response"}'), "an object with model and params", "expectation.wrong_type"),
    (lambda: rapport.PromiseResponse.from_json('{"model": "promise_response", "params": {"const": 1}}'), "late", "expectation.missing_key"),
])
def test_a_response_is_told_what_is_wrong_with_it(make, message, token):
    with pytest.raises(rapport.Error, match=message) as caught:
        make()
    assert caught.value.token == token


def test_a_response_is_what_its_text_says():
    model = rapport.PromiseResponse(**PARAMS)
    assert repr(model) == "rapport.PromiseResponse(const=1, late=-1, days_early=0.01, days_late=-0.1)"
    assert repr(rapport.PromiseResponse.from_json(model.to_json())) == repr(model)
    assert (model.standard_errors, model.covariance, model.log_likelihood, model.converged, model.diagnosis) == (None,) * 5
