"""Reading a list exported from ViSOR: choose, see how it was understood, then work it off on its page."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabWidget, QWidget

from mosovo_planner.office.mapping import Profile, UnrecognisedTracker
from mosovo_planner.office.visor import PointKind, VisorWork, list_profiles, read_visor, save_list_profile
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.import_pages import ChoosePage, FindingsPanel
from mosovo_planner.ui.dialogs.mapping_tab import VISOR, MappingTab
from mosovo_planner.ui.dialogs.reading import CHOOSE, PREVIEW, ReadingDialog
from mosovo_planner.ui.errors import show_error, words_for
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

    def show_mapping_only(self, words: str, tables: tuple[object, ...], used: Profile | None) -> None:
        """Nothing was recognised: only the columns can be shown, to be mapped by hand."""
        self.summary.setText(words)
        self._show((), tables, used, 1)

    def _show(self, findings: tuple[object, ...], tables: tuple[object, ...], used: Profile | None, tab: int) -> None:
        self.findings.show_findings(findings)  # type: ignore[arg-type]
        self.mapping.show_tables(tables, used)  # type: ignore[arg-type]
        self.tabs.setTabText(0, f"&Findings ({self.findings.count:,})")
        self.tabs.setTabText(1, "C&olumns")
        self.tabs.setCurrentIndex(tab)


class ReadVisorDialog(ReadingDialog):
    """``compared`` brings the VisorWork to work off."""

    compared = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None, *, path: str = "") -> None:
        self.choose = ChoosePage(what="ViSOR list", kinds=_FILES, hint="Export (.xlsx, .csv)", words=_WORDS)
        self.read_page = ReadPage(desk)
        super().__init__(desk, "Compare with a ViSOR list", (self.choose, self.read_page), parent, what="comparison")
        self._profile: Profile | None = None
        self._work: VisorWork | None = None
        self.read_page.mapping.read_again.connect(self.read)
        self.read_page.mapping.remember.connect(self._remember)
        self.choose.path.returnPressed.connect(self.go_on)
        self._fetch_profiles()
        self.turn_to(CHOOSE)
        if path:
            self.choose.path.setText(path)

    def turn_to(self, page: int) -> None:
        super().turn_to(page)
        self.forward.setText("&Compare" if page == CHOOSE else "&Work it off")
        self.forward.setEnabled(page == CHOOSE or self._work is not None)
        if page == CHOOSE:
            self.choose.path.setFocus()

    def go_on(self) -> None:
        """Read the list, or go to the points to work off."""
        if self.pages.currentIndex() == CHOOSE:
            self.read(self.choose.profile())
        elif self._work is not None:
            self.compared.emit(self._work)
            self.accept()

    def _fetch_profiles(self) -> None:
        session, used = self._desk.session, self._desk.settings.visor_mapping
        self._desk.tasks.run(
            "Reading the mappings",
            lambda _report: list_profiles(session),
            done=lambda found: self.choose.show_profiles(found, used),
            owner=self,
            quiet=True,
        )

    def read(self, profile: Profile | None) -> None:
        """Read the list in a worker process and compare it."""
        if not self.choose.path.text().strip():
            self.choose.error.setText("Choose the list.")
            return
        session, as_of = self._desk.session, self._desk.as_of
        path = Path(self.choose.path.text().strip())
        self._profile = profile
        self.choose.error.setText("")
        self.busy("Reading the list")
        self.follow(
            self._desk.tasks.run(
                "Comparing with a ViSOR list",
                lambda report: read_visor(session, path, as_of, profile, report),
                done=self._show,
                failed=self._not_read,
                cancelled=lambda: self.turn_to(CHOOSE),
                owner=self,
            )
        )

    def _show(self, work: VisorWork) -> None:
        self._work = work
        self._desk.settings.visor_mapping = self._profile.name if self._profile else ""
        self.read_page.show_work(work, self._profile)
        self.turn_to(PREVIEW)

    def _not_read(self, error: BaseException) -> None:
        self._work = None
        if isinstance(error, UnrecognisedTracker) and error.tables:
            self.read_page.show_mapping_only(str(error), error.tables, self._profile)
            self.turn_to(PREVIEW)
            return
        self.turn_to(CHOOSE)
        words = words_for(error)
        self.choose.error.setText(words or "")
        if words is None:
            show_error(self, error)

    def _remember(self, profile: Profile) -> None:
        session = self._desk.session
        self._desk.settings.visor_mapping = profile.name
        self._desk.tasks.run(
            "Remembering the mapping",
            lambda _report: save_list_profile(session, profile),
            done=lambda _: self._fetch_profiles(),
            failed=lambda error: show_error(self, error, "The mapping was not remembered"),
            owner=self,
            quiet=True,
        )


def summary(work: VisorWork) -> str:
    """What the comparison found, in a sentence or two."""
    counts = {kind: sum(point.kind is kind and not point.settled for point in work.points) for kind in PointKind}
    return (
        f"{len(work.listed.people):,} people on the list, {work.matched:,} of them here, {work.same:,} with nothing open. "
        f"{counts[PointKind.VISIT]:,} visits not entered, {counts[PointKind.DIFFERENT]:,} differences, "
        f"{counts[PointKind.MISSING_HERE]:,} only on the list, {counts[PointKind.MISSING_THERE]:,} only here."
    )
