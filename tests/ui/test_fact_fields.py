"""The forms of facts follow the force's own table. All people are invented."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from mosovo_planner.domain.clock_table import read_clock_table
from mosovo_planner.domain.facts import Event
from mosovo_planner.resources import resource
from mosovo_planner.ui.offender.fact_fields import fields_of


def test_rule_29_a_kind_of_event_that_the_force_added_can_be_chosen_in_the_form(qtbot: QtBot) -> None:
    text = resource("policy/clocks.toml").read_text(encoding="utf-8")
    table = read_clock_table(text + '\n[event.absence_notice]\nlabel = "Absence over five days notified"\nadvance = true\n')
    named = {field.name: field for field in fields_of(Event, table)}
    for name in ("kind", "matter"):
        combo = named[name].make(None)
        qtbot.addWidget(combo)
        assert combo.findData("absence_notice") >= 0  # type: ignore[attr-defined]
