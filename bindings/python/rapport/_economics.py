"""What customers, reps and care are worth in money (docs/economics.md)."""

import ctypes

from . import _ask, _lib


class EngineOfEconomics:
    """The part of Engine that is about money."""

    def economics_by_origin(self, as_of, since=None, known_at=None, lang="en"):
        """What came of new, repeat and referred customers, with the minutes that it took → pyarrow.Table: origin ("new", "repeat", "referral"), customers,
        orders, revenue, margin, minutes (that led to an order), margin_per_minute, margin_per_order, times_new (the margin a minute against that of new
        business), minutes_without_order, minutes_assumed, orders_without_amount, orders_without_margin, orders_without_minutes, currency, sentence. ``since``: of orders and touches from that
        day on; None: all.

        >>> with rapport.Engine.open() as engine:
        ...     _ = engine.append(OFFICE)
        ...     engine.economics_by_origin("2026-03-02T08:00:00+09:00")["origin"].to_pylist()
        ['new', 'repeat', 'referral']
        """
        return self._economics({"ask": "origins", "since": _ask.day(since)}, as_of, known_at, lang)

    def commission(self, as_of, reps=None, known_at=None, lang="en"):
        """What reps earned by month and what returns and cancellations took back → pyarrow.Table: rep, rep_name, month (its first day), orders, earned,
        taken_back, at_risk (a loss within the window would still take it), kept, lost_orders, currency, sentence. ``reps``: a list of ids; None: all, and an
        empty list none. For managers, and for each rep of himself. ``economics.no_commission`` where the book pays none.

        >>> with rapport.Engine.open() as engine:
        ...     _ = engine.append(OFFICE)
        ...     all(row["kept"] == row["earned"] - row["taken_back"] for row in engine.commission("2026-03-02T08:00:00+09:00").to_pylist())
        True
        """
        wanted = _ask.ids(reps, "reps")
        table = self._economics({"ask": "commission", "reps": wanted}, as_of, known_at, lang)
        return table[:0] if wanted == [] else table   # the library takes no ids for all

    def recurring_base(self, as_of, months=24, known_at=None, lang="en"):
        """What comes by itself, month by month: twelve months behind and ``months`` ahead (1 to 120), with a row after each twelve → pyarrow.Table: span
        ("month", "year"), month (its first day), last, over, contracts, renewal_at_risk, repeat_actual, repeat_expected (None without a fitted model),
        base (None where that is), currency, sentence.

        >>> with rapport.Engine.open() as engine:
        ...     _ = engine.append(OFFICE)
        ...     engine.recurring_base("2026-03-02T08:00:00+09:00", months=12)["span"].to_pylist().count("year")
        2
        """
        return self._economics({"ask": "recurring", "months": months}, as_of, known_at, lang)

    def worth_of_care(self, as_of, customers=None, known_at=None, lang="en"):
        """What care of each customer is worth, the most first → pyarrow.Table: customer, customer_name, worth, open_orders, margin_at_risk, margin_uncared,
        loss_avoided, saved, referrals, referral_value, window_ends, currency, sentence. ``customers``: ids; None: all. Needs ``fit("care_worth")``.

        >>> with rapport.Engine.open() as engine:
        ...     _ = engine.append(OFFICE)
        ...     _ = engine.fit("care_worth", as_of="2026-03-02T00:00:00+09:00")
        ...     engine.worth_of_care("2026-03-02T08:00:00+09:00", ["c-hotel-kaien"])["worth"].to_pylist()[0] >= 0
        True
        """
        return self._economics({"ask": "care"}, as_of, known_at, lang, customers)

    def _economics(self, request, as_of, known_at, lang, customers=None):
        options = _ask.read_options(as_of, known_at, None, customers, lang=lang)
        return _lib.call_table("rapport_engine_economics", self._engine(), *_lib.encode_json(**request), ctypes.byref(options))
