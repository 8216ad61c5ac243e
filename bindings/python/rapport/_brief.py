"""The morning's brief, whether plans are kept, the report, letters and newsletters."""

import ctypes
import json

from . import _ask, _lib


class EngineOfBriefs:
    """The part of Engine that tells an office how things stand."""

    def brief(self, team_or_rep, day, as_of=None, known_at=None, lang="en"):
        """What became known since a team, or a rep, last worked → dict: kind, title, sections (key, title, lines with text and events), facts, text.

        As known at the start of the day, in the rep's zone, of a team in the book's, unless `as_of` says otherwise. Raises NotFound `brief.unknown`.

        >>> with rapport.Engine.open() as engine:
        ...     _ = engine.append(OFFICE)
        ...     [section["key"] for section in engine.brief("Fukuoka", "2026-03-02")["sections"]]
        ['broken', 'heard', 'good', 'slack', 'goals']
        """
        return json.loads(_lib.call_text("rapport_engine_brief", *self._brief_arguments(team_or_rep, day, as_of, known_at, lang)))

    def brief_text(self, team_or_rep, day, as_of=None, known_at=None, lang="en"):
        """The same as people read it."""
        return _lib.call_text("rapport_engine_brief_text", *self._brief_arguments(team_or_rep, day, as_of, known_at, lang))

    def _brief_arguments(self, team_or_rep, day, as_of, known_at, lang):
        return self._engine(), *_lib.encode(team_or_rep), *_lib.encode(_ask.day(day)), ctypes.byref(_ask.read_options(as_of, known_at, lang=lang))

    def adherence(self, as_of, weeks=8, reps=None, known_at=None, lang="en"):
        """Planned and done in the whole weeks before → pyarrow.Table: team, rep (None: the team's own row), week (its Monday), planned, done, share,
        visits_planned, visits_done, objectives, met, slope (change of the share a week), sentence (where it falls by more than chance).

        About people: for their managers only.

        >>> with rapport.Engine.open() as engine:
        ...     _ = engine.append(OFFICE)
        ...     rows = engine.adherence("2026-03-02T08:00:00+09:00", weeks=2).to_pylist()
        ...     [(row["visits_planned"], row["visits_done"]) for row in rows if row["team"] == "Fukuoka" and row["rep"] is None]
        [(8, 7), (8, 4)]
        """
        options = _ask.read_options(as_of, known_at, lang=lang)
        ids = _lib.encode(None if reps is None else json.dumps(_ask.ids(reps, "reps")))
        return _lib.call_table("rapport_engine_adherence", self._engine(), ctypes.byref(options), weeks, *ids)

    def report(self, as_of, known_at=None, lang="en", policy=None):
        """How the office looks after its customers, the last 30 days beside the 30 before → dict as of `brief`; its facts hold every count.

        >>> with rapport.Engine.open() as engine:
        ...     _ = engine.append(OFFICE)
        ...     engine.report("2026-03-02T08:00:00+09:00")["facts"]["open_worries"]
        2
        """
        options = _ask.read_options(as_of, known_at, policy, lang=lang)
        return json.loads(_lib.call_text("rapport_engine_report", self._engine(), ctypes.byref(options)))

    def report_text(self, as_of, known_at=None, lang="en", policy=None):
        """The same as people read it."""
        options = _ask.read_options(as_of, known_at, policy, lang=lang)
        return _lib.call_text("rapport_engine_report_text", self._engine(), ctypes.byref(options))

    def letters(self, as_of, known_at=None, lang="en", policy=None):
        """Letters and newsletters that are open, and customers who had enough this year → pyarrow.Table: followup_id, customer, customer_name, contact,
        sender, sender_name, owner, state ("ready", "waits_for_owner", "waits_for_line", "held", "enough"), why, line, count_365, next.

        >>> with rapport.Engine.open() as engine:
        ...     _ = engine.append(OFFICE)
        ...     engine.letters("2026-03-02T08:00:00+09:00").num_rows     # the default policy asks for none
        0
        """
        return _lib.call_table("rapport_engine_letters", self._engine(), ctypes.byref(_ask.read_options(as_of, known_at, policy, lang=lang)))
