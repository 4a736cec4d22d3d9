"""Where the files beside the code are: policy, schemas, icons, help, base map."""

from __future__ import annotations

from pathlib import Path

_INSTALLED = Path(__file__).with_name("resources")
_CHECKOUT = Path(__file__).parent.parent / "resources"


def resource(name: str) -> Path:
    """The path of a resource file, in a wheel or in a checkout: ``resource("policy/default.toml")``."""
    return (_INSTALLED if _INSTALLED.is_dir() else _CHECKOUT) / name
