"""The certificate of an erasure: proof that it was done, with nothing in it of what was erased."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.retention import ErasureCertificate
from mosovo_planner.reports.paper import Column, Marking, Paper, Passage, Table

_PAIRS = (Column("", 26), Column("", 74, strong=True))
_NOT_REACHED = (
    "Papers that were printed and tables that were exported earlier.",
    "Records of other systems: ViSOR, PNC, PND, the force's crime and intelligence systems.",
    "The record of use: it keeps who did what and when with this reference, by law (Data Protection Act 2018, s.62), and no "
    "contents. Approved plans of rounds keep the bare reference.",
)
_BACK = (
    "The program erases the record in it again. Only where the workspace is so damaged that it cannot be read, it does not know "
    "of the erasure: then erase again by hand, by the entry above."
)


def erasure_paper(made: ErasureCertificate, backups_left: Sequence[str], on: date, marking: Marking) -> Paper:
    """One certificate. ``backups_left`` are lines on backups that hold the record still on the day ``on``."""
    rewritten = f"Yes, {_moment(made.compacted)}" if made.compacted else "NOT YET: the database still has to be rewritten"
    rows = (
        ("Certificate", made.id),
        ("What was erased", "One person's whole record in MOSOVO Planner"),
        ("Why", made.ground.label),
        ("Asked for by", f"{made.asked_by}, {_moment(made.asked_at)}"),
        ("Approved and done by", f"{made.approved_by}, {_moment(made.approved_at)}"),
        ("Entry in the record of use", f"Number {made.entry}, hash {made.entry_hash[:16]} {made.entry_hash[16:32]}…"),
        ("Database rewritten", rewritten),
    )
    parts: list[Table | Passage] = [
        Table("", _PAIRS, rows),
        Passage("Kinds of data that were erased", made.kinds, points=True),
        Passage("Copies that outlived it on the day of the erasure", made.backups or ("None.",), points=True),
    ]
    if (on, tuple(backups_left)) != (made.approved_at.date(), made.backups):
        parts.append(
            Passage(f"Backups that hold the record still on {in_words(on)}", tuple(backups_left) or ("None.",), points=True)
        )
    return Paper(
        kind="erasure_certificate",
        title="Certificate of erasure",
        subtitle=f"Certificate {made.id}. It holds nothing of what was erased and is kept after it.",
        parts=(
            *parts,
            Passage("If an older backup is brought back", (_BACK,)),
            Passage("What an erasure here does not reach", _NOT_REACHED, points=True),
            _signatures(made),
        ),
        marking=marking,
        landscape=False,
        text_size=12,
    )


def _signatures(made: ErasureCertificate) -> Table:
    columns = (Column("", 26), Column("Name", 34, strong=True), Column("Signature and date", 40))
    rows = (("Asked for by", made.asked_by, ""), ("Approved by", made.approved_by, ""))
    return Table("Signatures, where the force wants them", columns, rows, roomy=True)


def _moment(moment: datetime) -> str:
    return f"{in_words(moment.date())}, {moment:%H:%M}"
