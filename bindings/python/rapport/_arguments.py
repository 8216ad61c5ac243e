"""Single arguments of models on their way to the C library: numbers of any kind, and what is said of those that are none."""

import json
import math

from . import _lib
from ._columns import wrong


def as_json(**members):
    return _lib.encode(json.dumps(members))


def number(value, name, token="value.invalid_input"):
    """A finite float, of any kind of number."""
    kind = getattr(getattr(value, "dtype", None), "kind", None)
    try:
        found = math.nan if isinstance(value, (str, bytes, bool)) or kind in ("b", "c", "m", "M") else float(value)
    except (TypeError, ValueError, OverflowError):
        found = math.nan
    if not math.isfinite(found):
        raise wrong(f"{name}: found {shown(value)}, expected a number", token)
    return found


def shown(value):
    """What was found, on one line and short."""
    text = " ".join(repr(value).split())
    return text if len(text) <= 100 else text[:97] + "..."


def whole(value, name):
    found = number(value, name)
    rounded = int(value)
    if rounded != found and rounded != value:
        raise wrong(f"{name}: found {shown(value)}, expected a whole number")
    return rounded


def seed(value):
    found = whole(value, "seed")
    if not 0 <= found <= 2**53:
        raise wrong(f"seed: found {found}, expected a whole number from 0 to 2**53")
    return found
