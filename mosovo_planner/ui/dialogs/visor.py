"""Reading a list exported from ViSOR: choose, see how it was understood, then work it off on its page."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabWidget, QWidget

from mosovo_planner.office.mapping import Finding, Profile, TableReading
from mosovo_planner.office.visor import PointKind, VisorWork, list_profiles, read_visor, save_list_profile
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.import_pages import ChoosePage, FindingsPanel
from mosovo_planner.ui.dialogs.mapping_tab import VISOR, MappingTab
from mosovo_planner.ui.dialogs.reading import CHOOSE, PREVIEW, MappedDialog, Source
from mosovo_planner.ui.plan.figures import counted
from mosovo_planner.ui.widgets import column, holder, label

_FILES = "Lists (*.xlsx *.xlsm *.csv *.txt *.tsv);;All files (*)"
_WORDS = (
    "A list exported from ViSOR is compared with the caseload: who is missing on either side, what differs, which visits the "
    "list does not show. The program reads the list and never writes to ViSOR. Nothing here changes until you say so."
)


class ReadPage(QWidget):
    """How the list was understood, and what was doubtful."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.summary = label("", role="heading", wrap=True)
        self.findings = FindingsPanel(desk)
        self.mapping = MappingTab(kinds=VISOR)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        for page in (self.findings, self.mapping):
            self.tabs.addTab(holder(column(page, margin=6)), "")
        body = column(self.summary, self.tabs)
        body.setStretch(1, 1)
        self.setLayout(body)

    def show_work(self, work: VisorWork, used: Profile | None) -> None:
        self.summary.setText(summary(work))
        self._show(work.listed.findings, work.listed.tables, used, 0 if work.listed.findings else 1)

    def show_mapping_only(self, words: str, tables: Sequence[TableReading], used: Profile | None) -> None:
        """Nothing was recognised: only the columns can be shown, to be mapped by hand."""
        self.summary.setText(words)
        self._show((), tables, used, 1)

    def _show(self, findings: Sequence[Finding], tables: Sequence[TableReading], used: Profile | None, tab: int) -> None:
        self.findings.show_findings(findings)
        self.mapping.show_tables(tables, used)
        self.tabs.setTabText(0, f"&Findings ({self.findings.count:,})")
        self.tabs.setTabText(1, "C&olumns")
        self.tabs.setCurrentIndex(tab)


_SOURCE = Source("Comparing with a ViSOR list", "Choose the list.", read_visor, list_profiles, save_list_profile)


class ReadVisorDialog(MappedDialog):
    """``compared`` brings the VisorWork to work off."""

    compared = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        self.read_page = ReadPage(desk)
        self._work: VisorWork | None = None
        choose = ChoosePage(what="ViSOR list", kinds=_FILES, hint="Export (.xlsx, .csv)", words=_WORDS)
        super().__init__(desk, "Compare with a ViSOR list", _SOURCE, (choose, self.read_page), parent, what="comparison")
        self.read_page.mapping.remember.connect(self._use_again)

    @property
    def used_profile(self) -> str:
        """Columns are mapped once: the mapping used last is chosen."""
        return self._desk.settings.visor_mapping

    def _use_again(self, profile: Profile) -> None:
        self._desk.settings.visor_mapping = profile.name

    def turn_to(self, page: int) -> None:
        super().turn_to(page)
        self.forward.setText("&Compare" if page == CHOOSE else "&Work it off")
        self.forward.setEnabled(page == CHOOSE or self._work is not None)

    def go_on(self) -> None:
        """Read the list, or go to the points to work off."""
        if self.pages.currentIndex() == CHOOSE:
            self.read(self.choose.profile())
        elif self._work is not None:
            self.compared.emit(self._work)
            self.accept()

    def show_read(self, result: VisorWork, used: Profile | None) -> None:
        self._work = result
        self._desk.settings.visor_mapping = used.name if used else ""
        self.read_page.show_work(result, used)
        self.turn_to(PREVIEW)

    def forget_read(self) -> None:
        self._work = None


def summary(work: VisorWork) -> str:
    """What the comparison found, in a sentence or two."""
    counts = {kind: sum(point.kind is kind and not point.settled for point in work.points) for kind in PointKind}
    return (
        f"{len(work.listed.people):,} people on the list, {work.matched:,} of them here, {work.same:,} with nothing open. "
        f"{counted(counts[PointKind.VISIT], 'visit')} not entered, {counted(counts[PointKind.DIFFERENT], 'difference')}, "
        f"{counts[PointKind.MISSING_HERE]:,} only on the list, {counts[PointKind.MISSING_THERE]:,} only here."
    )
