"""The card before a contact and the outcome after it: what a rep reads, at most six questions, and their answers as events that can be taken back."""

import ctypes
import json

from . import _ask, _lib


def _text(document):
    return document if isinstance(document, str) else json.dumps(document)


class EngineOfCards:
    """The part of Engine that is about one contact: its card and its outcome."""

    def card(self, followup_id, lang="en", as_of=None, policy=None, known_at=None, seed=0):
        """What a rep reads before a contact → dict: `title`, `sections` of `lines` (`text`, the `events` it rests on), `facts`, `text`.

        Without `as_of` of a follow-up that was issued, as of the latest moment known; with it also of one that is due or held then.

        >>> with rapport.Engine.open() as engine:
        ...     _ = engine.append(OFFICE)
        ...     _ = engine.tick("2026-03-02T00:00:00+09:00")
        ...     plan = engine.plan("2026-03-02", reps=["r-sato"]).to_pylist()
        ...     hotel = next(row["followup_id"] for row in plan if row["customer"] == "c-hotel-kaien")
        ...     engine.card(hotel, as_of="2026-03-02T08:00:00+09:00")["sections"][0]["lines"][0]["text"]
        '"we know who decides the refit, and by when"'
        """
        return json.loads(_lib.call_text("rapport_engine_card", *self._card_arguments(followup_id, lang, as_of, policy, known_at, seed)))

    def card_text(self, followup_id, lang="en", as_of=None, policy=None, known_at=None, seed=0):
        """The same as a rep reads it, a section a line."""
        return _lib.call_text("rapport_engine_card_text", *self._card_arguments(followup_id, lang, as_of, policy, known_at, seed))

    def outcome_form(self, followup_id, lang="en", as_of=None, policy=None, known_at=None, seed=0):
        """The questions after a contact, at most six → dict: `questions` with `key`, `text`, `type`, `options`, `only_if`, `required` (docs/outcome.md).

        >>> with rapport.Engine.open() as engine:
        ...     _ = engine.append(OFFICE)
        ...     issued = engine.tick("2026-03-02T00:00:00+09:00").events
        ...     worry = next(e["data"]["followup"] for e in issued if e["data"].get("rule") == "open-worry")
        ...     [question["key"] for question in engine.outcome_form(worry)["questions"]]
        ['reached', 'goal', 'worry', 'fact', 'promise', 'next']
        """
        return json.loads(_lib.call_text("rapport_engine_outcome_form", *self._card_arguments(followup_id, lang, as_of, policy, known_at, seed)))

    def record(self, followup_id, answers, at, by=None):
        """Turns answers (a dict by the keys of the questions) into events at once → the receipt, a dict; `appended` is 0 where they were recorded before.

        A text is private to the customer; the members `remedy` (of what cured a worry) and `topic` (of one that was named) are read on cards of others.
        `by`: the rep who answers, by default the follow-up's. Raises Error `outcome.invalid_answer`, `followup.closed`, `outcome.recorded`.

        >>> with rapport.Engine.open() as engine:
        ...     _ = engine.append(OFFICE)
        ...     issued = engine.tick("2026-03-02T00:00:00+09:00").events
        ...     worry = next(e["data"]["followup"] for e in issued if e["data"].get("rule") == "open-worry")
        ...     receipt = engine.record(worry, {"reached": "reached", "goal": True, "worry": {"cured": True, "remedy": "5-min flush"}},
        ...                             "2026-03-02T09:40:00+09:00", "r-sato")
        ...     [event["type"] for event in receipt["events"]], engine.undo(receipt)["state"]
        (['worry.resolved', 'followup.done', 'touch'], 'open')
        """
        return json.loads(_lib.call_text("rapport_engine_record", self._engine(), *_lib.encode(followup_id), *_lib.encode(_text(answers)),
                                         *_lib.encode(_ask.instant(at)), *_lib.encode(by)))

    def undo(self, receipt, at=None):
        """Takes what a receipt names back, from `at` on (None: just after what is sealed) → dict: `state` of the follow-up, `appended` (0: undone before)."""
        return json.loads(_lib.call_text("rapport_engine_undo", self._engine(), *_lib.encode(_text(receipt)), *_lib.encode(_ask.instant(at))))

    def _card_arguments(self, followup_id, lang, as_of, policy, known_at, seed):
        return self._engine(), *_lib.encode(followup_id), ctypes.byref(_ask.read_options(as_of, known_at, policy, None, seed, lang))
