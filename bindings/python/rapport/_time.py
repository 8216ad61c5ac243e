"""Working calendars and recurrences: the same functions the engine uses, for people who have no book."""

import datetime
import json

from . import _lib
from ._columns import wrong


def instant(at):
    """RFC 3339 text of an aware datetime or of such a text."""
    if isinstance(at, datetime.datetime):
        if at.tzinfo is None:
            raise wrong(f"at: found {at!r} without an offset, expected an aware datetime", "time.invalid")
        return at.isoformat()
    return at


def day_text(day):
    """The ISO text of a date or a datetime; a text as it is."""
    return day.isoformat() if isinstance(day, datetime.date) else day


def moment(text):
    """The aware datetime of a text of the library."""
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def _moment_in(text, zone):
    import zoneinfo

    return moment(text).astimezone(zoneinfo.ZoneInfo(zone))


class WorkingCalendar:
    """Which minutes of local wall time are open: several ranges a weekday, closed days, days with ranges of their own.

    >>> office = rapport.WorkingCalendar("Europe/Berlin", {"mon": [("09:00", "12:00"), ("13:00", "17:00")], "tue": [("09:00", "12:00")]})
    >>> office.add("2026-03-02T16:30:00+01:00", 60).isoformat()
    '2026-03-03T09:30:00+01:00'
    """

    def __init__(self, zone, weekly=None, closed=(), open=None):
        self.zone = zone
        ranges = lambda pairs: [[str(start), str(end)] for start, end in pairs]
        if weekly is None:
            weekly = {day: [("09:00", "17:00")] for day in ("mon", "tue", "wed", "thu", "fri")}
        self._week = {"weekly": {day: ranges(pairs) for day, pairs in weekly.items()}}
        if closed:
            self._week["closed"] = sorted({day_text(day) for day in closed})
        if open:
            self._week["open"] = {day_text(day): ranges(pairs) for day, pairs in open.items()}
        self._document = _lib.encode(json.dumps({"zone": zone, "week": self._week}))
        self._ask("is_open", [["2026-01-01T00:00:00Z"]])   # a wrong calendar is told at once

    @classmethod
    def from_ics(cls, text, zone="UTC", weekly=None, last=None):
        """Closed on the all-day events of an iCalendar text; recurring ones until the day `last` (none: ten years after the newest start, at most 2099)."""
        last = day_text(last) if last is not None else "2099-12-31"
        days = json.loads(_lib.call_text("rapport_calendar_holidays", *_lib.encode(text), *_lib.encode(last)))
        return cls(zone, weekly=weekly, closed=days)

    @property
    def closed(self):
        """The closed days, sorted."""
        return [datetime.date.fromisoformat(day) for day in self._week.get("closed", [])]

    def _ask(self, what, items):
        request = _lib.encode(json.dumps({"ask": what, "items": items}))
        return json.loads(_lib.call_text("rapport_calendar_ask", *self._document, *request))

    def is_open(self, at):
        """True if it is open at that instant."""
        return self._ask("is_open", [[instant(at)]])[0]

    def next_open(self, at):
        """`at` itself if open, else when it opens next."""
        return _moment_in(self._ask("next_open", [[instant(at)]])[0], self.zone)

    def add(self, start, minutes):
        """When so many open minutes have passed since `start`."""
        return _moment_in(self._ask("add", [[instant(start), minutes]])[0], self.zone)

    def between(self, start, end):
        """Open minutes from start to end, whole ones; 0 if end is not later."""
        return self._ask("between", [[instant(start), instant(end)]])[0]

    def add_days(self, day, n):
        """The n-th working day after `day`, before it for a negative n, the day itself for 0."""
        return datetime.date.fromisoformat(self._ask("add_days", [[day_text(day), n]])[0])


class Recurrence:
    """Dates that come again, by a subset of RFC 5545; what it does not know is an error that names the part.

    `start` is a date, a local time ("2026-03-02T09:00:00"), or an aware datetime in a named zone; with `zone`, or a datetime that has one, occurrences are
    instants, else local times (datetimes without an offset; dates where the start is one).

    >>> rapport.Recurrence("FREQ=MONTHLY;BYDAY=-1FR", "2026-01-01").after("2026-03-02")
    datetime.date(2026, 3, 27)
    """

    def __init__(self, rrule, start, zone=None):
        if isinstance(start, datetime.datetime) and start.tzinfo is not None:
            zone = zone or getattr(start.tzinfo, "key", None)
            if zone is None:
                start, zone = start.astimezone(datetime.timezone.utc), "UTC"
            start = start.replace(tzinfo=None)
        self.rrule, self.zone = rrule, zone
        self._start = day_text(start)
        self._dates = len(self._start) == 10
        self.after("2000-01-01" if zone is None else "2000-01-01T00:00:00Z")   # a wrong rule is told at once

    def _ask(self, start, end=None):
        request = {"rrule": self.rrule, "start": self._start, "from": self._text(start)}
        if self.zone is not None:
            request["zone"] = self.zone
        if end is not None:
            request["until"] = self._text(end)
        found = json.loads(_lib.call_text("rapport_recurrence_ask", *_lib.encode(json.dumps(request))))
        return [self._value(text) for text in found]

    def _text(self, at):
        if self.zone is not None:
            return instant(at)
        return day_text(at)

    def _value(self, text):
        if self.zone is not None:
            return _moment_in(text, self.zone)
        return datetime.date.fromisoformat(text[:10]) if self._dates else datetime.datetime.fromisoformat(text)

    def between(self, start, end):
        """Occurrences from `start` on and before `end`, in order."""
        return self._ask(start, end)

    def after(self, at):
        """The first occurrence later than `at`; None if there is no more."""
        found = self._ask(at)
        return found[0] if found else None
