"""`rapport value` from end to end: a fit, predictions, and what it says of wrong files. Usage: check_command.py SOURCE_DIR COMMAND"""

import csv
import io
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT, COMMAND = pathlib.Path(sys.argv[1]), sys.argv[2]
SUMMARY = str(ROOT / "tests/fixtures/cdnow_summary_weeks.csv")


def run(*arguments, code=0):
    done = subprocess.run([COMMAND, "value", *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == code, (arguments, done.returncode, done.stdout, done.stderr)
    return done.stdout if code == 0 else done.stderr


def check_fit(folder):
    model, spend = folder / "fitted.json", folder / "spend.json"
    told = run("fit", SUMMARY, "--model", "bg_nbd", "--output", model)
    assert "alpha" in told and "4.41353" in told and "log-likelihood -9582.425561" in told, told
    assert json.loads(model.read_text()) == json.loads(run("fit", SUMMARY, "--model", "bg_nbd", "--format", "json"))
    run("fit", SUMMARY, "--model", "gamma_gamma", "--output", spend)
    rows = list(csv.DictReader(io.StringIO(run("predict", SUMMARY, "--model", model, "--horizon", 39, "--level", 0.95, "--spend", spend, "--periods", 12, "--period",
                                               4.345, "--discount-rate", 0.01, "--format", "csv"))))
    assert len(rows) == 2357 and rows[0]["customer"] == "1"
    assert abs(float(rows[0]["expected_purchases"]) - 1.22591) < 1e-4 and abs(float(rows[0]["lifetime_value"]) - 36.278) < 1e-2
    assert float(rows[0]["low"]) < float(rows[0]["expected_purchases"]) < float(rows[0]["high"])
    first = json.loads(run("predict", SUMMARY, "--model", model, "--format", "json").splitlines()[0])
    assert abs(first["expected_purchases"] - 1.5585837) < 1e-6
    assert run("predict", SUMMARY, "--model", model).splitlines()[0].split() == ["customer", "probability_alive", "expected_purchases"]


def check_wrong(folder):
    wrong = folder / "wrong.csv"
    for text, said in (("frequency,recency,age\n1,2,x\n", 'line 2: column age: found "x"'), ("frequency,recency\n1,2\n", "column age: found none"),
                       ("frequency,recency,age\n1,2\n", "line 2: found 2 cells"), ("frequency,recency,age\n1,9,5\n", "row 0, field recency"),
                       ("frequency,recency,age\n0,0,5\n", "value.too_few_customers")):
        wrong.write_text(text)
        told = run("fit", wrong, "--model", "bg_nbd", code=1)
        assert said in told and str(wrong) in told and told.count("\n") == 1, told
    assert "value.unknown_model" in run("fit", SUMMARY, "--model", "unheard_of", code=1)
    run("fit", folder / "none.csv", "--model", "bg_nbd", code=1)
    run("fit", SUMMARY, code=2)
    run(code=2)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        check_fit(folder)
        check_wrong(folder)
    assert "Example" in subprocess.run([COMMAND, "value", "fit", "--help"], capture_output=True, text=True).stdout
    print("rapport value does what its page says")


main()
