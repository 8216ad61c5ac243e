"""Models of the customer base on arrays: reference figures, one form for all of them, errors with row and field."""

import csv
import json
import math

import pytest

import rapport
from conftest import ROOT

numpy = pytest.importorskip("numpy")
pyarrow = pytest.importorskip("pyarrow")

BG = rapport.BgNbd(r=0.24259290720446588, alpha=4.413531561205426, a=0.7928861480987685, b=2.4257534364936212)
ASKED = ([2, 0, 29], [30.43, 0, 37.71], [38.86, 38.86, 38.0])


@pytest.fixture(scope="module")
def cdnow():
    with open(ROOT / "tests/fixtures/cdnow_summary_weeks.csv", newline="") as file:
        rows = [[float(cell) for cell in row] for row in list(csv.reader(file))[1:]]
    return dict(zip(("frequency", "recency", "age", "monetary"), numpy.array(rows).T[1:]))


FITS = {"bgnbd_cdnow": rapport.BgNbd, "mbgnbd_cdnow": rapport.MbgNbd, "pnbd_cdnow": rapport.ParetoNbd, "nbd_cdnow": rapport.Nbd}


@pytest.mark.parametrize("name", [*FITS, "gg_cdnow"])
def test_fits_reach_the_reference(shared, cdnow, name):
    expected = json.loads((shared / "data/btyd-reference/cdnow.json").read_text())["fits"][name]
    if name == "gg_cdnow":
        model = rapport.GammaGamma.fit(cdnow["frequency"], cdnow["monetary"])
    else:
        model = FITS[name].fit(cdnow["frequency"], cdnow["recency"], cdnow["age"])
    assert list(model.params) == list(expected["params"])
    for key, value in expected["params"].items():
        assert model.params[key] == pytest.approx(float(value), rel=1e-7)
        assert model.standard_errors[key] == pytest.approx(float(expected["se"][key]), rel=1e-6)
    assert model.log_likelihood == pytest.approx(float(expected["LL"]), abs=1e-7)
    assert model.aic == pytest.approx(2 * len(model.params) - 2 * float(expected["LL"]), abs=1e-6)
    assert model.converged and model.diagnosis
    covariance = numpy.array(model.covariance)
    assert numpy.sqrt(numpy.diag(covariance)) == pytest.approx(list(model.standard_errors.values()), rel=1e-12)
    assert type(model).from_json(model.to_json()) == model == rapport.model_from_json(model.to_json())
    assert "fitted to" in repr(model)


def test_a_model_is_read_by_its_own_class_and_kept_as_it_was(cdnow):
    fitted = rapport.BgNbd.fit(cdnow["frequency"][:300], cdnow["recency"][:300], cdnow["age"][:300])
    for text in (fitted.to_json(), BG.to_json(), '{"params": {"b": 2.4, "a": 0.8, "alpha": 4.4, "r": 0.24},  "model": "bg_nbd"}'):
        assert rapport.BgNbd.from_json(text).to_json() == text == rapport.model_from_json(text).to_json()
    assert rapport.BgNbd.from_json(BG.to_json().encode()) == BG
    for other in (rapport.MbgNbd, rapport.BgCnbdK, rapport.GammaGamma):
        with pytest.raises(rapport.Error, match=f"model: found 'bg_nbd', expected {other._name}") as refused:
            other.from_json(BG.to_json())
        assert refused.value.token == "value.unknown_model"
    with pytest.raises(rapport.Error, match="model: found None"):
        rapport.BgNbd.from_json('{"params": {"r": 1, "alpha": 1, "a": 1, "b": 1}}')


@pytest.mark.parametrize("text", [None, 5, [], "", "[]", "null", "x", b"\xff", "[" * 100000, '{"model": []}', '{"model": {}}', '{"model": "bg_nbd", "params": 1}'])
def test_what_is_no_model_is_refused(text):
    for read in (rapport.BgNbd.from_json, rapport.model_from_json):
        with pytest.raises(rapport.Error, match="^model: "):
            read(text)


def test_predictions_agree_with_the_reference(shared, cdnow):
    told = json.loads((shared / "data/btyd-reference/cdnow.json").read_text())
    models = {name: kind(**{key: float(v) for key, v in told["fits"][fit]["params"].items()})
              for name, fit, kind in (("bgnbd", "bgnbd_cdnow", rapport.BgNbd), ("mbgnbd", "mbgnbd_cdnow", rapport.MbgNbd), ("pnbd", "pnbd_cdnow", rapport.ParetoNbd))}
    checked = 0
    for row in told["predictions"]:
        f, r, t = [row["x"]], [row["t_x"]], [row["T"]]
        for name, model in models.items():
            assert model.probability_alive(f, r, t)[0] == pytest.approx(row[name]["p_alive"], rel=1e-9)
            for horizon, value in row[name]["expected_purchases"].items():
                assert model.expected_purchases(float(horizon), f, r, t)[0] == pytest.approx(value, rel=1e-9)
                checked += 1
    assert checked > 400


def relative(found, truth):
    return abs(found - truth) / abs(truth) if truth else abs(found)


def test_edge_cases_are_right_in_numbers_and_logarithms(shared):
    """Of values below the smallest normal double the logarithm is held to the truth, which is text of any size."""
    decimal = pytest.importorskip("decimal")
    asks = {"LL": lambda m, t, h, **o: m.log_likelihood_of(*h), "PAlive": lambda m, t, h, **o: m.probability_alive(*h, **o),
            "CET": lambda m, t, h, **o: m.expected_purchases(t, *h, **o), "DERT": lambda m, t, h, **o: m.expected_residual(t, *h, **o)}
    worst = 0
    for case in csv.DictReader((shared / "data/btyd-reference/edge_cases.csv").read_text().splitlines()):
        p = [float(case[f"p{i}"]) for i in (1, 2, 3, 4)]
        model = rapport.BgNbd(r=p[0], alpha=p[1], a=p[2], b=p[3]) if case["mod"] == "bg" else rapport.ParetoNbd(r=p[0], alpha=p[1], s=p[2], beta=p[3])
        history, t = ([float(case["x"])], [float(case["tx"])], [float(case["T"])]), float(case["t"])
        truth = decimal.Decimal(case["truth"])
        found = asks[case["q"]](model, t, history)[0]
        assert math.isfinite(found) and (case["q"] == "LL" or found >= 0)
        if case["q"] == "LL" or abs(truth) >= decimal.Decimal("1e-300"):
            worst = max(worst, relative(found, float(truth)))
        if case["q"] != "LL" and truth > 0:
            log_truth = float(truth.ln())
            log_found = asks[case["q"]](model, t, history, log=True)[0]
            worst = max(worst, abs(log_found - log_truth) / max(1, abs(log_truth)))
    assert worst < 1e-9


def test_one_answer_in_any_form(cdnow):
    plain = BG.expected_purchases(39, *ASKED)
    table = pyarrow.table({"f": ASKED[0], "r": ASKED[1], "t": ASKED[2]})
    assert (BG.expected_purchases(39, table["f"], table["r"], table["t"]) == plain).all()
    assert (BG.expected_purchases(39, frequency=ASKED[0], recency=numpy.array(ASKED[1]), age=tuple(ASKED[2])) == plain).all()
    assert numpy.exp(BG.expected_purchases(39, *ASKED, log=True)) == pytest.approx(plain, rel=1e-14)
    columns = cdnow["frequency"], cdnow["recency"], cdnow["age"]
    many = [numpy.tile(column, 20) for column in columns]
    assert (BG.expected_purchases(39, *many) == BG.expected_purchases(39, *many, threads=2)).all()
    window = BG.expected_purchases(13, *ASKED, start=26)
    assert window == pytest.approx(plain - BG.expected_purchases(26, *ASKED), rel=1e-12)
    assert sum(BG.purchase_probability(n, 39, [2], [30.43], [38.86])[0] for n in range(300)) == pytest.approx(1, abs=1e-9)
    assert BG.expected_purchases_new(39) == pytest.approx(1.195016297703443, rel=1e-9)
    assert BG.expected_purchases_new([1, 39])[1] == BG.expected_purchases_new(39)
    assert (BG.probability_alive(*ASKED, ahead=10) < BG.probability_alive(*ASKED)).tolist() == [True, True, True]
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"f": pandas.array([2, 0, 29], dtype="Int64"), "r": ASKED[1], "t": ASKED[2]})
    assert (BG.expected_purchases(39, frame["f"], frame["r"], frame["t"]) == plain).all()


def test_logarithms_go_on_where_numbers_end():
    """The tables of truths are in tests/value/tiny_chances_test.cpp."""
    models = {kind: kind(**{name: 1.7 for name in kind._names if name != "k"}, **({"k": 2} if "k" in kind._names else {}))
              for kind in (rapport.Nbd, rapport.BgNbd, rapport.MbgNbd, rapport.BgCnbdK, rapport.MbgCnbdK, rapport.ParetoNbd, rapport.GgompertzNbd)}
    for kind, model in models.items():
        row = [2], [30.0], [39.0]
        assert model.purchase_probability(5000, 1, *row)[0] == 0 and -1e6 < model.purchase_probability(5000, 1, *row, log=True)[0] < -708
        for n in (0, 1, 7):
            assert numpy.exp(model.purchase_probability(n, 13, *row, log=True)) == pytest.approx(model.purchase_probability(n, 13, *row), rel=1e-12)
        assert model.purchase_probability(1, 0, *row, log=True)[0] == -math.inf, "nothing within no time"
    far = rapport.ParetoNbd(r=1, alpha=1, s=20, beta=1)
    assert far.probability_alive([2], [39.0], [39.0], ahead=1e20)[0] == 0
    assert far.probability_alive([2], [39.0], [39.0], ahead=1e20, log=True)[0] == pytest.approx(-20 * math.log(1e20 / 40), rel=1e-12)
    yearly = rapport.BgBb(alpha=2, beta=1e9, gamma=1, delta=3)
    assert -math.inf < yearly.purchase_probability(90, 100, [0], [0], [6], log=True)[0] < -708
    assert yearly.purchase_probability(101, 100, [0], [0], [6], log=True)[0] == -math.inf, "more purchases than opportunities"


def test_weights_count_customers(cdnow):
    f, r, t = (column[:300] for column in (cdnow["frequency"], cdnow["recency"], cdnow["age"]))
    twice = rapport.BgNbd.fit(numpy.tile(f, 2), numpy.tile(r, 2), numpy.tile(t, 2))
    assert rapport.BgNbd.fit(f, r, t, weights=numpy.full(300, 2)).to_json() == twice.to_json()


def test_covariates_move_both_processes(cdnow):
    f, r, t = cdnow["frequency"], cdnow["recency"], cdnow["age"]
    group = (numpy.arange(f.size) % 2).astype(float)
    model = rapport.ParetoNbd.fit(f, r, t, covariates_transaction={"group": group}, covariates_dropout=numpy.column_stack([group]))
    assert list(model.params) == ["r", "alpha", "s", "beta", "transaction.group", "dropout.x1"]
    ask = {"covariates_transaction": pyarrow.table({"group": [1.0]}), "covariates_dropout": [[1.0]]}
    assert model.probability_alive([2], [30.43], [38.86], **ask)[0] > 0
    with pytest.raises(rapport.Error) as refused:
        model.probability_alive([2], [30.43], [38.86])
    assert refused.value.token == "value.covariates"


def test_spending_and_lifetime_value():
    spend = rapport.GammaGamma(p=6.248802489709095, q=3.7445884532874681, gamma=15.447748009463717)
    value = spend.expected_value([2, 0], numpy.ma.masked_array([22.35, 0.0], mask=[False, True]))
    assert value == pytest.approx([24.658616174326713, 35.17100208824097], rel=1e-9)
    assert (value == spend.expected_value([2, 0], [22.35, float("nan")])).all()
    ask = {"frequency": [2], "recency": [30.43], "age": [38.86], "monetary": [22.35], "discount_rate": 0.01, "period": 4.345}
    clv = rapport.lifetime_value(BG, spend, **ask)
    assert clv[0] == pytest.approx(36.27849649287407, rel=1e-9)
    table = rapport.lifetime_value(BG, spend, **ask, by_period=True)
    assert table.column_names == ["value"] + [f"period_{i}" for i in range(1, 13)]
    assert table["value"][0].as_py() == pytest.approx(clv[0], rel=1e-12)
    ask["monetary"] = [10.0]
    plain = rapport.lifetime_value(BG, None, **ask)
    assert plain[0] == pytest.approx(clv[0] * 10 / value[0], rel=1e-12)


def test_without_a_spend_model_everybody_has_a_worth():
    rows = {"frequency": [2, 0], "recency": [30.43, 0], "age": [38.86, 38.86]}
    for missing in ([22.35, None], [22.35, math.nan], numpy.ma.masked_array([22.35, 0.0], mask=[False, True]), pyarrow.array([22.35, None])):
        with pytest.raises(rapport.Error, match="^row 1, field monetary: found nan, expected an amount"):
            rapport.lifetime_value(BG, None, **rows, monetary=missing)
        assert rapport.lifetime_value(BG, rapport.GammaGamma(p=6.25, q=3.74, gamma=15.45), **rows, monetary=missing)[1] > 0
    with pytest.raises(rapport.Error, match="^row 0, field monetary: found -1, expected an amount"):
        rapport.lifetime_value(BG, None, **rows, monetary=[-1, 5])
    for model in ({}, None, "bg_nbd", rapport.GammaGamma(p=6.25, q=3.74, gamma=15.45)):
        with pytest.raises(rapport.Error, match="^model: found .*, expected a model of when customers buy"):
            rapport.lifetime_value(model, None, **rows, monetary=[1, 5])


def test_intervals(cdnow):
    columns = cdnow["frequency"], cdnow["recency"], cdnow["age"]
    model = rapport.BgNbd.fit(*columns)
    asked = {"frequency": ASKED[0], "recency": ASKED[1], "age": ASKED[2]}
    delta = model.interval("expected_purchases", horizon=39, **asked)
    assert (delta["estimate"] == model.expected_purchases(39, *ASKED)).all()
    assert (delta["low"] < delta["estimate"]).all() and (delta["estimate"] < delta["high"]).all()
    wide = model.interval("expected_purchases", 0.99, horizon=39, **asked)
    assert (wide["low"] < delta["low"]).all() and (wide["high"] > delta["high"]).all()
    drawn = model.interval("expected_purchases", horizon=39, method="bootstrap", replicates=20, seed=1, fitted_on=columns, **asked)
    assert (drawn["low"] < drawn["high"]).all()
    with pytest.raises(rapport.Error) as refused:
        BG.interval("probability_alive", **asked)
    assert refused.value.token == "value.no_covariance"


def test_intervals_are_of_what_a_model_says_of_its_rows(cdnow):
    model = rapport.BgNbd.fit(*(cdnow[name][:300] for name in ("frequency", "recency", "age")))
    for quantity, more in (("expected_purchases", {"horizon": 39}), ("probability_alive", {}), ("purchase_probability", {"n": 0, "horizon": 39}),
                           ("expected_residual", {"discount_rate": 0.002})):
        assert model.interval(quantity, 0.9, *ASKED, **more)["estimate"].size == 3
    with pytest.raises(rapport.Error, match="quantity: found 'lifetime_value', .* rapport.lifetime_value_interval"):
        model.interval("lifetime_value", 0.9, *ASKED)
    with pytest.raises(rapport.Error, match="expected_value"):
        model.interval("expected_value", 0.9, *ASKED)


def test_intervals_of_somebody_new_have_the_shape_of_the_horizon(cdnow):
    columns = tuple(cdnow[name][:600] for name in ("frequency", "recency", "age"))
    model = rapport.BgNbd.fit(*columns)
    one = model.interval("expected_purchases_new", 0.9, horizon=39)
    assert list(one) == ["estimate", "low", "high"] and all(type(value) is float for value in one.values())
    assert one["low"] < one["estimate"] == model.expected_purchases_new(39) < one["high"]
    many = model.interval("expected_purchases_new", 0.9, horizon=[[1, 39], [13, 26]])
    assert many["low"].shape == (2, 2) and many["high"][0, 1] == one["high"]
    drawn = model.interval("expected_purchases_new", 0.9, horizon=39, method="bootstrap", replicates=20, fitted_on=columns)
    assert drawn["estimate"] == one["estimate"] and 0.5 < (drawn["high"] - drawn["low"]) / (one["high"] - one["low"]) < 1.6
    with pytest.raises(rapport.Error, match="^field frequency: found a column, expected none, as nothing is known of somebody new"):
        model.interval("expected_purchases_new", 0.9, *ASKED, horizon=39)
    for name in ("covariates_transaction", "covariates_dropout"):
        with pytest.raises(rapport.Error, match=f"^{name}: found a column, expected none, as nothing is known of somebody new"):
            model.interval("expected_purchases_new", horizon=39, **{name: {"sex": [1.0]}})
    with pytest.raises(rapport.Error, match="^horizon: found None, expected a number"):
        model.interval("expected_purchases_new")


def test_intervals_of_money(cdnow):
    columns = {name: cdnow[name] for name in ("frequency", "recency", "age")}
    model, spend = rapport.BgNbd.fit(*columns.values()), rapport.GammaGamma.fit(cdnow["frequency"], cdnow["monetary"])
    value = spend.interval("expected_value", [2, 0], [22.35, None], level=0.9)
    assert (value["estimate"] == spend.expected_value([2, 0], [22.35, None])).all()
    assert (value["low"] < value["estimate"]).all() and (value["estimate"] < value["high"]).all()
    ask = {"frequency": [2, 0], "recency": [30.43, 0], "age": [38.86, 38.86], "monetary": [22.35, None], "discount_rate": 0.01, "period": 4.345}
    worth = rapport.lifetime_value_interval(model, spend, **ask, level=0.9)
    assert (worth["estimate"] == rapport.lifetime_value(model, spend, **ask)).all()
    bought = rapport.lifetime_value_interval(model, None, **{**ask, "monetary": [1.0, 1.0]}, level=0.9)
    widths = [numpy.log(band["high"] / band["low"]) for band in (value, bought, worth)]
    assert widths[2] == pytest.approx(numpy.hypot(widths[0], widths[1]), rel=1e-6), "the fits are independent: variances of logarithms add up"
    for fitted_on in (columns, tuple(columns.values())):
        drawn = rapport.lifetime_value_interval(model, spend, **ask, level=0.9, method="bootstrap", replicates=40, seed=1, fitted_on=fitted_on)
        assert numpy.log(drawn["high"] / drawn["low"]) == pytest.approx(widths[2], rel=0.5)
    with pytest.raises(rapport.Error) as refused:
        rapport.lifetime_value_interval(model, rapport.GammaGamma(p=6, q=3, gamma=15), **ask)
    assert refused.value.token == "value.no_covariance" and str(refused.value).startswith("spend: covariance")
    with pytest.raises(rapport.Error, match="^row 1, field monetary: found nan, expected an amount"):
        rapport.lifetime_value_interval(model, None, **ask)
    with pytest.raises(rapport.Error, match="found \"log_likelihood\", expected expected_value"):
        spend.interval("log_likelihood", [2], [22.35])


def test_a_bootstrap_of_spending_takes_frequencies_and_weights(cdnow):
    f, m, times = cdnow["frequency"][:800], cdnow["monetary"][:800], numpy.arange(800) % 3
    spend = rapport.GammaGamma.fit(f, m, weights=times)
    ask = {"quantity": "expected_value", "frequency": [2], "monetary": [22.35], "method": "bootstrap", "replicates": 10, "seed": 4}
    folded = spend.interval(**ask, fitted_on={"frequency": f, "weights": times})
    each = spend.interval(**ask, fitted_on=pyarrow.table({"frequency": numpy.repeat(f, times)}))
    pair = spend.interval(**ask, fitted_on=(numpy.repeat(f, times), numpy.repeat(m, times)))
    assert all((folded[name] == each[name]).all() and (pair[name] == each[name]).all() for name in each)
    with pytest.raises(rapport.Error, match="^fitted_on: row 1, field weights: found 0.5, expected a whole number"):
        spend.interval(**ask, fitted_on={"frequency": f, "weights": times / 2})
    with pytest.raises(rapport.Error, match="^fitted_on: found columns age, expected frequency among them"):
        spend.interval(**ask, fitted_on={"age": f})
    with pytest.raises(rapport.Error, match="^fitted_on: found no rows"):
        spend.interval(**ask)


def test_a_bootstrap_takes_covariates_and_weights(cdnow):
    f, r, t = (cdnow[name][:500] for name in ("frequency", "recency", "age"))
    group, size = (numpy.arange(500) % 2).astype(float), (numpy.arange(500) % 7).astype(float)
    ask = {"quantity": "expected_purchases", "horizon": 39, "method": "bootstrap", "replicates": 4, "seed": 1, "frequency": [2], "recency": [30.43], "age": [38.86]}
    both = {"covariates_transaction": {"group": [1.0]}, "covariates_dropout": {"size": [3.0], "group": [1.0]}}
    table = {"age": t, "frequency": f, "recency": r, "group": group, "size": size}
    for kind in (rapport.ParetoNbd, rapport.MbgNbd):
        model = kind.fit(f, r, t, covariates_transaction={"group": group}, covariates_dropout={"group": group, "size": size})
        drawn = model.interval(**ask, **both, fitted_on=table)
        assert drawn["low"][0] < drawn["high"][0]
        for form in (pyarrow.table(table), pyarrow.table(table).to_pylist()):
            again = model.interval(**ask, **both, fitted_on=form)
            assert all((again[name] == drawn[name]).all() for name in drawn)
        with pytest.raises(rapport.Error, match="^fitted_on: found columns age, .*, expected size among them"):
            model.interval(**ask, **both, fitted_on={name: column for name, column in table.items() if name != "size"})
    times = numpy.arange(500) % 3
    model = rapport.MbgNbd.fit(f, r, t, weights=times, covariates_transaction={"group": group})
    said = ask | {"covariates_transaction": {"group": [1.0]}}
    folded = model.interval(**said, fitted_on={**table, "weights": times})
    each = model.interval(**said, fitted_on={name: numpy.repeat(column, times) for name, column in table.items()})
    assert all((folded[name] == each[name]).all() for name in each)
    with pytest.raises(rapport.Error, match="^fitted_on: row 1, field weights: found 0.5, expected a whole number"):
        model.interval(**said, fitted_on={**table, "weights": times / 2})
    model = rapport.BgNbd.fit(f, r, t)
    with pytest.raises(rapport.Error, match="^fitted_on: found columns f, expected frequency among them"):
        model.interval(**ask, fitted_on=[{"f": 1}] * 3)
    with pytest.raises(rapport.Error, match="^fitted_on: found columns x1, x2, expected frequency among them"):
        model.interval(**ask, fitted_on=numpy.ones((5, 2)))


def test_simulated_customers_have_the_models_mean():
    table = BG.simulate(numpy.full(20000, 39.0), seed=7)
    assert table.column_names == ["frequency", "recency", "age"]
    assert table.equals(BG.simulate(numpy.full(20000, 39.0), seed=7)) and not table.equals(BG.simulate(numpy.full(20000, 39.0), seed=8))
    assert numpy.mean(table["frequency"].to_numpy()) == pytest.approx(BG.expected_purchases_new(39), rel=0.05)
    assert (table["recency"].to_numpy() <= 39).all()


def test_opportunities_of_bg_bb():
    model = rapport.BgBb(alpha=1.204, beta=0.75, gamma=0.657, delta=2.783)
    drawn = model.simulate(numpy.full(4000, 6), seed=3)
    fitted = rapport.BgBb.fit(drawn["frequency"], drawn["recency"], drawn["opportunities"])
    assert list(fitted.params) == ["alpha", "beta", "gamma", "delta"]
    assert fitted.params["alpha"] == pytest.approx(1.204, rel=0.3)
    assert model.probability_alive([6], [6], opportunities=[6]) == model.probability_alive([6], [6], [6])


REFUSED = [
    (lambda: rapport.BgNbd.fit([1, -2], [1, 2], [5, 5]), "row 1, field frequency"),
    (lambda: rapport.BgNbd.fit([1, 2.5], [1, 2], [5, 5]), "row 1, field frequency"),
    (lambda: rapport.BgNbd.fit([1, math.nan], [1, 2], [5, 5]), "row 1, field frequency"),
    (lambda: rapport.BgNbd.fit([1, "x"], [1, 2], [5, 5]), "row 1, field frequency"),
    (lambda: rapport.BgNbd.fit([1, 2], [1, 6], [5, 5]), "row 1, field recency"),
    (lambda: rapport.BgNbd.fit([1, 2], [1, 2], [5]), "row 1, field age"),
    (lambda: rapport.BgNbd.fit([1, 2], [1, 2], [5, 5], weights=[1, -1]), "row 1, field weights"),
    (lambda: rapport.BgNbd.fit([], [], []), "field frequency"),
    (lambda: rapport.BgBb.fit([1, 2], [1, 2], [5]), "row 1, field opportunities"),
    (lambda: rapport.GammaGamma.fit([1, 2], [3, None]), "row 1, field monetary"),
    (lambda: BG.probability_alive([1], [9], [5]), "row 0, field recency"),
    (lambda: rapport.BgNbd(r=1, alpha=1, a=1), "expected r, alpha, a, b"),
    (lambda: rapport.BgNbd(r=-1, alpha=1, a=1, b=1), "r: found -1"),
    (lambda: BG.purchase_probability(1.5, 39, [1], [1], [5]), "n: found 1.5"),
    (lambda: rapport.model_from_json('{"model":"unheard_of","params":{}}'), "unheard_of"),
    (lambda: rapport.lifetime_value(BG, None, [1], [1], [5]), "field monetary"),
    (lambda: rapport.lifetime_value(BG, None, None, [1], [5], [1]), "field frequency: found none"),
    (lambda: rapport.lifetime_value(BG, None, [1], [1], [5], [1], periods=10**12, by_period=True), "periods: found 1000000000000, expected 1 to 10000"),
    (lambda: rapport.lifetime_value(BG, None, [1], [1], [5], [1], periods=-1, by_period=True), "periods: found -1, expected 1 to 10000"),
    (lambda: rapport.BgBb(alpha=1, beta=1, gamma=1, delta=1).probability_alive([1], [1], None), "field opportunities: found none"),
    (lambda: BG.probability_alive(None, None, None), "field frequency: found none"),
    (lambda: BG.probability_alive([10**400], [1], [5]), "row 0, field frequency"),
    (lambda: BG.probability_alive(numpy.array([1j]), [1], [5]), "row 0, field frequency"),
    (lambda: BG.simulate(None), "field age: found none"),
    (lambda: rapport.GammaGamma(p=6, q=3, gamma=15).expected_value([1], None), "field monetary: found none"),
    (lambda: rapport.BgNbd.from_json('{"model":"bg_nbd","params":{"r":1,"alpha":1,"a":1,"b":1},"standard_errors":5}'), "model.standard_errors"),
]


@pytest.mark.parametrize("case", range(len(REFUSED)))
def test_what_is_wrong_is_named(case):
    call, said = REFUSED[case]
    with pytest.raises(rapport.Error) as refused:
        call()
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


NO_NUMBERS = [None, "a", "39", math.nan, math.inf, -math.inf, [], [1, 2], {}, True, 10**400, 1j, numpy.timedelta64(7, "D"), numpy.bool_(True), numpy.complex64(1)]
ASKS = {
    "horizon": [lambda v: BG.expected_purchases(v, *ASKED), lambda v: BG.purchase_probability(0, v, *ASKED),
                lambda v: BG.interval("expected_purchases", 0.9, *ASKED, horizon=v if v is not None else ""),
                lambda v: BG.interval("expected_purchases_new", horizon=v if not isinstance(v, list) else "")],
    "n": [lambda v: BG.purchase_probability(v, 39, *ASKED)],
    "start": [lambda v: BG.expected_purchases(39, *ASKED, start=v)],
    "ahead": [lambda v: BG.probability_alive(*ASKED, ahead=v)],
    "discount_rate": [lambda v: BG.expected_residual(v, *ASKED), lambda v: rapport.lifetime_value(BG, None, *ASKED, [1, 1, 1], discount_rate=v)],
    "period": [lambda v: rapport.lifetime_value(BG, None, *ASKED, [1, 1, 1], period=v)],
    "periods": [lambda v: rapport.lifetime_value(BG, None, *ASKED, [1, 1, 1], periods=v)],
    "threads": [lambda v: BG.probability_alive(*ASKED, threads=v), lambda v: BG.simulate([3.0], threads=v)],
    "seed": [lambda v: BG.simulate([3.0], seed=v), lambda v: BG.interval("probability_alive", 0.9, *ASKED, seed=v)],
    "replicates": [lambda v: BG.interval("probability_alive", 0.9, *ASKED, replicates=v),
                   lambda v: rapport.GammaGamma(p=6, q=3, gamma=15).interval("expected_value", [1], [1], replicates=v)],
    "level": [lambda v: rapport.lifetime_value_interval(BG, None, *ASKED, [1, 1, 1], level=v)],
    "k": [lambda v: rapport.BgCnbdK.fit(*ASKED, k=v if v is not None else "")],
    "r": [lambda v: rapport.BgNbd(r=v, alpha=1, a=1, b=1)],
}


@pytest.mark.parametrize("name", ASKS)
def test_what_is_no_number_is_named(name):
    for ask in ASKS[name]:
        for value in NO_NUMBERS:
            with pytest.raises(rapport.Error, match=f"^{name}: found .*, expected a number$") as refused:
                ask(value)
            assert len(str(refused.value)) < 200
    for value in (None, "a", math.nan, [1, None], [1, "a"], [1, math.inf], [1, []], numpy.array([7], dtype="timedelta64[D]")):
        with pytest.raises(rapport.Error, match="^horizon: found .*, expected a number$"):
            BG.expected_purchases_new(value)
    for value in (1, "yes", None):
        with pytest.raises(rapport.Error, match="^log: found .*, expected True or False"):
            BG.probability_alive(*ASKED, log=value)
    for quantity, method in ((None, "delta"), ("probability_alive", None), (["x"], "delta")):
        with pytest.raises(rapport.Error, match="^(quantity|method): found .*, expected a text"):
            BG.interval(quantity, 0.9, *ASKED, method=method)


def test_numbers_of_any_kind_are_numbers():
    import decimal

    plain = BG.expected_purchases(39, *ASKED, log=True)
    for horizon in (39.0, numpy.int64(39), numpy.float32(39), numpy.array(39), decimal.Decimal(39)):
        assert (BG.expected_purchases(horizon, *ASKED, threads=numpy.int64(2), log=numpy.bool_(True)) == plain).all()
        assert BG.expected_purchases_new(horizon) == BG.expected_purchases_new(39)
        assert BG.expected_purchases_new([[horizon], [1]]).shape == (2, 1)
    assert (BG.purchase_probability(numpy.float64(2), 39, *ASKED) == BG.purchase_probability(2, 39, *ASKED)).all()
    assert BG.expected_purchases_new([]).shape == (0,)


def test_seeds_are_whole_numbers_that_fit():
    assert BG.simulate([39.0], seed=2**53).num_rows == BG.simulate([39.0], seed=numpy.uint64(0)).num_rows == 1
    for seed in (-1, 2**53 + 1, 2**64, 10**30):
        for ask in (lambda: BG.simulate([39.0], seed=seed), lambda: BG.interval("probability_alive", 0.9, *ASKED, seed=seed)):
            with pytest.raises(rapport.Error, match=f"^seed: found {seed}, expected a whole number from 0 to 2..53"):
                ask()
    with pytest.raises(rapport.Error, match="^seed: found 1.5, expected a whole number"):
        BG.simulate([39.0], seed=1.5)


def test_covariates_are_of_the_models_that_fit_names(cdnow):
    rows, group = [cdnow[name][:300] for name in ("frequency", "recency", "age")], (numpy.arange(300) % 2).astype(float)
    for kind in (rapport.BgNbd, rapport.MbgNbd, rapport.ParetoNbd, rapport.GgompertzNbd, rapport.Nbd):
        assert kind.__name__ in kind.fit.__doc__
        assert "transaction.g" in kind.fit(*rows, covariates_transaction={"g": group}).params
        if kind is rapport.Nbd:
            with pytest.raises(rapport.Error):
                kind.fit(*rows, covariates_dropout={"g": group})
            continue
        effects = [name for name in kind.fit(*rows, covariates_dropout={"g": group}).params if "." in name]
        assert effects == (["dropout_a.g", "dropout_b.g"] if kind in (rapport.BgNbd, rapport.MbgNbd) else ["dropout.g"])


def test_covariates_in_any_form(cdnow):
    pandas = pytest.importorskip("pandas")
    rows = [cdnow[name][:600] for name in ("frequency", "recency", "age")]
    group, size = (numpy.arange(600) % 2).astype(float), (numpy.arange(600) % 7).astype(float)
    both = rapport.ParetoNbd.fit(*rows, covariates_transaction={"group": group, "size": size})
    structured = numpy.array(list(zip(group, size)), dtype=[("group", float), ("size", float)])
    for form in ([{"group": g, "size": s} for g, s in zip(group, size)], structured, pandas.DataFrame(structured), pyarrow.table({"group": group, "size": size}),
                 pyarrow.StructArray.from_arrays([pyarrow.array(group), pyarrow.array(size)], ["group", "size"])):
        assert rapport.ParetoNbd.fit(*rows, covariates_transaction=form) == both
    one = rapport.ParetoNbd.fit(*rows, covariates_transaction={"group": group})
    assert rapport.ParetoNbd.fit(*rows, covariates_transaction=pandas.Series(group, name="group")) == one
    for form in (pandas.Series(group), pyarrow.array(group), group, group[:, None]):
        assert rapport.ParetoNbd.fit(*rows, covariates_transaction=form) == rapport.ParetoNbd.fit(*rows, covariates_transaction={"x1": group})
    for form in (numpy.array(["a", "b"] * 300), "group", 5, [[1], [1, 2]], numpy.ones((600, 1, 1)), object()):
        with pytest.raises(rapport.Error, match="^covariates_transaction: found .*, expected one row a customer and one column a covariate"):
            rapport.ParetoNbd.fit(*rows, covariates_transaction=form)
    with pytest.raises(rapport.Error, match="^row 1, field size: "):
        rapport.ParetoNbd.fit(*rows, covariates_transaction=[{"group": 1, "size": 1}, {"group": 2}] * 300)


def test_dates_and_durations_are_no_numbers():
    pandas = pytest.importorskip("pandas")
    days = numpy.array([7, 14], dtype="timedelta64[D]")
    forms = [days, numpy.datetime64("2026-01-01") + days, list(days), pandas.Series(days), pandas.Series(numpy.datetime64("2026-01-01") + days).dt.tz_localize("UTC"),
             pyarrow.array(days.astype("timedelta64[s]")), pyarrow.array(numpy.datetime64("2026-01-01") + days), numpy.ma.masked_array(days, mask=[False, True])]
    for form in forms:
        for ask in (lambda: BG.probability_alive([1, 1], form, [20, 20]), lambda: BG.probability_alive([1, 1], [1, 1], form),
                    lambda: rapport.ParetoNbd.fit([1, 1], [1, 1], [20, 20], covariates_transaction={"since": form})):
            with pytest.raises(rapport.Error, match="^field (recency|age|since): found dates or durations, expected numbers; x / pd.Timedelta"):
                ask()
    with pytest.raises(rapport.Error, match="found dates or durations"):
        rapport.ParetoNbd.fit([1, 1], [1, 1], [20, 20], covariates_transaction=days[:, None])
    weeks = pandas.Series(days) / pandas.Timedelta(days=7)
    assert (BG.probability_alive([1, 1], weeks, [20, 20]) == BG.probability_alive([1, 1], [1, 2], [20, 20])).all()


def test_nobody_who_bought_again():
    with pytest.raises(rapport.Error) as refused:
        rapport.BgNbd.fit([0, 0], [0, 0], [5, 5])
    assert refused.value.token == "value.too_few_customers"


def test_plots_are_axes():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    rows = [{"customer": c, "date": d} for c, d in (("a", "2026-01-01"), ("a", "2026-01-15"), ("b", "2026-02-27"), ("b", "2026-04-01"), ("c", "2026-01-20"))]
    tracking = rapport.plot_tracking(BG, rows, calibration_end="2026-02-20")
    assert tracking.get_lines()[0].get_ydata()[-1] == 2 and tracking.get_ylabel() == "repeat purchases"
    summary = rapport.summarize(rows, calibration_end="2026-02-28", observation_end="2026-04-10")
    assert rapport.plot_calibration(BG, summary).get_ylabel() == "mean purchases in holdout"
    image = rapport.plot_frequency_recency(BG, longest=39).get_images()[0].get_array()
    assert image.shape == (40, 20) and 0 <= image.min() <= image.max() <= 1
    counting = rapport.BgBb(alpha=1.204, beta=0.75, gamma=0.657, delta=2.783)
    for horizon in (None, 5):
        image = rapport.plot_frequency_recency(counting, horizon=horizon, most_frequency=6, longest=6, unit="year").get_images()[0].get_array()
        assert image.shape == (7, 6)
        for frequency in range(1, 7):
            for recency in range(7):
                assert bool(numpy.ma.getmaskarray(image)[recency, frequency - 1]) == (frequency > recency)
    assert image[6, 5] == pytest.approx(counting.expected_purchases(5, [6], [6], [6])[0])
    assert rapport.plot_frequency_recency(counting, longest=300).get_images()[0].get_array().shape == (301, 20)
    for other in (rapport.GammaGamma(p=6.25, q=3.74, gamma=15.45), None):
        with pytest.raises(rapport.Error, match=f"model: found {type(other).__name__}, expected a model of when customers buy"):
            rapport.plot_frequency_recency(other)
    matplotlib.pyplot.close("all")
