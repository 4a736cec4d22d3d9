"""Broken files for every reader: only its own clear error may come out, soon, and in little memory."""

from __future__ import annotations

import hashlib
import json
import os
import random
import resource
import shutil
import signal
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mosovo_planner.domain.clock_table import read_clock_table
from mosovo_planner.domain.policy import PolicyError
from mosovo_planner.domain.policy_text import read_policy_file
from mosovo_planner.exchange import Profile, ProfileError, TrackerError, read_tracker
from mosovo_planner.exchange.incidents import read_incidents
from mosovo_planner.exchange.visor import read_visor_list
from mosovo_planner.geo.array_file import packed, read_arrays
from mosovo_planner.geo.errors import GazetteerError, GeoError
from mosovo_planner.geo.gazetteer import import_gazetteer, load_gazetteer
from mosovo_planner.planning.problem_items import ProblemError
from mosovo_planner.planning.problems import read_problem
from mosovo_planner.resources import resource as shipped
from mosovo_planner.store.base.errors import DamagedWorkspace, WrongPassphrase
from mosovo_planner.store.embedded.keys import read_keys, unlock
from mosovo_planner.store.parts.rules import default_policy
from tests.faults import seeds
from tests.faults.ledger import PASSPHRASE, USER
from tests.faults.mutating import Mutation, of_archive, of_bytes, of_cells, of_json, of_toml, of_xml, one_of
from tests.faults.trials import Count

LONGEST = 20.0
"""Seconds of processor time that no broken file of this size may take; whole ones take some milliseconds."""
MOST = 600 * 2**20
"""Bytes by which no broken file of this size may swell the process."""


class TooLong(BaseException):
    """A reader did not come back."""


@dataclass(frozen=True)
class Reader:
    """``read`` gets a file's path and may raise ``clear`` and nothing else; ``name`` ends with the file's suffix."""

    name: str
    seeds: Sequence[bytes]
    mutation: Mutation
    read: Callable[[Path], object]
    clear: tuple[type[BaseException], ...]
    share: int = 1


def readers() -> tuple[Reader, ...]:
    cells, sheets = one_of((of_cells, of_cells, of_bytes)), of_archive(of_xml)
    trees = one_of((of_json, of_json, of_json, of_bytes))
    tables = of_archive(one_of((of_cells, of_bytes)))
    policy, clocks = (shipped(f"policy/{name}.toml").read_bytes() for name in ("default", "clocks"))
    tracker = (TrackerError,)
    return (
        Reader("tracker.csv", seeds.TRACKER_CSV, cells, _tracker, tracker, 4),
        Reader("tracker.xlsx", seeds.TRACKER_XLSX, sheets, _tracker, tracker, 4),
        Reader("logs.csv", seeds.LOGS_CSV, cells, _logs, tracker, 3),
        Reader("logs.xlsx", seeds.LOGS_XLSX, sheets, _logs, tracker, 2),
        Reader("logs.json", seeds.LOGS_JSON, trees, _logs, tracker, 3),
        Reader("visor.csv", seeds.VISOR_CSV, cells, _visor, tracker, 2),
        Reader("visor.xlsx", seeds.VISOR_XLSX, sheets, _visor, tracker, 1),
        Reader("codes.csv", seeds.GAZETTEER_CSV, cells, _gazetteer, (GazetteerError,), 3),
        Reader("codes.csv.gz", seeds.GAZETTEER_GZ, of_bytes, _gazetteer, (GazetteerError,), 1),
        Reader("codes.zip", seeds.GAZETTEER_ZIP, tables, _gazetteer, (GazetteerError,), 2),
        Reader("gazetteer.bin", (_stored(),), one_of((of_bytes, _summed(of_bytes))), _load, (GazetteerError,), 2),
        Reader("layer.npz", (_layer(),), one_of((of_bytes, of_archive(of_bytes))), _arrays, (GeoError,), 1),
        Reader("keys.json", (_keys(),), one_of((of_bytes, _keyed)), _unlock, (DamagedWorkspace, WrongPassphrase), 3),
        Reader("problem.json", seeds.PROBLEMS, trees, read_problem, (ProblemError,), 4),
        Reader("policy.toml", (policy,), one_of((of_toml, of_toml, of_bytes)), _policy, (PolicyError,), 1),
        Reader("clocks.toml", (clocks,), one_of((of_toml, of_bytes)), _clocks, (PolicyError,), 1),
        Reader("profile.json", seeds.PROFILES, trees, _profile, (ProfileError,), 2),
        Reader("window.ini", seeds.SETTINGS, one_of((of_bytes, of_toml)), _settings, (), 1),
    )


def fuzz(reader: Reader, times: int, rng: random.Random, count: Count) -> None:
    """So many broken files for one reader; each finding is a file's digest, the error, and its last lines."""
    with _bounded(), tempfile.TemporaryDirectory(prefix="mosovo-fuzz-", dir=_memory()) as folder:
        path = Path(folder) / reader.name
        for _ in range(times):
            content = reader.mutation(rng.choice(reader.seeds), rng)
            path.write_bytes(content)
            wrong = _tried(reader, path, count)
            count.take(reader.name, wrong)
            if wrong and (kept := os.environ.get("MOSOVO_FUZZ_KEEP")):
                shutil.copyfile(path, Path(kept) / f"{hashlib.sha256(content).hexdigest()[:12]}-{reader.name}")


def _tried(reader: Reader, path: Path, count: Count) -> list[str]:
    began = time.process_time()
    signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST)
    try:
        reader.read(path)
        count.tell(f"{reader.name} taken")
    except reader.clear as clear:
        count.tell(f"{reader.name} refused")
        return [] if str(clear).strip() and _sayable(str(clear)) else ["the message is empty or cannot be shown"]
    except TooLong:
        return [f"took over {LONGEST} s"]
    except Exception as other:  # noqa: BLE001  every kind is a finding
        return [
            f"{type(other).__name__}: {str(other)[:200]} | {' | '.join(traceback.format_tb(other.__traceback__)[-2:])[-600:]}"
        ]
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    slow = time.process_time() - began
    return [f"took {slow:.1f} s"] if slow > LONGEST / 2 else []


def _sayable(words: str) -> bool:
    try:
        words.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


@contextmanager
def _bounded() -> Iterator[None]:
    """A reader that does not come back is ended by a signal; one that swells meets the end of its memory."""

    def late(*_: object) -> None:
        raise TooLong

    handler = signal.signal(signal.SIGVTALRM, late)
    before = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text().split()[0]) if Path("/proc/self/statm").exists() else 0
    if pages:
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + MOST, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
        signal.signal(signal.SIGVTALRM, handler)


def _memory() -> str | None:
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


# ---- the readers


def _tracker(path: Path) -> None:
    tracker = read_tracker(path, as_of=seeds.TODAY)
    for finding in tracker.findings:
        finding.value.encode("utf-8")
        finding.message.encode("utf-8")


def _logs(path: Path) -> None:
    for finding in read_incidents(path, as_of=seeds.TODAY).findings:
        finding.value.encode("utf-8")


def _visor(path: Path) -> None:
    read_visor_list(path, as_of=seeds.TODAY)


def _gazetteer(path: Path) -> None:
    """Beside the error it matters that the gazetteer in use is as it was."""
    folder = path.parent / "data"
    before = (folder / "gazetteer.bin").read_bytes() if folder.exists() else None
    try:
        import_gazetteer([path], folder=folder)
    except GazetteerError:
        after = (folder / "gazetteer.bin").read_bytes() if folder.exists() else None
        if before != after:
            raise AssertionError("the gazetteer in use was changed by a refused file") from None
        raise


def _stored() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "codes.csv"
        path.write_bytes(seeds.GAZETTEER_CSV[0])
        import_gazetteer([path], folder=Path(folder))
        return (Path(folder) / "gazetteer.bin").read_bytes()


def _load(path: Path) -> None:
    places = load_gazetteer(path.parent)
    assert places
    for text in ("SN1 1AA", "SN1", "ZZ1 1ZZ"):
        places.position(text)


def _layer() -> bytes:
    """Roads and borders are kept so."""
    return packed({"attribution": "Invented"}, {"lat": np.linspace(50, 60, 40), "at": np.arange(40, dtype=np.int32)})


def _arrays(path: Path) -> None:
    read_arrays(path, GeoError, "Import it again.")


def _summed(inner: Mutation) -> Mutation:
    """The body changed and the check sum made to fit, as a forger would."""

    def change(content: bytes, rng: random.Random) -> bytes:
        start = content.index(b"\n") + 1
        body = inner(content[start + 32 :], rng)
        return content[:start] + hashlib.sha256(body).digest() + body

    return change


def _keys() -> bytes:
    return (Path(__file__).parent / "first_keys.json").read_bytes()


def _keyed(content: bytes, rng: random.Random) -> bytes:
    """A key file with other values and a check sum that fits."""
    from mosovo_planner.store.embedded.keys import _sum

    changed = of_json(content, rng)
    try:
        body = json.loads(changed)
        body.pop("sum", None)
        return json.dumps({**body, "sum": _sum(body)}).encode("utf-8", "surrogatepass")
    except (ValueError, TypeError, AttributeError, RecursionError):
        return changed


def _unlock(path: Path) -> None:
    keys = read_keys(path)
    kept = read_keys(Path(__file__).parent / "first_keys.json")
    costly = any(slot.kdf.memory_kib > 64 * 1024 or slot.kdf.passes > 3 for slot in keys.slots)
    opened = None if costly else unlock(keys, USER, PASSPHRASE)
    if opened and opened.data_keys[0][1] != unlock(kept, USER, PASSPHRASE).data_keys[0][1]:
        raise AssertionError("a doctored key file gave another data key")


def _policy(path: Path) -> None:
    read_policy_file(_text(path), default_policy())


def _clocks(path: Path) -> None:
    read_clock_table(_text(path))


def _profile(path: Path) -> None:
    Profile.from_json(_text(path))


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise (PolicyError if path.suffix == ".toml" else ProfileError)("no text") from None


def _settings(path: Path) -> None:
    from mosovo_planner.ui.settings import Settings

    settings = Settings(path)
    _ = settings.theme, settings.recent_workspaces, settings.user, settings.watched_folder, settings.visor_mapping
    settings.own_manager("team", "Sgt")
    settings.state("main")
