"""Where a workspace must not lie: network drives and synchronised folders.

On a share whose locks do not hold, 228 of 549 confirmed changes were lost while every check said "ok";
a synchronising service copies the files of a database at different moments.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from mosovo_planner.store.base.errors import RefusedLocation

_WAY_OUT = (
    "Choose a folder on this computer's own disk and let backups go to the other place, "
    "or keep the workspace on a PostgreSQL server if several people share it."
)
_NETWORK = {
    "nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "webdav", "davfs", "ncpfs", "ncp", "afs", "ceph",
    "glusterfs", "lustre", "beegfs", "gpfs", "vboxsf", "prl_fs", "vmhgfs", "drvfs", "osxfuse", "macfuse", "9p",
}  # fmt: skip
_SYNCED = (
    "onedrive", "dropbox", "google drive", "googledrive", "my drive", "icloud drive", "mobile documents", "nextcloud", "owncloud",
)  # fmt: skip
_REMOTE_DRIVE = 4


def refuse_unsafe(folder: Path) -> None:
    """Refuse a folder where a database would not be safe.

    Raises:
        RefusedLocation: with the reason and the way out.
    """
    place = folder.expanduser().absolute()
    if str(folder).startswith(("\\\\", "//")) or _is_remote(place):
        raise RefusedLocation(f"A workspace cannot lie on a network drive: two computers would damage it. {_WAY_OUT}")
    if service := _synced_by(place):
        raise RefusedLocation(
            f"A workspace cannot lie in a folder that {service} synchronises: its copies would not fit together. {_WAY_OUT}"
        )


def _is_remote(place: Path) -> bool:
    real = _nearest(place)
    if sys.platform == "win32":
        return int(ctypes.windll.kernel32.GetDriveTypeW(f"{real.drive}\\")) == _REMOTE_DRIVE
    kind = _mac_file_system(real) if sys.platform == "darwin" else _linux_file_system(real, Path("/proc/self/mountinfo"))
    return kind in _NETWORK or kind == "fuse" or kind.startswith("fuse.")


def _nearest(place: Path) -> Path:
    real = place.resolve()
    while not real.exists() and real != real.parent:
        real = real.parent
    return real


def _linux_file_system(real: Path, mounts: Path) -> str:
    """The type of the file system that holds ``real``; empty for the root, which cannot be chosen anyway."""
    best, kind = "/", ""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    for line in lines:
        before, _, after = line.partition(" - ")
        point = before.split(" ")[4].replace("\\040", " ")
        if real.is_relative_to(point) and len(point) >= len(best) and point != "/":
            best, kind = point, after.split(" ")[0]
    return kind


def _mac_file_system(real: Path) -> str:
    """The file system's name from statfs(2), which stands 72 bytes into the structure."""
    buffer = ctypes.create_string_buffer(4096)
    statfs = ctypes.CDLL(None).statfs
    return buffer.raw[72:88].split(b"\0")[0].decode() if statfs(os.fsencode(real), buffer) == 0 else ""


def _synced_by(place: Path) -> str:
    real = place.resolve()
    for service, root in _sync_roots():
        if real.is_relative_to(root.resolve()):
            return service
    for part in (*place.parts, *real.parts):
        name = part.casefold()
        for service in _SYNCED:
            if name == service or name.startswith((f"{service} - ", f"{service} (")):
                return part
    return "a cloud service" if "CloudStorage" in real.parts else ""


def _sync_roots() -> Iterator[tuple[str, Path]]:
    for name in ("OneDrive", "OneDriveCommercial", "OneDriveConsumer"):
        if root := os.environ.get(name):
            yield "OneDrive", Path(root)
    windows = [Path(os.environ[name]) / "Dropbox" for name in ("APPDATA", "LOCALAPPDATA") if name in os.environ]
    homes = [Path.home() / ".dropbox", *windows]
    for home in homes:
        try:
            told = json.loads((home / "info.json").read_text(encoding="utf-8"))
            yield from (("Dropbox", Path(account["path"])) for account in told.values())
        except (OSError, ValueError, AttributeError, KeyError, TypeError):
            continue
