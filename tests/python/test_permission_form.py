"""The published form of a permission profile against an independent validator, and the same answers from Rapport."""

import json
import re

import pytest

import rapport

jsonschema = pytest.importorskip("jsonschema")

# What a form cannot tell: order and overlap within a day, empty ranges, days that do not exist.
ONLY_RAPPORT = [
    {"windows": {"call": {"mon": [["18:00", "09:00"]]}}},
    {"windows": {"call": {"mon": [["13:00", "18:00"], ["09:00", "12:00"]]}}},
    {"windows": {"call": {"mon": [["09:00", "13:00"], ["12:00", "18:00"]]}}},
    {"quiet_hours": [["21:00", "21:00"]]},
    {"windows": {"any": {"weekly": {}, "closed": ["2026-02-30"]}}},
    {"windows": {"any": {"weekly": {}, "open": {"2026-02-30": []}}}},
]
BROKEN = [
    {"rapport_permission": 2}, {"cooloff": 1}, {"name": 3}, {"windows": []}, {"windows": {"phone": {}}}, {"windows": {"call": {"monday": []}}},
    {"windows": {"call": {"mon": ["09:00", "18:00"]}}}, {"windows": {"call": {"mon": [["9:00", "18:00"]]}}}, {"windows": {"call": {"mon": [["09:00"]]}}},
    {"windows": {"call": {"mon": [["09:00", "12:00", "18:00"]]}}}, {"windows": {"call": {"mon": [["09:00", "24:01"]]}}},
    {"windows": {"call": {"mon": [["24:00", "24:00"]]}}}, {"windows": {"any": {"closed": ["2026-01-01"]}}}, {"windows": {"any": {"weekly": {}, "closed": ["1 May"]}}},
    {"windows": {"any": {"weekly": {}, "mon": []}}}, {"quiet_hours": [["21:00"]]}, {"quiet_hours": [["25:00", "08:00"]]}, {"quiet_hours": "21:00"},
    {"on_holidays": "no"}, {"on_holidays": {"phone": False}}, {"on_holidays": {"call": 0}}, {"caps": {}}, {"caps": [{"days": 3}]}, {"caps": [{"attempts": 1}]},
    {"caps": [{"attempts": 0, "days": 3}]}, {"caps": [{"attempts": 1, "days": 3661}]}, {"caps": [{"attempts": 1.5, "days": 3}]},
    {"caps": [{"attempts": 1, "days": 3, "count": "weekly"}]}, {"caps": [{"attempts": 1, "days": 3, "counting": "met"}]},
    {"caps": [{"attempts": 1, "days": 3, "per": "person"}]}, {"caps": [{"attempts": 1, "days": 3, "channels": []}]},
    {"caps": [{"attempts": 1, "days": 3, "channels": ["call", "call"]}]}, {"caps": [{"attempts": 1, "days": 3, "purposes": ["spam"]}]},
    {"caps": [{"attempts": 1, "days": 3, "each": 1}]}, {"cool_off_days": -1}, {"cool_off_days": 3661}, {"cool_off_days": {"phone": 1}}, {"cool_off_days": "60"},
    {"unknown_consent": "deny"}, {"unknown_consent": True}, {"unknown_consent": {"selling": "forbid"}}, {"unknown_consent": {"call": {"sell": "deny"}}},
    {"unknown_consent": {"call": "allow", "sell": "forbid"}},
]


@pytest.fixture(scope="module")
def form():
    schema = rapport.permission_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def taken(profile):
    try:
        rapport.permission(profile)
    except rapport.Error as error:
        assert error.token.startswith("permission."), error.token
        return False
    return True


def profiles_in_tests(root):
    """Every whole profile in a raw string of the C++ tests."""
    for path in sorted((root / "tests").rglob("*.?pp")):
        for text in re.findall(r'R"\((\{.*?\})\)"', path.read_text(encoding="utf-8"), re.S):
            try:
                document = json.loads(text)
            except json.JSONDecodeError:
                continue  # a piece of one that is put together
            if "rapport_permission" in document:
                yield document


def test_the_published_form_is_the_english_one(root):
    assert rapport.permission_schema() == json.loads((root / "schemas/permission.schema.json").read_text(encoding="utf-8"))


def test_valid_profiles_pass_both(form, root):
    profiles = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((root / "policies/profiles").glob("*.json"))]
    examples = re.findall(r"```json\n(.*?)```", (root / "docs/permission.md").read_text(encoding="utf-8"), re.S)
    assert len(profiles) == 5 and len(examples) == 2
    for profile in profiles + [json.loads(example) for example in examples]:
        form.validate(profile)
        assert taken(profile)


def test_profiles_of_the_tests_come_out_alike(form, root):
    seen = {True: 0, False: 0}
    for profile in profiles_in_tests(root):
        by_form = form.is_valid(profile)
        only_rapport = any(profile == {"rapport_permission": 1} | case for case in ONLY_RAPPORT)
        assert taken(profile) == (by_form and not only_rapport), profile
        seen[by_form] += 1
    assert seen[True] >= 5 and seen[False] >= 10


def test_broken_profiles_fail_both(form):
    for change in BROKEN:
        profile = {"rapport_permission": 1} | change
        assert not form.is_valid(profile), change
        assert not taken(profile), change
    assert not form.is_valid({}) and not taken({})
    for change in ONLY_RAPPORT:
        profile = {"rapport_permission": 1} | change
        assert form.is_valid(profile), change
        assert not taken(profile), change


def test_titles_in_four_languages():
    for lang, title in (("en", "A permission profile"), ("ja", "連絡の許可条件"), ("ko", "연락 허용 규칙"), ("zh", "联系许可规则")):
        schema = rapport.permission_schema(lang)
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema["title"] == title
        for name, definition in schema["$defs"].items():
            assert definition["title"], name
            assert all(member["title"] for member in definition.get("properties", {}).values()), name
            assert all(word["title"] for word in definition.get("oneOf", [])), name
    with pytest.raises(rapport.Error):
        rapport.permission_schema("xx")
