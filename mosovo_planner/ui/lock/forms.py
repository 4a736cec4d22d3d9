"""Forms half filled in: which are open, what was typed into them, and putting it back into a form that is opened again.

Nothing here knows a particular form: fields are known by kind, by the name a screen reader says, and by order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from PySide6.QtCore import QDate, QDateTime, Qt, QTime
from PySide6.QtPrintSupport import QAbstractPrintDialog
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QDateEdit,
    QDateTimeEdit,
    QDialog,
    QDoubleSpinBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QSpinBox,
    QTextEdit,
    QTimeEdit,
    QWidget,
)

from mosovo_planner.domain.drafts import FieldDraft, FormDraft
from mosovo_planner.ui.table import TablePanel

_LOOKUPS = frozenset({"WhoDialog", "HelpDialog", "ChoiceDialog", "PrintDialog", "QMessageBox"})
"""Dialogs that ask or show; nothing written in them is kept."""
_MOMENT = "yyyy-MM-ddTHH:mm:ss"


def open_forms() -> list[QDialog]:
    """The forms on show, the one on top last. A file that is only looked at is no form."""
    return [
        each
        for each in QApplication.topLevelWidgets()
        if isinstance(each, QDialog)
        and each.isModal()
        and not isinstance(each, (QFileDialog, QAbstractPrintDialog))
        and type(each).__name__ not in _LOOKUPS
    ]


def open_file() -> str:
    """The reference of the offender whose file is open in a window of its own; empty where none is."""
    files = (each for each in QApplication.topLevelWidgets() if type(each).__name__ == "FileWindow" and each.isVisible())
    return next((str(getattr(each, "ref", "")) for each in files), "")


def form_of(dialog: QDialog, fields: Iterable[FieldDraft]) -> FormDraft:
    """A form as it is kept."""
    about = str(getattr(dialog, "about", ""))
    return FormDraft(type(dialog).__name__, about, dialog.windowTitle(), heading_of(dialog), tuple(fields))


def heading_of(dialog: QDialog) -> str:
    """The heading and the reference beside it: people may have the same name."""
    labels = dialog.findChildren(QLabel)
    place = next((place for place, each in enumerate(labels) if each.property("role") == "heading"), None)
    if place is None:
        return ""
    beside = labels[place + 1 : place + 2]
    return "  ".join(each.text() for each in (labels[place], *(each for each in beside if each.property("role") == "muted")))


def is_for(dialog: QDialog, form: FormDraft) -> bool:
    """Whether this is the same form about the same person or thing, opened again."""
    same = type(dialog).__name__ == form.form and str(getattr(dialog, "about", "")) == form.about
    return same and heading_of(dialog) == form.heading


def read(dialog: QWidget) -> tuple[FieldDraft, ...]:
    """Every field that somebody can fill in; pass phrases are never read."""
    return tuple(FieldDraft(kind, name, place, _value(field)) for field, kind, name, place in _fields(dialog))


def fill(dialog: QWidget, fields: Iterable[FieldDraft]) -> list[FieldDraft]:
    """Put what was typed back; what found no field is given back."""
    left = []
    for each in fields:
        # Looked for anew each time: a field may only come when another one is filled in.
        field = next((found for found, *key in _fields(dialog) if tuple(key) == (each.kind, each.name, each.place)), None)
        if field is None or not _put(field, each.value):
            left.append(each)
    return left


def words_of(form: FormDraft, fields: Iterable[FieldDraft] | None = None) -> str:
    """What was typed, as text that can be read and copied."""
    lines = [f"{form.title}: {form.heading}".rstrip(": ")]
    lines += [f"{each.name}: {each.value}" for each in (form.fields if fields is None else fields) if each.value]
    return "\n".join(lines)


def _fields(dialog: QWidget) -> Iterator[tuple[QWidget, str, str, int]]:
    seen: Counter[tuple[str, str]] = Counter()
    for each in dialog.findChildren(QWidget):
        kind = _kind(each)
        if kind:
            name = each.accessibleName() or (each.text().replace("&", "") if isinstance(each, QAbstractButton) else "")
            yield each, kind, name, seen[kind, name]
            seen[kind, name] += 1


def _kind(widget: QWidget) -> str:
    """What kind of field it is; nothing for what is no field, or only part of one."""
    parent = widget.parentWidget()
    if isinstance(widget, QLineEdit):
        inside = isinstance(parent, (QAbstractSpinBox, QComboBox, TablePanel))
        secret = widget.echoMode() != QLineEdit.EchoMode.Normal
        return "" if inside or secret or widget.isReadOnly() else "line"
    if isinstance(widget, (QPlainTextEdit, QTextEdit)):
        return "" if widget.isReadOnly() else "text"
    if isinstance(widget, QComboBox):
        return "choice"
    if isinstance(widget, QDateTimeEdit):
        return "moment"
    if isinstance(widget, (QSpinBox, QDoubleSpinBox)):
        return "number"
    return "tick" if isinstance(widget, (QCheckBox, QRadioButton)) else ""


def _value(field: QWidget) -> str:
    if isinstance(field, QLineEdit):
        return field.text()
    if isinstance(field, (QPlainTextEdit, QTextEdit)):
        return field.toPlainText()
    if isinstance(field, QComboBox):
        return field.currentText()
    if isinstance(field, QDateTimeEdit):
        return field.dateTime().toString(_MOMENT)
    if isinstance(field, (QSpinBox, QDoubleSpinBox)):
        return repr(field.value())
    return "yes" if isinstance(field, QAbstractButton) and field.isChecked() else ""


def _put(field: QWidget, value: str) -> bool:
    """Whether the value fits the field and stands in it now."""
    if isinstance(field, QLineEdit):
        field.setText(value)
    elif isinstance(field, (QPlainTextEdit, QTextEdit)):
        field.setPlainText(value)
    elif isinstance(field, QComboBox):
        place = field.findText(value, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchCaseSensitive)
        if place >= 0:
            field.setCurrentIndex(place)
        elif field.isEditable():
            field.setEditText(value)
        else:
            return False
    elif isinstance(field, QDateTimeEdit):
        _put_moment(field, QDateTime.fromString(value, _MOMENT))
    elif isinstance(field, QSpinBox):
        field.setValue(int(value))
    elif isinstance(field, QDoubleSpinBox):
        field.setValue(float(value))
    elif isinstance(field, QAbstractButton):
        field.setChecked(bool(value))
    return _value(field) == value


def _put_moment(field: QDateTimeEdit, moment: QDateTime) -> None:
    day, clock = QDate(moment.date()), QTime(moment.time())
    if isinstance(field, QDateEdit):
        field.setDate(day)
    elif isinstance(field, QTimeEdit):
        field.setTime(clock)
    else:
        field.setDateTime(moment)
