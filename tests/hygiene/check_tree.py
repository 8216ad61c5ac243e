"""The house rules that a machine can read: floors, private headers, budgets, banned words, ids of examples. Usage: check_tree.py SOURCE_DIR"""

import json
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
RULES = json.loads((ROOT / "tests/hygiene/floors.json").read_text())
FLOOR = {module: entry["floor"] for entry in RULES["floors"] for module in entry["modules"]}
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^">]+)[">]', re.M)
PRODUCT = ("include", "src", "capi", "tools")
BANNED = {
    r"system_clock|steady_clock\s*::\s*now|absl::Now\(|\btime\(nullptr\)": "reads a clock",
    r"\bgetenv\b|setlocale|std::locale": "reads the environment or a locale",
    r"\bstd::rand\b|random_device|mt19937": "chance that is not a hash of the seed",
    r"\bstd::cerr\b|\bstd::cout\b": "writes to a stream of the host",
    r"-ffast-math|-march=": "changes numbers from machine to machine",
    r"\bTODO\b|\bFIXME\b": "unfinished",
    r"\bclass \w*(Manager|Helper|Util|Utils)\b|\bstruct \w*(Manager|Helper|Util|Utils)\b": "a name that says nothing",
}
# Other libms differ in the last bits: one place to look at, and to change.
TRANSCENDENTAL = re.compile(r"\bstd::(a?sin|a?cos|a?tan|atan2|exp2?|expm1|log|log2|log10|log1p|pow|sqrt|cbrt|hypot|lgamma|tgamma|erfc?)\(")
TRANSCENDENTAL_PLACE = "src/stats/special.cpp"


def module_of(path):
    """The module a file or an include path belongs to, or None."""
    parts = pathlib.PurePosixPath(path).parts
    if parts[0] == "include" and len(parts) > 2 and parts[1] == "rapport":
        return "engine" if len(parts) == 3 else parts[2]
    if parts[0] == "src" and len(parts) > 2:
        return parts[1]
    return parts[0] if parts[0] in FLOOR else None


def target_of(include, source):
    """The module an include points to, or None where it is no header of ours."""
    parts = pathlib.PurePosixPath(include).parts
    if parts[0] == "rapport":
        return module_of("include/" + include)
    if len(parts) > 1 and parts[0] in FLOOR and (ROOT / "src" / include).exists():
        return parts[0]
    if include in ("rapport.h", "rapport_day.h", "rapport_pure.h", "rapport_arrow.h", "border.hpp"):
        return "capi"
    return None


def check_include(path, include):
    source, target = module_of(path), target_of(include, path)
    if source is None or target is None or source == target:
        return None
    if FLOOR[target] < FLOOR[source]:
        return None
    way = "sideways" if FLOOR[target] == FLOOR[source] else "up"
    return f"{path}: includes {include}, which points {way} (floor {FLOOR[source]} {source} to floor {FLOOR[target]} {target})"


def check_private(path, include):
    for prefix, allowed in RULES["private_headers"].items():
        if include.startswith(prefix) and not any(path.startswith(place) for place in allowed):
            return f"{path}: includes {include}, which belongs to {', '.join(allowed)}"
    return None


def check_functions(path, text):
    """Transcendental functions of the library go through rapport/stats/special.hpp."""
    if path == TRANSCENDENTAL_PLACE or not path.startswith(("include/", "src/")):
        return
    for match in TRANSCENDENTAL.finditer(text):
        yield f"{path}:{text.count(chr(10), 0, match.start()) + 1}: \"{match.group(0)})\" does not go through rapport/stats/special.hpp"


def function_lengths(text):
    """(first line, length) of every brace block that begins at the margin and looks like a function."""
    start, signature = None, ""
    for number, line in enumerate(text.splitlines(), 1):
        if start is None and re.match(r"^[A-Za-z_].*\)\s*(const|noexcept|override|\s)*(:.*)?\{$", line) and not line.startswith(("namespace", "extern")):
            start = number
        elif start is not None and line.startswith("}"):
            yield start, number - start + 1
            start = None


def check_file(path):
    text = (ROOT / path).read_text(encoding="utf-8")
    budgets = RULES["budgets"]
    for include in INCLUDE.findall(text):
        for problem in (check_include(path, include), check_private(path, include)):
            if problem:
                yield problem
    lines = text.count("\n")
    limit = budgets["source_lines"] if path.endswith((".cpp", ".cc", ".c")) else budgets["header_lines"]
    if lines > limit:
        yield f"{path}: {lines} lines, at most {limit}"
    for first, length in function_lengths(text):
        if length > budgets["function_lines"]:
            yield f"{path}:{first}: a function of {length} lines, at most {budgets['function_lines']}"
    yield from check_functions(path, text)
    for pattern, why in BANNED.items():
        if path.startswith("tools/") and why.startswith("writes"):
            continue
        for match in re.finditer(pattern, re.sub(r"//.*", "", text)):
            yield f"{path}:{text.count(chr(10), 0, match.start()) + 1}: \"{match.group(0)}\" {why}"


def doubled_events(path, text):
    """Events that stand under a (source, id) of an earlier line: the second would be refused, or taken for the first."""
    first = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        event = json.loads(line)
        key = (event["source"], event["id"])
        if key in first:
            yield f"{path}:{number}: source \"{key[0]}\" and id \"{key[1]}\" are those of line {first[key]}"
        first.setdefault(key, number)


def self_test():
    """The checks must be able to fail."""
    assert "up" in check_include("include/rapport/core/ids.hpp", "rapport/ledger/event.hpp")
    assert "sideways" in check_include("src/stats/x.cpp", "rapport/ledger/event.hpp")
    assert check_include("include/rapport/policy/policy.hpp", "rapport/core/ids.hpp") is None
    assert check_private("include/rapport/core/json.hpp", "boost/json.hpp") is not None
    assert list(check_functions("src/plan/x.cpp", "double y = std::sin(x);")) and not list(check_functions(TRANSCENDENTAL_PLACE, "std::sin(x)"))
    assert list(function_lengths("int F() {\n" + "x;\n" * 70 + "}\n")) == [(1, 72)]
    told = ['{"source": "shop", "id": "a"}', '{"source": "crm", "id": "a"}', '{"source": "shop", "id": "b"}', "", '{"source": "shop", "id": "a"}']
    assert list(doubled_events("x", "\n".join(told[:4]))) == []
    assert list(doubled_events("x", "\n".join(told))) == ['x:5: source "shop" and id "a" are those of line 1']


def main():
    self_test()
    files = [path.relative_to(ROOT).as_posix() for top in PRODUCT for path in sorted((ROOT / top).rglob("*"))
             if path.suffix in (".hpp", ".h", ".cpp", ".c")]
    problems = [problem for path in files for problem in check_file(path)]
    examples = sorted((ROOT / "examples").rglob("*.ndjson"))
    problems += [problem for path in examples for problem in doubled_events(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))]
    if not examples:
        problems.append("examples: found no events, expected *.ndjson")
    roots = [path.name for path in ROOT.iterdir() if not path.name.startswith(".") and path.name not in ("build", "dist")]
    if len(roots) > 22:
        problems.append(f"{len(roots)} entries at the root, about 20 expected")
    print("\n".join(problems) or f"{len(files)} files and {len(examples)} books of events keep the house rules")
    return 1 if problems else 0


sys.exit(main())
