"""Working time and recurrences against pandas and dateutil, on random cases."""

import datetime
import random
import zoneinfo

import dateutil.rrule
import pandas
import pytest

import rapport

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def random_days(draw, n):
    return [datetime.date(2026, 1, 1) + datetime.timedelta(days=draw.randrange(700)) for _ in range(n)]


def test_working_days_agree_with_pandas():
    draw = random.Random(5)
    for _ in range(120):
        open_days = sorted(draw.sample(range(7), draw.randint(1, 7)))
        holidays = random_days(draw, draw.randint(0, 12))
        ours = rapport.WorkingCalendar("UTC", {DAYS[d]: [("09:00", "17:00")] for d in open_days}, closed=holidays)
        mask = "".join("1" if d in open_days else "0" for d in range(7))
        for _ in range(8):
            day, n = random_days(draw, 1)[0], draw.choice([-30, -7, -2, -1, 1, 2, 3, 10, 45])
            theirs = pandas.Timestamp(day) + pandas.offsets.CustomBusinessDay(n, weekmask=" ".join(DAYS[d].capitalize() for d in open_days), holidays=holidays)
            # From a closed day pandas counts the roll to an open one as the first step forward; ours counts open days after it, as is said in docs/time.md.
            assert ours.add_days(day, n) == theirs.date(), (day, n, mask, holidays)


def test_working_hours_agree_with_pandas():
    draw = random.Random(7)
    for case in range(60):
        starts, ends = draw.choice([(["09:00"], ["17:00"]), (["09:00", "13:00"], ["12:00", "17:30"]), (["06:15", "10:00", "20:00"], ["08:45", "12:00", "23:00"])])
        open_days = sorted(draw.sample(range(7), draw.randint(1, 6)))
        holidays = random_days(draw, draw.randint(0, 8))
        ours = rapport.WorkingCalendar("UTC", {DAYS[d]: list(zip(starts, ends)) for d in open_days}, closed=holidays)
        hours = lambda n: pandas.offsets.CustomBusinessHour(n, start=starts, end=ends, weekmask=" ".join(DAYS[d].capitalize() for d in open_days), holidays=holidays)
        for _ in range(6):
            day = random_days(draw, 1)[0]
            at = datetime.datetime(day.year, day.month, day.day, draw.randrange(24), draw.randrange(60), tzinfo=datetime.timezone.utc)
            n = draw.randint(1, 60)
            theirs = pandas.Timestamp(at.replace(tzinfo=None)) + hours(n)
            got = ours.add(at, n * 60).replace(tzinfo=None)
            # The same moment of work may be told as the end of one range or the beginning of the next.
            assert got == theirs or ours.between(at, at.replace(tzinfo=None).combine(theirs.date(), theirs.time(), datetime.timezone.utc)) == n * 60, (case, at, n, got, theirs)
            assert ours.between(at, got.replace(tzinfo=datetime.timezone.utc)) == n * 60


def random_rule(draw):
    frequency = draw.choice(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
    parts = [f"FREQ={frequency}"]
    if draw.random() < 0.5:
        parts.append(f"INTERVAL={draw.randint(1, 5)}")
    if draw.random() < 0.5:
        names = draw.sample(["MO", "TU", "WE", "TH", "FR", "SA", "SU"], draw.randint(1, 4))
        if frequency in ("MONTHLY", "YEARLY") and draw.random() < 0.5:
            names = [f"{draw.choice([-2, -1, 1, 2, 3, 5])}{name}" for name in names]
        parts.append("BYDAY=" + ",".join(names))
    if frequency in ("MONTHLY", "YEARLY", "DAILY") and draw.random() < 0.4:
        parts.append("BYMONTHDAY=" + ",".join(str(draw.choice([1, 5, 13, 28, 29, 30, 31, -1, -2, -31])) for _ in range(draw.randint(1, 3))))
    if draw.random() < 0.4:
        parts.append("BYMONTH=" + ",".join(str(draw.randint(1, 12)) for _ in range(draw.randint(1, 4))))
    if len(parts) > 2 and any(p.startswith("BY") for p in parts) and frequency != "DAILY" and draw.random() < 0.25:
        parts.append(f"BYSETPOS={draw.choice([1, 2, -1, -2])}")
    if draw.random() < 0.3:
        parts.append("WKST=" + draw.choice(["MO", "SU", "WE"]))
    if draw.random() < 0.3:
        parts.append(draw.choice(["COUNT=7", "UNTIL=20290301T000000"]))
    draw.shuffle(parts)
    return ";".join(parts)


def test_recurrences_agree_with_dateutil():
    draw = random.Random(11)
    seen = 0
    for _ in range(700):
        rule = random_rule(draw)
        start = datetime.datetime(2024, 1, 1, 9, 30) + datetime.timedelta(days=draw.randrange(900))
        end = datetime.datetime(2031, 1, 1)
        theirs = []
        for at in dateutil.rrule.rrulestr(rule, dtstart=start):
            if at >= end:
                break
            theirs.append(at)
        ours = rapport.Recurrence(rule, start.isoformat()).between(start.isoformat(), end.isoformat())
        assert ours == theirs, (rule, start)
        seen += len(theirs)
    assert seen > 15_000


def test_a_recurrence_keeps_the_wall_clock():
    berlin = zoneinfo.ZoneInfo("Europe/Berlin")
    days = rapport.Recurrence("FREQ=DAILY", datetime.datetime(2026, 3, 28, 9, 0, tzinfo=berlin)).between("2026-03-28T00:00:00+01:00", "2026-03-31T00:00:00+02:00")
    assert [day.hour for day in days] == [9, 9, 9]
    assert (days[1] - days[0]).total_seconds() == 24 * 3600 or days[1].utcoffset() != days[0].utcoffset()


def test_what_is_wrong_is_named():
    with pytest.raises(rapport.Error) as error:
        rapport.Recurrence("FREQ=DAILY;BYHOUR=9", "2026-01-01")
    assert error.value.token == "recurrence.unsupported" and "BYHOUR" in str(error.value)
    with pytest.raises(rapport.Error):
        rapport.WorkingCalendar("Europe/Nowhere")


def test_holidays_from_icalendar():
    text = "\r\n".join([
        "BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "UID:1", "SUMMARY:New ", " Year", "DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=YEARLY", "END:VEVENT",
        "BEGIN:VEVENT", "UID:2", "DTSTART;VALUE=DATE:20260501", "DTEND;VALUE=DATE:20260503", "BEGIN:VALARM", "TRIGGER:-PT5M", "END:VALARM", "END:VEVENT",
        "BEGIN:VEVENT", "UID:3", "DTSTART:20260601T090000Z", "END:VEVENT", "END:VCALENDAR", ""])
    calendar = rapport.WorkingCalendar.from_ics(text, zone="Europe/Paris", last="2028-12-31")
    assert calendar.closed == [datetime.date(y, m, d) for y, m, d in [(2026, 1, 1), (2026, 5, 1), (2026, 5, 2), (2027, 1, 1), (2028, 1, 1)]]
    assert not calendar.is_open("2026-05-01T10:00:00+02:00") and calendar.is_open("2026-04-30T10:00:00+02:00")
    with pytest.raises(rapport.Error) as error:
        rapport.WorkingCalendar.from_ics("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261301\nEND:VEVENT\nEND:VCALENDAR")
    assert "line 3" in str(error.value)
