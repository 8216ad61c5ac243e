"""Rapport: whom to follow up with, when, through which channel, about what, and why.

>>> with rapport.Engine.open() as engine:
...     engine.append(OFFICE).accepted > 0
True
"""

from . import _lib
from ._engine import (
    AppendReceipt, Backtest, Engine, EraseReceipt, HandOver, ImportReceipt, Permit, Policy, SyncReceipt, Tick, build_info, default_policy, inspect, permission,
    permission_schema, policy_schema, shipped_mappings, signal_list, simulate,
)
from ._lib import Error
from ._plan import plan_day
from ._promise import PromiseAdvisor, PromiseResponse, kept_shares
from ._promises import judge_promise
from ._summaries import Summaries, calibration, cohorts, fold, rfm, summarize, tracking
from ._time import Recurrence, WorkingCalendar
from ._trust import score_reports, score_reps
from ._value import BgNbd

globals().update({_class.__name__: _class for _class in _lib.ERROR_CLASSES.values()})

__version__ = build_info()["version"]

__all__ = [
    "AppendReceipt", "Backtest", "BgNbd", "Engine", "EraseReceipt", "Error", "HandOver", "ImportReceipt", "Permit", "Policy",
    "PromiseAdvisor", "PromiseResponse", "Recurrence", "Summaries", "SyncReceipt", "Tick", "WorkingCalendar", "build_info", "calibration", "cohorts",
    "default_policy", "fold", "inspect", "judge_promise", "kept_shares", "permission", "permission_schema", "plan_day", "policy_schema", "rfm", "score_reports", "score_reps",
    "shipped_mappings", "signal_list", "simulate", "summarize", "tracking",
] + [_class.__name__ for _class in _lib.ERROR_CLASSES.values()]
