"""A plan as it leaves the house: one HTML page for a team, a calendar for a rep."""

from . import _lib


class EngineOfPages:
    """The part of Engine that makes pages, of the plans of EngineOfPlans."""

    def plan_page(self, day, team=None, reps=None, policy=None, as_of=None, known_at=None, seed=0, lang="en", travel=None):
        """The day of a team (or of ``reps``, or of everybody) as one self-contained HTML page → str: brief, charts, each rep's plan with all that its text
        says, cards. The brief is of the team, or of the only rep; there is none where nobody is in the team any more, or nothing was told of the rep. It shows
        one day and fetches nothing; in print each rep's plan is one A4 page.

        >>> with rapport.Engine.open() as engine:
        ...     _ = engine.append(OFFICE)
        ...     page = engine.plan_page("2026-03-02", reps=["r-sato"], lang="ko")
        >>> page.startswith("<!DOCTYPE html>"), "://" in page.split("<script")[0]
        (True, False)
        """
        return _lib.call_text("rapport_engine_plan_page", *self._plan_arguments(day, policy, reps, as_of, known_at, seed, lang, None, travel, team))

    def plan_calendar(self, day, reps=None, since=None, policy=None, as_of=None, known_at=None, seed=0, lang="en", days=None, travel=None, team=None):
        """The planned lines as iCalendar → str, of as many days as the plan. The same work keeps its UID; a plan made later or from more events has a
        higher SEQUENCE. ``since``: the as_of of the calendar that the reader has of this day; what was planned then and is not now is cancelled.

        >>> with rapport.Engine.open() as engine:
        ...     _ = engine.append(OFFICE)
        ...     engine.plan_calendar("2026-03-02", reps=["r-sato"]).count("BEGIN:VEVENT") == sum(
        ...         row["status"] == "planned" for row in engine.plan("2026-03-02", reps=["r-sato"]).to_pylist())
        True
        """
        return _lib.call_text("rapport_engine_plan_calendar", *self._plan_arguments(day, policy, reps, as_of, known_at, seed, lang, days, travel, team, since))
