"""The forms of a plan in the shell, and that every command that prints a table knows table, json and csv. Usage: check_command.py SOURCE_DIR RAPPORT"""

import json
import pathlib
import subprocess
import sys
import tempfile

ROOT, RAPPORT = pathlib.Path(sys.argv[1]), sys.argv[2]
DAY = ["--day", "2026-03-02"]
TABLES = ["decide", "agenda", "plan", "signals", "promises", "coverage", "backtest", "relationships", "who-knows", "worries", "referrals", "deals", "economics", "export", "fit"]


def run(*arguments):
    done = subprocess.run([RAPPORT, *map(str, arguments)], capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout, done.stderr


def plan(book, *arguments):
    code, out, err = run("plan", book, *DAY, *arguments)
    assert code == 0, err
    return out


def refused(code, *arguments):
    found, out, err = run(*arguments)
    assert found == code and out == "" and err, (arguments, found, err)
    return err


def check_forms(book, folder):
    text, rows = plan(book), [json.loads(line) for line in plan(book, "--format", "json").splitlines()]
    planned = [row for row in rows if row["status"] == "planned"]
    assert "Sato Miki" in text and planned
    assert plan(book, "--format", "csv").startswith("rep,position,start,")
    calendar = plan(book, "--format", "ics")
    assert calendar.count("BEGIN:VEVENT") == len(planned)
    page = plan(book, "--format", "html", "--lang", "ko")
    assert page.startswith("<!DOCTYPE html>") and '<html lang="ko">' in page
    for form, said in (("table", text), ("ics", calendar), ("json", plan(book, "--format", "json"))):
        file = folder / f"plan.{form}"
        assert plan(book, "--format", form, "--output", file) == ""
        assert file.read_bytes().decode().replace("\r\n", "\n") == said.replace("\r\n", "\n")
    since = plan(book, "--format", "ics", "--as-of", "2026-03-02T12:00:00+09:00", "--since", "2026-03-02T00:00:00+09:00")
    assert "STATUS:CONFIRMED" in since


def check_refusals(book, folder):
    refused(2, "plan", book, *DAY, "--format", "pdf")
    assert "team.unknown" in refused(1, "plan", book, *DAY, "--team", "x")
    assert "--days" in refused(2, "plan", book, *DAY, "--days", "2", "--format", "html")
    assert "--since" in refused(2, "plan", book, *DAY, "--format", "html", "--since", "2026-03-02T00:00:00Z")
    assert "team.unknown" in refused(1, "plan", book, *DAY, "--format", "html", "--team", "Service", "--rep", "r-sato")
    assert "team.unknown" in refused(1, "plan", book, *DAY, "--format", "html", "--team", "x")
    kept = folder / "kept.html"
    kept.write_text("before")
    refused(1, "plan", book, *DAY, "--format", "html", "--rep", "nobody", "--output", kept)
    assert kept.read_text() == "before", "an error leaves the file alone"
    refused(3, "plan", book, *DAY, "--output", folder / "none" / "plan.txt")
    for form in ("ics", "html"):
        refused(2, "agenda", book, "--as-of", "2026-03-02T08:00:00+09:00", "--format", form)


def check_rulings(folder):
    """An owner lets a letter go, or not, in the shell."""
    book = folder / "letters.book"
    assert run("import", book, ROOT / "examples/office/events.ndjson")[0] == 0
    code, _, err = run("tick", book, "--as-of", "2026-03-09T08:00:00+09:00", "--policy", ROOT / "policies/letters.json")
    assert code == 0, err

    def letters(at):
        code, out, err = run("letters", book, "--as-of", at, "--format", "json")
        assert code == 0, err
        return {row["followup_id"]: row for row in map(json.loads, out.splitlines())}

    waiting = [row for row in letters("2026-03-09T10:00:00+09:00").values() if row["state"] == "waits_for_owner"]
    goes, stays = waiting[:2]
    at = ["--at", "2026-03-09T10:30:00+09:00"]
    assert "letter.no_personal_line" in refused(1, "approve", book, goes["followup_id"], "--by", goes["owner"], *at)
    assert "letter.not_owner" in refused(1, "withhold", book, stays["followup_id"], "--by", "r-nobody", *at)
    assert "--by" in refused(2, "approve", book, goes["followup_id"], *at)
    assert "followup.unknown" in refused(1, "approve", book, "0" * 32, "--by", goes["owner"], *at)
    approve = ["approve", book, goes["followup_id"], "--by", goes["owner"], *at, "--line", 'Your "new" oven must be warm']
    assert [json.loads(run(*approve)[1]) for _ in range(2)] == [{"appended": 1}, {"appended": 0}], "said once"
    code, out, err = run("withhold", book, stays["followup_id"], "--by", stays["owner"], *at, "--reason", "they move house")
    assert code == 0 and json.loads(out) == {"appended": 1}, err
    rows = letters("2026-03-09T11:00:00+09:00")
    assert rows[goes["followup_id"]]["state"] == "ready" and rows[goes["followup_id"]]["line"] == 'Your "new" oven must be warm'
    assert stays["followup_id"] not in rows


def check_sheets(folder):
    """A sheet is printed as it is written, whatever signs a name holds."""
    def event(id, type, time, data, **more):
        return json.dumps({"specversion": "1.0", "id": id, "source": "t", "type": type, "time": time, "data": data, **more})
    (folder / "inn.ndjson").write_text("\n".join([
        event("r", "rep.upserted", "2026-01-01T09:00:00Z", {"rep": "r-1"}),
        event("c", "customer.upserted", "2026-01-01T09:00:00Z", {"kind": "organisation", "owner": "r-1", "name": 'Tab\t"Inn"'}, subject="a"),
        event("p", "promise.made", "2026-02-20T09:00:00Z", {"by": "ours", "rep": "r-1", "what": "report", "due": "2026-02-27"}, subject="a")]), encoding="utf-8")
    code, _, err = run("import", folder / "inn.book", folder / "inn.ndjson")
    assert code == 0, err
    brief = ["brief", folder / "inn.book", "r-1", *DAY]
    code, out, err = run(*brief)
    assert code == 0 and 'Tab\t"Inn"' in out and json.loads(run(*brief, "--format", "json")[1])["text"] == out, (out, err)
    report = ["report", folder / "inn.book", "--as-of", "2026-03-02T08:00:00+09:00"]
    code, out, err = run(*report)
    assert code == 0 and json.loads(run(*report, "--format", "json")[1])["text"] == out, (out, err)


def check_tables():
    for command in TABLES:
        code, out, _ = run(command, "--help")
        assert code == 0 and "Example" in out, command
        for form in ("table", "json", "csv"):
            assert form in out.split("--format", 1)[1], (command, form)


with tempfile.TemporaryDirectory() as temporary:
    folder = pathlib.Path(temporary)
    code, _, err = run("import", folder / "office.book", ROOT / "examples/office/events.ndjson")
    assert code == 0, err
    check_forms(folder / "office.book", folder)
    check_refusals(folder / "office.book", folder)
    check_rulings(folder)
    check_sheets(folder)
check_tables()
print(f"plans in five forms, {len(TABLES)} commands with tables")
