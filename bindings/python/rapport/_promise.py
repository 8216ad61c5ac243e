"""Promises on arrays: what early and late do to satisfaction, how many days to promise, who promises more than is kept."""

import json

from . import _lib
from ._base_model import BaseModel
from ._columns import numbers, pointer, wrong


def _groups(groups, size):
    """Offsets and bytes of one text a row; None is "no group"."""
    import numpy

    texts = ["" if group is None else str(group) for group in groups]
    if len(texts) != size:
        raise wrong(f"field groups: found {len(texts)} rows, expected {size}", "expectation.invalid_input")
    raw = [text.encode("utf-8") for text in texts]
    offsets = numpy.zeros(size + 1, dtype=numpy.int64)
    numpy.cumsum([len(text) for text in raw], out=offsets[1:])
    return offsets, b"".join(raw) or b"\0"


class PromiseResponse(BaseModel):
    """What a promise kept early or late does to satisfaction: a jump at the promise and a slope on either side of it.

    logit P(satisfied) = const + late·[d<0] + days_early·max(d,0) + days_late·max(-d,0), d in days, positive early; nothing is capped inside.

    >>> model = rapport.PromiseResponse(const=1.35, late=-1.5, days_early=0.013, days_late=-0.127)
    >>> [round(float(p), 2) for p in model.predict([10, 0, -1, -10])]
    [0.81, 0.79, 0.43, 0.19]
    >>> model = rapport.PromiseResponse.fit([3, 1, 0, -1, -4, 2, -2, 5, -3, 1], [1, 1, 0, 0, 0, 0, 1, 1, 1, 1])
    >>> sorted(model.params)
    ['const', 'days_early', 'days_late', 'late']
    >>> model.diagnosis
    'An interior optimum.'
    """

    _name, _names, _module = "promise_response", ("const", "late", "days_early", "days_late"), "expectation"

    def __init__(self, const, late, days_early, days_late):
        super().__init__(const=const, late=late, days_early=days_early, days_late=days_late)

    def _set(self, told, text=None):
        super()._set(told, text)
        self._ratio = told.get("late_to_early_ratio")

    def _check(self):
        self.predict([0])

    @classmethod
    def fit(cls, days_early, satisfied, weights=None, monotone=False):
        """Maximum likelihood. ``days_early``: margins in days, positive early, negative late; ``satisfied``: 1 or 0 (booleans are fine) a row.

        ``monotone``: late never helps and early never hurts. A standard error is None where the coefficient is held: at that bound, or because the rows do
        not determine it, which ``.diagnosis`` says.
        """
        days = numbers(days_early, "days_early")
        yes = numbers(satisfied, "satisfied", days.size, "days_early")
        w = None if weights is None else numbers(weights, "weights", days.size, "days_early")
        return cls.from_json(_lib.call_text("rapport_promise_response_fit", pointer(days), pointer(yes), pointer(w), days.size,
                                            *_lib.encode(json.dumps({"monotone": bool(monotone)}))))

    def predict(self, days_early):
        """The chance of satisfaction of each margin, as a numpy array."""
        import numpy

        days = numbers(days_early, "days_early")
        out = numpy.empty(days.size)
        _lib.call("rapport_promise_response_predict", *_lib.encode(self._text), pointer(days), days.size, pointer(out))
        return out

    @property
    def late_to_early_ratio(self):
        """How many early days weigh as much as one late day, -days_late / days_early, as a dict: ratio, low, high, level (0.95).

        The interval is Fieller's. ``high`` is None where the interval of days_early holds 0: the ratio has no upper end then.
        """
        if self._ratio is not None:
            return dict(self._ratio)
        early = self.params["days_early"]
        return {"ratio": -self.params["days_late"] / early if early else None, "low": None, "high": None, "level": 0.95}


class PromiseAdvisor:
    """How many days to promise so that the promise is kept with a given chance, from how long things took; follows drift.

    >>> advisor = rapport.PromiseAdvisor.fit([3, 9, 1, 4, 7, 2, 6, 5, 8])
    >>> advisor.days(0.9)
    9.0
    >>> advisor.days(0.95) is None      # nine leads cannot say that
    True
    >>> advisor.add([30, 31]).days(0.9)
    31.0
    """

    def __init__(self, text):
        self._text = text
        self.known = json.loads(text)["known"]

    @classmethod
    def fit(cls, lead_days, groups=None):
        """``lead_days``: oldest first, in the order in which they became known; ``groups``: one a lead (a seller, a region), None where there is none."""
        return cls(cls._fit("", lead_days, groups))

    @staticmethod
    def _fit(text, lead_days, groups):
        leads = numbers(lead_days, "lead_days")
        offsets, raw = (None, None) if groups is None else _groups(groups, leads.size)
        return _lib.call_text("rapport_promise_advisor_fit", *_lib.encode(text), pointer(leads), pointer(offsets), raw, leads.size)

    def add(self, lead_days, groups=None):
        """The advisor that knows these leads too: the same as fitting all of them at once."""
        return type(self)(self._fit(self._text, lead_days, groups))

    def days(self, confidence, group=None):
        """The days within which a promise is kept with chance ``confidence``: a float, None where too few leads are known; for an array of chances a list.

        A group of few leads is drawn to the whole; one that was never seen gets the whole's answer.
        """
        import numpy

        chances = numbers(confidence, "confidence")
        days = json.loads(_lib.call_text("rapport_promise_advisor_days", *_lib.encode(self._text), pointer(chances), chances.size, *_lib.encode(group)))
        days = [None if value is None else float(value) for value in days]
        return days[0] if numpy.ndim(confidence) == 0 else days

    @property
    def diagnosis(self):
        """How much is known, in one sentence."""
        groups = len(json.loads(self._text).get("groups", {}))
        return f"{self.known} lead times" + (f" of {groups} groups." if groups else ".")

    def to_json(self):
        """The advisor as JSON text; from_json reads it back."""
        return self._text

    @classmethod
    def from_json(cls, text):
        """An advisor from the text of to_json."""
        return cls(cls._fit(text, [], None))  # read and written once: what is wrong fails here

    def __repr__(self):
        return f"rapport.PromiseAdvisor({self.known} leads)"


def kept_shares(promises, level=0.95, margin=0.05, certainty=0.85):
    """Who promises more than is kept: a row a rep, a product and a dimension → pyarrow.Table.

    ``promises``: settled ones, a table or a list of dicts with ``kept`` (True: kept or exceeded) and any of ``rep``, ``product``, ``dimension``, ``margin_days``
    (positive early), ``margin_quantity``. Columns: by, name, settled, kept, share (shrunk) with low and high, rest (the others' share), probability_worse,
    over_promises (more than ``margin`` below the rest with chance ``certainty``), bias_days (shrunk) with its interval, mean_margin_quantity.

    >>> rows = [{"rep": rep, "kept": i < kept} for rep, kept in (("ann", 28), ("bob", 27), ("eve", 15)) for i in range(30)]
    >>> [(row["name"], row["over_promises"]) for row in rapport.kept_shares(rows).to_pylist()]
    [('ann', False), ('bob', False), ('eve', True)]
    """
    options = json.dumps({"level": level, "margin": margin, "certainty": certainty})
    stream = _lib.Stream(promises)
    return _lib.call_table("rapport_kept_shares", stream.pointer, *_lib.encode(options))
