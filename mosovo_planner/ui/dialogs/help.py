"""Help from local pages, the list of keys, and About. Nothing here can fetch anything."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QTextBrowser, QWidget

import mosovo_planner
from mosovo_planner.resources import resource
from mosovo_planner.ui.actions import ACTIONS, keys_of
from mosovo_planner.ui.table.view import KEYS
from mosovo_planner.ui.widgets import button, button_box, column, label, line, row, scrolled

PAGES = {
    "index": "index",
    "caseload": "caseload",
    "outstanding": "outstanding",
    "workload": "workload",
    "allocation": "allocation",
    "plan": "plan",
    "offduty": "offduty",
    "visor": "visor",
    "policy": "policy",
    "performance": "performance",
    "users": "users",
    "audit": "audit",
}
"""The help page of each view."""

_PLACE = re.compile(r"^&?\d ")
"""The digit before a view's name in the menu, which says its key."""
_SOURCES = (
    "Coast: GSHHG (Wessel and Smith), LGPL. Places © GeoNames (CC BY 4.0). Postcodes you import: contains OS data © Crown "
    "copyright and database right, Royal Mail data © Royal Mail copyright and database right, National Statistics data © "
    "Crown copyright and database right. Roads you import: © OpenStreetMap contributors (ODbL)."
)


class LocalBrowser(QTextBrowser):
    """Shows pages of the help folder only; every other address, local or on a network, comes out empty."""

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder = folder.resolve()
        self.setOpenExternalLinks(False)
        self.setAccessibleName("Help page")

    def loadResource(self, _kind: int, name: QUrl | str) -> object:
        url = self.source().resolved(QUrl(name) if isinstance(name, str) else name)
        path = Path(url.toLocalFile()).resolve() if url.isLocalFile() else None
        if path is None or path.parent != self._folder or not path.is_file():
            return ""
        return path.read_text(encoding="utf-8")

    def show_page(self, name: str) -> None:
        self.setSource(QUrl.fromLocalFile(str(self._folder / f"{name}.html")))


class HelpDialog(QDialog):
    """A window of its own that may stay open beside the work."""

    def __init__(self, view: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Help")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(640, 640)
        self.browser = LocalBrowser(resource("help"))
        buttons = button_box(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        back = button("&Back", self.browser.backward)
        back.setEnabled(False)
        self.browser.backwardAvailable.connect(back.setEnabled)
        contents = button("&Contents", lambda: self.browser.show_page("index"))
        body = column(row(contents, back, None), self.browser, buttons, margin=12)
        body.setStretch(1, 1)
        self.setLayout(body)
        self.browser.show_page(PAGES.get(view, "index"))


class _WordsDialog(QDialog):
    """A dialog that only says something."""

    def words(self) -> list[str]:
        return [each.text() for each in self.findChildren(QLabel)]


class KeysDialog(_WordsDialog):
    """Every key, made from the table of actions."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(520, 560)
        pairs = [(_PLACE.sub("Go to ", spec.text), keys[0].toString()) for spec in ACTIONS if (keys := keys_of(spec))]
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        for number, (text, key) in enumerate((*pairs, *KEYS)):
            grid.addWidget(label(key), number, 0)
            grid.addWidget(label(text.replace("&", "").removesuffix("…")), number, 1)
        grid.setColumnStretch(1, 1)
        inside = QWidget()
        inside.setLayout(column(grid, None))
        buttons = button_box(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        body = column(scrolled(inside, "Keys"), buttons, margin=16)
        body.setStretch(0, 1)
        self.setLayout(body)


class AboutDialog(_WordsDialog):
    """Version, licence, and where the data on the map comes from."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About MOSOVO Planner")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(520)
        buttons = button_box(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        self.setLayout(
            column(
                label("MOSOVO Planner", role="title"),
                label(f"Version {mosovo_planner.__version__}. MIT licence.", role="muted"),
                label("Caseload, allocation by location and weeks of paired visits.", wrap=True),
                label("It proposes; a named person approves.", wrap=True),
                label("It needs no network and uses none. It does not replace ViSOR.", wrap=True),
                line(),
                label(_SOURCES, role="muted", wrap=True),
                label("Made with Qt for Python (LGPL).", role="muted", wrap=True),
                buttons,
                margin=20, space=12,
            )
        )  # fmt: skip
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)
