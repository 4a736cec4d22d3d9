"""Where pages end: no row is parted, no heading left behind, nothing lost. All texts are invented."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from PySide6.QtGui import QFont, QTextDocument
from pytestqt.qtbot import QtBot

from mosovo_planner.reports.markup import paper_html, paper_style, trend_names
from mosovo_planner.reports.pagination import pages_of
from mosovo_planner.reports.paper import Column, Marking, Paper, Passage, Table, Trend
from mosovo_planner.reports.trend_picture import trend_picture

Lines = Callable[[Paper], list[list[str]]]
_TWO = (Column("Number", 20), Column("Words", 80))


def paper(marking: Marking, *parts: Table | Passage, landscape: bool = True) -> Paper:
    return Paper(kind="trial", title="Trial", subtitle="Invented", parts=parts, marking=marking, landscape=landscape)


def numbered(count: int, lines: int = 2) -> Table:
    rows = tuple((f"row{number}", "\n".join(f"row{number}line{line}" for line in range(lines))) for number in range(count))
    return Table("Rows", _TWO, rows, note="The note under the heading")


def test_a_row_stands_whole_on_one_page_and_none_is_lost(lines: Lines, marking: Marking) -> None:
    found = lines(paper(marking, numbered(120, lines=3)))
    assert len(found) > 3
    for number in range(120):
        where = {
            place for place, page in enumerate(found) for line in range(3) if f"row{number}line{line}" in " ".join(page).split()
        }
        assert len(where) == 1
    for page in found:
        assert any(line.split() == ["Number", "Words"] for line in page)


def test_a_row_higher_than_a_page_goes_on_overleaf_without_cutting_a_line(lines: Lines, marking: Marking) -> None:
    found = lines(paper(marking, Table("Long", _TWO, (("1", "\n".join(f"word{number}" for number in range(150))),))))
    words = [word for page in found for line in page for word in line.split() if word.startswith("word")]
    assert list(dict.fromkeys(words)) == [f"word{number}" for number in range(150)]
    assert len(found) in (3, 4)
    assert "word0" in " ".join(found[0]).split()


def test_a_heading_goes_to_the_next_page_with_its_note_and_first_row(lines: Lines, marking: Marking) -> None:
    for before in range(20, 45):
        found = lines(paper(marking, numbered(before, lines=1), replace(numbered(30, lines=1), heading="The second heading")))
        page = next(page for page in found if any("The second heading" in line for line in page))
        place = next(place for place, line in enumerate(page) if "The second heading" in line)
        assert "The note under the heading" in page[place + 1]
        assert page[place + 2].split() == ["Number", "Words"]
        assert page[place + 3].split()[0] == "row0"
        if before > 30:
            break


def test_a_small_table_is_not_parted(lines: Lines, marking: Marking) -> None:
    for before in (26, 28, 30):
        small = Table("Small", _TWO, tuple((f"small{number}", "x") for number in range(6)))
        found = lines(paper(marking, numbered(before, lines=1), small))
        assert len({place for place, page in enumerate(found) if "small" in " ".join(page)}) == 1


def test_no_blank_page_follows_a_page_that_is_just_full(lines: Lines, marking: Marking) -> None:
    for count in range(25, 36):
        assert all("row" in " ".join(page) for page in lines(paper(marking, numbered(count, lines=1))))


def test_an_empty_paper_is_one_marked_page(lines: Lines, marking: Marking) -> None:
    (page,) = lines(replace(paper(marking), title="", subtitle=""))
    assert sum("OFFICIAL-SENSITIVE" in line for line in page) == 2


def test_a_paper_of_one_page_is_set_smaller_rather_than_on_two_but_never_cut(lines: Lines, marking: Marking) -> None:
    whole = replace(paper(marking, numbered(40, lines=1), landscape=False), text_size=14)
    assert len(lines(whole)) == 2
    assert len(lines(replace(whole, one_page=True))) == 1
    long = replace(paper(marking, numbered(200, lines=1), landscape=False), one_page=True)
    words = {word for page in lines(long) for line in page for word in line.split()}
    assert {f"row{number}" for number in range(200)} <= words


def test_passages_notices_and_line_breaks_are_escaped(marking: Marking) -> None:
    parts = (Passage("<i>head", ("<u>one", "two\nthree")), Passage("", ("a & b",), points=True))
    told = paper_html(replace(paper(marking, *parts), notice="<script>\nsecond"))
    assert "&lt;i&gt;head" in told
    assert "&lt;u&gt;one" in told
    assert "two<br/>three" in told
    assert "&lt;script&gt;<br/>second" in told
    assert "a &amp; b" in told


def test_a_trend_draws_higher_bars_for_higher_values_and_the_last_one_black(qtbot: QtBot) -> None:
    trend = Trend((10.0, None, 50.0, 100.0), ("A", "S", "O", "N"), target=60.0)
    image = trend_picture(trend, QFont("DejaVu Sans"))
    quarter = image.width() // 4

    def dark(place: int, limit: int) -> int:
        middle = place * quarter + quarter // 3
        return sum(image.pixelColor(middle, y).lightness() < limit for y in range(image.height()))

    assert dark(0, 200) < dark(2, 200) < dark(3, 200)
    assert dark(3, 30) > image.height() // 3
    assert dark(2, 30) < image.height() // 5
    assert dark(1, 200) < dark(0, 200)


def test_a_trend_of_nothing_is_drawn_and_told_in_words(qtbot: QtBot) -> None:
    empty = Trend((None, None), ("O", "N"))
    assert not trend_picture(empty, QFont("DejaVu Sans")).isNull()
    assert str(empty) == "O none, N none"
    assert str(Trend((41.0, 56.0), ("O", "N"), 90)) == "O 41, N 56"
    assert not trend_picture(Trend((), ()), QFont("DejaVu Sans")).isNull()


def test_the_same_trend_twice_is_one_picture(marking: Marking) -> None:
    trend = Trend((1.0,), ("N",))
    table = Table("T", _TWO, ((trend, "a"), (Trend((1.0,), ("N",)), "b"), (Trend((2.0,), ("N",)), "c")))
    assert len(trend_names(paper(marking, table))) == 2


def test_no_page_holds_more_than_its_height(qtbot: QtBot, marking: Marking) -> None:
    tall = Table("Tall", _TWO, (("1", "\n".join("word" for _ in range(150))), *numbered(80).rows))
    whole = paper(marking, numbered(30), tall, Passage("Last", tuple("long words " * 60 for _ in range(9))))
    document = QTextDocument()
    document.setDefaultStyleSheet(paper_style(10.5))
    document.setHtml(paper_html(whole))
    document.setTextWidth(900)
    for height in (300.0, 500.0, 633.3):
        pages = pages_of(document, height)
        assert all(page.body.height + (page.header.height if page.header else 0) <= height + 0.01 for page in pages)
        assert all(one.body.bottom <= other.body.top + 0.01 for one, other in pairwise(pages))
