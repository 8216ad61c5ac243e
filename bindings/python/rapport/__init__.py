"""Rapport: whom to follow up with, when, through which channel, about what, and why.

>>> with rapport.Engine.open() as engine:
...     engine.append(OFFICE).accepted > 0
True
"""

from . import _lib
from ._analyses import calibration, cohorts, rfm, tracking
from ._engine import (
    AppendReceipt, Backtest, Engine, EraseReceipt, HandOver, ImportReceipt, Permit, Policy, SyncReceipt, Tick, build_info, default_policy, inspect, permission,
    permission_schema, policy_schema, shipped_mappings, signal_list, simulate,
)
from ._lib import Error
from ._models import (
    BgBb, BgCnbdK, BgNbd, GammaGamma, GgompertzNbd, MbgCnbdK, MbgNbd, Nbd, ParetoNbd, lifetime_value, lifetime_value_interval, model_from_json,
)
from ._plan import plan_day
from ._plots import plot_calibration, plot_frequency_recency, plot_tracking
from ._promise import PromiseAdvisor, PromiseResponse, kept_shares
from ._promises import judge_promise
from ._summaries import Summaries, fold, summarize
from ._time import Recurrence, WorkingCalendar
from ._trust import score_reports, score_reps

globals().update({_class.__name__: _class for _class in _lib.ERROR_CLASSES.values()})

__version__ = build_info()["version"]


def __getattr__(name):
    """`rapport.lifetimes` is read when it is asked for: it needs pandas."""
    if name == "lifetimes":
        import importlib

        return importlib.import_module(".lifetimes", __name__)
    raise AttributeError(f"module 'rapport' has no attribute {name!r}")


__all__ = [
    "AppendReceipt", "Backtest", "BgBb", "BgCnbdK", "BgNbd", "Engine", "EraseReceipt", "Error", "GammaGamma", "GgompertzNbd", "HandOver",
    "ImportReceipt", "MbgCnbdK", "MbgNbd", "Nbd", "ParetoNbd", "Permit", "Policy", "PromiseAdvisor", "PromiseResponse", "Recurrence", "Summaries",
    "SyncReceipt", "Tick", "WorkingCalendar", "build_info", "calibration", "cohorts", "default_policy", "fold", "inspect", "judge_promise",
    "kept_shares", "lifetime_value", "lifetime_value_interval", "model_from_json", "permission", "permission_schema", "plan_day", "plot_calibration",
    "plot_frequency_recency", "plot_tracking", "policy_schema", "rfm", "score_reports", "score_reps", "shipped_mappings", "signal_list", "simulate", "summarize",
    "tracking",
] + [_class.__name__ for _class in _lib.ERROR_CLASSES.values()]
