"""The certificates of erasures: what remains of them, to be printed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QWidget

from mosovo_planner.domain.retention import ErasureCertificate
from mosovo_planner.office.retention import certificate_paper, certificates, compact_now
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.errors import show_error
from mosovo_planner.ui.table import Column, Table, TablePanel
from mosovo_planner.ui.widgets import button, button_box, column, label

_COLUMNS: tuple[Column[ErasureCertificate], ...] = (
    Column("id", "Certificate", lambda each: each.id, width=14),
    Column("at", "Erased", lambda each: each.approved_at, width=18),
    Column("why", "Why", lambda each: each.ground.label, width=40),
    Column("asked", "Asked for by", lambda each: each.asked_by, width=18),
    Column("by", "Approved by", lambda each: each.approved_by, width=18),
    Column("entry", "Entry", lambda each: each.entry, width=9, right=True),
    Column("file", "File rewritten", lambda each: "yes" if each.compacted else "not yet", width=14,
           tone=lambda each: "good" if each.compacted else "warn"),
)  # fmt: skip


class ErasuresDialog(QDialog):
    """A table, and the certificate as a paper."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setWindowTitle("Erasures")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(980, 420)
        self.table: Table[ErasureCertificate] = Table(
            "erasures", "Erasures", _COLUMNS, lambda each: each.id, settings=desk.settings
        )
        self.show_button = button("&Certificate…", self.show_certificate, primary=True)
        self.compact_button = button("&Rewrite the file now", self._compact, tip="Where that had to wait, such as on a full disk")
        self.words = label("A certificate holds nothing of what was erased.", role="muted", wrap=True)
        panel = TablePanel(
            self.table, hint="Search certificates", empty="No record was erased.", extras=(self.show_button, self.compact_button)
        )
        buttons = button_box(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        body = column(panel, self.words, buttons, margin=16)
        body.setStretch(0, 1)
        self.setLayout(body)
        self.table.chosen.connect(lambda chosen: self.show_button.setEnabled(chosen is not None))
        self.table.opened.connect(lambda _: self.show_certificate())
        self.table.sort_by("at", descending=True)
        self.show_button.setEnabled(False)
        self.compact_button.hide()
        self.load()

    def load(self) -> None:
        session = self._desk.session
        self._desk.tasks.run(
            "Reading the certificates", lambda _report: certificates(session), done=self._show, owner=self, quiet=True,
            failed=lambda error: show_error(self, error, "The certificates were not read"),
        )  # fmt: skip

    def _show(self, found: tuple[ErasureCertificate, ...]) -> None:
        self.table.set_rows(found)
        waits = any(each.compacted is None for each in found) and self._desk.session.workspace.folder is not None
        self.compact_button.setVisible(waits)

    def show_certificate(self) -> None:
        """The certificate as a paper, to be printed or saved."""
        from mosovo_planner.ui.dialogs.print_dialog import PrintDialog

        chosen, session = self.table.current, self._desk.session
        if chosen is not None:
            ready = ("Certificate of erasure", lambda: certificate_paper(session, chosen))
            PrintDialog(self._desk, self, ready=ready).open()

    def _compact(self) -> None:
        session = self._desk.session
        self._desk.tasks.run(
            "Rewriting the file", lambda _report: compact_now(session), done=self._compacted, owner=self,
            failed=lambda error: show_error(self, error, "The file was not rewritten"),
        )  # fmt: skip

    def _compacted(self, against: str) -> None:
        self.words.setText(against or "The file was rewritten without what was erased.")
        self.load()
