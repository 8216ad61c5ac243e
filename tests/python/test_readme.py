"""The code blocks of the documentation run, and print what the page shows."""

import os
import re

from conftest import ROOT


def blocks(path, language):
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", (ROOT / path).read_text(encoding="utf-8"), flags=re.S | re.M)
    return [code for said, code in fenced if said == language]


def test_readme_python_block_prints_what_it_shows(capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    code = blocks("README.md", "python")
    assert len(code) == 1
    exec(compile(code[0], "README.md", "exec"), {})
    assert capsys.readouterr().out.strip() == blocks("README.md", "")[0].strip()


def test_pages_python_blocks_run(tmp_path, monkeypatch):
    ran = 0
    for page in sorted((ROOT / "docs").glob("*.md")):
        for code in blocks(f"docs/{page.name}", "python"):
            monkeypatch.chdir(tmp_path)
            exec(compile(code, page.name, "exec"), {"ROOT": str(ROOT)})
            ran += 1
    assert ran > 0
    os.chdir(ROOT)
