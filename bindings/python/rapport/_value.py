"""Arrays of numbers on their way to the C library."""

from . import _lib


def _number(values, name, size=None):
    """A contiguous float64 array of the right length."""
    import numpy

    array = numpy.ascontiguousarray(values, dtype=numpy.float64)
    if array.ndim != 1 or (size is not None and array.size != size):
        raise _lib.ERROR_CLASSES[3](f"{name}: found shape {array.shape}, expected one dimension of {size or 'any'} values", "value.invalid_input")
    return array


def _pointer(array):
    return None if array is None else array.ctypes.data
