"""capi/api.json is the list of the C API. Checked against it: the header, the exported symbols, the Python structs, the limit of 110.
Usage: check_api.py SOURCE_DIR LIBRARY"""

import json
import pathlib
import re
import subprocess
import sys

ROOT, LIBRARY = pathlib.Path(sys.argv[1]), sys.argv[2]
C_TYPES = {
    "void": "void", "status": "rapport_status", "u32": "uint32_t", "i64": "int64_t", "f64": "double", "text": "const char*", "size": "size_t",
    "error*": "rapport_error*", "buffer*": "rapport_buffer*", "stream*": "struct ArrowArrayStream*", "open_options*": "const rapport_open_options*",
    "append_options*": "const rapport_append_options*", "append_receipt*": "rapport_append_receipt*", "import_options*": "const rapport_import_options*",
    "export_options*": "const rapport_export_options*", "i64*": "int64_t*",
    "read_options*": "const rapport_read_options*", "summarize_options*": "const rapport_summarize_options*",
    "value_columns*": "const rapport_value_columns*",
}


def declared():
    """name -> (return type, [argument types]) as the headers declare them."""
    text = "".join(re.sub(r"/\*.*?\*/", "", (ROOT / "capi" / name).read_text(), flags=re.S) for name in ("rapport.h", "rapport_day.h", "rapport_pure.h"))
    found = {}
    for returns, name, arguments in re.findall(r"RAPPORT_API\s+([\w ]+?)\s+(rapport_\w+)\s*\(([^;]*?)\)\s*;", text):
        types = [re.sub(r"\s*\w+$", "", argument.strip()) for argument in arguments.split(",")]
        found[name] = (returns, [] if arguments.strip() == "void" else types)
    return found


def exported():
    lines = subprocess.run(["nm", "-D", "--defined-only", LIBRARY], check=True, capture_output=True, text=True).stdout.splitlines()
    return {line.split()[2].split("@")[0] for line in lines if line.split()[1] not in "A"}


def agrees(type_name, c_type):
    if type_name == "handle":
        return c_type in ("rapport_engine*", "rapport_table*", "const rapport_table*", "rapport_summary*", "const rapport_summary*")
    if type_name == "handle*":
        return c_type in ("rapport_engine**", "rapport_table**", "rapport_summary**")
    if type_name == "array":
        return c_type in ("const double*", "double*", "const int64_t*", "const int32_t*", "const char*")
    return C_TYPES[type_name] == c_type


def main():
    listed = {function["name"]: function for function in json.loads((ROOT / "capi/api.json").read_text())["functions"]}
    header = declared()
    problems = [f"{name}: in api.json, not in rapport.h" for name in listed.keys() - header.keys()]
    problems += [f"{name}: in rapport.h, not in api.json" for name in header.keys() - listed.keys()]
    problems += [f"{name}: listed, not exported" for name in listed.keys() - exported()]
    problems += [f"{name}: exported, not listed" for name in exported() - listed.keys()]
    for name in listed.keys() & header.keys():
        returns, types = header[name]
        wanted = [argument["type"] for argument in listed[name]["arguments"]]
        if not agrees(listed[name]["returns"], returns) or len(wanted) != len(types) or not all(map(agrees, wanted, types)):
            problems.append(f"{name}: api.json says {listed[name]['returns']} {wanted}, rapport.h {returns} {types}")
    if len(listed) > 110:
        problems.append(f"{len(listed)} functions, at most 110")
    if not listed:
        problems.append("api.json lists nothing")
    print("\n".join(sorted(problems)) or f"{len(listed)} functions agree")
    return 1 if problems else 0


sys.exit(main())
