"""Help fetches nothing; papers are looked at first and leave only with recipient and reason."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission
from mosovo_planner.resources import resource
from mosovo_planner.ui.actions import VIEWS
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.help import PAGES, AboutDialog, HelpDialog, KeysDialog, LocalBrowser
from mosovo_planner.ui.dialogs.print_dialog import PrintDialog
from mosovo_planner.ui.offender.file import FileWindow

HELP = resource("help")


def test_every_view_has_its_page_and_no_link_is_broken() -> None:
    assert {key for key, _ in VIEWS} <= set(PAGES)
    pages = {path.name: path.read_text(encoding="utf-8") for path in HELP.glob("*.html")}
    assert {f"{page}.html" for page in PAGES.values()} <= set(pages)
    for name, text in pages.items():
        assert set(re.findall(r'href="([^"]+)"', text)) <= set(pages), name
        assert "src=" not in text


def test_help_opens_at_the_view_and_follows_links(qtbot: QtBot) -> None:
    dialog = HelpDialog("outstanding")
    qtbot.addWidget(dialog)
    assert "urgency" in dialog.browser.toPlainText()
    dialog.browser.setSource(QUrl("security.html"))
    assert "What is not protected" in dialog.browser.toPlainText()


@pytest.mark.parametrize(
    "address", ["https://example.org/x.html", "file:///etc/hostname", "//server/share/x.html", "../styles/window.qss"]
)
def test_the_help_browser_loads_nothing_from_elsewhere(qtbot: QtBot, address: str) -> None:
    browser = LocalBrowser(HELP)
    qtbot.addWidget(browser)
    browser.show_page("index")
    assert browser.loadResource(2, QUrl(address)) == ""


def test_the_keys_are_listed(qtbot: QtBot) -> None:
    dialog = KeysDialog()
    qtbot.addWidget(dialog)
    words = dialog.words()
    assert "Ctrl+F" in words
    assert "Find in this list" in words
    assert words[words.index("Ctrl+1") + 1] == "Go to Caseload"
    assert all(each.icon().isNull() for each in dialog.findChildren(QPushButton)), "words say it, alike on every desktop"


def test_about_names_the_sources(qtbot: QtBot) -> None:
    dialog = AboutDialog()
    qtbot.addWidget(dialog)
    assert any("OpenStreetMap" in word and "GeoNames" in word for word in dialog.words())


@pytest.fixture
def printing(qtbot: QtBot, desk: Desk) -> PrintDialog:
    made = PrintDialog(desk)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    made.kind.setCurrentIndex(made.kind.findData("outstanding"))
    return made


@pytest.mark.timeout(120)
def test_a_paper_is_seen_then_saved_with_recipient_and_reason(
    qtbot: QtBot, printing: PrintDialog, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "paper.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    assert not printing.pdf_button.isEnabled()
    qtbot.waitUntil(lambda: printing.preview.page_count > 0, timeout=60_000)
    assert printing.preview.words.text().startswith("Page 1 of ")
    printing.save_as_pdf()
    assert printing.error.text() == "Say for whom this is."
    printing.recipient.setText("DI Sample")
    printing.save_as_pdf()
    assert printing.error.text() == "Choose or write the reason."
    printing.reason.setEditText("Inspection")
    printing.save_as_pdf()
    qtbot.waitUntil(lambda: printing.preview.words.text() == "Saved.", timeout=30_000)
    assert target.read_bytes().startswith(b"%PDF")
    with desk.session.unit(Permission.AUDIT) as unit:
        use = next(each for each in unit.uses(limit=10) if each.operation is Operation.DISCLOSURE)
    assert (use.recipient, use.reason, use.medium) == ("DI Sample", "Inspection", "pdf")


@pytest.mark.timeout(120)
def test_the_papers_about_one_offender_come_from_his_file(qtbot: QtBot, desk: Desk) -> None:
    file = FileWindow(desk, "SYN-1")
    qtbot.addWidget(file)
    file.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    file.show()
    qtbot.waitUntil(lambda: file.file is not None and not desk.tasks.running, timeout=30_000)
    qtbot.mouseClick(file.print_button, Qt.MouseButton.LeftButton)
    dialog = file.findChildren(PrintDialog)[-1]
    assert not dialog.manager.isVisible()
    assert not dialog.month.isVisible()
    qtbot.waitUntil(lambda: dialog.preview.page_count == 1, timeout=60_000)
    dialog.kind.setCurrentIndex(dialog.kind.findData("risk_plan"))
    qtbot.waitUntil(lambda: "No risk management plan" in dialog.preview.words.text(), timeout=30_000)
    dialog.reject()


def test_day_sheets_without_a_plan_say_what_to_do(qtbot: QtBot, printing: PrintDialog) -> None:
    printing.kind.setCurrentIndex(printing.kind.findData("day_sheet"))
    qtbot.waitUntil(lambda: "no approved plan" in printing.preview.words.text(), timeout=30_000)
    assert not printing.pdf_button.isEnabled()
