#!/usr/bin/env python3
"""Set up everything on a fresh machine, then open the program or run its tests.

    python3 packaging/run.py                 opens the window on an invented force
    python3 packaging/run.py test            runs all tests, no screen needed
    python3 packaging/run.py COMMAND …       any command of the program: new, import, plan …

Needs Python 3.11 or newer and nothing else. It makes a virtual environment in .venv, installs the locked
dependencies into it by hash, brings the system libraries Qt needs where it may (Debian and its kin, as root or
with sudo) and names them where it may not. What was set up once is not set up again until the lock changes.
"""

from __future__ import annotations

import ctypes.util
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "packaging" / "requirements.lock"
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / "set-up"
WINDOWS = os.name == "nt"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if WINDOWS else "bin/python")

# library that must load: the Debian package that brings it
DRAWING = {
    "GL": "libgl1",
    "EGL": "libegl1",
    "xkbcommon": "libxkbcommon0",
    "fontconfig": "libfontconfig1",
    "dbus-1": "libdbus-1-3",
    "glib-2.0": "libglib2.0-0",
}
ON_SCREEN = {
    "xcb-cursor": "libxcb-cursor0",
    "xcb-icccm": "libxcb-icccm4",
    "xcb-keysyms": "libxcb-keysyms1",
    "xcb-shape": "libxcb-shape0",
    "xcb-xkb": "libxcb-xkb1",
    "xkbcommon-x11": "libxkbcommon-x11-0",
}


SIDE_BY_SIDE = ["-n", "auto", "--maxprocesses", "4", "--dist", "loadfile"]
"""The whole run: a process for each core, each file of tests in one of them."""


class SetUpError(Exception):
    """Something only the user can put right; the message says what."""


def main(arguments: list[str]) -> int:
    try:
        check_python()
        bring_system_libraries(DRAWING if arguments[:1] == ["test"] else DRAWING | ON_SCREEN)
        make_environment()
    except SetUpError as wrong:
        print(f"\nSet-up stopped: {wrong}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as wrong:
        print(f"\nSet-up stopped: {' '.join(map(str, wrong.cmd[:4]))} … failed; its own words stand above.", file=sys.stderr)
        return 1
    if arguments[:1] == ["test"]:
        return run_tests(arguments[1:])
    return subprocess.call([PYTHON, "-m", "mosovo_planner", *(arguments or ["demo"])])


def check_python() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036  an older Python runs this line and must be told
        raise SetUpError(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")


def bring_system_libraries(wanted: dict[str, str]) -> None:
    """Install or name what Qt needs. Windows and macOS bring it all with the wheels."""
    if not sys.platform.startswith("linux"):
        return
    missing = sorted({package for library, package in wanted.items() if not loads(library)})
    if not missing:
        return
    command = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if not install_with_apt(missing):
        names = ", ".join(missing)
        raise SetUpError(f"these system libraries are missing: {names}.\nAs an administrator run:  {' '.join(command)}")


def loads(library: str) -> bool:
    name = ctypes.util.find_library(library)
    for candidate in (name, f"lib{library}.so.0", f"lib{library}.so.1"):
        try:
            if candidate:
                ctypes.CDLL(candidate)
                return True
        except OSError:
            continue
    return False


def install_with_apt(packages: list[str]) -> bool:
    """Whether apt could be used and did install them all."""
    apt = shutil.which("apt-get")
    if apt is None:
        return False
    prefix: list[str] = []
    if os.geteuid() != 0:
        sudo = shutil.which("sudo")
        if sudo is None:
            return False
        prefix = [sudo] if sys.stdin.isatty() else [sudo, "-n"]
    print(f"Installing system packages: {' '.join(packages)}", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", *packages]):
        if subprocess.call([*prefix, apt, *command], env=quiet) != 0:
            return False
    return True


def make_environment() -> None:
    """Make .venv and install the lock into it, unless that was done for this very lock."""
    wanted = hashlib.sha256(LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes() + sys.version.encode()).hexdigest()
    if STAMP.is_file() and STAMP.read_text() == wanted and PYTHON.exists():
        return
    print("Setting up the environment in .venv (once; some minutes) …", flush=True)
    create_venv()
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.check_call([*pip, "--require-hashes", "--only-binary", ":all:", "-r", LOCK], cwd=ROOT)
    subprocess.check_call([*pip, "--no-deps", "--no-build-isolation", "--editable", ROOT], cwd=ROOT)
    print("Compiling the planner's searches (once) …", flush=True)
    subprocess.check_call([PYTHON, "-m", "mosovo_planner.planning.warm"], cwd=ROOT)
    STAMP.write_text(wanted)


def create_venv() -> None:
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    command = [sys.executable, "-m", "venv", ENVIRONMENT]
    if has_ensurepip() or install_with_apt([f"python3.{sys.version_info.minor}-venv"]):
        subprocess.check_call(command)
        return
    raise SetUpError("Python's venv module is missing. As an administrator run:  apt-get install python3-venv")


def has_ensurepip() -> bool:
    return subprocess.call([sys.executable, "-c", "import ensurepip, venv"], stderr=subprocess.DEVNULL) == 0


def run_tests(arguments: list[str]) -> int:
    """ruff, mypy, the import contracts, then the tests; all without a screen."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONDONTWRITEBYTECODE": "1"}
    scripts = PYTHON.parent
    checks = [
        [scripts / "ruff", "check", "."],
        [PYTHON, "-m", "mypy"],
        [scripts / "lint-imports", "--no-cache"],
    ]
    if not arguments:
        for check in checks:
            if subprocess.call(check, cwd=ROOT, env=environment) != 0:
                return 1
    return subprocess.call([PYTHON, "-m", "pytest", *(arguments or SIDE_BY_SIDE)], cwd=ROOT, env=environment)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
