"""The published form of a policy against an independent validator, and the same answers from Rapport."""

import copy
import json
import re

import pytest

import rapport

jsonschema = pytest.importorskip("jsonschema")

CUT = object()


def edited(document, pointer, value):
    """A copy of the document with `value` at the pointer, or without what stands there."""
    if pointer == "":
        return value
    document = copy.deepcopy(document)
    *path, last = pointer.split("/")[1:]
    node = document
    for key in path:
        node = node[int(key) if isinstance(node, list) else key]
    last = int(last) if isinstance(node, list) else last
    if value is CUT:
        del node[last]
    else:
        node[last] = value
    return document


def broken(file, case, edits):
    document = file["bases"][case["in"]]
    for edit in edits:
        document = edited(document, edit["at"], CUT if edit.get("cut") else edit["put"])
    return document


@pytest.fixture(scope="module")
def form():
    schema = rapport.policy_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def read(root, path):
    return json.loads((root / path).read_text(encoding="utf-8"))


def test_the_published_form_is_the_english_one(root):
    assert rapport.policy_schema() == read(root, "schemas/policy.schema.json")


def test_valid_documents_pass_both(form, root):
    documents = [case["policy"] for case in read(root, "tests/policy/valid_policies.json")]
    documents.append(json.loads(rapport.default_policy().text))
    examples = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", (root / "docs/policy.md").read_text(encoding="utf-8"), re.S)]
    documents += [example for example in examples if "rapport_policy" in example]
    assert len(documents) >= 14
    for document in documents:
        assert rapport.Policy.check(document) == []
        form.validate(document)
        assert rapport.Policy.parse(document).name == document["name"]


def test_broken_documents_fail_both(form, root):
    file = read(root, "tests/policy/broken_policies.json")
    only_rapport = 0
    for case in file["broken"]:
        document = broken(file, case, [case])
        errors = rapport.Policy.check(document)
        assert {key: errors[0][key] for key in ("token", "pointer", "found", "expected")} == {key: case[key] for key in ("token", "pointer", "found", "expected")}
        assert form.is_valid(document) == case.get("form", False), case
        only_rapport += case.get("form", False)
    assert len(file["broken"]) - only_rapport >= 200
    for case in file["many"]:
        document = broken(file, case, case["edits"])
        assert rapport.Policy.check(document) == case["problems"]
        assert form.is_valid(document) == case["form"], case["about"]


def test_parse_names_all_errors_in_one_line():
    document = {"rapport_policy": 1, "name": "", "rules": [{"name": "a"}]}
    with pytest.raises(rapport.Error) as caught:
        rapport.Policy.parse(document)
    assert "\n" not in str(caught.value)
    for error in rapport.Policy.check(document):
        assert f'{error["pointer"]}: found {error["found"]}, expected {error["expected"]}' in str(caught.value)
    assert [error["token"] for error in rapport.Policy.check("{")] == [rapport.Policy.check("{")[0]["token"]]
    assert rapport.Policy.check("{")[0]["token"].startswith("json.")


def words(schema, found):
    """Every title and description, by where it stands."""
    for key, value in schema.items() if isinstance(schema, dict) else enumerate(schema) if isinstance(schema, list) else ():
        if key in ("title", "description") and isinstance(value, str):
            found.append(value)
        else:
            words(value, found)
    return found


def test_titles_in_four_languages():
    english = words(rapport.policy_schema("en"), [])
    for lang, script in (("ja", "[\u3040-\u30ff\u4e00-\u9fff]"), ("ko", "[\uac00-\ud7a3]"), ("zh", "[\u4e00-\u9fff]")):
        schema = rapport.policy_schema(lang)
        jsonschema.Draft202012Validator.check_schema(schema)
        titles = words(schema, [])
        assert len(titles) == len(english) > 250
        spoken = [title for title in titles if re.search(script, title)]
        assert len(spoken) > 0.98 * len(titles), [title for title in titles if title not in spoken]
    with pytest.raises(rapport.Error):
        rapport.policy_schema("xx")
