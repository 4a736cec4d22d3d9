"""A map on the screen, with an invented coast and invented offenders."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mosovo_planner.ui.map.marks import Marker
from mosovo_planner.ui.map.palette import look_of
from mosovo_planner.ui.map.view import MapView


@pytest.fixture
def map_view(qtbot: QtBot) -> MapView:
    view = MapView()
    qtbot.addWidget(view)
    view.resize(640, 480)
    with qtbot.waitExposed(view):
        view.show()
    return view


@pytest.fixture
def island() -> SimpleNamespace:
    """A square island around Devizes with a town, a village and a road."""
    ring = np.array([[-3.0, 51.0], [-1.0, 51.0], [-1.0, 52.0], [-3.0, 52.0], [-3.0, 51.0]])
    return SimpleNamespace(
        land=(ring,),
        boundaries=(SimpleNamespace(name="Island", ring=ring),),
        roads=(SimpleNamespace(kind="motorway", name="M4", line=np.array([[-3.0, 51.5], [-1.0, 51.5]])),),
        places=(("Town", 51.7, -2.0, 80_000), ("Village", 51.71, -2.0, 700)),
        attribution="Invented data",
    )


@pytest.fixture
def offenders() -> list[Marker]:
    """Twelve invented offenders on a grid about ten kilometres wide."""
    return [
        Marker(f"SYN-{each}", 51.3 + 0.03 * (each // 4), -2.1 + 0.05 * (each % 4), look_of(each), f"SYN-{each} · Low risk")
        for each in range(12)
    ]
