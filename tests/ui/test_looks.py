"""Words can be read in both looks, and colour is never the only sign."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from mosovo_planner.ui.icons import icon
from mosovo_planner.ui.theme import DARK, LIGHT, Theme, Tokens, contrast, palette, style_sheet, tokens

LOOKS = pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])


@LOOKS
def test_every_pair_of_text_and_ground_can_be_read(look: Tokens) -> None:
    pairs = {
        "text on window": (look.text, look.window), "text on base": (look.text, look.base),
        "text on alternate rows": (look.text, look.alternate), "text on navigation": (look.text, look.nav),
        "muted on window": (look.muted, look.window), "muted on base": (look.muted, look.base),
        "selection": (look.selection_text, look.selection), "accent": (look.accent_text, look.accent),
        "banner": (look.banner_text, look.banner), "error on window": (look.danger, look.window),
        "error on base": (look.danger, look.base), "link": (look.accent, look.window), "hover": (look.text, look.hover),
        **{f"chip {name}": (tone.text, tone.ground) for name, tone in look.tones.items()},
    }  # fmt: skip
    assert {name: contrast(*pair) for name, pair in pairs.items() if contrast(*pair) < 4.5} == {}


@LOOKS
def test_borders_of_fields_and_check_boxes_can_be_seen(look: Tokens) -> None:
    assert contrast(look.frame, look.base) >= 3
    assert contrast(look.frame, look.window) >= 3


@LOOKS
def test_the_style_sheet_has_no_name_left_open(look: Tokens) -> None:
    sheet = style_sheet(look)
    assert "@" not in sheet.partition("*/")[2]
    assert "$" not in sheet.partition("*/")[2]


@LOOKS
def test_the_palette_carries_the_look(look: Tokens) -> None:
    assert palette(look).color(QPalette.ColorRole.Window).name() == look.window


def test_choosing_a_look_changes_the_colours_and_says_so(qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    told: list[str] = []
    theme.changed.connect(lambda: told.append("changed"))
    theme.choose("dark")
    assert tokens() is DARK
    assert told == ["changed"]
    theme.choose("light")
    assert tokens() is LIGHT


def test_contrast_is_measured_as_the_guidelines_do() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("name", ["caseload", "outstanding", "workload", "allocation", "plan", "app"])
def test_icons_can_be_drawn(qapp: QApplication, name: str) -> None:
    picture = icon(name).pixmap(24, 24).toImage()
    assert any(picture.pixelColor(x, y).alpha() for x in range(picture.width()) for y in range(picture.height()))
