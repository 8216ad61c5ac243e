"""`rapport policy`, `coverage` and `signals --list` from a shell: what it prints, where, and how it exits. Usage: check_command.py SOURCE_DIR COMMAND"""

import json
import pathlib
import subprocess
import sys
import tempfile

ROOT, COMMAND = pathlib.Path(sys.argv[1]), sys.argv[2]


def run(*arguments, command="policy"):
    done = subprocess.run([COMMAND, command, *arguments], cwd=ROOT, capture_output=True)
    return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")


def expect(found, expected):
    if found != expected:
        sys.exit(f"found {found!r}, expected {expected!r}")


def coverage():
    with tempfile.TemporaryDirectory() as folder:
        book = str(pathlib.Path(folder, "office.book"))
        expect(run(book, "examples/office/events.ndjson", command="import")[0], 0)
        code, said, errors = run(book, "--format", "json", "--lang", "ko", command="coverage")
        expect((code, errors), (0, ""))
        rows = {row["rule"]: row for row in map(json.loads, said.splitlines())}
        expect(rows["open-worry"]["state"], "live")
        expect(rows["contract-renewal"]["needs"], "contract.started, contract.started ends")
        expect(rows["contract-renewal"]["sentence"].isascii(), False)
        expect(run(book, "--known-at", "2026-03-02T00:00:00Z", command="coverage")[0], 2)
    listed = run("--list", "--format", "json", command="signals")[1].splitlines()
    expect({"name": "worry.open", "needs": "worry.raised"}, next({key: row[key] for key in ("name", "needs")} for row in map(json.loads, listed) if row["name"] == "worry.open"))


def main():
    code, said, errors = run("policies/default.json")
    rules = json.loads((ROOT / "policies/default.json").read_text())["rules"]
    lines = sum(1 + len(rule.get("steps", [])) for rule in rules)   # a cadence has one a step besides
    expect((code, errors, len(said.splitlines())), (0, "", lines))
    expect(run("policies/default.json", "--lang", "ja")[1].isascii(), False)

    broken = "tests/fuzz/corpus/policy/teams-broken.json"
    code, said, errors = run(broken)
    expect((code, said), (1, ""))
    lines = errors.splitlines()
    expect(lines[0], f"rapport: {broken}: /rules/0/purpose: found nothing, expected a value [policy.missing_key]")
    expect(lines[-1], f"rapport: {broken}: /teams/w: found 5, expected an object of rules [policy.wrong_type]")
    expect(all(line.startswith(f"rapport: {broken}: /") and line.endswith("]") for line in lines), True)

    code, said, errors = run("--schema", "--lang", "ko")
    expect((code, errors, json.loads(said)["properties"]["rules"]["title"]), (0, "", "규칙"))
    expect(json.loads(run("--schema")[1]), json.loads((ROOT / "schemas/policy.schema.json").read_text(encoding="utf-8")))

    for arguments, wanted in (((), 2), ((broken, "--schema"), 2), (("nowhere.json",), 1), (("policies/default.json", "--lang", "xx"), 1)):
        expect((run(*arguments)[0], arguments), (wanted, arguments))
    coverage()
    print("the command tells what the library tells")


main()
