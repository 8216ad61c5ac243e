"""The engine, policies and permission: thin clothes over the C API."""

import ctypes
import json
import os
import pathlib
import weakref
from typing import NamedTuple

from . import _ask, _lib
from ._plan import EngineOfPlans
from ._columns import wrong
from ._cards import EngineOfCards
from ._brief import EngineOfBriefs
from ._economics import EngineOfEconomics
from ._pages import EngineOfPages
from ._promises import EngineOfPromises
from ._relationships import EngineOfRelationships
from ._time import moment
from ._trust import EngineOfTrust


class AppendReceipt(NamedTuple):
    """What an append did: events taken in, repetitions left out, corrections made, and the last sequence of the book."""

    accepted: int
    duplicates: int
    corrected: int
    last_sequence: int


class ImportReceipt(NamedTuple):
    """What an import did. ``batch`` names it for ``retract_batch`` (None where nothing was new); ``rejected`` lists dicts of line, token and message."""

    batch: object
    rows: int
    events: int
    accepted: int
    duplicates: int
    corrected: int
    last_sequence: int
    rejected: list


class SyncReceipt(NamedTuple):
    """What a synchronisation changed; ``batch`` is None where nothing did."""

    accepted: int
    duplicates: int
    corrected: int
    retracted: int
    last_sequence: int
    batch: object


class EraseReceipt(NamedTuple):
    """Events whose text is gone, and digests kept under the suppression key."""

    events: int
    suppressed: int


class Tick(NamedTuple):
    """What a tick recorded: counts, the events themselves (dicts), the cursor, the last sequence they have, and the backlog: how many a rule would have issued
    before ``book.configured`` go_live."""

    issued: int
    changed: int
    withdrawn: int
    expired: int
    cursor: int
    events: list
    backlog: dict = {}


class Backtest(NamedTuple):
    """What a policy would have asked for: tables `days`, `rules`, `people` (pyarrow), and `summary`, a dict with totals and `sentences`."""

    days: object
    rules: object
    people: object
    summary: dict


class HandOver(NamedTuple):
    """Whether a follow-up may go to its rep now; ``reasons`` are tokens, ``sentences`` say them."""

    allowed: bool
    reasons: list
    sentences: list


class Permit(NamedTuple):
    """May this person be contacted; every reason that forbids it now, and the first allowed moment (None: not foreseeable)."""

    allowed: bool
    reasons: list
    first_allowed: object


def _lines(events):
    """NDJSON of text, bytes or dicts."""
    if isinstance(events, (str, bytes)):
        return events
    return "\n".join(json.dumps(event, ensure_ascii=False) for event in events)


def _is_other(chosen, name, other):
    """Whether `other` was chosen: the only choice beside "error"."""
    if chosen not in ("error", other):
        raise wrong(f'{name}: found "{chosen}", expected "error" or "{other}"')
    return chosen == other


def _mapping_text(mapping):
    """A document, its text, a shipped mapping's name, or the file of one."""
    if mapping is None or isinstance(mapping, dict):
        return None if mapping is None else json.dumps(mapping)
    text = str(mapping)
    if text.lstrip().startswith("{") or text in shipped_mappings():
        return text
    return pathlib.Path(mapping).read_text(encoding="utf-8")


def shipped_mappings():
    """The names of the mappings that come with the library.

    >>> "shopify-orders" in rapport.shipped_mappings()
    True
    """
    return json.loads(_lib.call_text("rapport_import_mapping", None, 0))


def inspect(path):
    """What a file seems to hold → dict; see ``Engine.inspect``."""
    return json.loads(_lib.call_text("rapport_import_inspect", *_lib.encode(os.fspath(path))))


def simulate(seed=0, **options):
    """A made-up book of business → (events as NDJSON text, truth as dict). Options: customers, first_customer, years, reps, start, zone, late_share,
    promised_orders, only_purchases.

    >>> events, truth = rapport.simulate(seed=1, customers=20, years=1)
    >>> with rapport.Engine.open() as engine:
    ...     engine.append(events).accepted == len(events.splitlines())
    True
    """
    events, truth = _lib.call_texts("rapport_simulate", *_lib.encode(json.dumps({"seed": seed, **options})))
    return events, json.loads(truth)


def signal_list(lang="en"):
    """The signals there are → pyarrow.Table: name, type, unit, motion, phrase and meaning (in `lang`), needs (event types and fields).

    >>> {row["name"]: row["needs"] for row in rapport.signal_list().to_pylist()}["worry.open"]
    'worry.raised'
    """
    return _lib.call_table("rapport_signal_list", *_lib.encode(lang))


def build_info():
    """Name, version, compiler, zone rules, semantics and the path of the loaded library, as a dict.

    >>> rapport.build_info()["name"]
    'rapport'
    """
    return json.loads(_lib.call_text("rapport_build_info")) | {"library": str(_lib.library_path)}


def _document_text(document):
    return document if isinstance(document, str) else json.dumps(document, ensure_ascii=False)


class Policy:
    """A policy document: who is to be followed up, when, how and about what.

    >>> policy = rapport.default_policy()
    >>> "open-worry" in policy.rules
    True
    """

    def __init__(self, text, described):
        self.text = text
        self.id = described["id"]
        self.name = described["name"]
        self.rules = described["rules"]
        self.signals = described["signals"]  # that conditions and triggers read: the columns `screen` asks for

    @classmethod
    def parse(cls, text):
        """Checks a document (text or a dict). Raises Error with a token `policy.*` that names the path."""
        text = _document_text(text)
        return cls(text, json.loads(_lib.call_text("rapport_policy_parse", *_lib.encode(text))))

    @classmethod
    def check(cls, text):
        """All errors of a document (text or a dict) in its order: dicts of token, pointer (RFC 6901), found, expected; empty where parse takes it.

        >>> [error["pointer"] for error in rapport.Policy.check({"rapport_policy": 1, "rules": [{"name": "a"}]})][:3]
        ['/name', '/rules/0/purpose', '/rules/0/priority']
        """
        return json.loads(_lib.call_text("rapport_policy_check", *_lib.encode(_document_text(text))))

    def describe(self, lang="en"):
        """The document as sentences: a line a rule, an indented line a step, then the holdout and the numbers of teams."""
        return _lib.call_text("rapport_policy_describe", *_lib.encode(self.text), *_lib.encode(lang))

    def screen(self, table, triggers=False, team=None):
        """Which rules' conditions hold for which rows of a table of signals → pyarrow.Table: `customer`, if there is one, and a boolean column a rule.

        With `triggers` a rule that waits for a signal also needs it at its threshold. Masks for numpy: ``screened["open-worry"].to_numpy()``.

        >>> policy = rapport.default_policy()
        >>> with rapport.Engine.open() as engine:
        ...     counts = engine.append(OFFICE)
        ...     signals = engine.signals("2026-03-02T00:00:00+09:00", columns=policy.signals)
        >>> screened = policy.screen(signals)
        >>> screened.column_names[0], screened.num_rows, sum(screened["open-worry"].to_pylist())
        ('customer', 40, 2)
        """
        options = {"triggers": bool(triggers)} | ({} if team is None else {"team": str(team)})
        stream = _lib.Stream(table)
        return _lib.call_stream("rapport_policy_screen", *_lib.encode(self.text), stream.pointer, *_lib.encode(json.dumps(options)))

    def __repr__(self):
        return f"<rapport.Policy {self.name} {self.id[:12]} {len(self.rules)} rules>"


def default_policy():
    """The policy that is used where none was adopted."""
    return Policy.parse(_lib.call_text("rapport_policy_default"))


def policy_schema(lang="en"):
    """The form of a policy as JSON Schema 2020-12 (a dict), with titles and descriptions in the language, to build a form from.

    >>> rapport.policy_schema("ja")["properties"]["rules"]["title"]
    '規則'
    """
    return json.loads(_lib.call_text("rapport_policy_schema", *_lib.encode(lang)))


def permission_schema(lang="en"):
    """The form of a permission profile as JSON Schema 2020-12 (a dict), with titles and descriptions in the language, to build a form from.

    >>> rapport.permission_schema("ko")["properties"]["quiet_hours"]["title"]
    '조용한 시간'
    """
    return json.loads(_lib.call_text("rapport_permission_schema", *_lib.encode(lang)))


class permission:
    """The contact rule without a book: a bundled profile's name ("plain", "fr-d223-9", "us", "ca", "office") or a document.

    >>> rapport.permission("us").check("2026-03-02T06:00:00-05:00", "call", "America/New_York", []).first_allowed.hour
    13
    """

    def __init__(self, profile):
        self._profile = profile if isinstance(profile, str) else json.dumps(profile)
        self.check("2026-01-01T00:00:00Z", "mail", "UTC", [])  # a wrong profile fails here, not at first use

    def check(self, at, channel, zone, touches, consents=(), purpose="care", holidays=(), reserved=(), contact=None, message_class=None, rep=None):
        """`touches` are dicts `at, channel, disposition, direction="outbound"`, and where wanted `contact, purpose, class`; `message_class`: "default",
        "transactional" (ignores caps) or "mandatory"; `rep`: {"zone": ..., "weekly": {...}, "absences": [days]}, whose hours a call or visit needs too.
        → Permit. `first_allowed` is an aware datetime in UTC."""
        request = {
            "at": _ask.instant(at), "channel": channel, "zone": zone, "purpose": purpose,
            "touches": [_ask.plain(touch) for touch in touches], "consents": [_ask.plain(consent) for consent in consents],
            "holidays": [_ask.day(day) for day in holidays], "reserved": [_ask.plain(attempt) for attempt in reserved],
        }
        if contact is not None:
            request["contact"] = contact
        if message_class is not None:
            request["class"] = message_class
        if rep is not None:
            request["rep"] = dict(rep, absences=[_ask.day(day) for day in rep.get("absences", [])])
        text = _lib.call_text("rapport_permission_check", *_lib.encode(self._profile), *_lib.encode(json.dumps(request)))
        answer = json.loads(text)
        first = answer["first_allowed"]
        return Permit(answer["allowed"], answer["reasons"], None if first is None else moment(first))


class Engine(EngineOfBriefs, EngineOfCards, EngineOfEconomics, EngineOfPages, EngineOfPlans, EngineOfPromises, EngineOfRelationships, EngineOfTrust):
    """A book and what can be asked of it. A context manager; used by one thread at a time.

    >>> with rapport.Engine.open() as engine:
    ...     engine.append(OFFICE)
    ...     engine.plan("2026-03-02").num_rows > 0
    AppendReceipt(...)
    True
    """

    def __init__(self, handle):
        self._handle = handle
        self._pid = os.getpid()
        self._finalizer = weakref.finalize(self, _close, handle.value, self._pid)

    @classmethod
    def open(cls, path=None, create=True, busy_seconds=5.0, suppression_key=None, use_snapshot=True):
        """The book in a file; None keeps it in memory; bytes are a snapshot (``snapshot_bytes``), whose events are elsewhere.

        ``suppression_key``: 16 to 64 bytes of the host's, by which an erased person who comes back is known and not contacted.
        """
        handle = ctypes.c_void_p()
        key, key_size = _lib.encode(suppression_key)
        options = _lib.OpenOptions(ctypes.sizeof(_lib.OpenOptions), int(create), int(busy_seconds * 1000), int(use_snapshot), key, key_size)
        if isinstance(path, (bytes, bytearray)):
            _lib.call("rapport_engine_open_snapshot", bytes(path), len(path), ctypes.byref(options), ctypes.byref(handle))
            return cls(handle)
        raw, size = _lib.encode(None if path is None else os.fspath(path))
        _lib.call("rapport_engine_open", raw, size, ctypes.byref(options), ctypes.byref(handle))
        return cls(handle)

    def close(self):
        """Ends the book's use; a second call does nothing."""
        self._finalizer()
        self._handle = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _engine(self):
        if self._handle is None:
            raise _lib.FailedPrecondition("the engine is closed", "engine.closed")
        if os.getpid() != self._pid:
            raise _lib.FailedPrecondition("the engine was opened before fork", "store.forked")
        return self._handle

    # --- what happened
    def append(self, events, received_at=None, on_conflict="error", on_unknown="error", own_events=False):
        """Appends events, all or nothing → AppendReceipt: dicts, NDJSON text, or a table (Arrow, polars, duckdb, pandas) with a row an event.

        A repeated event counts once; other content under a known (source, id) is refused, or with ``on_conflict="correct"`` becomes ``event.corrected``.
        ``own_events`` takes the engine's own too: an export read back.
        """
        correct, keep = _is_other(on_conflict, "on_conflict", "correct"), _is_other(on_unknown, "on_unknown", "keep")
        received, received_size = _lib.encode(_ask.instant(received_at))
        options = _lib.AppendOptions(ctypes.sizeof(_lib.AppendOptions), int(keep), received, received_size, int(correct), int(own_events))
        receipt = _lib.AppendReceipt(struct_size=ctypes.sizeof(_lib.AppendReceipt))
        if hasattr(events, "__arrow_c_stream__") or hasattr(events, "__arrow_c_array__"):
            stream = _lib.Stream(events)
            _lib.call("rapport_engine_append_arrow", self._engine(), stream.pointer, ctypes.byref(options), ctypes.byref(receipt))
        else:
            _lib.call("rapport_engine_append", self._engine(), *_lib.encode(_lines(events)), ctypes.byref(options), ctypes.byref(receipt))
        return AppendReceipt(receipt.accepted, receipt.duplicates, receipt.corrected, receipt.last_sequence)

    def import_file(self, path, mapping=None, dry_run=False, max_rejects=0, rejects=None, on_unknown="error", own_events=False):
        """Appends the events of a file as one batch → ImportReceipt. `mapping`: a document (dict), its text, the path of its file, or the name of a
        shipped one ("shopify-orders"); None: NDJSON. `rejects`: a path to which the rejected rows are written, one JSON object a line."""
        options = _lib.ImportOptions(ctypes.sizeof(_lib.ImportOptions), int(dry_run), max_rejects,
                                     int(_is_other(on_unknown, "on_unknown", "keep")), int(own_events))
        text = _lib.call_text(
            "rapport_engine_import", self._engine(), *_lib.encode(os.fspath(path)), *_lib.encode(_mapping_text(mapping)), ctypes.byref(options)
        )
        receipt = ImportReceipt(**json.loads(text))
        if rejects is not None:
            pathlib.Path(rejects).write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in receipt.rejected), encoding="utf-8")
        return receipt

    def inspect(self, path):
        """What a file seems to hold → dict: columns, the shipped mappings that fit, a mapping that would read it, five rows as events, warnings."""
        return inspect(path)

    def sync(self, table, mapping, mode="full", at=None):
        """Makes the book say what a table says → SyncReceipt: new rows are appended, changed ones corrected, and with mode "full" vanished ones retracted.
        The same table again appends nothing. `table`: anything with an Arrow stream, arrays in a dict, or a list of dicts."""
        stream = _lib.Stream(table)
        text = _lib.call_text(
            "rapport_engine_sync", self._engine(), stream.pointer, *_lib.encode(_mapping_text(mapping)), *_lib.encode(mode), *_lib.encode(_ask.instant(at))
        )
        return SyncReceipt(**json.loads(text))

    def retract_batch(self, batch, at=None):
        """Takes all events of an import back, from `at` on (None: the latest moment known) → AppendReceipt. They stay stored and count no more."""
        text = _lib.call_text("rapport_engine_retract_batch", self._engine(), *_lib.encode(batch), *_lib.encode(_ask.instant(at)))
        return AppendReceipt(**json.loads(text))

    def erase(self, customer, at):
        """Deletes the text of all the customer's events for good → EraseReceipt. Facts stay; nobody contacts the customer again."""
        text = _lib.call_text("rapport_engine_erase", self._engine(), *_lib.encode(customer), *_lib.encode(_ask.instant(at)))
        return EraseReceipt(**json.loads(text))

    def apply_retention(self, at):
        """Deletes the text of events older at `at` than book.configured `retention` keeps their type → number of events."""
        count = ctypes.c_int64()
        _lib.call("rapport_engine_apply_retention", self._engine(), *_lib.encode(_ask.instant(at)), ctypes.byref(count))
        return count.value

    def snapshot_bytes(self):
        """The folded book without personal text: `Engine.open(bytes)` goes on from it."""
        return _lib.call_bytes("rapport_engine_snapshot_bytes", self._engine())

    def save_snapshot(self):
        """Writes the cache beside the book's file, from which the next open is quick. Deleting it loses nothing."""
        _lib.call("rapport_engine_save_snapshot", self._engine())

    def backup(self, path):
        """A copy of the book's file while others read and write."""
        _lib.call("rapport_engine_backup", self._engine(), *_lib.encode(os.fspath(path)))

    def export(self, path=None, kind="events", subject=None, known_at=None, after=0):
        """To a file, or returned as text where `path` is None. kind "events": NDJSON, of one customer with `subject`, of what came after a cursor with
        `after`; "subject": all that is stored about `subject` as one JSON document; a type ("touch"): its events as CSV."""
        if kind == "subject":
            text = _lib.call_text("rapport_engine_subject", self._engine(), *_lib.encode(subject))
        elif kind != "events":
            import io

            import pyarrow.csv

            sink = io.BytesIO()
            pyarrow.csv.write_csv(self.events(kind, known_at), sink)
            text = sink.getvalue().decode("utf-8")
        else:
            known, known_size = _lib.encode(_ask.instant(known_at))
            who, who_size = _lib.encode(subject)
            options = _lib.ExportOptions(ctypes.sizeof(_lib.ExportOptions), 0, after, known, known_size, who, who_size)
            text = _lib.call_text("rapport_engine_export", self._engine(), ctypes.byref(options))
        if path is None:
            return text
        pathlib.Path(path).write_text(text, encoding="utf-8")
        return None

    def events(self, kind=None, known_at=None):
        """The events stored, as a list of dicts in order of sequence; with `kind` ("touch") those of one type → pyarrow.Table, a column a field."""
        if kind is not None:
            return _lib.call_table("rapport_engine_event_table", self._engine(), *_lib.encode(kind), *_lib.encode(_ask.instant(known_at)))
        return [json.loads(line) for line in self.export(known_at=known_at).splitlines()]

    # --- what follows from it
    def fit(self, model="bg_nbd", as_of=None, unit="week"):
        """Fits a model on what is known at `as_of` and appends `model.fitted` → dict of model, customers, fitted, appended.

        `model`: "bg_nbd", with `unit`; "large_accounts": from which expected volume on an account is in the top tenth of its owner's; "promise_keeping":
        which promises hold; "repeat": who buys again within 180 days; "worries": what buyers of a product worry about and what cured it; "referrals":
        who brought whom; "gamma_gamma": what customers spend; "care_worth": what care of them saves and brings; or another model of when they buy by its
        name ("pareto_nbd", ...): signals ask the one fitted last. "all" fits each but those → dict by model of customers and appended, or of token and message where too little is known yet.

        >>> with rapport.Engine.open() as engine:
        ...     engine.fit("all", as_of="2026-03-02T00:00:00+09:00")["repeat"]["token"]
        'expectation.too_few_customers'
        """
        if model == "all":
            table = _lib.call_table("rapport_engine_fit_all", self._engine(), *_lib.encode(_ask.instant(as_of)), *_lib.encode(unit))
            return {row.pop("model"): {key: value for key, value in row.items() if value is not None} for row in table.to_pylist()}
        return json.loads(_lib.call_text("rapport_engine_fit", self._engine(), *_lib.encode(model), *_lib.encode(_ask.instant(as_of)), *_lib.encode(unit)))

    def adopt(self, policy, at):
        """Puts a policy in force from `at`."""
        _lib.call("rapport_engine_adopt", self._engine(), *_lib.encode(_ask.policy_text(policy)), *_lib.encode(_ask.instant(at)))

    def decide(self, as_of, policy=None, customers=None, seed=0, known_at=None, lang="en"):
        """Who is to be followed up, and who is held back and why → pyarrow.Table. Records nothing."""
        options = _ask.read_options(as_of, known_at, policy, customers, seed, lang)
        return _lib.call_table("rapport_engine_decide", self._engine(), ctypes.byref(options))

    def tick(self, as_of, policy=None, seed=0):
        """Records what decide concludes, once → Tick. The same tick again issues nothing."""
        options = _ask.read_options(as_of, None, policy, None, seed)
        return Tick(**json.loads(_lib.call_text("rapport_engine_tick", self._engine(), ctypes.byref(options))))

    def hand_over(self, followup_id, at, lang="en"):
        """Checks exits and permission once more at the moment of hand-over → HandOver."""
        text = _lib.call_text("rapport_engine_hand_over", self._engine(), *_lib.encode(followup_id), *_lib.encode(_ask.instant(at)), *_lib.encode(lang))
        return HandOver(**json.loads(text))

    def snooze(self, followup_id, until, at, reason=None):
        """Puts an issued follow-up off → True; False where that was said before. Raises Error `followup.closed`, `followup.not_ahead`."""
        return self._answer(followup_id, "snooze", at, until=until, reason=reason)

    def skip(self, followup_id, at, reason=None):
        """A rep will not do it: it is closed and not issued again → True; False where that was said before."""
        return self._answer(followup_id, "skip", at, reason=reason)

    def approve(self, followup_id, rep, at, line=None):
        """The owner lets a follow-up of a rule with `approval` go → True; False where that was said before. A letter needs a `line` that only this customer
        gets. Raises Error `followup.no_approval`, `letter.no_personal_line`, `letter.not_owner`."""
        return self._answer(followup_id, "approve", at, rep=rep, reason=line)

    def withhold(self, followup_id, rep, at, reason=None):
        """The owner does not: the next tick withdraws it → True; False where that was said before."""
        return self._answer(followup_id, "withhold", at, rep=rep, reason=reason)

    def _answer(self, followup_id, word, at, until=None, rep=None, reason=None):
        said = ctypes.c_int64()
        _lib.call("rapport_engine_answer", self._engine(), *_lib.encode(followup_id), *_lib.encode(word), *_lib.encode(_ask.instant(at)),
                  *_lib.encode(_ask.instant(until)), *_lib.encode(rep), *_lib.encode(reason), ctypes.byref(said))
        return said.value == 1

    def backtest(self, policy, start, end, against=None, refit=None, seed=0, lang="en"):
        """What a policy would have asked for from `start` to `end`, with what was known each day → Backtest. Records nothing.

        `policy`: a Policy, dict or text; None: the adopted one. `against`: another, to be compared person by person. `refit`: "month" fits models
        as the days go; None uses those of history. docs/backtest.md says what the columns are.
        """
        options = _ask.read_options(None, None, policy, None, seed, lang)
        other = _ask.policy_text(against)
        tables, summary = _lib.call_tables("rapport_engine_backtest", self._engine(), *_lib.encode(_ask.day(start)), *_lib.encode(_ask.day(end)),
                                           *_lib.encode(other), *_lib.encode(refit), ctypes.byref(options), count=3)
        return Backtest(*tables, json.loads(summary))

    # --- what a person reads
    def agenda(self, as_of, customers=None, known_at=None, lang="en"):
        """Every customer's next date, channel and rule, or the reason for none → pyarrow.Table."""
        options = _ask.read_options(as_of, known_at, None, customers, 0, lang)
        return _lib.call_table("rapport_engine_agenda", self._engine(), ctypes.byref(options))

    def signals(self, as_of, customers=None, columns=None, known_at=None):
        """`customer` and a column a signal, one row a customer, sorted by customer → pyarrow.Table."""
        options = _ask.read_options(as_of, known_at, None, customers)
        names = _lib.encode(None if columns is None else json.dumps(list(columns)))
        return _lib.call_table("rapport_engine_signals", self._engine(), ctypes.byref(options), *names)

    def coverage(self, policy=None, as_of=None, lang="en", known_at=None, customers=None):
        """Which rules can work on what the book records → pyarrow.Table: rule, state ("live", "partial", "asleep"), customers, needs, sentence.

        `as_of` None: everything stored. `policy` None: the adopted one, else the default.

        >>> with rapport.Engine.open() as engine:
        ...     engine.coverage(lang="en").to_pylist()[0]["state"]
        'asleep'
        """
        options = _ask.read_options(as_of, known_at, policy, customers, lang=lang)
        return _lib.call_table("rapport_engine_coverage", self._engine(), ctypes.byref(options))

    def explain(self, followup_id, lang="en", as_of=None, policy=None):
        """Why: the derivation, its sentences, and the fewest signals that would turn it (`flip`) → dict.

        With `as_of` also of a follow-up that is due or held then, but not issued.
        """
        options = None if as_of is None else ctypes.byref(_ask.read_options(as_of, policy=policy, lang=lang))
        return json.loads(_lib.call_text("rapport_engine_explain", self._engine(), *_lib.encode(followup_id), *_lib.encode(lang), options))

    def why_not(self, customer, rule, as_of, lang="en", policy=None, known_at=None):
        """Why a rule asks nothing for a customer then → dict: `why`, `when`, `conditions`, `flip`, `sentences`.

        >>> import rapport
        >>> with rapport.Engine.open() as engine:
        ...     _ = engine.append('{"specversion": "1.0", "id": "1", "source": "crm", "type": "worry.raised", "subject": "c",'
        ...                       ' "time": "2026-03-01T09:00:00Z", "recordedtime": "2026-03-01T09:00:00Z", "data": {}}')
        ...     engine.why_not("c", "long-silence", "2026-03-02T00:00:00Z")["why"]
        'not_crossed'
        """
        options = _ask.read_options(as_of, known_at, policy, None, 0, lang)
        return json.loads(_lib.call_text("rapport_engine_why_not", self._engine(), *_lib.encode(customer), *_lib.encode(rule), ctypes.byref(options)))

    def customer(self, customer, as_of=None):
        """One customer as a dict: profile, contacts, purchases, touches, worries, promises, follow-ups, balance of expectation and delivery, relationship."""
        return json.loads(_lib.call_text("rapport_engine_customer", self._engine(), *_lib.encode(customer), *_lib.encode(_ask.instant(as_of))))

    def permit(self, customer, channel, at, purpose="care", contact=None, message_class="default"):
        """May this person be contacted then, and when first? → Permit. `message_class`: "default", "transactional" or "mandatory"."""
        asked = {"customer": customer, "channel": channel, "at": at, "purpose": purpose, "class": message_class}
        row = self.permit_table([asked if contact is None else {**asked, "contact": contact}]).to_pylist()[0]
        return Permit(row["allowed"], row["reasons"].split(",") if row["reasons"] else [], row["first_allowed"])

    def permit_table(self, requests):
        """Many at once → pyarrow.Table: customer, contact, channel, purpose, at, allowed, reasons, first_allowed.

        `requests`: dicts with `customer`, `channel`, `at`, and where wanted `purpose` ("care"), `contact` and `class` ("default").
        """
        asked = json.dumps([_ask.plain(request) for request in requests])
        return _lib.call_table("rapport_engine_permit_all", self._engine(), *_lib.encode(asked))

    def check(self):
        """Reads everything again and checks digests, the integrity chain and the store; raises Error `store.corrupt`."""
        _lib.call("rapport_engine_check", self._engine())


def _close(address, pid):
    if os.getpid() == pid:  # a child after fork leaves its parent's file alone
        _lib.library.rapport_engine_close(ctypes.c_void_p(address))
