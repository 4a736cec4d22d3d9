"""Rules that keep personal data from being read as markup, and the window from freezing; read from the code itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import mosovo_planner.ui

UI = Path(mosovo_planner.ui.__file__).parent
FILES = sorted(UI.rglob("*.py"))
FORBIDDEN = {
    "setHtml": "text from data would be read as markup", "insertHtml": "text from data would be read as markup",
    "setMarkdown": "text from data would be read as markup", "processEvents": "work belongs off the GUI thread",
    "QSortFilterProxyModel": "it is slow over Python data", "QMessageBox": "widgets.tell and widgets.ask are plain text",
    "QErrorMessage": "it shows rich text", "sleep": "the window would freeze",
}  # fmt: skip


def names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, ast.Name):
            yield node.lineno, node.id


def unsafe_labels(tree: ast.AST) -> list[int]:
    """Lines where a QLabel is made with text that is no literal, in a function that never sets PlainText."""
    found = []
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            plain = any(name == "PlainText" for _, name in names(function))
            for node in ast.walk(function):
                made = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "QLabel"
                if made and not plain and not all(isinstance(each, ast.Constant) for each in node.args):
                    found.append(node.lineno)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(UI).as_posix())
def test_no_forbidden_call(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    allowed = {"QMessageBox"} if path.name == "widgets.py" else set()
    found = [(line, name, FORBIDDEN[name]) for line, name in names(tree) if name in FORBIDDEN.keys() - allowed]
    assert found == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(UI).as_posix())
def test_labels_show_plain_text(path: Path) -> None:
    assert unsafe_labels(ast.parse(path.read_text(encoding="utf-8"))) == []


def test_the_check_itself_finds_an_unsafe_label() -> None:
    code = "def show(name):\n    return QLabel(name)\n"
    assert unsafe_labels(ast.parse(code)) == [2]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(UI).as_posix())
def test_the_window_calls_the_office_and_nothing_below(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    modules = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    below = ("planning", "store", "exchange", "reports", "geo")
    assert [each for each in modules if each.startswith(tuple(f"mosovo_planner.{room}" for room in below))] == []
