"""Models of the customer base: how often customers buy, when they stop without saying so, what they spend."""

import contextlib
import ctypes
import functools
import json

from . import _lib
from ._base_model import BaseModel, read_model
from ._columns import Columns, finite, pointer, seed as seed_of, shown, wanted, whole, wrong
from ._intervals import ask_interval, buyers, histories, horizons_of, interval_of_new, interval_question


def _options(log=False, threads=1):
    """What changes the form or the time of an answer."""
    if not isinstance(log, bool) and getattr(getattr(log, "dtype", None), "kind", None) != "b":
        raise wrong(f"log: found {shown(log)}, expected True or False")
    return {"log": bool(log), "threads": whole(threads, "threads")}


class _CustomerModel(BaseModel):
    """What models of customers have beside: how many customers it was fitted to, and the library's form of fit and answer."""

    def _set(self, told, text=None):
        super()._set(told, text)
        self.aic = told.get("aic")
        self.bic = told.get("bic")
        self.customers = told.get("customers")

    @classmethod
    def _fitted(cls, columns, **options):
        if not columns.size:
            raise wrong("field frequency: found no row, expected at least one customer")
        options = {name: value for name, value in options.items() if value is not None}
        text = _lib.call_text("rapport_value_fit", *_lib.encode(cls._name), columns.reference, *_lib.encode(json.dumps(options) if options else None))
        return cls._of(json.loads(text), text)

    def _answer(self, columns, question):
        import numpy

        out = numpy.empty(columns.size)
        _lib.call("rapport_value_predict", *_lib.encode(self._text), *_lib.encode_json(**question), columns.reference, pointer(out))
        return out

    def __eq__(self, other):
        return type(other) is type(self) and json.loads(other._text) == json.loads(self._text)

    __hash__ = None

    def __repr__(self):
        said = super().__repr__()
        if self.log_likelihood is None:
            return said
        return f"<{said[:-1]}; fitted to {self.customers:.6g} customers, log-likelihood {self.log_likelihood:.4f})>"


class PurchaseModel(_CustomerModel):
    """A model of when customers buy.

    Its methods take columns of one length: lists, numpy arrays, pandas, polars or pyarrow columns. ``frequency`` counts purchases after the first, ``recency`` is the
    time from the first to the last, ``age`` from the first to the end of observation; all answers are in the same unit of time. A model fitted with
    covariates wants those of everybody asked about. ``log=True`` gives natural logarithms: finite however far a chance is below the
    smallest double, and -infinity only where it is exactly 0 (a purchase within no time, more purchases than opportunities); of expected
    purchases and the residual also where what a customer would buy while one is below 1e-308.

    >>> model = rapport.BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> model.purchase_probability(5000, 1, [2], [30.43], [38.86]).tolist()
    [0.0]
    >>> [round(log, 1) for log in model.purchase_probability(5000, 1, [2], [30.43], [38.86], log=True).tolist()]
    [-18947.5]

    ``threads`` changes the time, no bit of an answer.
    """

    _last = "age"

    def _check(self):
        self._expected_purchases_new(0)

    def _expected_purchases_new(self, horizon):
        out = ctypes.c_double()
        _lib.call("rapport_value_predict", *_lib.encode(self._text), *_lib.encode_json(quantity="expected_purchases_new", horizon=horizon), None, ctypes.addressof(out))
        return out.value

    @classmethod
    def fit(cls, frequency, recency, age, weights=None, covariates_transaction=None, covariates_dropout=None):
        """Maximum likelihood; a fitted model. ``weights`` counts customers a row.

        Covariates (of BgNbd, MbgNbd, ParetoNbd and GgompertzNbd; of Nbd ``covariates_transaction`` alone) are numbers that hold for a customer all the time, a row a
        customer: a table, a dict of columns, a list of dicts, a named Series, or a 2-D array, whose columns are x1, x2, ... Their coefficients stand among ``params`` as
        "transaction.<column>" and "dropout.<column>" (of BgNbd and MbgNbd "dropout_a.<column>" and "dropout_b.<column>").
        """
        return cls._fitted(Columns(frequency, recency, age, weights=weights, covariates_transaction=covariates_transaction,
                                   covariates_dropout=covariates_dropout, last=cls._last))

    def _ask(self, rows, options, **question):
        wanted(**dict(zip(("frequency", "recency", self._last), rows)))
        columns = Columns(*rows, covariates_transaction=options.pop("covariates_transaction", None),
                          covariates_dropout=options.pop("covariates_dropout", None), last=self._last)
        unknown = [name for name in options if name not in ("log", "threads")]
        if unknown:
            raise TypeError(f"unexpected argument {unknown[0]!r}; there are log, threads, covariates_transaction and covariates_dropout")
        return self._answer(columns, {**question, **_options(**options)})

    def log_likelihood_of(self, frequency, recency, age, **options):
        """The log-likelihood of each row. Options of all these methods: ``log``, ``threads``, ``covariates_transaction``, ``covariates_dropout``."""
        return self._ask((frequency, recency, age), options, quantity="log_likelihood")

    def probability_alive(self, frequency, recency, age, ahead=0, **options):
        """The chance that each is a customer still, ``ahead`` units after the end of observation."""
        return self._ask((frequency, recency, age), options, quantity="probability_alive", ahead=finite(ahead, "ahead"))

    def expected_purchases(self, horizon, frequency, recency, age, start=0, **options):
        """Purchases expected of each in the window (start, start + horizon] after the end of observation."""
        return self._ask((frequency, recency, age), options, quantity="expected_purchases", horizon=finite(horizon, "horizon"), start=finite(start, "start"))

    def purchase_probability(self, n, horizon, frequency, recency, age, **options):
        """The chance of exactly n purchases within the horizon; of n = 0, that none comes."""
        return self._ask((frequency, recency, age), options, quantity="purchase_probability", n=whole(n, "n"), horizon=finite(horizon, "horizon"))

    def expected_residual(self, discount_rate, frequency, recency, age, **options):
        """All purchases still to come, each discounted (DERT). ``discount_rate`` is continuous and per unit of time.

        10 % a year on weekly data is ``math.log(1.1) / 52``, on daily data ``math.log(1.1) / 365``.
        """
        return self._ask((frequency, recency, age), options, quantity="expected_residual", rate=finite(discount_rate, "discount_rate"))

    def expected_purchases_new(self, horizon):
        """Purchases expected of somebody new within the horizon after the first one (covariates 0); of an array of horizons, an array."""
        import numpy

        horizons, shape = horizons_of(horizon)
        answers = [self._expected_purchases_new(one) for one in horizons]
        return answers[0] if shape == () else numpy.array(answers).reshape(shape)

    def interval(self, quantity, level=0.95, frequency=None, recency=None, age=None, *, horizon=None, start=None, ahead=None, n=None, discount_rate=None,
                 method="delta", replicates=200, seed=0, threads=1, covariates_transaction=None, covariates_dropout=None, fitted_on=None):
        """A prediction and what lies around it: a dict of arrays ``estimate``, ``low``, ``high``.

        ``quantity`` is the name of a method, whose arguments follow by name: ``"expected_purchases"`` (horizon, start), ``"probability_alive"`` (ahead),
        ``"purchase_probability"`` (n, horizon), ``"expected_residual"`` (discount_rate), ``"log_likelihood"``; and ``"expected_purchases_new"`` (horizon), of no
        customers: three numbers, or of an array of horizons three arrays. ``method="delta"`` carries the standard errors of the fit over; ``"bootstrap"``
        draws ``replicates`` data sets from the model, of customers of the ages in ``fitted_on`` (those of the fit: a table with frequency, recency, age, the covariates
        by name, and whole weights where there are any), and fits each. Both say how well the model is known, not how differently one customer may act.

        >>> base = rapport.BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426).simulate([39.0] * 3000, seed=2)
        >>> model = rapport.BgNbd.fit(base["frequency"], base["recency"], base["age"])
        >>> of_new = model.interval("expected_purchases_new", horizon=39)
        >>> of_new["low"] < of_new["estimate"] == model.expected_purchases_new(39) < of_new["high"]
        True
        """
        if quantity == "lifetime_value":
            raise wrong("quantity: found 'lifetime_value', expected a method of the model; rapport.lifetime_value_interval has that", "value.unknown_quantity")
        question = interval_question(
            quantity, method, level, replicates, seed, threads, n=None if n is None else whole(n, "n"),
            **{key: None if value is None else finite(value, name) for key, name, value in
               (("start", "start", start), ("ahead", "ahead", ahead), ("rate", "discount_rate", discount_rate))})
        base = None if fitted_on is None else histories(fitted_on, self._last, [name for name in self.params if "." in name])
        if quantity == "expected_purchases_new":
            for name, values in (("field frequency", frequency), ("field recency", recency), (f"field {self._last}", age),
                                 ("covariates_transaction", covariates_transaction), ("covariates_dropout", covariates_dropout)):
                if values is not None:
                    raise wrong(f"{name}: found a column, expected none, as nothing is known of somebody new")
            return interval_of_new(self._text, question, horizon, base)
        if horizon is not None:
            question["horizon"] = finite(horizon, "horizon")
        wanted(**{"frequency": frequency, "recency": recency, self._last: age})
        columns = Columns(frequency, recency, age, covariates_transaction=covariates_transaction, covariates_dropout=covariates_dropout, last=self._last)
        return ask_interval(self._text, question, columns, base)

    def simulate(self, age, seed=0, threads=1, covariates_transaction=None, covariates_dropout=None):
        """Customers by chance, one of each age → frequency, recency, age. Row i is a function of the seed and i."""
        import numpy
        import pyarrow

        wanted(**{self._last: age})
        columns = Columns(age=age, covariates_transaction=covariates_transaction, covariates_dropout=covariates_dropout, last=self._last)
        frequency, recency = numpy.empty(columns.size), numpy.empty(columns.size)
        _lib.call("rapport_value_simulate", *_lib.encode(self._text), *_lib.encode_json(seed=seed_of(seed), threads=whole(threads, "threads")), columns.reference,
                  pointer(frequency), pointer(recency))
        return pyarrow.table({"frequency": frequency.astype(numpy.int64), "recency": recency, self._last: columns.arrays["age"]})


class Nbd(PurchaseModel):
    """NBD (Ehrenberg 1959): customers buy at rates that differ, lambda ~ Gamma(r, alpha), and never stop. A yardstick for the others; recency does not matter.

    >>> model = rapport.Nbd(r=0.385, alpha=12.07)
    >>> round(float(model.expected_purchases(39, [2], [30.43], [38.86])[0]), 3)
    1.826
    """

    _name, _names = "nbd", ("r", "alpha")


class BgNbd(PurchaseModel):
    """BG/NBD (Fader, Hardie, Lee 2005): customers buy at a rate lambda ~ Gamma(r, alpha) and stop after a purchase with chance p ~ Beta(a, b).

    P(alive) is 1 for one-time buyers: nobody stops before a repeat purchase. Where that is not believed, MbgNbd.

    >>> model = rapport.BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> model
    rapport.BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> round(float(model.expected_purchases(39, [2], [30.43], [38.86])[0]), 3)
    1.226
    >>> [round(p, 3) for p in model.probability_alive(frequency=[2, 0], recency=[30.43, 0], age=[38.86, 38.86]).tolist()]
    [0.727, 1.0]
    """

    _name, _names = "bg_nbd", ("r", "alpha", "a", "b")


class MbgNbd(PurchaseModel):
    """MBG/NBD (Batislam, Denizel, Filiztekin 2007): as BG/NBD, and customers may stop after the first purchase too, so one-time buyers are no longer sure to be alive.

    >>> model = rapport.MbgNbd(r=0.525, alpha=6.183, a=0.891, b=1.614)
    >>> round(float(model.probability_alive([0], [0], [38.86])[0]), 3)
    0.39
    """

    _name, _names = "mbg_nbd", ("r", "alpha", "a", "b")


class _Regular(PurchaseModel):
    """Models with Erlang-k times between purchases."""

    @classmethod
    def fit(cls, frequency, recency, age, weights=None, k=None, log_gaps=None):
        """Maximum likelihood. ``k`` None: the likeliest whole number up to 12. ``log_gaps``, of each customer the sum of the logarithms of the times between purchases (0
        where there is none), tells of k far more than frequency, recency and age alone."""
        return cls._fitted(Columns(frequency, recency, age, weights=weights, log_gaps=log_gaps), k=None if k is None else whole(k, "k"))


class BgCnbdK(_Regular):
    """BG/CNBD-k (Platzer, Reutterer 2016): as BG/NBD, with times between purchases more regular than chance: Erlang with shape k.

    >>> model = rapport.BgCnbdK(r=0.243, alpha=2.2, a=0.793, b=2.426, k=2)
    >>> 0 < float(model.probability_alive([2], [30.43], [38.86])[0]) < 1
    True
    """

    _name, _names = "bg_cnbd_k", ("r", "alpha", "a", "b", "k")


class MbgCnbdK(_Regular):
    """MBG/CNBD-k (Platzer, Reutterer 2016): as MBG/NBD, with times between purchases more regular than chance: Erlang with shape k.

    >>> model = rapport.MbgCnbdK(r=0.525, alpha=3.1, a=0.891, b=1.614, k=2)
    >>> 0 < float(model.probability_alive([0], [0], [38.86])[0]) < 1
    True
    """

    _name, _names = "mbg_cnbd_k", ("r", "alpha", "a", "b", "k")


class ParetoNbd(PurchaseModel):
    """Pareto/NBD (Schmittlein, Morrison, Colombo 1987): customers buy at a rate lambda ~ Gamma(r, alpha) and stop at a rate mu ~ Gamma(s, beta), whenever that is.

    >>> model = rapport.ParetoNbd(r=0.553, alpha=10.578, s=0.606, beta=11.668)
    >>> round(float(model.probability_alive([0], [0], [38.86])[0]), 3)
    0.295
    """

    _name, _names = "pareto_nbd", ("r", "alpha", "s", "beta")


class GgompertzNbd(PurchaseModel):
    """GGompertz/NBD (Bemmaor, Glady 2012): as Pareto/NBD, with lifetimes of the Gompertz kind, whose risk grows at the rate b.

    >>> model = rapport.GgompertzNbd(r=0.553, alpha=10.578, b=0.01, s=0.6, beta=0.2)
    >>> 0 < float(model.probability_alive([1], [3], [38.86])[0]) < 1
    True
    """

    _name, _names = "ggompertz_nbd", ("r", "alpha", "b", "s", "beta")


class BgBb(PurchaseModel):
    """BG/BB (Fader, Hardie, Shang 2010): customers who may buy once at each of a count of opportunities: buy with chance p ~ Beta(alpha, beta), stop before one with
    chance theta ~ Beta(gamma, delta). ``age`` counts the opportunities so far, ``recency`` is the last one used, horizons count those to come.

    >>> model = rapport.BgBb(alpha=1.204, beta=0.75, gamma=0.657, delta=2.783)
    >>> round(float(model.expected_purchases(5, [6], [6], [6])[0]), 2)
    3.75
    """

    _name, _names, _last = "bg_bb", ("alpha", "beta", "gamma", "delta"), "opportunities"

    @classmethod
    def fit(cls, frequency, recency, opportunities, weights=None):
        """Maximum likelihood; a fitted model. ``weights`` counts customers a row."""
        return cls._fitted(Columns(frequency, recency, opportunities, weights=weights, last="opportunities"))


def _counting_opportunities(method):
    """The method, which takes `opportunities` by that name too."""

    @functools.wraps(method)
    def counted(self, *arguments, opportunities=None, **named):
        return method(self, *arguments, **named, **({} if opportunities is None else {"age": opportunities}))

    return counted


for _method in ("log_likelihood_of", "probability_alive", "expected_purchases", "purchase_probability", "expected_residual", "interval", "simulate"):
    setattr(BgBb, _method, _counting_opportunities(getattr(PurchaseModel, _method)))


class GammaGamma(_CustomerModel):
    """Gamma-Gamma (Fader, Hardie 2013): what a purchase of a customer is worth, from the mean of those seen; spending does not go with frequency.

    >>> spend = rapport.GammaGamma(p=6.25, q=3.74, gamma=15.45)
    >>> [round(value, 2) for value in spend.expected_value(frequency=[2, 0], monetary=[22.35, None]).tolist()]
    [24.67, 35.24]
    """

    _name, _names = "gamma_gamma", ("p", "q", "gamma")

    def _check(self):
        self._answer(Columns(frequency=[1], monetary=[1]), {"quantity": "log_likelihood"})

    @classmethod
    def fit(cls, frequency, monetary, weights=None):
        """Maximum likelihood over those who bought again. ``monetary`` is the mean amount of repeat purchases; it may be missing where ``frequency`` is 0."""
        return cls._fitted(Columns(frequency=frequency, monetary=monetary, weights=weights))

    def expected_value(self, frequency, monetary, log=False, threads=1):
        """The mean amount expected of each customer's coming purchases: between what was seen and the mean of all."""
        wanted(frequency=frequency, monetary=monetary)
        return self._answer(Columns(frequency=frequency, monetary=monetary), {"quantity": "expected_value", **_options(log, threads)})

    def interval(self, quantity, frequency=None, monetary=None, level=0.95, *, method="delta", replicates=200, seed=0, threads=1, fitted_on=None):
        """``"expected_value"`` and what lies around it: a dict of arrays ``estimate``, ``low``, ``high``.

        Methods are those of the other models: ``"bootstrap"`` draws the means of the customers in ``fitted_on`` (those of the fit: a table with frequency, and whole
        weights where there are any; or frequency and monetary) anew, of as many purchases as each made.

        >>> import numpy
        >>> frequency = numpy.arange(600) % 5
        >>> spend = rapport.GammaGamma.fit(frequency, 20 + 10 * numpy.sin(numpy.arange(600)))
        >>> band = spend.interval("expected_value", [2, 0], [22.35, None], level=0.9)
        >>> bool((band["low"] < band["estimate"]).all() and (band["estimate"] < band["high"]).all())
        True
        """
        question = interval_question(quantity, method, level, replicates, seed, threads)
        wanted(frequency=frequency, monetary=monetary)
        return ask_interval(self._text, question, Columns(frequency=frequency, monetary=monetary), None if fitted_on is None else buyers(fitted_on))

    def log_likelihood_of(self, frequency, monetary):
        """The log-likelihood of each row; 0 where nothing was bought again."""
        wanted(frequency=frequency, monetary=monetary)
        return self._answer(Columns(frequency=frequency, monetary=monetary), {"quantity": "log_likelihood"})


_MOST_PERIODS = 10000   # the library's limit, known before the answer's memory is asked for


@contextlib.contextmanager
def _monetary_by_name():
    """What the library calls the value of a purchase is a column of another name here."""
    try:
        yield
    except _lib.Error as error:
        raise type(error)(str(error).replace("value_per_purchase", "monetary"), error.token) from None


def _lifetime_asked(model, spend, columns, covariates, periods, discount_rate, period):
    """The columns and the terms of a lifetime value."""
    if not isinstance(model, PurchaseModel):
        raise wrong(f"model: found {type(model).__name__}, expected a model of when customers buy, such as BgNbd")
    if spend is not None and not isinstance(spend, GammaGamma):
        raise wrong(f"spend: found {type(spend).__name__}, expected a GammaGamma, or None where monetary is what a purchase is worth")
    wanted(**dict(zip(("frequency", "recency", model._last, "monetary"), columns)))
    rows = Columns(*columns, covariates_transaction=covariates[0], covariates_dropout=covariates[1], last=model._last, forgive=spend is not None)
    count = whole(periods, "periods")
    if not 1 <= count <= _MOST_PERIODS:
        raise wrong(f"periods: found {shown(count)}, expected 1 to {_MOST_PERIODS}")
    return rows, {"periods": count, "discount_rate": finite(discount_rate, "discount_rate"), "period": finite(period, "period")}


def lifetime_value(model, spend, frequency, recency, age, monetary=None, periods=12, discount_rate=0.0, period=1.0, by_period=False, threads=1,
                   covariates_transaction=None, covariates_dropout=None):
    """The discounted value of each customer's coming purchases.

    ``spend``: a GammaGamma, which reads ``frequency`` and ``monetary``; None where ``monetary`` is what a purchase is worth, of everybody. The value is the sum over periods i = 1 ... ``periods``
    of value · (E(i) − E(i−1)) / (1 + discount_rate)^i. ``period`` is the length of one period in the model's unit (a month of weekly data: 30.4375 / 7), ``discount_rate`` is
    that of one period (1 % a month: 0.01). ``by_period=True`` gives a pyarrow.Table, a row a customer: ``value``, ``period_1``, ``period_2``, ...

    >>> model = rapport.BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> spend = rapport.GammaGamma(p=6.25, q=3.74, gamma=15.45)
    >>> value = rapport.lifetime_value(model, spend, [2], [30.43], [38.86], [22.35], periods=12, discount_rate=0.01, period=4.345)
    >>> round(float(value[0]), 1)
    36.3
    """
    import numpy

    rows, terms = _lifetime_asked(model, spend, (frequency, recency, age, monetary), (covariates_transaction, covariates_dropout), periods, discount_rate, period)
    count = terms["periods"]
    out = numpy.empty((rows.size, count) if by_period else rows.size)
    terms.update(by_period=bool(by_period), threads=whole(threads, "threads"))
    with _monetary_by_name():
        _lib.call("rapport_value_lifetime_value", *_lib.encode(model._text), *_lib.encode(None if spend is None else spend._text), *_lib.encode_json(**terms),
                  rows.reference, pointer(out))
    if not by_period:
        return out
    import pyarrow

    return pyarrow.table({"value": out.sum(axis=1), **{f"period_{i + 1}": numpy.ascontiguousarray(out[:, i]) for i in range(count)}})


def lifetime_value_interval(model, spend, frequency, recency, age, monetary=None, periods=12, discount_rate=0.0, period=1.0, level=0.95, method="delta",
                            replicates=200, seed=0, threads=1, covariates_transaction=None, covariates_dropout=None, fitted_on=None):
    """``lifetime_value`` and what lies around it: a dict of arrays ``estimate``, ``low``, ``high``.

    Both models are known only as well as their fits. They were fitted apart, and Gamma-Gamma assumes that spending has nothing to do with buying, so what one fit is
    off by is taken to be independent of the other: ``"delta"`` adds the variances of logarithms, ``"bootstrap"`` draws and fits both anew (``fitted_on``: a table of the
    customers of both fits, as of ``model.interval``). With ``spend=None`` a purchase is worth what ``monetary`` says, and only purchases are in doubt.

    >>> base = rapport.BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426).simulate([39.0] * 3000, seed=2)
    >>> model = rapport.BgNbd.fit(base["frequency"], base["recency"], base["age"])
    >>> band = rapport.lifetime_value_interval(model, None, [2], [30.43], [38.86], [22.35], discount_rate=0.01, period=4.345)
    >>> bool(band["low"][0] < band["estimate"][0] < band["high"][0])
    True
    """
    rows, terms = _lifetime_asked(model, spend, (frequency, recency, age, monetary), (covariates_transaction, covariates_dropout), periods, discount_rate, period)
    question = interval_question("lifetime_value", method, level, replicates, seed, threads, **terms, spend=None if spend is None else json.loads(spend._text))
    base = None if fitted_on is None else histories(fitted_on, model._last, [name for name in model.params if "." in name])
    with _monetary_by_name():
        return ask_interval(model._text, question, rows, base)


MODELS = {model._name: model for model in (Nbd, BgNbd, MbgNbd, BgCnbdK, MbgCnbdK, ParetoNbd, GgompertzNbd, BgBb, GammaGamma)}


def model_from_json(text):
    """The model that ``to_json`` of any class wrote.

    >>> rapport.model_from_json(rapport.BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426).to_json())
    rapport.BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
    """
    text, told = read_model(text)
    name = told.get("model")
    if not isinstance(name, str) or name not in MODELS:
        raise wrong(f"model: found {name!r}, expected one of {', '.join(MODELS)}", "value.unknown_model")
    return MODELS[name].from_json(text)
