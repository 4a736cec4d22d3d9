"""What a disk may hold after the power failed, given the steps by which a program wrote.

What was synced is there. What was written since may be there or not, in any order and torn at 512 bytes. Changes of
folders (made, renamed, removed) last in their order: with ``ordered`` any sync makes all earlier ones last, as
journalling file systems do; without it only a sync of the folder itself does, which is all that POSIX promises.
"""

from __future__ import annotations

import itertools
import os
import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.disk import Step

SECTOR = 512


@dataclass
class _File:
    """A file's content as it lies on the disk for sure, and what was done to it since, in order."""

    number: int
    kept: bytearray = field(default_factory=bytearray)
    pending: list[Step] = field(default_factory=list)

    def settle(self) -> None:
        for step in self.pending:
            _apply(self.kept, step)
        self.pending.clear()

    def after_cut(self, rng: random.Random) -> bytes:
        content = bytearray(self.kept)
        how = rng.choice(("none", "all", "first", "some", "torn", "torn"))
        first = rng.randint(0, len(self.pending))
        for place, step in enumerate(self.pending):
            if how == "all" or (how == "first" and place < first) or (how == "some" and rng.random() < 0.5):
                _apply(content, step)
            elif how == "torn":
                _apply_torn(content, step, rng)
        return bytes(content)


@dataclass
class _Folders:
    """Names to files or folders (None)."""

    names: dict[str, _File | None] = field(default_factory=dict)

    def apply(self, step: Step, file: _File | None) -> None:
        if step.kind == "create":
            self.names[step.path] = file
        elif step.kind == "mkdir":
            self.names[step.path] = None
        elif step.kind == "remove":
            self.names.pop(step.path, None)
        elif step.kind == "rename":
            inside = [name for name in self.names if name == step.path or name.startswith(step.path + "/")]
            for name in inside:
                self.names[step.other + name[len(step.path) :]] = self.names.pop(name)


class Journal:
    """Follows steps one by one; :meth:`after_cut` gives a state that the disk may be in if the power fails now."""

    def __init__(self, before: Path, ordered: bool) -> None:
        self._root = str(before)
        self._ordered = ordered
        self._numbers = itertools.count()
        self._now = _Folders()
        for folder, _, names in os.walk(before):
            if folder != self._root:
                self._now.names[folder] = None
            for name in names:
                path = Path(folder, name)
                if not name.endswith("-shm"):
                    self._now.names[str(path)] = _File(next(self._numbers), bytearray(path.read_bytes()))
        self._kept = _Folders(dict(self._now.names))
        self._waiting: list[tuple[Step, _File | None]] = []
        self.acked = 0

    def follow(self, step: Step) -> None:
        if step.kind == "ack":
            self.acked = step.at
        elif step.kind in ("write", "cut", "sync"):
            self._content(step)
        elif step.kind == "syncdir":
            self._settle_folder(step.path)
        else:
            self._folder(step)

    def _content(self, step: Step) -> None:
        file = self._now.names.get(step.path)
        if file is None:  # removed meanwhile: nobody can see it after a cut
            return
        if step.kind == "sync":
            file.settle()
            if self._ordered:
                self._settle(lambda _: True)
        else:
            file.pending.append(step)

    def _folder(self, step: Step) -> None:
        if step.kind == "create" and step.path in self._now.names:
            return
        file = _File(next(self._numbers)) if step.kind == "create" else None
        self._now.apply(step, file)
        self._waiting.append((step, file))

    def _settle_folder(self, folder: str) -> None:
        self._settle(lambda step: self._ordered or folder in (_parent(step.path), _parent(step.other)))

    def _settle(self, wanted: Callable[[Step], bool]) -> None:
        left = []
        for step, file in self._waiting:
            if wanted(step):
                self._kept.apply(step, file)
            else:
                left.append((step, file))
        self._waiting = left

    def after_cut(self, rng: random.Random) -> dict[str, bytes | None]:
        """Paths to contents (None for a folder)."""
        found = _Folders(dict(self._kept.names))
        for step, file in self._waiting[: rng.choice((0, len(self._waiting), rng.randint(0, len(self._waiting))))]:
            found.apply(step, file)
        reachable = {name for name in found.names if self._reached(name, found.names)}
        return {name: file.after_cut(rng) if (file := found.names[name]) else None for name in reachable}

    def _reached(self, name: str, names: dict[str, _File | None]) -> bool:
        parent = _parent(name)
        return parent == self._root or (parent in names and self._reached(parent, names))


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def lay_down(root: Path, state: dict[str, bytes | None]) -> None:
    """Make the files of a state, and nothing else, below ``root``."""
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    for name in sorted(state, key=len):
        content = state[name]
        if content is None:
            Path(name).mkdir(mode=0o700, parents=True, exist_ok=True)
        else:
            Path(name).write_bytes(content)


def cuts(
    before: Path, steps: Sequence[Step], wanted: Sequence[int], rng: random.Random, ordered: bool
) -> Iterator[tuple[int, dict[str, bytes | None]]]:
    """For each place among the steps that is wanted: how many deeds were acknowledged, and a state after a cut there."""
    journal = Journal(before, ordered)
    places = sorted(wanted)
    for number, step in enumerate(steps):
        while places and places[0] == number:
            places.pop(0)
            yield journal.acked, journal.after_cut(rng)
        journal.follow(step)
    for _ in places:
        yield journal.acked, journal.after_cut(rng)


def _apply(content: bytearray, step: Step) -> None:
    if step.kind == "cut":
        if step.at <= len(content):
            del content[step.at :]
        else:
            content.extend(bytes(step.at - len(content)))
        return
    end = step.at + len(step.data)
    if end > len(content):
        content.extend(bytes(end - len(content)))
    content[step.at : end] = step.data


def _apply_torn(content: bytearray, step: Step, rng: random.Random) -> None:
    if step.kind == "cut":
        if rng.random() < 0.5:
            _apply(content, step)
        return
    for start in range(0, len(step.data), SECTOR):
        if rng.random() < 0.5:
            _apply(content, Step("write", step.path, step.at + start, step.data[start : start + SECTOR]))
