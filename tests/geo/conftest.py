"""What the tests of geography share: the default policy, a small gazetteer, a small town of roads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from mosovo_planner.domain.policy import Policy, read_policy
from mosovo_planner.geo.gazetteer import Gazetteer, import_gazetteer, load_gazetteer
from mosovo_planner.resources import resource

settings.register_profile("patient", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("patient")

PLAIN = """pcds,lat,long,live
SN1 1AA,51.56000,-1.78000,1
SN1 1AB,51.56200,-1.78200,1
SN1 1AD,51.60000,-1.90000,0
SN1 2AA,51.55000,-1.79000,1
SN10 2DN,51.35628,-1.98449,1
SP2 9LU,51.08346,-1.82062,1
EC1A 1BB,51.52000,-0.09700,1
"""


@pytest.fixture
def policy() -> Policy:
    return read_policy(resource("policy/default.toml").read_text(encoding="utf-8"))


@pytest.fixture
def shared_file(shared: Path) -> Callable[[str], Path]:
    """Finds a file of the real data, which is not part of the project."""

    def find(name: str) -> Path:
        path = shared / "data" / name
        if not path.exists():
            pytest.skip(f"shared data absent: {name}")
        return path

    return find


@pytest.fixture
def gazetteer(tmp_path: Path) -> Gazetteer:
    source = tmp_path / "plain.csv"
    source.write_text(PLAIN, encoding="utf-8")
    import_gazetteer([source], folder=tmp_path / "data")
    loaded = load_gazetteer(tmp_path / "data")
    assert loaded is not None
    return loaded
