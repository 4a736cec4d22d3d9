"""What the program is made of is told whole, and nothing that was not looked up is called clean."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def supply() -> Iterator[Any]:
    path = list(sys.path)
    spec = importlib.util.spec_from_file_location("supply", ROOT / "packaging" / "supply.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    sys.path[:] = path


@pytest.mark.parametrize(
    ("code", "answer", "end"),
    [
        (0, {"dependencies": [{"name": "a", "version": "1", "vulns": []}]}, 0),
        (1, {"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1"}]}]}, 1),
        (0, {"dependencies": [{"name": "a", "skip_reason": "not found, could not be audited"}]}, 3),
        (0, {"dependencies": []}, 3),
        (1, {"dependencies": [{"name": "a", "version": "1", "vulns": []}]}, 3),
        (0, "No known vulnerabilities found", 3),
        (1, "", 3),
    ],
)
def test_what_was_not_looked_up_is_not_clean(supply: Any, code: int, answer: object, end: int, capsys: Any) -> None:
    text = answer if isinstance(answer, str) else json.dumps(answer)
    assert supply.judged(code, text, "") == end
    assert ("NOT LOOKED UP" in capsys.readouterr().out) == (end == 3 and (isinstance(answer, str) or code == 0))


def test_the_list_of_parts_holds_packages_and_what_is_inside_them(supply: Any, tmp_path: Path) -> None:
    assert supply.main(["--only", "parts", "--only", "licences", "--out", str(tmp_path)]) == 0
    told = json.loads((tmp_path / "sbom.cdx.json").read_text("utf-8"))
    by_name = {(each["name"], each.get("properties", [{}])[0].get("value", "")): each for each in told["components"]}
    for name, inside in (
        ("sqlcipher3", ""), ("SQLCipher", "sqlcipher3"), ("SQLite", "sqlcipher3"), ("OpenSSL", "sqlcipher3"),
        ("OpenSSL", "cryptography"), ("LLVM", "llvmlite"), ("HiGHS", "scipy"),
    ):  # fmt: skip
        assert by_name[name, inside]["version"], (name, inside)
        assert by_name[name, inside]["licenses"]
        assert by_name[name, inside]["scope"] == "required"
    assert by_name["pytest", ""]["scope"] == "excluded"
    assert by_name["cryptography", ""]["hashes"]
    refs = [each["bom-ref"] for each in told["components"]]
    assert len(set(refs)) == len(refs)
    assert {ref for each in told["dependencies"] for ref in each["dependsOn"]} <= set(refs)
    shape = {"required": ["bomFormat", "specVersion", "components"], "properties": {"specVersion": {"const": "1.6"}}}
    jsonschema.validate(told, shape)
    assert "sqlcipher3" in (tmp_path / "licences.csv").read_text("utf-8")


def test_an_unfit_or_unknown_licence_is_found(supply: Any, tmp_path: Path, capsys: Any) -> None:
    own = supply.packages()[0]
    for licence, end in (("MIT", 0), ("MIT OR AGPL-3.0-only", 0), ("MIT AND AGPL-3.0-only", 1), ("Proprietary", 1), ("none", 1)):
        assert supply._check_licences([replace(own, licence=licence)], tmp_path / "l.csv") == end
    assert "unknown or unfit" in capsys.readouterr().out


def test_a_native_library_that_nobody_knows_is_asked_about(supply: Any, tmp_path: Path) -> None:
    with pytest.raises(supply.Unknown, match="find out what it is"):
        sys.modules["supply_parts"]._entry("somepackage", tmp_path / "libsomething-new.so.1")
