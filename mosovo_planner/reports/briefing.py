"""One page for frontline officers: what MOSOVO does, what to do on meeting a managed person, how to find who manages him.

The words are data (``resources/papers/briefing.toml``), so that a force writes its own; nobody is named on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.reports.paper import Column, Marking, Paper, Passage, Table
from mosovo_planner.reports.texts import PaperTextError, read_text_file
from mosovo_planner.resources import resource

_SECTION_KEYS = frozenset({"heading", "text", "points", "source", "confirmed"})
_NOTES = (Column("", 25), Column("", 75))


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the briefing; one that is not ``confirmed`` is printed as to be confirmed by the force."""

    heading: str
    points: tuple[str, ...]
    source: str
    confirmed: bool
    text: str = ""


@dataclass(frozen=True, slots=True)
class Briefing:
    """The whole text. ``contact`` says how the MOSOVO office is reached; empty leaves room to write it in."""

    title: str
    reviewed: date
    contact: str
    sections: tuple[Section, ...]


def read_briefing(toml_text: str | None = None) -> Briefing:
    """The force's own text, or the one that comes with the program.

    Raises:
        PaperTextError: it is not TOML, or a section lacks something or holds what is not known.
    """
    text = resource("papers/briefing.toml").read_text(encoding="utf-8") if toml_text is None else toml_text
    tree: dict[str, Any] = read_text_file(text, "The briefing")
    title, reviewed, contact = tree.get("title"), tree.get("reviewed"), tree.get("contact", "")
    sections = tree.get("section")
    if not isinstance(title, str) or not title.strip() or not isinstance(contact, str):
        raise PaperTextError("The briefing needs a title, and a contact that is a text, which may be empty.")
    if type(reviewed) is not date:
        raise PaperTextError("The briefing needs the day it was reviewed, as in reviewed = 2026-11-23.")
    if not isinstance(sections, list) or not sections:
        raise PaperTextError("The briefing needs at least one [[section]].")
    return Briefing(title, reviewed, contact, tuple(_section(row, place) for place, row in enumerate(sections, 1)))


def _section(row: object, place: int) -> Section:
    if not isinstance(row, dict):
        raise PaperTextError(f"Section {place} of the briefing must be a table that begins with [[section]].")
    unknown = row.keys() - _SECTION_KEYS
    points, texts = row.get("points"), [row.get("heading"), row.get("source"), row.get("text", "")]
    wrong = (
        f"{', '.join(sorted(unknown))} is not known" if unknown
        else "heading, source and text must be texts" if not all(isinstance(each, str) for each in texts)
        else "points must be a list of texts" if not _are_texts(points)
        else "confirmed must be true or false" if not isinstance(row.get("confirmed"), bool)
        else ""
    )  # fmt: skip
    if wrong:
        raise PaperTextError(f"Section {place} of the briefing: {wrong}.")
    return Section(row["heading"], tuple(row["points"]), row["source"], row["confirmed"], row.get("text", ""))


def _are_texts(points: object) -> bool:
    return isinstance(points, list) and bool(points) and all(isinstance(each, str) and each.strip() for each in points)


def briefing_paper(briefing: Briefing, marking: Marking) -> Paper:
    """The page, with its sources at the foot."""
    parts: list[Table | Passage] = []
    for section in briefing.sections:
        heading = section.heading if section.confirmed else f"{section.heading} (to be confirmed by the force)"
        if section.text:
            parts += [Passage(heading, (section.text,)), Passage("", section.points, points=True)]
        else:
            parts.append(Passage(heading, section.points, points=True))
    parts.append(Table("", _NOTES, (("To reach the MOSOVO office", briefing.contact or "\n\n"),), roomy=not briefing.contact))
    sources = "; ".join(f"{section.heading}: {section.source}" for section in briefing.sections)
    parts.append(Table("", (Column("", 100),), ((f"Sources. {sources}.",),)))
    return Paper(
        kind="briefing",
        title=briefing.title,
        subtitle=f"For all officers and staff. Text reviewed {in_words(briefing.reviewed)}.",
        parts=parts,
        marking=marking,
        landscape=False,
        text_size=14,
        one_page=True,
    )
