"""Entries and findings as rows, and an entry in full."""

from __future__ import annotations

from mosovo_planner.domain.record import Operation, Use
from mosovo_planner.domain.unusual import Finding, Unusual
from mosovo_planner.ui.table import Column

_TONES: dict[Operation, str | None] = {Operation.DISCLOSURE: "warn", Operation.ERASURE: "bad"}
_KINDS: dict[Unusual, str] = {
    Unusual.OUTSIDE: "warn", Unusual.BULK: "bad", Unusual.HOURS: "info", Unusual.NAME: "warn"
}  # fmt: skip

ENTRY_COLUMNS: tuple[Column[Use], ...] = (
    Column("seq", "Entry", lambda use: use.seq, width=8, right=True),
    Column("at", "When", lambda use: use.at.astimezone(), width=18),
    Column("actor", "Who", lambda use: use.actor, width=20),
    Column("role", "Role", lambda use: use.role.replace("_", " "), width=17, visible=False),
    Column("operation", "Operation", lambda use: use.operation.value.capitalize(), width=14,
           tone=lambda use: _TONES.get(use.operation)),
    Column("subject", "What", lambda use: use.subject, width=26),
    Column("count", "People", lambda use: use.count, text=lambda use: f"{use.count:,}", width=8, right=True),
    Column("recipient", "For whom", lambda use: use.recipient, width=14),
    Column("medium", "Medium", lambda use: use.medium, width=9),
    Column("reason", "Why", lambda use: use.reason, width=24),
    Column("fields", "Fields", lambda use: ", ".join(use.fields), width=30, visible=False),
    Column("outcome", "Outcome", lambda use: use.outcome, width=10, visible=False),
    Column("device", "Computer", lambda use: use.device, width=16, visible=False),
)  # fmt: skip

FINDING_COLUMNS: tuple[Column[Finding], ...] = (
    Column("kind", "Why listed", lambda each: each.kind.label, width=22, tone=lambda each: _KINDS[each.kind]),
    Column("actor", "Who", lambda each: each.actor, width=24),
    Column("first", "When", lambda each: each.first.astimezone(), width=18),
    Column("people", "People", lambda each: each.people, text=lambda each: f"{each.people:,}", width=8, right=True),
    Column("entries", "Entries", lambda each: len(each.uses), width=9, right=True),
    Column("words", "What", lambda each: each.words, width=34),
)


def entry_words(use: Use) -> str:
    """Who, what, when and why of one entry, in full."""
    at = use.at.astimezone()
    people = f", {use.count:,} people" if use.count > 1 else ""
    lines = [
        f"Entry {use.seq}: {use.actor} ({use.role.replace('_', ' ')}) on {at.day} {at:%b %Y at %H:%M:%S}, "
        f"on {use.device or 'an unnamed computer'}.",
        f"{use.operation.value.capitalize()} of {use.subject}{people}{'' if use.outcome == 'done' else f', {use.outcome}'}.",
        f"Fields: {', '.join(use.fields)}." if use.fields else "",
        f"Reason: {use.reason or 'none was given'}.",
        f"For {use.recipient} by {use.medium or 'hand'}." if use.recipient else "",
    ]
    return " ".join(filter(None, lines))
