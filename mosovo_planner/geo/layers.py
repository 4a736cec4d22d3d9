"""Map lines on disk: coast, boundaries and roads, each a small .npz file without pickles."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mosovo_planner.geo.errors import LayerError
from mosovo_planner.geo.folders import write_whole
from mosovo_planner.geo.projection import Line

_VERSION = 1
_UNIT = 1e5  # coordinates are kept in hundred-thousandths of a degree, about a metre


@dataclass(frozen=True, eq=False)
class Layer:
    """Lines or rings with a name and a kind each, and the attribution their licence asks for."""

    lines: tuple[Line, ...]
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    attribution: str


def layer_path(folder: Path, layer: str) -> Path:
    """Where a data folder keeps an imported layer: ``boundaries``, ``roads`` or ``network``."""
    return folder / f"layer-{layer}.npz"


def write_layer(path: Path, layer: Layer) -> None:
    """Store a layer whole or not at all.

    Raises:
        LayerError: the folder cannot be written.
    """
    facts = {"version": _VERSION, "names": layer.names, "kinds": layer.kinds, "attribution": layer.attribution}
    points = np.concatenate(layer.lines) if layer.lines else np.zeros((0, 2))
    whole = np.rint(points * _UNIT).astype(np.int32)
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        steps=np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int32)),
        lengths=np.array([len(line) for line in layer.lines], dtype=np.int32),
        facts=np.frombuffer(json.dumps(facts).encode(), dtype=np.uint8),
    )
    try:
        write_whole(path, buffer.getvalue())
    except OSError as wrong:
        raise LayerError(f"The map layer could not be stored in {path.parent}: {wrong.strerror or wrong}.") from wrong


def read_layer(path: Path) -> Layer:
    """Read a stored layer.

    Raises:
        LayerError: it is damaged or of another version.
    """
    try:
        with np.load(path, allow_pickle=False) as held:
            facts = json.loads(held["facts"].tobytes())
            if facts["version"] != _VERSION:
                raise LayerError(f"{path} is of another version of this program; import it again.")
            points = np.cumsum(held["steps"], axis=0) / _UNIT
            lines = np.split(points, np.cumsum(held["lengths"])[:-1]) if len(held["lengths"]) else []
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as wrong:
        raise LayerError(f"The map layer {path} is damaged; import it again, or delete it.") from wrong
    return Layer(tuple(lines), tuple(facts["names"]), tuple(facts["kinds"]), facts["attribution"])


def merged(layers: Sequence[Layer]) -> Layer:
    """Several layers as one, each attribution once."""
    return Layer(
        tuple(line for layer in layers for line in layer.lines),
        tuple(name for layer in layers for name in layer.names),
        tuple(kind for layer in layers for kind in layer.kinds),
        " ".join(dict.fromkeys(layer.attribution for layer in layers if layer.attribution)),
    )
