"""Reading a file of incident logs by hand: choose, match, look at what was found, keep it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabWidget, QWidget

from mosovo_planner.domain.matching import SetAside, Sureness
from mosovo_planner.domain.off_duty import LoggedMatch
from mosovo_planner.office.incidents import LogReading, keep_logs, log_profiles, read_logs, save_log_profile
from mosovo_planner.office.mapping import Profile, TableReading
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.import_pages import ChoosePage, FindingsPanel
from mosovo_planner.ui.dialogs.mapping_tab import LOGS, MappingTab
from mosovo_planner.ui.dialogs.reading import CHOOSE, PREVIEW, MappedDialog, Source
from mosovo_planner.ui.errors import show_error
from mosovo_planner.ui.offduty.rows import ASIDE_COLUMNS, FOUND_COLUMNS, FoundRow
from mosovo_planner.ui.table import Table, TablePanel
from mosovo_planner.ui.widgets import column, holder, label

_FILES = "Incident logs (*.csv *.xlsx *.xlsm *.json *.txt *.tsv);;All files (*)"
_WORDS = (
    "Logs exported from the force's system are matched to the caseload by reference, name, date of birth, address and vehicle. "
    "Nothing is kept until you have seen what was found; logs that fit nobody are not kept at all."
)


class FoundPage(QWidget):
    """What matched, what is doubtful, what was set aside, and how the columns were understood."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.summary = label("", role="heading", wrap=True)
        self.more = label("", role="muted", wrap=True)
        self.found: Table[FoundRow] = Table(
            "logs found", "Matches found", FOUND_COLUMNS, lambda each: str(each.place), settings=desk.settings
        )
        self.found.may_copy = False
        self.found_panel = TablePanel(self.found, hint="Search matches", empty="No log fits anybody of the caseload.")
        self.findings = FindingsPanel(desk)
        self.aside: Table[tuple[int, SetAside]] = Table(
            "logs aside", "Logs set aside", ASIDE_COLUMNS, lambda each: str(each[0]), settings=desk.settings
        )
        self.aside_panel = TablePanel(self.aside, hint="Search", empty="No log fits too many people.")
        self.mapping = MappingTab(kinds=LOGS)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        for page in (self.found_panel, self.findings, self.aside_panel, self.mapping):
            self.tabs.addTab(holder(column(page, margin=6)), "")
        body = column(self.summary, self.more, self.tabs)
        body.setStretch(2, 1)
        self.setLayout(body)

    def show_reading(self, reading: LogReading, names: dict[str, str], used: Profile | None) -> None:
        logs, result = reading.matched.logs, reading.matched.result
        self.summary.setText(summary(reading))
        newest = max((log.at for log in logs.logs if log.at), default=None)
        self.more.setText(f"{logs.path_name}" + (f", logs up to {newest:%d/%m/%Y %H:%M}" if newest else ""))
        rows = [
            FoundRow(place, match, logs.logs[match.log], names.get(match.ref, match.ref))
            for place, match in enumerate(result.matches)
        ]
        self.found.set_rows(rows)
        self.findings.show_findings(logs.findings)
        self.aside.set_rows(list(enumerate(result.set_aside)))
        self.mapping.show_tables(logs.tables, used)
        self._name_tabs()
        self.tabs.setCurrentIndex(0)

    def show_mapping_only(self, words: str, tables: Sequence[TableReading], used: Profile | None) -> None:
        """Nothing was recognised: only the columns can be shown, to be mapped by hand."""
        self.summary.setText(words)
        self.more.setText("")
        self.found.set_rows([])
        self.findings.show_findings(())
        self.aside.set_rows([])
        self.mapping.show_tables(tables, used)
        self._name_tabs()
        self.tabs.setCurrentIndex(3)

    def _name_tabs(self) -> None:
        counts = (len(self.found.table_model.rows), self.findings.count, len(self.aside.table_model.rows))
        titles = ("&Matches", "&Findings", "Set &aside")
        for place, (title, count) in enumerate(zip(titles, counts, strict=True)):
            self.tabs.setTabText(place, f"{title} ({count:,})")
        self.tabs.setTabText(3, "C&olumns")


_SOURCE = Source("Reading incident logs", "Choose the file.", read_logs, log_profiles, save_log_profile)


class ReadLogsDialog(MappedDialog):
    """``kept`` brings how many matches are new."""

    kept = Signal(int)

    def __init__(self, desk: Desk, parent: QWidget | None = None, *, path: str = "") -> None:
        self.found_page = FoundPage(desk)
        self._reading: LogReading | None = None
        choose = ChoosePage(what="file of incident logs", kinds=_FILES, hint="Export (.csv, .xlsx, .json)", words=_WORDS)
        super().__init__(desk, "Read incident logs", _SOURCE, (choose, self.found_page), parent, what="reading")
        if path:
            self.choose.path.setText(path)
            self.go_on()

    @property
    def as_of(self) -> date:
        """Logs are of the real night, whatever day is looked at."""
        return date.today()

    def turn_to(self, page: int) -> None:
        super().turn_to(page)
        new = len(self._reading.matched.result.matches) if self._reading else 0
        self.forward.setText("&Read" if page == CHOOSE else f"&Keep {new:,} matches" if new != 1 else "&Keep 1 match")
        self.forward.setEnabled(page == CHOOSE or self._reading is not None)

    def go_on(self) -> None:
        """Read the file, or keep what was found."""
        if self.pages.currentIndex() == CHOOSE:
            self.read(self.choose.profile())
        elif self._reading is not None:
            self._keep(self._reading)

    def show_read(self, result: LogReading, used: Profile | None) -> None:
        self._reading = result
        names = {case.offender.ref: case.offender.name for case in self._desk.view.cases} if self._desk.view else {}
        self.found_page.show_reading(result, names, used)
        self.turn_to(PREVIEW)

    def forget_read(self) -> None:
        self._reading = None

    # Keeping

    def _keep(self, reading: LogReading) -> None:
        session = self._desk.session
        self.busy("Keeping the matches")
        self.follow(
            self._desk.tasks.run(
                "Keeping the matches",
                lambda _report: keep_logs(session, reading),
                done=self._done,
                failed=self._not_kept,
                cancelled=lambda: self.turn_to(PREVIEW),
                owner=self,
            )
        )

    def _done(self, new: tuple[LoggedMatch, ...]) -> None:
        self.kept.emit(len(new))
        self._task = None
        self.accept()

    def _not_kept(self, error: BaseException) -> None:
        self.turn_to(PREVIEW)
        show_error(self, error, "Nothing was kept")


def summary(reading: LogReading) -> str:
    """What was read and found, in a sentence or two."""
    logs, counts = reading.matched.logs, reading.sureness
    count = len(logs.logs)
    found = ", ".join(f"{counts[each]:,} {each.value}" for each in Sureness)
    words = f"{count:,} log{'' if count == 1 else 's'} read. Matches: {found}."
    aside = len(reading.matched.result.set_aside)
    return words + (f" {aside:,} fit so many people that nobody is listed." if aside else "")
