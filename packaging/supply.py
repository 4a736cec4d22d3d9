#!/usr/bin/env python3
"""The program's supply chain: what it is made of, under which licences, and what is known against it.

    .venv/bin/python packaging/supply.py [--out FOLDER] [--only parts|licences|vulnerabilities|code]

Writes ``sbom.cdx.json`` (CycloneDX 1.6, native libraries included) and ``licences.csv`` into FOLDER (build/supply).
Exit 0: all was looked at and nothing was found. 1: something was found. 3: nothing was found, but something could not be
looked up, which is not the same as clean; it is said what.

The tools that look up and read (pip-audit, bandit) come with the extra ``supply``; the lists need none of them.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import json
import subprocess
import sys
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE), str(ROOT)]

from supply_parts import Part, Unknown, choices, known, libraries, packages  # noqa: E402  after the path is set

import mosovo_planner  # noqa: E402

CLEAN, FOUND, NOT_LOOKED_UP = 0, 1, 3


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "supply")
    parser.add_argument("--only", choices=("parts", "licences", "vulnerabilities", "code"), action="append")
    options = parser.parse_args(arguments)
    wanted = options.only or ["parts", "licences", "vulnerabilities", "code"]
    try:
        own = packages()
        python = Part("CPython", sys.version.split()[0], "PSF-2.0", True, "the program as it is installed", "asked of itself")
        parts = [*own, *libraries(own), python]
    except Unknown as unknown:
        print(f"FOUND: {unknown}", file=sys.stderr)
        return FOUND
    options.out.mkdir(parents=True, exist_ok=True)
    ends = []
    if "parts" in wanted:
        ends.append(_list_parts(parts, options.out / "sbom.cdx.json"))
    if "licences" in wanted:
        ends.append(_check_licences(parts, options.out / "licences.csv"))
    if "vulnerabilities" in wanted:
        ends.append(_look_up(parts))
    if "code" in wanted:
        ends.append(_read_code())
    return FOUND if FOUND in ends else max(ends)


def _list_parts(parts: list[Part], target: Path) -> int:
    target.write_text(json.dumps(sbom(parts), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    native = [each for each in parts if each.inside]
    print(f"Parts: {len(parts) - len(native)} packages, {len(native)} native libraries inside them: {target}")
    for each in native:
        print(f"    {each.name} {each.version or '?'} in {each.inside} ({each.how})")
    return CLEAN


def sbom(parts: list[Part]) -> dict[str, object]:
    """The list as CycloneDX 1.6. What only tests and builds need is marked ``excluded``."""
    program = f"pkg:pypi/mosovo-planner@{mosovo_planner.__version__}"
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid4()}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.now(UTC).isoformat(timespec="seconds"),
            "component": {
                "type": "application",
                "bom-ref": program,
                "name": "mosovo-planner",
                "version": mosovo_planner.__version__,
                "purl": program,
                "licenses": [{"license": {"id": "MIT"}}],
            },
            "properties": [{"name": "system", "value": f"{sys.platform}, Python {sys.version.split()[0]}"}],
        },
        "components": [_component(each) for each in parts],
        "dependencies": _dependencies(program, parts),
    }


def _component(part: Part) -> dict[str, object]:
    component: dict[str, object] = {
        "type": "library",
        "bom-ref": _ref(part),
        "name": part.name,
        "version": part.version,
        "scope": "required" if part.runtime else "excluded",
        "licenses": [{"expression": part.licence}] if " " in part.licence else [{"license": {"id": part.licence}}],
    }
    if not part.inside:
        component["purl"] = f"pkg:pypi/{part.name}@{part.version}"
        component["hashes"] = [{"alg": "SHA-256", "content": each} for each in part.hashes]
    else:
        component["purl"] = f"pkg:generic/{quote(part.name.lower().replace(' ', '-'))}" + (
            f"@{part.version}" if part.version else ""
        )
        component["properties"] = [
            {"name": "brought by", "value": part.inside},
            {"name": "version", "value": part.how},
            *({"name": "file", "value": f"{name} sha256:{digest}"} for name, digest in part.files),
        ]
    return component


def _ref(part: Part) -> str:
    return f"{part.inside}/{part.name}@{part.version}" if part.inside else f"pkg:pypi/{part.name}@{part.version}"


def _dependencies(program: str, parts: list[Part]) -> list[dict[str, object]]:
    own = [_ref(each) for each in parts if each.runtime and not each.inside]
    inside = {_ref(each): [_ref(other) for other in parts if other.inside == each.name] for each in parts if not each.inside}
    return [{"ref": program, "dependsOn": own}, *({"ref": ref, "dependsOn": refs} for ref, refs in inside.items() if refs)]


def _check_licences(parts: list[Part], target: Path) -> int:
    fit = set(known()["licences"]["fit"])
    with target.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(("part", "version", "licence", "brought by", "needed by the program itself"))
        for each in parts:
            table.writerow((each.name, each.version, each.licence, each.inside, "yes" if each.runtime else "no"))
    unfit = [each for each in parts if not any(fit.issuperset(choice) for choice in choices(each.licence))]
    for each in unfit:
        print(f"FOUND: {each.name} {each.version}: the licence {each.licence!r} is unknown or unfit; see packaging/supply.toml")
    print(f"Licences: {len(parts)} parts, {len(unfit)} unknown or unfit: {target}")
    return FOUND if unfit else CLEAN


def _look_up(parts: list[Part]) -> int:
    """pip-audit, whose own end is not trusted alone: where it could look nothing up it may say that nothing is known."""
    native = sorted({f"{each.name} {each.version}" for each in parts if each.inside and each.version and each.runtime})
    print(f"Vulnerabilities: pip-audit knows packages, not what is inside them. To be looked up by hand: {', '.join(native)}.")
    if not importlib.util.find_spec("pip_audit"):
        print("NOT LOOKED UP: pip-audit is not installed here (pip install -e .[supply]).")
        return NOT_LOOKED_UP
    lock = HERE / "requirements.lock"
    command = [sys.executable, "-m", "pip_audit", "--strict", "--require-hashes", "--disable-pip", "-r", lock, "-f", "json"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return judged(done.returncode, done.stdout, done.stderr)


def judged(code: int, answer: str, complaint: str) -> int:
    """What an answer of ``pip-audit --strict -f json`` means, and says it."""
    try:
        told = json.loads(answer)["dependencies"]
    except (ValueError, KeyError, TypeError):
        print(f"NOT LOOKED UP: pip-audit gave no list. It said: {complaint.strip().splitlines()[-1:] or 'nothing'}")
        return NOT_LOOKED_UP
    skipped = [each["name"] for each in told if "skip_reason" in each]
    found = [(each["name"], flaw["id"]) for each in told for flaw in each.get("vulns", [])]
    for name, flaw in found:
        print(f"FOUND: {name}: {flaw}")
    if skipped or not told:
        print(f"NOT LOOKED UP: {len(skipped)} of {len(told)} packages, among them {', '.join(skipped[:5]) or 'all'}.")
    else:
        print(f"Vulnerabilities: {len(told)} packages looked up, {len(found)} with something known.")
    if found:
        return FOUND
    return NOT_LOOKED_UP if skipped or not told or code else CLEAN


def _read_code() -> int:
    if not importlib.util.find_spec("bandit"):
        print("NOT READ: bandit is not installed here (pip install -e .[supply]).")
        return NOT_LOOKED_UP
    command = [sys.executable, "-m", "bandit", "-q", "-c", ROOT / "pyproject.toml", "-r", ROOT / "mosovo_planner", HERE]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        print(done.stdout[-8000:], done.stderr[-2000:], "FOUND: see bandit's words above", sep="\n")
        return FOUND
    print("Code: bandit found nothing beyond what pyproject.toml excuses with its reason.")
    return CLEAN


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
