"""Models of the customer base: how often customers buy, when they stop without saying so, what they spend."""

import ctypes
import functools
import json

from . import _lib
from ._base_model import BaseModel, read_model
from ._columns import Columns, finite, named_columns, numbers, pointer, shown, wanted, whole, wrong


def _seed(value):
    seed = whole(value, "seed")
    if not 0 <= seed <= 2**53:
        raise wrong(f"seed: found {seed}, expected a whole number from 0 to 2**53")
    return seed


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
    covariates wants those of everybody asked about. ``log=True`` gives natural logarithms: finite wherever the chance to be a customer is below the
    smallest double; what follows for a customer who is one (a count or a stay of less than 1e-308) is still 0, its logarithm -infinity.
    ``threads`` changes the time, no bit of an answer.
    """

    _last = "age"

    def _check(self):
        self._expected_new(0)

    def _expected_new(self, horizon):
        out = ctypes.c_double()
        _lib.call("rapport_value_predict", *_lib.encode(self._text), *_lib.encode_json(quantity="expected_new", horizon=horizon), None, ctypes.addressof(out))
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

        try:
            horizons = numpy.asarray(horizon)
        except ValueError:
            raise wrong(f"horizon: found {shown(horizon)}, expected a number") from None
        asked = [finite(value, "horizon") for value in (horizons.ravel() if horizons.ndim else [horizon])]
        answers = [self._expected_new(one) for one in asked]
        return answers[0] if horizons.ndim == 0 else numpy.array(answers).reshape(horizons.shape)

    def interval(self, quantity, level=0.95, frequency=None, recency=None, age=None, *, horizon=None, start=None, ahead=None, n=None, discount_rate=None,
                 method="delta", replicates=200, seed=0, threads=1, covariates_transaction=None, covariates_dropout=None, fitted_on=None):
        """A prediction and what lies around it: a dict of arrays ``estimate``, ``low``, ``high``.

        ``quantity`` is the name of a method, whose arguments follow by name: ``"expected_purchases"`` (horizon, start), ``"probability_alive"`` (ahead),
        ``"purchase_probability"`` (n, horizon), ``"expected_residual"`` (discount_rate). ``method="delta"`` carries the standard errors of the fit over; ``"bootstrap"``
        draws ``replicates`` data sets from the model, of customers of the ages in ``fitted_on`` (those of the fit: a table with frequency, recency, age, the covariates
        by name, and whole weights where there are any), and fits each. Both say how well the model is known, not how differently one customer may act.
        """
        import numpy

        question = {}
        for name, value in (("quantity", quantity), ("method", method)):
            if not isinstance(value, str):
                raise wrong(f"{name}: found {shown(value)}, expected a text")
            question[name] = value
        for name, value in (("horizon", horizon), ("start", start), ("ahead", ahead), ("discount_rate", discount_rate), ("level", level)):
            if value is not None:
                question["rate" if name == "discount_rate" else name] = finite(value, name)
        if n is not None:
            question["n"] = whole(n, "n")
        question.update(replicates=whole(replicates, "replicates"), seed=_seed(seed), threads=whole(threads, "threads"))
        wanted(**{"frequency": frequency, "recency": recency, self._last: age})
        columns = Columns(frequency, recency, age, covariates_transaction=covariates_transaction, covariates_dropout=covariates_dropout, last=self._last)
        base = None if fitted_on is None else _histories(fitted_on, self._last, [name for name in self.params if "." in name])
        low, high, estimate = (numpy.empty(columns.size) for _ in range(3))
        _lib.call("rapport_value_interval", *_lib.encode(self._text), *_lib.encode_json(**question), columns.reference, None if base is None else base.reference,
                  pointer(estimate), pointer(low), pointer(high))
        return {"estimate": estimate, "low": low, "high": high}

    def simulate(self, age, seed=0, threads=1, covariates_transaction=None, covariates_dropout=None):
        """Customers by chance, one of each age → frequency, recency, age. Row i is a function of the seed and i."""
        import numpy
        import pyarrow

        wanted(**{self._last: age})
        columns = Columns(age=age, covariates_transaction=covariates_transaction, covariates_dropout=covariates_dropout, last=self._last)
        frequency, recency = numpy.empty(columns.size), numpy.empty(columns.size)
        _lib.call("rapport_value_simulate", *_lib.encode(self._text), *_lib.encode_json(seed=_seed(seed), threads=whole(threads, "threads")), columns.reference,
                  pointer(frequency), pointer(recency))
        return pyarrow.table({"frequency": frequency.astype(numpy.int64), "recency": recency, self._last: columns.arrays["age"]})


def _histories(table, last, effects):
    """Columns of a table (or three arrays) of the customers a model was fitted on, with the covariates of its effects and the weights, where there are any."""
    if isinstance(table, (tuple, list)) and len(table) == 3 and not isinstance(table[0], dict):
        return Columns(*table, last=last)
    columns = dict(named_columns(table, "fitted_on"))

    def take(name):
        if name not in columns:
            raise wrong(f"fitted_on: found columns {', '.join(columns) or 'none'}, expected {name} among them")
        return columns[name]

    names = {"transaction": {}, "dropout": {}}
    for effect in effects:
        process, name = effect.split(".", 1)
        names["transaction" if process == "transaction" else "dropout"][name] = None
    taken = {process: {name: take(name) for name in named} or None for process, named in names.items()}
    rows = Columns(take("frequency"), take("recency"), take(last), weights=columns.get("weights"), covariates_transaction=taken["transaction"],
                   covariates_dropout=taken["dropout"], last=last)
    return rows if "weights" not in rows.arrays else _each_customer(rows.arrays, taken, last)


def _each_customer(arrays, covariates, last):
    """Each row as often as its weight says: the bootstrap draws a customer a row."""
    import numpy

    weights = arrays["weights"]
    broken = numpy.flatnonzero(~((weights >= 0) & (weights == numpy.floor(weights)) & (weights < 1e9)))
    if broken.size:
        row = int(broken[0])
        raise wrong(f"fitted_on: row {row}, field weights: found {weights[row]:g}, expected a whole number: the bootstrap draws so many customers")
    times = weights.astype(numpy.int64)
    more = {f"covariates_{process}": table and {name: numpy.repeat(numbers(values, name), times) for name, values in table.items()}
            for process, table in covariates.items()}
    return Columns(*(numpy.repeat(arrays[name], times) for name in ("frequency", "recency", "age")), **more, last=last)


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

    def log_likelihood_of(self, frequency, monetary):
        """The log-likelihood of each row; 0 where nothing was bought again."""
        wanted(frequency=frequency, monetary=monetary)
        return self._answer(Columns(frequency=frequency, monetary=monetary), {"quantity": "log_likelihood"})


_MOST_PERIODS = 10000   # the library's limit, known before the answer's memory is asked for


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

    if not isinstance(model, PurchaseModel):
        raise wrong(f"model: found {type(model).__name__}, expected a model of when customers buy, such as BgNbd")
    if spend is not None and not isinstance(spend, GammaGamma):
        raise wrong(f"spend: found {type(spend).__name__}, expected a GammaGamma, or None where monetary is what a purchase is worth")
    wanted(**{"frequency": frequency, "recency": recency, model._last: age, "monetary": monetary})
    rows = Columns(frequency, recency, age, monetary=monetary, covariates_transaction=covariates_transaction, covariates_dropout=covariates_dropout, last=model._last,
                   forgive=spend is not None)
    count = whole(periods, "periods")
    if not 1 <= count <= _MOST_PERIODS:
        raise wrong(f"periods: found {shown(count)}, expected 1 to {_MOST_PERIODS}")
    out = numpy.empty((rows.size, count) if by_period else rows.size)
    terms = {"periods": count, "discount_rate": finite(discount_rate, "discount_rate"), "period": finite(period, "period"), "by_period": bool(by_period),
             "threads": whole(threads, "threads")}
    try:
        _lib.call("rapport_value_lifetime_value", *_lib.encode(model._text), *_lib.encode(None if spend is None else spend._text), *_lib.encode_json(**terms),
                  rows.reference, pointer(out))
    except _lib.Error as error:  # the column's name here is not the library's
        raise type(error)(str(error).replace("value_per_purchase", "monetary"), error.token) from None
    if not by_period:
        return out
    import pyarrow

    return pyarrow.table({"value": out.sum(axis=1), **{f"period_{i + 1}": numpy.ascontiguousarray(out[:, i]) for i in range(count)}})


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
