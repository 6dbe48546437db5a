"""The fingerprint of a class as it stands in memory: its code and everything of the user's that it reaches.

A class defined in a notebook has no file. What it computes follows from its functions, the functions and
values that these name, and so on; what comes from an installed package is named with its version. Where
something cannot be told apart from its like (an open file, a random generator), there is no fingerprint.
"""

import dis
import functools
import hashlib
import re
import sys
import sysconfig
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path, PurePath
from typing import Any

import numpy as np
import pandas as pd

_PLAIN = (type(None), bool, int, float, complex, str, bytes, type(...), range)
_BY_TEXT = (date, datetime, time, timedelta, Decimal, PurePath, np.generic, np.dtype, typing.TypeVar)
_FRAMES = (pd.DataFrame, pd.Series, pd.Index)
_GLOBALS = {"LOAD_GLOBAL", "LOAD_NAME"}
# about where a class stands, not what it does
_SILENT = {
    *("__dict__", "__weakref__", "__doc__", "__module__", "__qualname__", "__firstlineno__"),
    *("__static_attributes__", "__annotations__", "__annotate__", "__annotate_func__", "__abstractmethods__"),
    *("__dataclass_fields__", "__dataclass_params__", "_abc_impl", "__annotations_cache__"),
}


class _Unknowable(Exception):
    """Something that cannot be told apart from its like."""


def fingerprint(thing: Any) -> str | None:
    """The sha256 of what a class does, by its code in memory; None where that cannot be known.

    >>> fingerprint(0.5) == fingerprint(0.5), fingerprint(iter([1])) is None
    (True, True)
    """
    walk = _Walk()
    try:
        walk.see(thing)
    except (_Unknowable, RecursionError):
        return None
    return walk.total.hexdigest()


class _Walk:
    """Visits everything that can be reached, each thing once."""

    def __init__(self) -> None:
        self.total = hashlib.sha256(sys.version.encode())
        self._seen: dict[int, tuple[int, Any]] = {}  # the thing itself too: ids are used again

    def tell(self, *texts: object) -> None:
        for text in texts:
            self.total.update(f"{text}\0".encode("utf-8", "surrogatepass"))

    def see(self, thing: Any) -> None:
        """Add a thing, and what it consists of."""
        if isinstance(thing, _PLAIN) and type(thing) in _PLAIN:
            self.tell(type(thing).__name__, repr(thing))
            return
        if id(thing) in self._seen:
            self.tell("again", self._seen[id(thing)][0])
            return
        self._seen[id(thing)] = (len(self._seen), thing)
        self.tell(type(thing).__name__)
        for kinds, visit in self._kinds():
            if isinstance(thing, kinds):
                visit(thing)
                return
        self._other(thing)

    def _kinds(self) -> list[tuple[Any, Callable[[Any], None]]]:
        return [
            (type, self._class),
            (types.FunctionType, self._function),
            (types.CodeType, self._code),
            (types.ModuleType, self._module),
            ((staticmethod, classmethod), lambda thing: self.see(thing.__func__)),
            (types.MethodType, lambda thing: self._all([thing.__func__, thing.__self__])),
            (property, lambda thing: self._all([thing.fget, thing.fset, thing.fdel])),
            (functools.cached_property, lambda thing: self.see(thing.func)),
            (functools.partial, lambda thing: self._all([thing.func, thing.args, thing.keywords])),
            ((tuple, list), self._all),
            (Mapping, lambda thing: self._all([part for item in thing.items() for part in item])),
            ((set, frozenset), self._set),
            (re.Pattern, lambda thing: self._all([thing.pattern, thing.flags])),
            (np.ndarray, self._array),
            (_FRAMES, self._frame),
            (_BY_TEXT, lambda thing: self.tell(repr(thing))),
        ]

    def _all(self, things: Any) -> None:
        self.tell(len(things))
        for thing in things:
            self.see(thing)

    def _set(self, things: Any) -> None:
        parts = [fingerprint(thing) for thing in things]
        if None in parts:
            raise _Unknowable
        self.tell(*sorted(part or "" for part in parts))

    def _class(self, thing: type) -> None:
        self.tell(thing.__module__, thing.__qualname__)
        if _settled(thing.__module__):
            return self._version(thing.__module__)
        self._all(thing.__bases__)
        for name, value in sorted(vars(thing).items()):
            if name not in _SILENT:
                self.tell(name)
                self.see(value)
        return None

    def _function(self, thing: types.FunctionType) -> None:
        if _settled(thing.__module__):
            self.tell(thing.__module__, thing.__qualname__)
            return self._version(thing.__module__)
        self.see(thing.__code__)
        self._all([thing.__defaults__, thing.__kwdefaults__])
        for cell in thing.__closure__ or ():
            try:
                self.see(cell.cell_contents)
            except ValueError:  # not yet filled
                self.tell("empty")
        for name in sorted(_globals_of(thing.__code__)):
            self.tell(name)
            if name in thing.__globals__:
                self.see(thing.__globals__[name])
        return None

    def _code(self, code: types.CodeType) -> None:
        self.tell(code.co_code.hex(), code.co_names, code.co_varnames, code.co_flags)
        self._all(code.co_consts)

    def _module(self, thing: types.ModuleType) -> None:
        self.tell(thing.__name__)
        if _settled(thing.__name__):
            return self._version(thing.__name__)
        for name, value in sorted(vars(thing).items()):
            if not (name.startswith("__") and name.endswith("__")):
                self.tell(name)
                self.see(value)
        return None

    def _array(self, thing: Any) -> None:
        if thing.dtype.hasobject:
            self._all([thing.shape, thing.ravel().tolist()])
        else:
            self.tell(thing.dtype.str, thing.shape, hashlib.sha256(thing.tobytes()).hexdigest())

    def _frame(self, thing: Any) -> None:
        frame = thing.to_frame() if not isinstance(thing, pd.DataFrame) else thing
        self._all([list(map(str, frame.dtypes)), list(frame.columns), list(frame.index)])
        for place in range(frame.shape[1]):
            self._all(frame.iloc[:, place].tolist())

    def _other(self, thing: Any) -> None:
        module = getattr(thing, "__module__", None) or type(thing).__module__
        name = getattr(thing, "__qualname__", None) or getattr(thing, "__name__", None)
        if callable(thing) and isinstance(name, str) and _settled(module):
            self.tell(module, name)  # a function written in C, such as np.log
            return self._version(module)
        if type(thing).__module__ in ("dataclasses", "typing", "types"):
            return self.tell(repr(thing))
        if _settled(type(thing).__module__) or not hasattr(thing, "__dict__"):
            raise _Unknowable
        self.see(type(thing))
        return self.see(vars(thing))

    def _version(self, module: str) -> None:
        """The version of the package that a module of it comes from, as it is loaded."""
        self.tell(getattr(sys.modules.get(module.partition(".")[0]), "__version__", ""))


def _globals_of(code: types.CodeType) -> set[str]:
    """The names that a function, or one inside it, looks up outside itself."""
    found = {step.argval for step in dis.get_instructions(code) if step.opname in _GLOBALS}
    for const in code.co_consts:
        if isinstance(const, types.CodeType):
            found |= _globals_of(const)
    return found


@functools.cache
def _settled(module: str) -> bool:
    """Whether a module is Python's, ours or an installed package's, and so known by its version."""
    top = module.partition(".")[0]
    if top in sys.stdlib_module_names or top == "segmentation":
        return True
    origin = getattr(sys.modules.get(module), "__file__", None)
    if origin is None or module == "__main__":
        return False
    paths = sysconfig.get_paths()
    homes = [Path(paths[kind]).resolve() for kind in ("purelib", "platlib")]
    place = Path(origin).resolve()
    return any(place.is_relative_to(home) for home in homes) or "site-packages" in place.parts
