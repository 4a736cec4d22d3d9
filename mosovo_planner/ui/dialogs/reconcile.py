"""Two people changed one record at a time: what each changed is saved together, and only what both changed is asked about."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QDialog, QDialogButtonBox, QGridLayout, QPlainTextEdit, QRadioButton, QWidget

from mosovo_planner.domain.merging import Conflict, Fields, Merge, merge
from mosovo_planner.ui.dialogs.entry import text_field
from mosovo_planner.ui.widgets import button, button_box, card, column, label, scrolled

_LONG = 60
"""Text from so many characters on can be put together by hand."""


@dataclass(frozen=True)
class Merging:
    """What a form knows for it. ``before`` are the fields as the form was opened, ``mine`` as they were typed.

    ``read`` gives what is stored now (None: nothing any more), ``fields`` its fields, ``save`` puts merged fields in its
    place; ``words`` shows a field's value. ``together`` are groups of fields that are one question.
    """

    before: Fields
    mine: Fields
    read: Callable[[], Any]
    fields: Callable[[Any], Fields]
    save: Callable[[dict[str, Any], Any], object]
    words: Callable[[str, Any], str]
    together: Collection[Sequence[str]] = ()

    def merged(self, stored: Any) -> Merge:
        return merge(self.before, self.mine, self.fields(stored), self.together)


def named(name: str) -> str:
    """A field's name in words: ``Date of birth``."""
    return name.replace("_", " ").replace(".", ", ").capitalize()


def saved_words(found: Merge) -> str:
    """What is said once both changes are saved together."""
    theirs = ", ".join(named(name).lower() for name in found.theirs)
    mine = ", ".join(named(name).lower() for name in found.mine)
    return f"Somebody else changed {theirs} while you changed {mine}. Both changes are kept."


class MergeDialog(QDialog):
    """``agreed`` brings the fields with every question answered."""

    agreed = Signal(object)

    def __init__(self, found: Merge, words: Callable[[str, Any], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found = found
        self.setWindowTitle("Changed by two people")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(860, 520)
        self.questions = [_Question(conflict, words) for conflict in found.conflicts]
        both = {name for each in found.conflicts for name in each.names}
        told = (self._line(found.theirs, both, "changed by somebody else"), self._line(found.mine, both, "changed by you"))
        about = label(
            "Somebody else saved this record while you had it open. Choose for each field that you both changed; what only one "
            "of you changed is kept.",
            wrap=True,
        )  # fmt: skip
        self.error = label("", role="error", wrap=True)
        self.save = button("&Save together", self._agree, primary=True)
        buttons = button_box(QDialogButtonBox.StandardButton.Cancel)
        buttons.rejected.connect(self.reject)
        buttons.addButton(self.save, QDialogButtonBox.ButtonRole.ActionRole)
        inside = QWidget()
        inside.setLayout(column(*self.questions, None, space=12))
        body = column(
            about, scrolled(inside, "Fields that both changed"), *(label(each, role="muted", wrap=True) for each in told if each),
            self.error, buttons, margin=16, space=10,
        )  # fmt: skip
        body.setStretch(1, 1)
        self.setLayout(body)

    @staticmethod
    def _line(names: Sequence[str], both: Collection[str], words: str) -> str:
        alone = [named(name) for name in names if name not in both]
        return f"Kept, {words}: {', '.join(alone)}." if alone else ""

    def _agree(self) -> None:
        open_ones = [each for each in self.questions if each.answer is None]
        if open_ones:
            self.error.setText(f"Choose for {open_ones[0].title.lower()}.")
            return
        answers: Mapping[tuple[str, ...], Any] = {each.conflict.names: each.answer for each in self.questions}
        self.accept()
        self.agreed.emit(self._found.settled(answers))


class _Question(QWidget):
    """One field (or a few that belong together): before, theirs, mine; a long text can be put together by hand."""

    def __init__(self, conflict: Conflict, words: Callable[[str, Any], str]) -> None:
        super().__init__()
        self.conflict = conflict
        self.title = ", ".join(named(name) for name in conflict.names)
        self.theirs = QRadioButton("&Theirs, as stored now")
        self.mine = QRadioButton("&Mine, as typed")
        self._choice = QButtonGroup(self)
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        grid.setHorizontalSpacing(12)
        sides = ((label("Before"), conflict.before), (self.theirs, conflict.theirs), (self.mine, conflict.mine))
        for line, (left, values) in enumerate(sides):
            shown = "; ".join(words(name, value) for name, value in zip(conflict.names, values, strict=True))
            grid.addWidget(left, line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(shown, wrap=True, selectable=True), line, 1)
            if isinstance(left, QRadioButton):
                left.setAccessibleName(f"{self.title}: {left.text().replace('&', '')}")
                self._choice.addButton(left)
        self.text: QPlainTextEdit | None = None
        if self._is_text():
            together = f"{conflict.theirs[0]}\n{conflict.mine[0]}"
            self.text = text_field(f"{self.title}, put together", together, height=84)
            by_hand = QRadioButton("&Both, as put together here")
            by_hand.setAccessibleName(f"{self.title}: both, put together")
            self._choice.addButton(by_hand)
            self.text.textChanged.connect(lambda: by_hand.setChecked(True))
            grid.addWidget(by_hand, len(sides), 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self.text, len(sides), 1)
        self.setLayout(column(card(column(label(self.title, role="section"), grid, margin=10))))

    def _is_text(self) -> bool:
        values = (self.conflict.theirs[0], self.conflict.mine[0])
        texts = [each for each in values if isinstance(each, str)]
        return len(self.conflict.names) == 1 and len(texts) == 2 and any(len(each) >= _LONG or "\n" in each for each in texts)

    @property
    def answer(self) -> tuple[Any, ...] | None:
        """The values chosen; None where nothing is yet."""
        if self.mine.isChecked():
            return self.conflict.mine
        if self.theirs.isChecked():
            return self.conflict.theirs
        if self.text is not None and self._choice.checkedButton() is not None:
            return (self.text.toPlainText().strip(),)
        return None
