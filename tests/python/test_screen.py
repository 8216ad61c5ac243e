"""Policy.screen: the same answers whatever form a table comes in, and what it refuses."""

import datetime
import json

import pytest

import rapport
from rapport import _lib

numpy = pytest.importorskip("numpy")
pyarrow = pytest.importorskip("pyarrow")


def policy_of(**conditions):
    rules = [
        {"name": name.replace("_", "-"), "purpose": "care", "priority": 1, "trigger": {"event": "touch"}, "when": when, "expires": {"days": 1},
         "action": {"channel": "call", "minutes": 5, "headline": "general", "objective": "thank"}}
        for name, when in conditions.items()
    ]
    return rapport.Policy.parse({"rapport_policy": 1, "name": "p", "rules": rules})


def leaf(signal, comparison, *value):
    return {"signal": signal, "is": comparison} | ({"value": value[0]} if value else {})


def test_signals_of_a_book_give_what_decide_explains(office):
    monday = "2026-03-02T00:00:00+09:00"
    policy = rapport.default_policy()
    screened = policy.screen(office.signals(monday, columns=policy.signals))
    assert screened.column_names == ["customer"] + policy.rules
    by_customer = {row["customer"]: row for row in screened.to_pylist()}
    assert len(by_customer) == 40
    decided = office.decide(monday).to_pylist()
    assert decided
    for row in decided:  # nobody has work of a rule whose conditions do not hold
        assert by_customer[row["customer"]][row["rule"]] is True
    counts = {rule: sum(screened[rule].to_pylist()) for rule in policy.rules}
    assert 0 < counts["open-worry"] < 40


def test_triggers_ask_for_the_threshold_too():
    policy = rapport.default_policy()
    columns = {name: [None, None, None] for name in policy.signals}
    columns["touch.days_since_care"] = [89, 90, None]
    assert policy.screen(columns)["keep-in-sight"].to_pylist() == [True, True, True]
    assert policy.screen(columns, triggers=True)["keep-in-sight"].to_pylist() == [False, True, False]


@pytest.mark.parametrize("values", [
    pyarrow.array([1, None, 3], pyarrow.int64()), pyarrow.array([1, None, 3], pyarrow.int32()), pyarrow.array([1, None, 3], pyarrow.int8()),
    pyarrow.array([1, None, 3], pyarrow.uint16()), pyarrow.array([1, None, 3], pyarrow.uint64()), pyarrow.array([1, None, 3], pyarrow.float32()),
    pyarrow.array([1, None, 3], pyarrow.float64()), pyarrow.array([1, None, 3]).dictionary_encode(),
    pyarrow.array([9, 1, None, 3, 9])[1:4], pyarrow.chunked_array([pyarrow.array([1]), pyarrow.array([None, 3], pyarrow.int64())]),
])
def test_numbers_of_every_width(values):
    policy = policy_of(two=leaf("purchase.count", ">=", 2), missing=leaf("purchase.count", "unknown"), one=leaf("purchase.count", "in", [1, 7]))
    screened = policy.screen(pyarrow.table({"purchase.count": values}))
    assert screened.to_pydict() == {"two": [False, False, True], "missing": [False, True, False], "one": [True, False, False]}


@pytest.mark.parametrize("form", [pyarrow.string(), pyarrow.large_string(), pyarrow.string_view(), pyarrow.dictionary(pyarrow.int8(), pyarrow.string())])
def test_texts_of_every_form(form):
    words = pyarrow.array(["skip", "none", "trust", None, "a rung longer than a view holds", "trust"])
    column = words.dictionary_encode().cast(form) if pyarrow.types.is_dictionary(form) else words.cast(form)
    policy = policy_of(trust=leaf("refusal.last_reason", "=", "trust"), other=leaf("refusal.last_reason", "!=", "trust"))
    screened = policy.screen(pyarrow.table({"refusal.last_reason": column[1:]}))
    assert screened.to_pydict() == {"trust": [False, True, False, False, True], "other": [True, False, False, True, False]}


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_times_of_every_unit(unit):
    at = datetime.datetime(2026, 3, 2, 1, tzinfo=datetime.timezone.utc)
    column = pyarrow.array([at, at - datetime.timedelta(seconds=1), None], pyarrow.timestamp(unit, "UTC"))
    policy = policy_of(since=leaf("purchase.last_at", ">=", "2026-03-02T10:00:00+09:00"))
    assert policy.screen(pyarrow.table({"purchase.last_at": column}))["since"].to_pylist() == [True, False, False]


def test_numpy_in_and_masks_out():
    policy = policy_of(often=leaf("purchase.count", ">", 500_000))
    screened = policy.screen({"customer": numpy.arange(1_000_000), "purchase.count": numpy.arange(1_000_000)})
    mask = screened["often"].to_numpy()
    assert mask.dtype == bool and mask.sum() == 499_999
    assert (screened["customer"].to_numpy()[mask] > 500_000).all()


def test_customers_come_back_as_they_were_and_other_columns_may_be_anything():
    policy = policy_of(often=leaf("purchase.count", ">", 1))
    table = pyarrow.table({
        "customer": pyarrow.array(["a", "b", "c", "d"]).dictionary_encode(), "blob": [b"x", b"y", b"z", None],
        "purchase.count": [1, 2, 3, None], "spans": pyarrow.array([1, 2, 3, 4], pyarrow.duration("s"))})
    assert policy.screen(table.slice(1)).to_pydict() == {"customer": ["b", "c", "d"], "often": [True, True, False]}
    assert policy.screen(table).schema.field("customer").type == table.schema.field("customer").type
    chunks = pyarrow.concat_tables([table.slice(0, 1), table.slice(1, 0), table.slice(1)])
    assert policy.screen(chunks).to_pydict() == {"customer": ["a", "b", "c", "d"], "often": [False, True, True, False]}
    assert policy.screen(table.select(["purchase.count"])).column_names == ["often"]
    assert policy.screen(table.slice(0, 0)).num_rows == 0


@pytest.mark.parametrize("column, token, words", [
    ({"worry.open": [1]}, "screen.missing_column", 'rule "often", column "purchase.count": found none, expected one of type integer'),
    ({"purchase.count": ["1"]}, "screen.wrong_type", 'rule "often", column "purchase.count": found type text, expected integer'),
    ({"purchase.count": [b"1"]}, "arrow.unsupported_type", "binary"),
    ({"purchase.count": [[1]]}, "screen.wrong_type", "found type list"),
    ({"purchase.count": numpy.array([1.0, numpy.nan])}, "screen.not_finite", 'row 2, column "purchase.count": found NaN'),
    ({"purchase.count": numpy.array([2**64 - 1], numpy.uint64)}, "arrow.invalid_value", "found 18446744073709551615"),
])
def test_what_is_refused(column, token, words):
    with pytest.raises(rapport.InvalidArgument) as refused:
        policy_of(often=leaf("purchase.count", ">", 1)).screen(pyarrow.table(column))
    assert refused.value.token == token
    assert words in str(refused.value)


def test_a_table_without_rows_lacks_its_columns_all_the_same():
    with pytest.raises(rapport.InvalidArgument) as refused:
        policy_of(often=leaf("purchase.count", ">", 1)).screen(pyarrow.schema([("other", pyarrow.int64())]).empty_table())
    assert refused.value.token == "screen.missing_column"


def test_a_timestamp_without_zone_is_no_instant():
    table = pyarrow.table({"purchase.last_at": pyarrow.array([0], pyarrow.timestamp("us"))})
    with pytest.raises(rapport.InvalidArgument) as refused:
        policy_of(known=leaf("purchase.last_at", "known")).screen(table)
    assert refused.value.token == "screen.wrong_type"
    assert "timestamp without a zone" in str(refused.value)


def test_options_are_strict():
    policy = policy_of(often=leaf("purchase.count", ">", 1))
    stream = _lib.Stream({"purchase.count": [1]})
    with pytest.raises(rapport.InvalidArgument) as refused:
        _lib.call_stream("rapport_policy_screen", *_lib.encode(policy.text), stream.pointer, *_lib.encode(json.dumps({"trigger": True})))
    assert refused.value.token == "screen.unknown_key"
