"""What all models have: they are JSON text of the library's, and know their parameters and, of a fit, what it says about itself."""

import json

from ._columns import finite, wrong


def read_model(text):
    """The text of a model and the object it tells."""
    if isinstance(text, (bytes, bytearray)):
        text = bytes(text).decode("utf-8", "replace")
    try:
        told = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise wrong("model: expected the JSON text of to_json", "json.invalid")
    return text, told


class BaseModel:
    """A model by its JSON text, which the library reads with every question; the attributes are what the text says.

    `_check` of each class asks the library something: what is wrong with the parameters fails there, not at first use.
    """

    _name = ""              # as the text has it
    _names = ()             # of its parameters, in order
    _module = "value"       # with which tokens of its errors begin

    def _set(self, told, text=None):
        if not isinstance(told, dict) or not isinstance(told.get("params"), dict):
            raise wrong(f"model: expected the JSON of a {self._name}, an object with model and params", f"{self._module}.wrong_type")
        if not isinstance(told.get("standard_errors") or {}, dict):
            raise wrong("model.standard_errors: expected an object", f"{self._module}.wrong_type")
        self._text = json.dumps(told) if text is None else text
        given = told["params"]
        base = [name for name in self._names if name in given]
        effects = sorted((name for name in given if name not in self._names), key=lambda name: (not name.startswith("transaction."), name))
        order = base + effects
        self.params = {name: given[name] for name in order}
        errors = told.get("standard_errors")
        self.standard_errors = None if errors is None else {name: errors[name] for name in order if name in errors}
        self.covariance = told.get("covariance")
        self.log_likelihood = told.get("log_likelihood")
        self.converged = told.get("converged")
        self.diagnosis = told.get("diagnosis")

    def __init__(self, **params):
        unknown = [name for name in params if name not in self._names and "." not in name]
        missing = [name for name in self._names if name not in params]
        if unknown or missing:
            raise wrong(f"{type(self).__name__}: found {', '.join(params) or 'no parameter'}, expected {', '.join(self._names)}",
                        f"{self._module}.invalid_parameter")
        for name, value in params.items():
            params[name] = finite(value, name, f"{self._module}.invalid_parameter")
        self._set({"model": self._name, "params": params})
        self._check()

    @classmethod
    def _of(cls, told, text):
        model = cls.__new__(cls)
        model._set(told, text)
        return model

    def to_json(self):
        """The model as JSON text: parameters and what the fit knows, nobody whom it was fitted to. ``from_json`` reads it back."""
        return self._text

    @classmethod
    def from_json(cls, text):
        """A model from the text of ``to_json``, of this class alone: ``rapport.model_from_json`` reads any model of customers."""
        text, told = read_model(text)
        if told.get("model") != cls._name:
            raise wrong(f"model: found {told.get('model')!r}, expected {cls._name}", f"{cls._module}.unknown_model")
        model = cls._of(told, text)
        model._check()
        return model

    def __repr__(self):
        return f"rapport.{type(self).__name__}(" + ", ".join(f"{name}={value:.6g}" for name, value in self.params.items()) + ")"
