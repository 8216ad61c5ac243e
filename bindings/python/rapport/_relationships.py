"""Who knows whom, how well, who worries about what, who brought whom, and what a deal was worth: the tables of relationships."""

import ctypes

from . import _ask, _lib


class EngineOfRelationships:
    """The part of Engine that is about relationships."""

    def who_knows(self, customer, as_of, known_at=None, lang="en"):
        """Who of ours knows a customer, the warmest first → pyarrow.Table: rep, rep_name, owner, works_here, sender (the one whose name a letter bears),
        touches, first_at, last_at, last_channel, contacts, warmth, sentence. Warmth is of people: for managers where it ranks them.

        >>> with rapport.Engine.open() as engine:
        ...     _ = engine.append(OFFICE)
        ...     [row["rep"] for row in engine.who_knows("c-hotel-kaien", "2026-03-02T08:00:00+09:00").to_pylist() if row["sender"]]
        ['r-sato']
        """
        options = _ask.read_options(as_of, known_at, lang=lang)
        return _lib.call_table("rapport_engine_who_knows", self._engine(), *_lib.encode(customer), ctypes.byref(options))

    def relationships(self, as_of, customers=None, known_at=None, lang="en"):
        """How customers stand with us → pyarrow.Table, one row a customer: customer, customer_name, trust, rung, falls_on (the day on which the rung is
        lower if nobody makes contact), days_to_fall, health (0 to 100), band, trend, both_sides_share, last_at, last_care_at, ideal_days, latest_days,
        due ("fine", "due", "overdue"; None where no interval is known), best_window, people, sender, reasons_for, reasons_against, sentence.

        >>> with rapport.Engine.open() as engine:
        ...     _ = engine.append(OFFICE)
        ...     engine.relationships("2026-03-02T08:00:00+09:00", ["c-hotel-kaien"]).to_pylist()[0]["sender"]
        'r-sato'
        """
        options = _ask.read_options(as_of, known_at, None, customers, lang=lang)
        return _lib.call_table("rapport_engine_relationships", self._engine(), ctypes.byref(options))

    def worries(self, as_of, known_at=None, lang="en"):
        """What buyers of a product worry about and what cured it → pyarrow.Table: product, topic, buyers, customers, raised, open, resolved, median_days,
        best_remedy, tried, cured, heard_first, complained_first, sentence. Needs ``fit("worries")``.

        >>> with rapport.Engine.open() as engine:
        ...     _ = engine.append(OFFICE)
        ...     _ = engine.fit("worries", as_of="2026-03-02T00:00:00+09:00")
        ...     engine.worries("2026-03-02T08:00:00+09:00").num_rows > 0
        True
        """
        return _lib.call_table("rapport_engine_worries", self._engine(), ctypes.byref(_ask.read_options(as_of, known_at, lang=lang)))

    def referrals(self, as_of, customers=None, known_at=None):
        """Who brought whom → pyarrow.Table: customer, brought_by, depth, brought_directly, brought, value, refused (why a referral does not count),
        referred (by it). Needs ``fit("referrals")``.

        >>> with rapport.Engine.open() as engine:
        ...     _ = engine.append(OFFICE)
        ...     _ = engine.fit("referrals", as_of="2026-03-02T00:00:00+09:00")
        ...     all(row["depth"] >= 0 for row in engine.referrals("2026-03-02T08:00:00+09:00").to_pylist() if row["refused"] is None)
        True
        """
        return _lib.call_table("rapport_engine_referrals", self._engine(), ctypes.byref(_ask.read_options(as_of, known_at, None, customers)))

    def deals(self, as_of, customers=None, known_at=None, lang="en"):
        """The three wealths of closed deals, income, experience, relationship → pyarrow.Table: customer, opportunity, opened, closed, won, value, currency,
        income, experience, lesson, rung_before, rung_after, relationship, verdict ("full", "bare_pass", "success", "failure"), sentence.

        >>> events = [{"specversion": "1.0", "id": kind, "source": "crm", "type": "opportunity." + kind, "subject": "c", "time": day + "T09:00:00Z",
        ...            "data": {"opportunity": "o"}} for kind, day in [("opened", "2026-01-05"), ("won", "2026-02-05")]]
        >>> with rapport.Engine.open() as engine:
        ...     _ = engine.append(events)
        ...     engine.deals("2026-03-02T00:00:00Z").to_pylist()[0]["verdict"]     # sold to somebody whom nobody knows
        'bare_pass'
        """
        options = _ask.read_options(as_of, known_at, None, customers, lang=lang)
        return _lib.call_table("rapport_engine_deals", self._engine(), ctypes.byref(options))
