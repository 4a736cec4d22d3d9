"""Map lines on disk: coast, boundaries and roads, each a small .npz file without pickles."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from mosovo_planner.geo.array_file import packed, read_arrays
from mosovo_planner.geo.errors import LayerError
from mosovo_planner.geo.projection import Bounds, Line

_UNIT = 1e5  # coordinates are kept in hundred-thousandths of a degree, about a metre


@dataclass(frozen=True, eq=False)
class Layer:
    """Lines or rings with a name and a kind each, and the attribution their licence asks for."""

    lines: tuple[Line, ...]
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    attribution: str

    def meeting(self, bounds: Bounds | None) -> list[bool]:
        """For each line, whether its own bounds and these have a point in common; always, where there are none."""
        if bounds is None or not self.lines:
            return [True] * len(self.lines)
        west, south, east, north = self._boxes
        meets = (west <= bounds.east) & (east >= bounds.west) & (south <= bounds.north) & (north >= bounds.south)
        return [bool(each) for each in meets]

    @cached_property
    def _boxes(self) -> tuple[Line, Line, Line, Line]:
        points = np.concatenate(self.lines)
        starts = np.cumsum([0] + [len(line) for line in self.lines[:-1]])
        low, high = np.minimum.reduceat(points, starts), np.maximum.reduceat(points, starts)
        return low[:, 0], low[:, 1], high[:, 0], high[:, 1]


def layer_path(folder: Path, layer: str) -> Path:
    """Where a data folder keeps an imported layer: ``boundaries``, ``roads`` or ``network``."""
    return folder / f"layer-{layer}.npz"


def packed_layer(layer: Layer) -> bytes:
    """The content of a layer's file."""
    facts = {"names": layer.names, "kinds": layer.kinds, "attribution": layer.attribution}
    points = np.concatenate(layer.lines) if layer.lines else np.zeros((0, 2))
    whole = np.rint(points * _UNIT).astype(np.int32)
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int32))
    lengths = np.array([len(line) for line in layer.lines], dtype=np.int32)
    return packed(facts, {"steps": steps, "lengths": lengths})


def read_layer(path: Path) -> Layer:
    """Read a stored layer.

    Raises:
        LayerError: it is damaged or of another version.
    """
    facts, arrays = read_arrays(path, LayerError, "Import the map layer again, or delete the file.")
    points = np.cumsum(arrays["steps"], axis=0) / _UNIT
    lines = np.split(points, np.cumsum(arrays["lengths"])[:-1]) if len(arrays["lengths"]) else []
    return Layer(tuple(lines), tuple(facts["names"]), tuple(facts["kinds"]), facts["attribution"])
