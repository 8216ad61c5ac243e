"""Every example of a docstring runs, in whatever module of the package it stands."""

import importlib
import inspect
import pkgutil
import warnings

import pytest

import rapport
from conftest import doctests

pytest.importorskip("numpy")
pytest.importorskip("pyarrow")


@pytest.mark.parametrize("name", ["rapport"] + [found.name for found in pkgutil.walk_packages(rapport.__path__, "rapport.")])
def test_examples_run(name):
    if name.startswith("rapport.lifetimes"):
        pytest.importorskip("pandas")
    module = importlib.import_module(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")   # a handful of rows has no standard errors, which lifetimes warns of
        failures, count = doctests(module)
    assert failures == 0
    assert count >= inspect.getsource(module).count(">>> ")   # an inherited method has those of its base, too
