"""Giving an offender a position by hand: a click on the map, or coordinates typed in."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QDoubleSpinBox, QWidget

from mosovo_planner.domain.people import Offender
from mosovo_planner.office.caseload import place_offender
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.errors import show_error
from mosovo_planner.ui.map.loading import load_base_map
from mosovo_planner.ui.map.marks import BaseMark, Look, Marker, Shape
from mosovo_planner.ui.map.view import MapView
from mosovo_planner.ui.theme import tokens
from mosovo_planner.ui.widgets import airy, button, button_box, column, label, row


class PlaceDialog(QDialog):
    """The keyboard way is the two fields; a click on the map fills them."""

    def __init__(self, desk: Desk, offender: Offender, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._offender = offender
        self.setWindowTitle("Place on the map")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(820, 620)
        self.lat = _degrees("Latitude", 49.0, 61.0)
        self.lon = _degrees("Longitude", -9.0, 2.5)
        self.map = MapView()
        self.map.set_placing(True)
        self.map.place_chosen.connect(self.take)
        for field in (self.lat, self.lon):
            field.valueChanged.connect(lambda _: self._mark())
        buttons = button_box(QDialogButtonBox.StandardButton.Cancel)
        buttons.rejected.connect(self.reject)
        self._keep = button("&Keep this place", self.keep, primary=True)
        self._keep.setEnabled(False)
        buttons.addButton(self._keep, QDialogButtonBox.ButtonRole.ActionRole)
        address = ", ".join(part for part in (offender.address, offender.postcode) if part)
        body = column(
            row(label(offender.name, role="heading"), None, label(offender.ref, role="muted")),
            label(address or "No address held", wrap=True, selectable=True),
            label("Click where he lives, or type the coordinates. The place is kept as placed by hand.", role="muted", wrap=True),
            self.map,
            row(label("L&atitude", buddy=self.lat), self.lat, label("L&ongitude", buddy=self.lon), self.lon, None),
            buttons,
            margin=16,
        )
        body.setStretch(3, 1)
        self.setLayout(body)
        self._start()

    def _start(self) -> None:
        view = self._desk.view
        managers = view.managers if view else ()
        based = [(each, each.position) for each in managers if each.position]
        self.map.set_bases([BaseMark(each.id, each.base or each.label, at.lat, at.lon) for each, at in based])
        if self._offender.position:
            self.take(self._offender.position.lat, self._offender.position.lon)
        QTimer.singleShot(0, self.map, self.map.fit)  # once it has its size
        self._keep.setEnabled(False)
        load_base_map(self.map, self._desk.tasks)

    def take(self, lat: float, lon: float) -> None:
        """Put the mark on a position."""
        self.lat.setValue(lat)
        self.lon.setValue(lon)

    def _mark(self) -> None:
        self._keep.setEnabled(True)
        look = Look(tokens().accent, Shape.CIRCLE)
        self.map.set_markers([Marker(self._offender.ref, self.lat.value(), self.lon.value(), look, self._offender.ref)])

    def keep(self) -> None:
        """Save the position and read the caseload again."""
        session, ref, lat, lon = self._desk.session, self._offender.ref, self.lat.value(), self.lon.value()
        work: Callable[[object], None] = lambda _report: place_offender(session, ref, lat, lon)  # noqa: E731
        self._keep.setEnabled(False)
        self._desk.tasks.run("Saving the place", work, done=lambda _: self._kept(), failed=self._refused, owner=self)

    def _kept(self) -> None:
        self._desk.records_changed()
        self.accept()

    def _refused(self, error: BaseException) -> None:
        self._keep.setEnabled(True)
        show_error(self, error, "The place was not saved")


def _degrees(name: str, lowest: float, highest: float) -> QDoubleSpinBox:
    """A field for degrees within Great Britain and Northern Ireland."""
    field = airy(QDoubleSpinBox())
    field.setDecimals(5)
    field.setSingleStep(0.001)
    field.setRange(lowest, highest)
    field.setValue((lowest + highest) / 2)
    field.setAccessibleName(name)
    return field
