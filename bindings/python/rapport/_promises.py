"""Promises of a book: what became of them, what may be promised, which orders to take; and the judge that needs no book."""

import ctypes
import json

from . import _ask, _lib


def judge_promise(promised_quantity, due, deliveries, zone, as_of=None, *, made=None, week=None):
    """What became of one promise → dict: `outcome`, `margin_days` (calendar, positive early), `margin_working_days`, `margin_quantity`, `delivered_quantity`,
    `fulfilled_on` (the local day of `zone` on which all of it was there), `deliveries_before_promise`.

    `promised_quantity` None: one thing, done or not. `due`: its last day, or None. `deliveries`: dicts `at`, `quantity` (None: all that was open), in any order.
    `as_of` None: after the last delivery, as if no more will come. `made`: what was delivered before counts for nothing. `week`: the rep's working days, as
    `WorkingCalendar` takes them or such a calendar (None: Monday to Friday). docs/promises.md says what each outcome means.

    >>> eleven = rapport.judge_promise(10, "2026-01-11", [{"at": "2026-01-10T15:00:00+09:00", "quantity": 11}], "Asia/Tokyo")
    >>> eleven["outcome"], eleven["margin_days"], eleven["margin_quantity"]
    ('exceeded', 1, 1)
    """
    asked = _lib.encode_json(
        promised_quantity=_ask.number(promised_quantity), due=_ask.day(due), zone=zone, as_of=_ask.instant(as_of), made=_ask.instant(made),
        deliveries=[_ask.plain(dict(delivery, quantity=_ask.number(dict(delivery).get("quantity")))) for delivery in deliveries],
        week=getattr(week, "_week", None if week is None else {"weekly": week}))
    return json.loads(_lib.call_text("rapport_judge_promise", *asked))


class EngineOfPromises:
    """The part of Engine that is about promises."""

    def promises(self, as_of, customers=None, known_at=None, lang="en"):
        """What became of promises, ours and the customers', one row a word of a promise → pyarrow.Table sorted by customer, made_at, promise, word.

        With a fitted `promise_keeping` what is open has `probability_kept`, and what is at risk `agree_on`, the day that holds nine times in ten.

        >>> with rapport.Engine.open() as engine:
        ...     _ = engine.append(OFFICE)
        ...     engine.promises("2026-03-02T08:00:00+09:00", ["c-yamato-inn"]).select(["promise", "due", "outcome"]).to_pylist()
        [{'promise': 'p-04', 'due': datetime.date(2026, 2, 26), 'outcome': '...'}]
        """
        options = _ask.read_options(as_of, known_at, None, customers, lang=lang)
        return _lib.call_table("rapport_engine_promises", self._engine(), ctypes.byref(options))

    def kept_shares(self, as_of, known_at=None):
        """Who promises more than is kept → pyarrow.Table: by ("rep", "product", "dimension"), name, settled, kept, share, low, high, rest, probability_worse,
        over_promises, bias_days, bias_low, bias_high, mean_margin_quantity. Of people: for managers only.

        >>> with rapport.Engine.open() as engine:
        ...     _ = engine.append(OFFICE)
        ...     [row["name"] for row in engine.kept_shares("2026-03-02T08:00:00+09:00").to_pylist() if row["by"] == "rep"]
        ['r-kato', 'r-lee', 'r-park', 'r-sato']
        """
        return _lib.call_table("rapport_engine_kept_shares", self._engine(), ctypes.byref(_ask.read_options(as_of, known_at)))

    def advise_promise(self, rep, product=None, quantity=None, confidence=0.9, *, as_of, work_minutes=None, known_at=None, lang="en"):
        """The day, and the quantity, that is kept with a confidence → dict: `day`, `days`, `chance` (absent where no day within a year holds so often),
        `quantity`, `lead_times` (how many it rests on), `confidence`, `sentence`. Needs ``fit("promise_keeping")``.

        >>> with rapport.Engine.open() as engine:
        ...     _ = engine.append(OFFICE)
        ...     _ = engine.fit("promise_keeping", as_of="2026-03-02T00:00:00+09:00")
        ...     engine.advise_promise("r-sato", "softener-l", 2, as_of="2026-03-02T08:00:00+09:00", confidence=0.8)["sentence"]
        'Promise ... that holds ... times in 10.'
        """
        asked = self._promise_question(rep, product, quantity, confidence, as_of, work_minutes, known_at)
        return json.loads(_lib.call_text("rapport_engine_advise_promise", self._engine(), *_lib.encode_json(**asked), *_lib.encode(lang)))

    def accept_order(self, rep, due, product=None, quantity=None, confidence=0.9, *, as_of, customer=None, segment=None, margin=None, work_minutes=None,
                     patience_days=60, known_at=None, lang="en"):
        """Take an order, take it with another promise, or leave it → dict: `verdict` ("accept", "other_promise", "decline"), `chance` that `due` holds, `day`
        and `day_chance` to promise instead, `reasons` (dicts `reason`, `sentence`), `sentence`, and what they rest on. Needs ``fit("promise_keeping")``.

        >>> with rapport.Engine.open() as engine:
        ...     _ = engine.append(OFFICE)
        ...     _ = engine.fit("promise_keeping", as_of="2026-03-02T00:00:00+09:00")
        ...     engine.accept_order("r-sato", "2026-03-04", "softener-l", as_of="2026-03-02T08:00:00+09:00", work_minutes=900, confidence=0.8)["verdict"]
        'other_promise'
        """
        asked = self._promise_question(rep, product, quantity, confidence, as_of, work_minutes, known_at)
        asked.update(due=_ask.day(due), customer=customer, segment=segment, margin=_ask.number(margin), patience_days=patience_days)
        return json.loads(_lib.call_text("rapport_engine_accept_order", self._engine(), *_lib.encode_json(**asked), *_lib.encode(lang)))

    @staticmethod
    def _promise_question(rep, product, quantity, confidence, as_of, work_minutes, known_at):
        return {"rep": rep, "product": product, "quantity": _ask.number(quantity), "confidence": _ask.number(confidence), "as_of": _ask.instant(as_of),
                "work_minutes": work_minutes, "known_at": _ask.instant(known_at)}
