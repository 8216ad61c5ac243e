"""How questions are put to the library: moments, days, policies and records as JSON, the options of a read."""

import ctypes
import json
import math

from . import _lib
from ._columns import wrong
from ._time import day_text as day, instant


def number(value):
    """What JSON can say of a number; of one that is not finite its text, so that the error names the field."""
    if value is None or isinstance(value, str):
        return value
    value = float(value)
    return value if math.isfinite(value) else str(value)


def ids(values, name):
    """A list of ids, or None; one text is refused: its letters would be taken for ids."""
    if values is None:
        return None
    if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
        raise wrong(f"{name}: found {values!r}, expected a list of ids")
    return list(values)


def plain(record):
    return {key: instant(value) if key == "at" else day(value) for key, value in dict(record).items() if value is not None}


def policy_text(policy):
    if policy is None:
        return None
    from ._engine import Policy  # which asks in its turn

    return policy.text if isinstance(policy, Policy) else Policy.parse(policy).text


def read_options(as_of=None, known_at=None, policy=None, customers=None, seed=0, lang="en"):
    options = _lib.ReadOptions(struct_size=ctypes.sizeof(_lib.ReadOptions), seed=seed)
    options.as_of, options.as_of_size = _lib.encode(instant(as_of))
    options.known_at, options.known_at_size = _lib.encode(instant(known_at))
    options.policy, options.policy_size = _lib.encode(policy_text(policy))
    options.customers, options.customers_size = _lib.encode(None if customers is None else json.dumps(ids(customers, "customers")))
    options.language, options.language_size = _lib.encode(lang)
    return options
