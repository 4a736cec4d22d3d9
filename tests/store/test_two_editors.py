"""Two people edit the same few records in any order: neither loses what the other saved unseen."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mosovo_planner.domain.people import Offender
from mosovo_planner.store import Workspace
from mosovo_planner.store.backups.backup import verify
from mosovo_planner.store.base.errors import StaleRecord

STEPS = st.tuples(
    st.integers(0, 1), st.sampled_from(["read", "save", "save and fail", "delete"]), st.integers(0, 2), st.text("ab", max_size=2)
)


@dataclass
class Editor:
    """What one person has on the screen."""

    seen: dict[str, Offender] = field(default_factory=dict)


class _Failed(Exception):
    """Something goes wrong before the end of the transaction."""


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, max_size=20))
def test_two_editors(workspace: Workspace, steps: list[tuple[int, str, int, str]]) -> None:
    editors = (Editor(), Editor())
    kept: dict[str, Offender] = {}
    with workspace.transaction() as unit:
        unit.delete_offenders([f"SYN-{number}" for number in range(3)])
    for who, act, number, text in steps:
        _step(workspace, kept, editors[who], act, f"SYN-{number}", text)
        with workspace.transaction() as unit:
            assert {each.ref: each for each in unit.offenders()} == kept
    assert verify(workspace).problems == ()


def _step(workspace: Workspace, kept: dict[str, Offender], editor: Editor, act: str, ref: str, text: str) -> None:
    if act == "read":
        with workspace.transaction() as unit:
            found = unit.offender(ref)
        editor.seen.pop(ref, None)
        editor.seen |= {ref: found} if found else {}
    elif act == "delete":
        with workspace.transaction() as unit:
            assert unit.delete_offenders([ref]) == (ref in kept)
        kept.pop(ref, None)
    else:
        _save(workspace, kept, editor, replace(editor.seen.get(ref, Offender(ref=ref)), notes=text), fails=act == "save and fail")


def _save(workspace: Workspace, kept: dict[str, Offender], editor: Editor, wanted: Offender, fails: bool) -> None:
    present = kept.get(wanted.ref)
    up_to_date = wanted.version == (present.version if present else 0)
    try:
        with workspace.transaction() as unit:
            saved = unit.save_offenders([wanted])
            if fails:
                raise _Failed
    except StaleRecord:
        assert not up_to_date
    except _Failed:
        assert up_to_date
    else:
        assert up_to_date
        kept[wanted.ref] = editor.seen[wanted.ref] = saved[0] if saved else wanted
