"""Colours of the map: two themes, and looks that tell up to 168 managers apart on both.

The 24 manager colours were chosen greedily for the greatest least distance in CIELAB (31, lightness
weighted 1.3) among colours of relative luminance 0.12 to 0.28, so each stands out on light land
and on dark. Neighbours in the list differ most.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette

from mosovo_planner.ui.map.marks import Look, Shape

MANAGER_COLOURS = (
    "#0080f8", "#d87800", "#a83080", "#00a800", "#8800f8", "#18a0b0", "#f80048", "#606828",
    "#f800d8", "#c87870", "#686080", "#00a068", "#9048d0", "#909800", "#b03818", "#a880d0",
    "#f84000", "#909080", "#0098e0", "#307800", "#f80088", "#287058", "#b08840", "#b83050",
)  # fmt: skip

NOBODY = Look("#787878", Shape.PLUS)
"""The look of an offender whom no manager holds."""

_SHAPES = tuple(Shape)


def look_of(index: int) -> Look:
    """The look of the ``index``-th manager; colours and shapes repeat together only after 168."""
    return Look(MANAGER_COLOURS[index % len(MANAGER_COLOURS)], _SHAPES[index % len(_SHAPES)])


def looks(keys: Iterable[str]) -> dict[str, Look]:
    """A look for each key, by the order of the sorted keys, so a manager looks the same everywhere."""
    return {key: look_of(index) for index, key in enumerate(sorted(keys))}


@dataclass(frozen=True, slots=True)
class MapColours:
    """What the base map and the furniture over it are painted with."""

    sea: QColor
    land: QColor
    coast: QColor
    boundary: QColor
    major_road: QColor
    minor_road: QColor
    place: QColor
    halo: QColor
    outline: QColor
    highlight: QColor
    base: QColor
    cluster: QColor
    cluster_text: QColor
    panel: QColor
    dark: bool


def _colours(dark: bool, **names: str) -> MapColours:
    colours = {name: QColor(value) for name, value in names.items()}
    colours["panel"].setAlpha(215)
    return MapColours(dark=dark, **colours)


LIGHT = _colours(
    False, sea="#cfe0ea", land="#f6f4ee", coast="#9db4c0", boundary="#a99fb4", major_road="#e0a94a", minor_road="#d9d3c6",
    place="#3a3f44", halo="#f6f4ee", outline="#ffffff", highlight="#111111", base="#1b1f24", cluster="#3c4a57",
    cluster_text="#ffffff", panel="#ffffff",
)  # fmt: skip
DARK = _colours(
    True, sea="#10181f", land="#23282d", coast="#4a5a66", boundary="#6a6277", major_road="#8a6a2e", minor_road="#3b4147",
    place="#c9ced3", halo="#1b1f23", outline="#0c0e10", highlight="#ffffff", base="#f2f4f6", cluster="#b9c4ce",
    cluster_text="#14181c", panel="#181c20",
)  # fmt: skip


def colours_for(palette: QPalette) -> MapColours:
    """The theme of the map that belongs to the window's palette."""
    return DARK if palette.color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT
