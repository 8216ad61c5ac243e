"""Loading the C library: found in the package, checked by its ABI number, declared from api.json."""

import ctypes
import json
import os
import pathlib

_HERE = pathlib.Path(__file__).parent
ABI_VERSION = 3


class _Error(ctypes.Structure):
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("code", ctypes.c_int32),
        ("token", ctypes.c_char * 64),
        ("message", ctypes.c_char * 1024),
    ]


class _Buffer(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("size", ctypes.c_size_t)]


class OpenOptions(ctypes.Structure):
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("create", ctypes.c_int32),
        ("busy_milliseconds", ctypes.c_int32),
        ("use_snapshot", ctypes.c_int32),
        ("suppression_key", ctypes.c_char_p),
        ("suppression_key_size", ctypes.c_size_t),
    ]


class AppendOptions(ctypes.Structure):
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("keep_unknown", ctypes.c_int32),
        ("received_at", ctypes.c_char_p),
        ("received_at_size", ctypes.c_size_t),
        ("correct", ctypes.c_int32),
        ("own_events", ctypes.c_int32),
    ]


class AppendReceipt(ctypes.Structure):
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32),
        ("accepted", ctypes.c_int64),
        ("duplicates", ctypes.c_int64),
        ("corrected", ctypes.c_int64),
        ("last_sequence", ctypes.c_int64),
    ]


class ImportOptions(ctypes.Structure):
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("dry_run", ctypes.c_int32),
        ("max_rejects", ctypes.c_int64),
        ("keep_unknown", ctypes.c_int32),
        ("own_events", ctypes.c_int32),
    ]


class ExportOptions(ctypes.Structure):
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32),
        ("after", ctypes.c_int64),
        ("known_at", ctypes.c_char_p),
        ("known_at_size", ctypes.c_size_t),
        ("subject", ctypes.c_char_p),
        ("subject_size", ctypes.c_size_t),
    ]


class ReadOptions(ctypes.Structure):
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32),
        ("seed", ctypes.c_uint64),
        ("as_of", ctypes.c_char_p),
        ("as_of_size", ctypes.c_size_t),
        ("known_at", ctypes.c_char_p),
        ("known_at_size", ctypes.c_size_t),
        ("policy", ctypes.c_char_p),
        ("policy_size", ctypes.c_size_t),
        ("customers", ctypes.c_char_p),
        ("customers_size", ctypes.c_size_t),
        ("language", ctypes.c_char_p),
        ("language_size", ctypes.c_size_t),
    ]


class SummarizeOptions(ctypes.Structure):
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("has_calibration_end", ctypes.c_int32),
        ("calibration_end", ctypes.c_int32),
        ("has_observation_end", ctypes.c_int32),
        ("observation_end", ctypes.c_int32),
        ("refunds", ctypes.c_int32),
        ("unit", ctypes.c_char_p),
        ("unit_size", ctypes.c_size_t),
    ]


class ValueColumns(ctypes.Structure):
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32),
        ("n", ctypes.c_int64),
        ("frequency", ctypes.c_void_p),
        ("recency", ctypes.c_void_p),
        ("age", ctypes.c_void_p),
        ("monetary", ctypes.c_void_p),
        ("weights", ctypes.c_void_p),
        ("log_gaps", ctypes.c_void_p),
        ("transaction_count", ctypes.c_int64),
        ("transaction", ctypes.c_void_p),
        ("transaction_names", ctypes.c_char_p),
        ("transaction_names_size", ctypes.c_size_t),
        ("dropout_count", ctypes.c_int64),
        ("dropout", ctypes.c_void_p),
        ("dropout_names", ctypes.c_char_p),
        ("dropout_names_size", ctypes.c_size_t),
    ]


class ArrowArrayStream(ctypes.Structure):
    """The five words of the Arrow C stream; pyarrow reads them by address."""

    _fields_ = [(name, ctypes.c_void_p) for name in ("get_schema", "get_next", "get_last_error", "release", "private_data")]


_TYPES = {
    "void": None,
    "status": ctypes.c_int32,
    "u32": ctypes.c_uint32,
    "i64": ctypes.c_int64,
    "f64": ctypes.c_double,
    "text": ctypes.c_char_p,
    "size": ctypes.c_size_t,
    "handle": ctypes.c_void_p,
    "handle*": ctypes.POINTER(ctypes.c_void_p),
    "error*": ctypes.POINTER(_Error),
    "buffer*": ctypes.POINTER(_Buffer),
    "stream*": ctypes.POINTER(ArrowArrayStream),
    "open_options*": ctypes.POINTER(OpenOptions),
    "append_options*": ctypes.POINTER(AppendOptions),
    "append_receipt*": ctypes.POINTER(AppendReceipt),
    "import_options*": ctypes.POINTER(ImportOptions),
    "export_options*": ctypes.POINTER(ExportOptions),
    "i64*": ctypes.POINTER(ctypes.c_int64),
    "read_options*": ctypes.POINTER(ReadOptions),
    "summarize_options*": ctypes.POINTER(SummarizeOptions),
    "value_columns*": ctypes.POINTER(ValueColumns),
    "array": ctypes.c_void_p,
}

# Structs by the name api.json gives them: the test of the package compares their sizes and offsets with the header's.
STRUCTS = {
    "rapport_error": _Error,
    "rapport_buffer": _Buffer,
    "rapport_open_options": OpenOptions,
    "rapport_append_options": AppendOptions,
    "rapport_append_receipt": AppendReceipt,
    "rapport_import_options": ImportOptions,
    "rapport_export_options": ExportOptions,
    "rapport_read_options": ReadOptions,
    "rapport_summarize_options": SummarizeOptions,
    "rapport_value_columns": ValueColumns,
}


class Error(Exception):
    """What a call of the engine says when it fails.

    ``code`` is the canonical status name ("INVALID_ARGUMENT"), ``token`` the precise cause ("ledger.conflict"); the message is one line.

    >>> try:
    ...     rapport.Policy.parse("{}")
    ... except rapport.Error as error:
    ...     print(error.code, error.token)
    INVALID_ARGUMENT policy.missing_key
    """

    code = "UNKNOWN"

    def __init__(self, message, token=""):
        super().__init__(message)
        self.token = token


_CODES = (
    "OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED RESOURCE_EXHAUSTED "
    "FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED"
).split()
# InvalidArgument, NotFound, AlreadyExists, ...: one subclass of Error a status code. A wrong argument is a ValueError too, as Python has it.
_BASES = {"INVALID_ARGUMENT": (Error, ValueError)}
ERROR_CLASSES = {
    number: type(name.title().replace("_", ""), _BASES.get(name, (Error,)), {"code": name, "__doc__": f"Status {name}.", "__module__": "rapport"})
    for number, name in enumerate(_CODES)
    if number
}
InvalidArgument, FailedPrecondition = ERROR_CLASSES[3], ERROR_CLASSES[9]


def _candidates():
    chosen = os.environ.get("RAPPORT_LIB")  # for developers; an installed package carries its own
    if chosen:
        return [pathlib.Path(chosen)]
    return [_HERE / "lib" / name for name in ("librapport.so", "librapport.dylib", "rapport.dll")]


def _load():
    reasons = []
    for path in _candidates():
        try:
            return ctypes.CDLL(str(path)), path
        except OSError as error:
            reasons.append(f"{path}: {error}")
    raise ImportError("the rapport library could not be loaded; tried " + "; ".join(reasons))


library, library_path = _load()
library.rapport_abi_version.restype = ctypes.c_uint32
if library.rapport_abi_version() != ABI_VERSION:
    raise ImportError(f"{library_path}: found ABI {library.rapport_abi_version()}, expected {ABI_VERSION}")

api = json.loads((_HERE / "api.json").read_text(encoding="utf-8"))
for _function in api["functions"]:
    _symbol = getattr(library, _function["name"])
    _symbol.restype = _TYPES[_function["returns"]]
    _symbol.argtypes = [_TYPES[argument["type"]] for argument in _function["arguments"]]


def encode(text):
    """Text as the pointer and length the C API takes; None is "none"."""
    raw = b"" if text is None else text if isinstance(text, bytes) else str(text).encode("utf-8")
    return raw, len(raw)


def encode_json(**members):
    """An object as JSON, as the pointer and length the C API takes; what is None is left out."""
    return encode(json.dumps({name: value for name, value in members.items() if value is not None}))


def call(name, *arguments):
    """Calls a function whose last argument is the error; raises what it reports."""
    error = _Error(struct_size=ctypes.sizeof(_Error))
    status = getattr(library, name)(*arguments, ctypes.byref(error))
    if status != 0:
        raise ERROR_CLASSES.get(status, Error)(error.message.decode("utf-8"), error.token.decode("ascii"))


def call_bytes(name, *arguments):
    """Calls a function that fills a buffer; its bytes."""
    buffer = _Buffer()
    call(name, *arguments, ctypes.byref(buffer))
    return _emptied(buffer)


def _emptied(buffer):
    """The bytes of a buffer, which is given back."""
    try:
        return ctypes.string_at(buffer.data, buffer.size)
    finally:
        library.rapport_buffer_dispose(ctypes.byref(buffer))


def call_text(name, *arguments):
    """Calls a function that fills a buffer; the bytes as text."""
    return call_bytes(name, *arguments).decode("utf-8")


def call_texts(name, *arguments, count=2):
    """Calls a function that fills several buffers; their bytes as text."""
    buffers = [_Buffer() for _ in range(count)]
    call(name, *arguments, *(ctypes.byref(buffer) for buffer in buffers))
    return [raw.decode("utf-8") for raw in [_emptied(buffer) for buffer in buffers]]


def columns_of(rows):
    """Rows (dicts) as lists by name: whatever any row names is a column, None where a row does not name it."""
    return {name: [row.get(name) for row in rows] for name in dict.fromkeys(name for row in rows for name in row)}


class Stream:
    """An Arrow C stream of whatever gives one: pyarrow, polars, duckdb, pandas; numpy arrays in a dict and lists of dicts by way of pyarrow.

    The producer is kept while the stream lives, as the C interface wants it.
    """

    def __init__(self, table):
        if not hasattr(table, "__arrow_c_stream__"):
            import pyarrow

            if hasattr(table, "__arrow_c_array__"):
                table = pyarrow.Table.from_batches([pyarrow.record_batch(table)])
            else:
                table = pyarrow.table(table if isinstance(table, dict) else columns_of([dict(row) for row in table]))
        self._capsule = table.__arrow_c_stream__()
        get = ctypes.pythonapi.PyCapsule_GetPointer
        get.restype, get.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
        self.pointer = ctypes.cast(get(self._capsule, b"arrow_array_stream"), ctypes.POINTER(ArrowArrayStream))


def call_table(name, *arguments):
    """Calls a function that makes a table; a pyarrow.Table, moved over by the Arrow C stream."""
    handle = ctypes.c_void_p()
    call(name, *arguments, ctypes.byref(handle))
    try:
        return call_stream("rapport_table_to_arrow", handle)
    finally:
        library.rapport_table_free(handle)


def call_tables(name, *arguments, count):
    """Calls a function that makes several tables and then fills a buffer; the tables, and the bytes as text."""
    handles = [ctypes.c_void_p() for _ in range(count)]
    buffer = _Buffer()
    try:
        call(name, *arguments, *(ctypes.byref(handle) for handle in handles), ctypes.byref(buffer))
        text = _emptied(buffer).decode("utf-8")
        return [call_stream("rapport_table_to_arrow", handle) for handle in handles], text
    finally:
        for handle in handles:
            library.rapport_table_free(handle)


def call_stream(name, *arguments):
    """Calls a function that fills an Arrow C stream; a pyarrow.Table."""
    stream = ArrowArrayStream()
    call(name, *arguments, ctypes.byref(stream))
    return _table_of(stream)


def call_streams(name, *arguments, count):
    """Calls a function that fills several Arrow C streams and then a buffer; pyarrow.Tables, and the bytes as text."""
    streams = [ArrowArrayStream() for _ in range(count)]
    buffer = _Buffer()
    try:
        call(name, *arguments, *(ctypes.byref(stream) for stream in streams), ctypes.byref(buffer))
        text = _emptied(buffer).decode("utf-8")
        return [_table_of(stream) for stream in streams], text
    finally:
        for stream in streams:   # what pyarrow did not take over: of what it does it clears `release`
            if stream.release:
                ctypes.CFUNCTYPE(None, ctypes.c_void_p)(stream.release)(ctypes.addressof(stream))


def _table_of(stream):
    import pyarrow

    return pyarrow.RecordBatchReader._import_from_c(ctypes.addressof(stream)).read_all()
