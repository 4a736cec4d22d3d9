"""Colours, light and dark: one table of tokens from which the palette, the style sheet and the chips are made.

Fusion with an explicit palette looks alike on every desktop, also where the platform tells Qt nothing
of dark mode. Every pair of text and ground is at least 4.5:1; a test holds that.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from mosovo_planner.resources import resource


@dataclass(frozen=True)
class Tone:
    """Ground and text of a chip."""

    ground: str
    text: str


@dataclass(frozen=True)
class Tokens:
    """The colours of one look. Tones are named by what they mean, never used without words."""

    dark: bool
    window: str
    base: str
    alternate: str
    nav: str
    text: str
    muted: str
    border: str
    frame: str
    accent: str
    accent_text: str
    selection: str
    selection_text: str
    hover: str
    danger: str
    banner: str
    banner_text: str
    tones: dict[str, Tone]


LIGHT = Tokens(
    dark=False,
    window="#f4f6f8",
    base="#ffffff",
    alternate="#f6f8fa",
    nav="#e8ecf1",
    text="#1a2430",
    muted="#52606f",
    border="#d3d9e1",
    frame="#77828f",
    accent="#1c5aa6",
    accent_text="#ffffff",
    selection="#cfe0f6",
    selection_text="#0f2440",
    hover="#dfe5ec",
    danger="#a3211b",
    banner="#0d2b4b",
    banner_text="#ffffff",
    tones={
        "very_high": Tone("#8f1d2c", "#ffffff"),
        "high": Tone("#b3470d", "#ffffff"),
        "medium": Tone("#f4dca8", "#473105"),
        "low": Tone("#d5ead9", "#1a4628"),
        "none": Tone("#e2e6eb", "#36424f"),
        "bad": Tone("#fadfdc", "#861a12"),
        "warn": Tone("#f9e8c3", "#523a05"),
        "good": Tone("#d5ead9", "#1a4628"),
        "info": Tone("#dae7f9", "#163d70"),
    },
)

DARK = Tokens(
    dark=True,
    window="#1e242b",
    base="#171c22",
    alternate="#1b2128",
    nav="#161a20",
    text="#e6eaef",
    muted="#a7b2bf",
    border="#36404b",
    frame="#8b97a5",
    accent="#7db4f5",
    accent_text="#0c1c30",
    selection="#284d78",
    selection_text="#ffffff",
    hover="#2a323c",
    danger="#ff9d94",
    banner="#0a2240",
    banner_text="#ffffff",
    tones={
        "very_high": Tone("#a62a3c", "#ffffff"),
        "high": Tone("#ae4a0f", "#ffffff"),
        "medium": Tone("#5a4616", "#ffe3aa"),
        "low": Tone("#1e4630", "#c9edd4"),
        "none": Tone("#39434f", "#e1e6ec"),
        "bad": Tone("#5b2320", "#ffd0cb"),
        "warn": Tone("#4f3d12", "#ffe3aa"),
        "good": Tone("#1e4630", "#c9edd4"),
        "info": Tone("#1e3f68", "#d0e3fb"),
    },
)


class Theme(QObject):
    """The look in use; ``changed`` fires when it turns light or dark.

    :attr:`sheet` is for the window, not for the application: with a style sheet of the application Qt matches every widget
    against it again each time it is put into another, and opening a page took four times as long.
    """

    changed = Signal()

    def __init__(self, app: QApplication, choice: str = "system") -> None:
        super().__init__(app)
        self._app = app
        self.choice = choice
        self.sheet = ""
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._follow)
        self.choose(choice)

    @property
    def tokens(self) -> Tokens:
        return _used[0]

    def choose(self, choice: str) -> None:
        """``system`` follows the desktop; ``light`` and ``dark`` stay."""
        self.choice = choice
        dark = choice == "dark" or (choice == "system" and self._app.styleHints().colorScheme() is Qt.ColorScheme.Dark)
        tokens = DARK if dark else LIGHT
        _used[0] = tokens
        self._app.setPalette(palette(tokens))
        self.sheet = style_sheet(tokens)
        self.changed.emit()

    def _follow(self) -> None:
        if self.choice == "system":
            self.choose("system")


_used = [LIGHT]


def tokens() -> Tokens:
    """The colours in use now, for whoever paints."""
    return _used[0]


def palette(look: Tokens) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: look.window, role.WindowText: look.text, role.Base: look.base, role.AlternateBase: look.alternate,
        role.Text: look.text, role.Button: look.window, role.ButtonText: look.text, role.BrightText: look.danger,
        role.ToolTipBase: look.base, role.ToolTipText: look.text, role.PlaceholderText: look.muted,
        role.Highlight: look.selection, role.HighlightedText: look.selection_text, role.Link: look.accent,
        role.LinkVisited: look.accent, role.Light: look.base, role.Midlight: look.hover, role.Mid: look.border,
        role.Dark: look.frame, role.Shadow: look.border, role.Accent: look.accent,
    }  # fmt: skip
    made = QPalette()
    for each, colour in colours.items():
        made.setColor(each, QColor(colour))
    for each in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, each, QColor(look.muted))
    return made


def style_sheet(look: Tokens) -> str:
    """``resources/styles/window.qss`` with ``@name`` replaced by the look's colour of that name."""
    text = resource("styles/window.qss").read_text(encoding="utf-8")
    names = sorted((field.name for field in fields(look) if field.type == "str"), key=len, reverse=True)
    for name in names:  # the longest first: @nav must not eat a part of a longer name
        text = text.replace(f"@{name}", getattr(look, name))
    return text.replace("$icons", resource("icons").as_posix()).replace("$look", "dark" if look.dark else "light")


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    brighter, darker = sorted((_luminance(QColor(one)), _luminance(QColor(other))), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: QColor) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
