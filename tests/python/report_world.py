"""A made-up sales force whose reports are known to be true or invented: what the trust in reports is measured on.

Honest reps differ: who enters reports at once, in the evening, the next morning or when the phone finds a network; who writes times by the minute or by
the quarter of an hour; who writes a sentence, a few words or always the same; small districts and large ones; reps to whose visits much or little comes.
Inventing reps are honest ones who make up a share of their reports in one of six ways (the sixth, even spacing, where it is asked for). Everything else of an invented report is as the rep always writes.
"""

import dataclasses
import datetime
import math
import random

WAYS = ("travel", "batch", "copied", "round", "no_outcome")
UTC = datetime.timezone.utc


@dataclasses.dataclass
class Settings:
    reps: int = 100
    days: int = 45                       # working days
    a_day: tuple = (4, 8)                # reports
    share: float = 0.01                  # of all reports are invented
    ways: tuple = WAYS
    of_a_rep: tuple = (0.2, 0.6)         # what an inventing rep makes up
    without: tuple = (0.6, 1.0)          # ... whose reports differ in nothing but that nothing comes of them
    whole_days: float = 0.7              # of inventing reps make up whole days, the others single reports
    entry: dict = dataclasses.field(default_factory=lambda: {"at_once": 0.55, "evening": 0.25, "morning": 0.1, "offline": 0.1})
    grid: dict = dataclasses.field(default_factory=lambda: {1: 0.6, 5: 0.25, 15: 0.15})
    notes: dict = dataclasses.field(default_factory=lambda: {"own": 0.73, "short": 0.25, "phrase": 0.02})
    radius: tuple = (3, 60)              # kilometres
    speed: tuple = (20, 70)              # kilometres an hour, straight
    noise_metres: float = 20
    leads_to: float = 0.05               # of invented reports something is said to have come
    wrong_fix: float = 0.002             # of places are kilometres off
    calls: float = 0.3
    outcome: tuple = (0.25, 0.6)         # what a rep's reports lead to, from rep to rep
    words: int = 60                      # the larger, the less alike honest notes are
    edited: float = 0.5                  # of copies are changed a little
    columns: tuple = ()                  # left out


_SUBJECTS = "filter boiler lease counter display delivery invoice training sample catalogue contract warranty season staff opening kitchen water salt price stock".split()
_ASIDES = ("in spring", "next week", "after the fair", "before the holidays", "with the new manager", "for the second shop", "when the building is done", "by Friday")
_VERBS = "discussed showed explained checked promised offered compared repaired measured counted praised doubted".split()
_STOCK = ("no answer", "left message", "call back", "ok", "all fine", "will think about it")
_NAMES = "Mori Oda Ito Hara Baba Tanaka Abe Ono Kato Sato Lee Park Choi Wang Li Chen Weber Klein Roy Dupont".split()


def _sentence(draw, pool):
    first = f"{draw.choice(_NAMES)} {draw.choice(_VERBS)} the {draw.choice(_SUBJECTS)} {draw.choice(_ASIDES)}"
    rest = " ".join(draw.choice(pool) for _ in range(draw.randint(4, 12)))
    return f"{first}, {rest}."


def _pick(draw, weights):
    return draw.choices(list(weights), list(weights.values()))[0]


def _floor(value, grid):
    return int(round(value / grid) * grid)


class _Rep:
    def __init__(self, draw, s, number, pool):
        self.name = f"r-{number:04d}"
        self.entry, self.grid, self.style = _pick(draw, s.entry), _pick(draw, s.grid), _pick(draw, s.notes)
        self.length_grid = self.grid if draw.random() < 0.7 else 5
        self.latitude, self.longitude = draw.uniform(45, 55), draw.uniform(0, 20)
        self.radius, self.speed = math.exp(draw.uniform(*map(math.log, s.radius))), draw.uniform(*s.speed)
        self.outcome = draw.uniform(*s.outcome)
        self.customers = [(f"c-{number}-{i}", *self.place(draw)) for i in range(draw.randint(40, 120))]
        self.phrases = [_sentence(draw, pool) for _ in range(draw.randint(3, 8))]
        self.mean_minutes = draw.uniform(20, 45)

    def place(self, draw, factor=1.0):
        r, turn = self.radius * factor * math.sqrt(draw.random()), draw.uniform(0, 2 * math.pi)
        return self.latitude + r * math.cos(turn) / 111, self.longitude + r * math.sin(turn) / (111 * math.cos(math.radians(self.latitude)))

    def note(self, draw, pool):
        if self.style == "own":
            return _sentence(draw, pool) if draw.random() < 0.9 else draw.choice(_STOCK)
        if self.style == "phrase":
            return draw.choice(self.phrases) if draw.random() < 0.5 else _sentence(draw, pool)
        return draw.choice(_STOCK) if draw.random() < 0.6 else " ".join(draw.choice(pool) for _ in range(3))


def _kilometres(a, b):
    return 111 * math.hypot(a[0] - b[0], (a[1] - b[1]) * math.cos(math.radians(a[0])))


def _day(draw, s, rep, day, pool):
    """One honest day: a way from customer to customer that a car can drive; times are minutes after midnight."""
    rows, clock, here = [], 8 * 60 + draw.uniform(0, 60), (rep.latitude, rep.longitude)
    for _ in range(draw.randint(*s.a_day)):
        call = draw.random() < s.calls
        customer, *there = draw.choice(rep.customers)
        if not call:
            clock += 60 * _kilometres(here, there) / rep.speed + draw.uniform(2, 12)
            here = there
        else:
            clock += draw.uniform(2, 15)
        if 12 * 60 < clock < 12 * 60 + 40:
            clock = 12 * 60 + draw.uniform(45, 75)
        reached = draw.random() < (0.6 if call else 0.85)
        minutes = max(1, draw.lognormvariate(math.log(8 if call else rep.mean_minutes), 0.4)) if reached else draw.uniform(1, 6)
        if clock + minutes > 19 * 60:
            break
        wrong = draw.random() < s.wrong_fix
        fix = [c + draw.gauss(0, (30 if wrong else s.noise_metres / 1000) / 111) for c in there]
        rows.append({"rep": rep.name, "customer": customer, "channel": "call" if call else "visit", "day": day, "at": clock, "minutes": minutes,
                     "latitude": None if call else fix[0], "longitude": None if call else fix[1],
                     "accuracy_metres": None if call else draw.uniform(5, 2 * s.noise_metres), "disposition": "reached" if reached else "absent",
                     "note": rep.note(draw, pool) if reached else draw.choice(_STOCK), "outcome": reached and draw.random() < rep.outcome,
                     "invented": None})
        clock += minutes
    return rows


def _enter(draw, rep, rows):
    """When each report of a day is entered, minutes after the day's midnight."""
    rows = sorted(rows, key=lambda row: row["at"])
    if rep.entry == "at_once":
        for row in rows:
            row["entered"] = row["at"] + row["minutes"] + draw.expovariate(1 / 20)
        return
    clock = {"evening": 17.5 * 60 + draw.uniform(0, 150), "morning": 31 * 60 + draw.uniform(0, 90), "offline": 18 * 60 + draw.uniform(0, 120)}[rep.entry]
    clock = max([clock] + [row["at"] + row["minutes"] + 5 for row in rows])
    for row in rows:
        row["entered"] = clock
        clock += 0.01 if rep.entry == "offline" else draw.uniform(0.7, 4)


def _copy(draw, note, s):
    if draw.random() >= s.edited:
        return note
    words = note.split()
    words[draw.randrange(len(words))] = draw.choice(_SUBJECTS)
    return " ".join(words) + draw.choice(("", "!", " OK"))


def _invent(draw, s, rep, way, days, pool, of_a_rep):
    """Makes up a share of a rep's reports, in place. `days`: rows by day."""
    wanted = of_a_rep * sum(map(len, days))
    if draw.random() < s.whole_days:
        chosen, count = [], 0
        for rows in draw.sample(days, len(days)):
            if count < wanted:
                chosen += rows
                count += len(rows)
    else:
        chosen = draw.sample([row for rows in days for row in rows], max(1, int(wanted)))
    words = [_sentence(draw, pool) for _ in range(2)]
    for row in chosen:
        row["invented"] = way
        row["outcome"] = row["outcome"] and s.leads_to >= 1 or draw.random() < s.leads_to
        if way == "travel":
            far = draw.uniform(120, 400)
            turn = draw.uniform(0, 2 * math.pi)
            row["channel"], row["latitude"], row["longitude"] = "visit", rep.latitude + far / 111 * math.cos(turn), rep.longitude + far / 80 * math.sin(turn)
            row["accuracy_metres"] = draw.uniform(5, 40)
        elif way == "copied":
            row["note"] = _copy(draw, draw.choice(words), s)
        elif way == "no_outcome":
            row["outcome"] = False
        elif way == "round":
            row["at"], row["minutes"] = _floor(row["at"], 30), max(30, _floor(row["minutes"], 30))
        elif way == "even":
            number = sum(other["day"] == row["day"] for other in chosen[:chosen.index(row)])
            row["at"] = 8 * 60 + 30 + 17 * (row["day"] % 3) + number * (41 + row["day"] % 2 * 12)
    return chosen


def _friday(draw, rows):
    """All that a rep made up in a week, entered in one sitting at its end."""
    weeks = {}
    for row in rows:
        weeks.setdefault(row["day"] // 5, []).append(row)
    for week, some in weeks.items():
        clock = draw.uniform(16, 21) * 60 + 24 * 60 * 4
        for row in some:
            row["entered"] = (week * 5 - row["day"]) * 24 * 60 + clock
            clock += draw.uniform(0.1, 0.8)


def _stamp(day, minute, grid):
    at = datetime.datetime(2026, 1, 5, tzinfo=UTC) + datetime.timedelta(days=day // 5 * 7 + day % 5)
    return at + (datetime.timedelta(minutes=_floor(minute, grid)) if grid > 1 else datetime.timedelta(seconds=int(minute * 60)))


def world(seed, **settings):
    """Reports as a list of dicts as score_reports takes them, and beside each the way in which it was invented, None where it is true."""
    s = Settings(**settings)
    draw = random.Random(seed)
    pool = ["".join(draw.choice("bdfgklmnprst") + draw.choice("aeiou") for _ in range(draw.randint(1, 4))) for _ in range(s.words)]
    reps = [_Rep(draw, s, i, pool) for i in range(s.reps)]
    days = [[_day(draw, s, rep, day, pool) for day in range(s.days)] for rep in reps]
    total = sum(len(rows) for of_rep in days for rows in of_rep)
    wanted = {way: s.share * total / len(s.ways) for way in s.ways}
    invented, order = {}, draw.sample(range(s.reps), s.reps)
    for way in s.ways:
        while wanted[way] > 0 and order:
            who = order.pop()
            room = wanted[way] / sum(map(len, days[who]))
            if any(done == way for done, _ in invented.values()) and room < min(s.of_a_rep) / 2:
                break
            low, high = s.of_a_rep if way != "no_outcome" else s.without
            of_a_rep = min(draw.uniform(low, high), max(room, low))
            chosen = _invent(draw, s, reps[who], way, days[who], pool, of_a_rep)
            invented[who] = (way, chosen)
            wanted[way] -= len(chosen)
    reports, truth = [], []
    for i, rep in enumerate(reps):
        for rows in days[i]:
            _enter(draw, rep, rows)
        way, chosen = invented.get(i, (None, []))
        if way == "batch":
            _friday(draw, chosen)
        for row in (row for rows in days[i] for row in rows):
            round_times = row["invented"] == "round"
            grid, length_grid = (30, 30) if round_times else (rep.grid, rep.length_grid)
            report = {"id": f"t-{len(reports)}", "rep": rep.name, "customer": row["customer"], "channel": row["channel"],
                      "start": _stamp(row["day"], row["at"], grid), "minutes": float(max(length_grid, _floor(row["minutes"], length_grid))),
                      "recorded": _stamp(row["day"], row["entered"], 1), "latitude": row["latitude"], "longitude": row["longitude"],
                      "accuracy_metres": row["accuracy_metres"], "note": row["note"], "disposition": row["disposition"], "outcome": row["outcome"]}
            reports.append({name: value for name, value in report.items() if name not in s.columns})
            truth.append(row["invented"])
    return reports, truth


def area(scores, positive):
    """The chance that a positive's score is above a negative's, ties counted half (Mann and Whitney 1947)."""
    import numpy

    scores, positive = numpy.asarray(scores, float), numpy.asarray(positive, bool)
    if not positive.any() or positive.all():
        return None
    order = numpy.argsort(scores, kind="stable")
    ranks = numpy.empty(scores.size)
    ranks[order] = numpy.arange(1, scores.size + 1)
    values, inverse, counts = numpy.unique(scores, return_inverse=True, return_counts=True)
    sums = numpy.bincount(inverse, ranks)
    ranks = (sums / counts)[inverse]
    n = positive.sum()
    return float((ranks[positive].sum() - n * (n + 1) / 2) / (n * (scores.size - n)))


def plain_world(seed, reps=60, reports=200, share=0.01, inventing=10, added=True, zone_hours=0):
    """Another world, written apart from the first: visits alone, five a day at customers on a ring road, and invented reports that are added to the true
    ones (or, with `added` false, stand in for them). Each inventing rep has one way."""
    draw = random.Random(f"plain {seed}")
    subjects = [f"{a} {b}" for a in ("new", "old", "spare", "second", "broken", "leased") for b in ("pump", "oven", "press", "dryer", "scale", "boiler", "chiller")]
    midnight = datetime.datetime(2025, 3, 3, tzinfo=datetime.timezone(datetime.timedelta(hours=zone_hours)))
    rows = []

    def put(rep, day, minute, minutes, spot, note, outcome, delay, invented=None):
        start = midnight + datetime.timedelta(days=day + day // 5 * 2, minutes=minute)
        rows.append(({"id": f"p{len(rows)}", "rep": rep, "customer": f"{rep}/{spot[2]}", "channel": "visit", "start": start, "minutes": float(minutes),
                      "recorded": start + datetime.timedelta(minutes=minutes + delay), "latitude": spot[0], "longitude": spot[1], "note": note, "outcome": outcome},
                     invented))

    wanted = max(1, round(share * reps * reports / inventing))
    order = draw.sample(range(reps), reps)
    inventors = {who: WAYS[i % len(WAYS)] for i, who in enumerate(order[:inventing])}
    for number in range(reps):
        rep, habit = f"agent{number}", draw.choice(("minute", "minute", "five", "quarter"))
        grid = {"minute": 1, "five": 5, "quarter": 15}[habit]
        late, size = draw.random() < 0.3, draw.uniform(2, 30)
        base = (draw.uniform(35, 40), draw.uniform(130, 140))
        spots = [(base[0] + size / 111 * math.sin(k), base[1] + size / 90 * math.cos(k), k) for k in range(40)]
        luck = draw.uniform(0.3, 0.5)

        def words():
            return f"Saw the {draw.choice(subjects)}, {draw.choice(('asked for', 'spoke of', 'wants', 'refused'))} {draw.randint(2, 90)} {draw.choice(subjects)}s " + \
                f"{draw.choice(('soon', 'in autumn', 'next year', 'once paid'))}; {draw.choice(subjects)} {draw.choice(('runs', 'fails', 'leaks', 'is sold'))}"

        def true_visit(day, k):
            minute = round((8.5 * 60 + 105 * k + draw.uniform(0, 30)) / grid) * grid
            delay = 18.5 * 60 + 3 * k + draw.uniform(0, 2) - minute - 40 if late else draw.uniform(1, 25)
            return day, minute, max(grid, round(draw.uniform(15, 50) / grid) * grid), draw.choice(spots), words(), draw.random() < luck, max(1, delay)

        way = inventors.get(number)
        made_up = set(draw.sample(range(reports), wanted)) if way and not added else set()
        text = words()
        for i in range(reports):
            if i not in made_up:
                put(rep, *true_visit(i // 5, i % 5))
        for n in range(wanted if way else 0):
            day, minute, minutes, spot, note, _, delay = true_visit(draw.randrange(reports // 5), draw.randrange(5))
            outcome = False
            if way == "travel":
                spot, minute = (spot[0] + draw.choice((-1, 1)) * draw.uniform(2, 4), spot[1] + draw.uniform(-3, 3), "far"), minute + draw.randint(-20, 20)
            elif way == "batch":
                day = day // 5 * 5 + n % 5
                delay = ((4 - day % 5) * 24 + 17) * 60 - minute + n * 0.5
            elif way == "copied":
                note = text
            elif way == "round":
                minute, minutes = round(minute / 60) * 60, 60
            put(rep, day, minute, minutes, spot, note, outcome, max(1, delay), way)
    draw.shuffle(rows)
    return [row for row, _ in rows], [way for _, way in rows]
