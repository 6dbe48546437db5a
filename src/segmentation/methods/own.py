"""A user's own method: where its class may come from, and the digest of the code that was really loaded.

A class named in the parameters (`use: module:Class`) is looked up beside the params file (in `params/` or the
project's folder), or among the installed packages that declare it as an entry point `segmentation.methods`;
nowhere else. Modules beside the params file are loaded here and not by Python's own machinery: the bytes that
were digested are the bytes that run, and where a file has changed since, it is loaded anew.
"""

import ast
import hashlib
import importlib
import importlib.abc
import importlib.util
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from importlib import metadata
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from segmentation.errors import ParameterError
from segmentation.methods.live_code import fingerprint

GROUP = "segmentation.methods"


class Source(NamedTuple):
    """A module's file and what stood in it; a folder without `__init__.py` is an empty package."""

    path: Path
    content: bytes
    is_package: bool


class _Beside(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives Python the modules that were read here, and no others: as read while they are loaded together,
    and from their files if somebody imports one later.
    """

    def __init__(self) -> None:
        self.sources: dict[str, Source] = {}
        self.together = False

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        source = self.sources.get(fullname)
        if source is None:
            return None
        return importlib.util.spec_from_file_location(
            fullname,
            source.path,
            loader=self,
            submodule_search_locations=[str(source.path.parent)] if source.is_package else None,
        )

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        source = self.sources[module.__name__]
        fresh = not self.together and source.path.is_file()
        content = source.path.read_bytes() if fresh else source.content
        exec(compile(content, str(source.path), "exec"), module.__dict__)  # noqa: S102


_FINDER = _Beside()
_LOCK = threading.RLock()
_LOADED: dict[tuple[str, ...], tuple[str, ModuleType]] = {}


def class_of(where: str, use: str, root: Path) -> type:
    """The class that `use` (`module:Class`, or the name of an entry point) names.

    Raises ParameterError, before anything of it is called, for whatever is no class with `fit`.
    """
    name, _, attribute = use.partition(":")
    entry = _declared(use)
    if sources := _sources(where, name, root) if attribute else {}:
        module = _load(where, name, root, sources)
    elif entry is not None:
        name, attribute = entry.module, entry.attr
        module = _imported(where, name)
    else:
        raise ParameterError(
            f"{where}: use: {name!r} cannot be imported: there is no {name.replace('.', '/')}.py beside the "
            f"params file (in {root} or its params/), and no installed package declares {use!r} as an entry "
            f"point {GROUP!r}"
        )
    found = vars(module).get(attribute)
    if found is None:
        raise ParameterError(f"{where}: use: module {name!r} has no class {attribute!r}")
    return checked(where, found, use)


def is_declared(use: str) -> bool:
    """Whether an installed package declares a method that is called so."""
    return _declared(use) is not None


def checked(where: str, found: Any, called: str) -> type:
    """The class itself, if it can be a method; raises ParameterError for anything else, calling nothing."""
    if not isinstance(found, type) or not callable(getattr(found, "fit", None)):
        kind = "a class without fit" if isinstance(found, type) else f"a {type(found).__name__}"
        raise ParameterError(f"{where}: use: {called} is {kind}; a method is a class with fit(profile)")
    return found


def digest_of(where: str, use: str | type, root: Path) -> str | None:
    """The sha256 of the code of a user's own class, as it was loaded; None if that cannot be known."""
    if isinstance(use, type):
        return fingerprint(checked(where, use, use.__qualname__))
    chosen = class_of(where, use, root)
    loaded = _LOADED.get((str(root), use.partition(":")[0]))
    if loaded is not None and vars(loaded[1]).get(use.partition(":")[2]) is chosen:
        return loaded[0]
    entry = _declared(use)
    version = entry.dist.version if entry is not None and entry.dist else ""
    told = (version, _installed(chosen.__module__.partition(".")[0]), fingerprint(chosen) or "")
    return hashlib.sha256("\0".join(told).encode()).hexdigest()


def _load(where: str, name: str, root: Path, sources: Mapping[str, Source]) -> ModuleType:
    """The module with these sources, executed anew where one of them has changed."""
    total = hashlib.sha256()
    for module, source in sorted(sources.items()):
        total.update(f"{module}\0{len(source.content)}\0".encode() + source.content)
    key, digest = (str(root), name), total.hexdigest()
    with _LOCK:
        known = _LOADED.get(key)
        if known is not None and known[0] == digest:
            return known[1]
        if _FINDER not in sys.meta_path:
            sys.meta_path.insert(0, _FINDER)
        _FINDER.sources |= sources
        for module in sources:
            sys.modules.pop(module, None)
        _FINDER.together = True
        try:
            loaded = _imported(where, name)
            for module in sources:  # also what it would import later, when the file may be another
                with suppress(ParameterError):
                    _imported(where, module)
        finally:
            _FINDER.together = False
        _LOADED[key] = (digest, loaded)
        return loaded


def _imported(where: str, name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except (Exception, SystemExit) as error:
        raise ParameterError(
            f"{where}: use: {name!r} cannot be imported: {type(error).__name__}: {error}"
        ) from None


def _sources(where: str, name: str, root: Path) -> dict[str, Source]:
    """The module beside the params file and every module there that it may import; empty if there is none."""
    folders = [root / "params", root]
    if not _allowed(name) or not any(_read(folder, name) for folder in folders):
        return {}
    found: dict[str, Source] = {}
    waiting = {name}
    while waiting:
        module = waiting.pop()
        source = next((read for folder in folders if (read := _read(folder, module))), None)
        if module in found or not _allowed(module) or source is None:
            continue
        found[module] = source
        try:
            waiting |= set(_named_in(source.content, module, source.is_package))
        except (SyntaxError, ValueError) as error:
            raise ParameterError(f"{where}: use: {source.path.name} is not Python: {error}") from None
    for module in list(found):  # a folder without __init__.py is a package all the same
        for parent in _with_parents([module.rpartition(".")[0]]) if "." in module else ():
            place = next(folder for folder in folders if folder.joinpath(*parent.split(".")).is_dir())
            found.setdefault(
                parent, Source(place.joinpath(*parent.split("."), "__init__.py"), b"", is_package=True)
            )
    return found


def _allowed(name: str) -> bool:
    """Whether a module of a user may be called so: a dotted name that hides none of Python's or ours."""
    parts = name.split(".")
    return all(part.isidentifier() for part in parts) and not (
        parts[0] in sys.stdlib_module_names or parts[0] == "segmentation"
    )


def _read(folder: Path, name: str) -> Source | None:
    """A module of a folder, read now."""
    place = folder.joinpath(*name.split("."))
    for path, is_package in ((place / "__init__.py", True), (place.with_suffix(".py"), False)):
        if path.is_file():
            return Source(path, path.read_bytes(), is_package)
    return None


@lru_cache(maxsize=256)
def _named_in(content: bytes, module: str, is_package: bool) -> tuple[str, ...]:
    """Every module that a source may import: its import statements, and texts that could name one."""
    package = module if is_package else module.rpartition(".")[0]
    found: set[str] = set()
    for node in ast.walk(ast.parse(content)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
    return tuple(sorted(name for name in _with_parents(found) if _allowed(name)))


def _with_parents(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        parts = name.split(".")
        yield from (".".join(parts[:end]) for end in range(1, len(parts) + 1))


@lru_cache(maxsize=1)
def _entry_points() -> tuple[metadata.EntryPoint, ...]:
    return tuple(metadata.entry_points(group=GROUP))


def _declared(use: str) -> metadata.EntryPoint | None:
    """The entry point of an installed package that is called so, or names this class."""
    return next((entry for entry in _entry_points() if use in (entry.name, entry.value)), None)


@lru_cache(maxsize=64)
def _installed(package: str) -> str:
    """The digest of an installed package's own Python files, as they stood when first asked for."""
    total = hashlib.sha256()
    origin = getattr(sys.modules.get(package), "__file__", None)
    path = Path(origin) if origin else None
    files = [] if path is None else sorted(path.parent.rglob("*.py")) if path.stem == "__init__" else [path]
    for file in files:
        total.update(file.as_posix().encode() + b"\0" + file.read_bytes())
    return total.hexdigest()
