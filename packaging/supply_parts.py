"""What the installed program is made of: packages, the native libraries they bring as files, and those inside their modules.

A library's version is asked of the library itself where it tells it: by the function that says so, by the text in it,
or by its file's name. Where it does not, the version is empty and said to be so; nothing is guessed.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
_NATIVE = re.compile(r"\.(?:so(?:\.[\d.]+)?|dll|pyd|dylib)$")
_IN_NAME = re.compile(r"\.so\.(\d+(?:\.\d+)*)$|-(\d+(?:\.\d+)*)\.dll$|\.(\d+(?:\.\d+)*)\.dylib$")
_MODULE = re.compile(r"\.(?:cpython|cp|abi|pypy)[\w.-]*\.(?:so|pyd)$|\.pyd$")


@dataclass(frozen=True)
class Part:
    """A package or library. ``inside`` names the package that brings a library; ``files`` are paths and SHA-256."""

    name: str
    version: str
    licence: str
    runtime: bool
    inside: str = ""
    how: str = ""
    files: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    hashes: tuple[str, ...] = field(default=(), repr=False)


class Unknown(Exception):
    """Something that packaging/supply.toml does not know; the message says what to add."""


def known() -> dict[str, Any]:
    return tomllib.loads((HERE / "supply.toml").read_text(encoding="utf-8"))


def locked() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Each package of the lock: its version and the SHA-256 of the files that may be installed."""
    from packaging.requirements import Requirement

    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    text = (HERE / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        wanted = Requirement(line.split(" --hash", 1)[0].strip())
        if wanted.marker is None or wanted.marker.evaluate():
            version = next(iter(wanted.specifier)).version
            found[plain(wanted.name)] = (version, tuple(re.findall(r"sha256:([0-9a-f]{64})", line)))
    return found


def plain(name: str) -> str:
    """A package's name as it is compared (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def packages() -> list[Part]:
    """Every package of the lock that is installed, with its licence. Raises Unknown where it names none that is understood."""
    wanted, own = locked(), _needed("mosovo-planner")
    found = []
    for name, (version, hashes) in sorted(wanted.items()):
        try:
            package = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # for another system
        if package.version != version:
            raise Unknown(f"{name} {package.version} is installed, the lock says {version}. Set the environment up again.")
        found.append(Part(name, version, _licence(package), name in own, hashes=hashes))
    return found


def _needed(name: str, seen: frozenset[str] = frozenset()) -> frozenset[str]:
    """The packages that the program itself needs here, without its extras."""
    from packaging.requirements import Requirement

    seen |= {plain(name)}
    try:
        requires = metadata.distribution(name).requires or []
    except metadata.PackageNotFoundError:
        return seen
    for each in map(Requirement, requires):
        extras = [*_extras(name), ""]
        if (
            any(each.marker is None or each.marker.evaluate({"extra": extra}) for extra in extras)
            and plain(each.name) not in seen
        ):
            seen = _needed(each.name, seen)
    return seen


def _extras(name: str) -> tuple[str, ...]:
    return ("binary",) if plain(name) == "psycopg" else ()


def _licence(package: metadata.Distribution) -> str:
    told, name = known()["licences"], plain(package.name)
    if name in told["of"]:
        return str(told["of"][name])
    means = told["means"]
    facts = package.metadata
    classifiers = [each.split(" :: ")[-1] for each in facts.get_all("Classifier") or [] if each.startswith("License ::")]
    for words in (facts.get("License-Expression"), facts.get("License"), *classifiers):
        if words and (fitting := means.get(words, words)) and all(each in told["fit"] for each in choices(fitting)[0]):
            return str(fitting)
    said = facts.get("License-Expression") or facts.get("License") or ", ".join(classifiers) or "none"
    return said.splitlines()[0][:80]


def choices(expression: str) -> list[list[str]]:
    """An SPDX expression as the lists of licences that hold together, one list for each choice (OR); no brackets are read."""
    return [[part.strip(" ()") for part in re.split(r"\s+AND\s+", choice)] for choice in re.split(r"\s+OR\s+", expression)]


def libraries(parts: list[Part]) -> Iterator[Part]:
    """The native libraries of these packages. Raises Unknown for a file that supply.toml does not know."""
    for part in parts:
        package = metadata.distribution(part.name)
        files = [Path(str(package.locate_file(each))) for each in package.files or [] if _NATIVE.search(str(each))]
        if part.runtime:
            yield from _beside(part, [each for each in files if _is_library(each)])
            yield from _within(part, [each for each in files if not _is_library(each)])


def _is_library(path: Path) -> bool:
    """Whether a native file is a library of its own, not a module of the package or a plug-in of Qt."""
    if _MODULE.search(path.name) or "plugins" in path.parts or "qml" in path.parts:
        return False
    return path.name.startswith("lib") or path.suffix == ".dll" or ".libs" in path.parent.name


def _beside(part: Part, files: list[Path]) -> Iterator[Part]:
    groups: dict[tuple[str, str], list[Path]] = {}
    entries = {}
    for path in files:
        entry = _entry(part.name, path)
        if entry["name"] == "" or entry["name"] == part.name:
            continue
        version, how = _version(entry["version"], path, part)
        groups.setdefault((entry["name"], version), []).append(path)
        entries[entry["name"], version] = (entry, how)
    for (name, version), paths in groups.items():
        entry, how = entries[name, version]
        sums = tuple((path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in sorted(paths))
        yield Part(name, version, entry["licence"], part.runtime, part.name, how, sums)


def _entry(package: str, path: Path) -> dict[str, Any]:
    matches = [each for each in known()["library"] if any(path.name.startswith(start) for start in each["files"])]
    if not matches:
        if path.name.startswith(("libllvmlite", "libshiboken", "libpyside")):
            return {"name": ""}
        raise Unknown(
            f"{package} brings {path.name}, which packaging/supply.toml does not know: find out what it is, and add it."
        )
    return dict(max(matches, key=lambda each: max(len(start) for start in each["files"] if path.name.startswith(start))))


def _within(part: Part, modules: list[Path]) -> Iterator[Part]:
    for entry in known()["inside"]:
        if plain(entry["package"]) == part.name:
            version, how = _version(entry["version"], None, part, modules)
            yield Part(entry["name"], version, entry["licence"], part.runtime, part.name, how)


def _version(rule: str, path: Path | None, part: Part, modules: list[Path] | None = None) -> tuple[str, str]:
    if rule == "":
        return "", "the library does not tell it"
    if rule == "package":
        return part.version, "as the package"
    if rule == "file":
        assert path
        match = _IN_NAME.search(path.name)
        return (next(filter(None, match.groups())) if match else ""), "from the file's name"
    if rule in _ASKED:
        return _ASKED[rule](), "asked of the library"
    if "(" in rule:
        for each in [path] if path else modules or []:
            if each and (match := re.search(rule.encode(), each.read_bytes())):
                return match[1].decode(), "read in the library"
        return "", "the library does not tell it"
    assert path
    return _called(rule, path), "asked of the library"


def _called(functions: str, path: Path) -> str:
    """What a library's own functions say: a text, or whole numbers joined by dots."""
    try:
        library = ctypes.CDLL(str(path))
        said = []
        for name in functions.split("."):
            function = getattr(library, name)
            if name == "PQlibVersion":
                return "{}.{}".format(*divmod(int(function()), 10000))
            whole = name.startswith("SCIP")
            function.restype = ctypes.c_int if whole else ctypes.c_char_p
            answer = function(0) if name == "OpenSSL_version" else function()
            said.append(str(answer) if whole else answer.decode())
    except (OSError, AttributeError):
        return _neighbour(functions, path)
    text = ".".join(said)
    match = re.search(r"\d+(?:\.\d+)+[a-z]*", text)
    return match[0] if match else text


@cache
def _neighbour(functions: str, path: Path) -> str:
    """Of libraries that come together (libssl with libcrypto) only one tells the version."""
    for other in sorted(path.parent.iterdir()):
        if other != path and _NATIVE.search(other.name):
            try:
                getattr(ctypes.CDLL(str(other)), functions.split(".", maxsplit=1)[0])
            except (OSError, AttributeError):
                continue
            return _called(functions, other)
    return ""


def _sqlcipher() -> str:
    from sqlcipher3 import dbapi2

    return str(dbapi2.connect(":memory:").execute("PRAGMA cipher_version").fetchone()[0]).split(" ", maxsplit=1)[0]


def _sqlite() -> str:
    from sqlcipher3 import dbapi2

    return str(dbapi2.sqlite_version)


def _qt() -> str:
    from PySide6.QtCore import qVersion

    return str(qVersion())


def _llvm() -> str:
    binding = importlib.import_module("llvmlite.binding")
    return ".".join(map(str, binding.llvm_version_info))


def _scipy_highs() -> str:
    core = importlib.import_module("scipy.optimize._highspy._core")
    return ".".join(str(getattr(core, f"HIGHS_VERSION_{part}")) for part in ("MAJOR", "MINOR", "PATCH"))


def _of_osmium(name: str) -> Callable[[], str]:
    return lambda: str(getattr(importlib.import_module("osmium.version"), name))


_ASKED: dict[str, Callable[[], str]] = {
    "sqlcipher": _sqlcipher,
    "sqlite": _sqlite,
    "qt": _qt,
    "llvm": _llvm,
    "scipy-highs": _scipy_highs,
    "libosmium_version": _of_osmium("libosmium_version"),
    "protozero_version": _of_osmium("protozero_version"),
}
