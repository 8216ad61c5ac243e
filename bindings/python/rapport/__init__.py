"""Rapport: whom to follow up with, when, through which channel, about what, and why.

>>> with rapport.Engine.open() as engine:
...     engine.append(OFFICE).accepted > 0
True
"""

from . import _lib
from ._engine import AppendReceipt, Engine, HandOver, ImportReceipt, Permit, Policy, Tick, build_info, default_policy, permission
from ._lib import Error
from ._value import BgNbd, summarize

globals().update({_class.__name__: _class for _class in _lib.ERROR_CLASSES.values()})

__version__ = build_info()["version"]

__all__ = [
    "AppendReceipt", "BgNbd", "Engine", "Error", "HandOver", "ImportReceipt", "Permit", "Policy", "Tick", "build_info", "default_policy",
    "permission", "summarize",
] + [_class.__name__ for _class in _lib.ERROR_CLASSES.values()]
