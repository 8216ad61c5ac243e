"""Fixtures: the office of examples/office, and the source tree for what is compared with it."""

import doctest
import pathlib

import pytest

import rapport

ROOT = pathlib.Path(__file__).resolve().parents[2]
OFFICE = (ROOT / "examples/office/events.ndjson").read_text(encoding="utf-8")


@pytest.fixture
def office():
    with rapport.Engine.open() as engine:
        engine.append(OFFICE)
        yield engine


@pytest.fixture
def root():
    return ROOT


@pytest.fixture
def shared():
    folder = ROOT.parent / "shared"
    if not folder.exists():
        pytest.skip("the data folder ../shared is absent")
    return folder


def doctests(module):
    """Failures of a module's examples, with the names they use."""
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    runner = doctest.DocTestRunner(optionflags=flags)
    count = 0
    for test in doctest.DocTestFinder().find(module, module.__name__, globs={"rapport": rapport, "OFFICE": OFFICE}):
        runner.run(test)
        count += len(test.examples)
    return runner.failures, count
