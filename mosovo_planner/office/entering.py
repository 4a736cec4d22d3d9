"""Adding and changing single offenders and offender managers by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from mosovo_planner.domain.entering import manager_problems, offender_problems
from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.people import Offender, OffenderManager, Position, Precision
from mosovo_planner.domain.roles import Permission
from mosovo_planner.geo.postcodes import normalise
from mosovo_planner.office.ground import gazetteer, locate_manager, locate_offender
from mosovo_planner.office.session import Session


class RecordRefused(UserError):
    """A record typed by hand cannot be saved as it is; the message names the field and the cure."""


def save_offender(session: Session, offender: Offender, reason: str = "") -> Offender:
    """Add an offender (version 0) or change one; with a new address, the position is looked up again.

    Whose case it is, a supervisor decides: without that right the manager cannot be changed here.

    Raises:
        RecordRefused: something in it cannot be so, or the reference is taken; nothing was saved.
        StaleRecord: somebody else changed the record meanwhile; nothing was saved.
        NotPermitted: the role may not record, or may not give a case to another manager.
    """
    wanted = replace(offender, ref=offender.ref.strip(), postcode=_postcode(offender.postcode))
    if wrong := offender_problems(wanted, date.today()):
        raise RecordRefused(" ".join(wrong))
    places = gazetteer()
    with session.unit(Permission.RECORD) as unit:
        held = unit.offender(wanted.ref)
        if held is not None and offender.version == 0:
            raise RecordRefused("An offender of that reference is on the caseload already. Give another, or change his record.")
        before = held or Offender(ref=wanted.ref)
        if (wanted.manager, wanted.pinned_manager) != (before.manager, before.pinned_manager):
            session.require(Permission.APPROVE)
        if (wanted.address, wanted.postcode) != (before.address, before.postcode) or wanted.position is None:
            wanted = locate_offender(wanted, places)
        saved = unit.save_offenders([wanted], reason=reason or ("changed by hand" if held else "added by hand"))
    return saved[0] if saved else before


def save_manager(session: Session, manager: OffenderManager, reason: str = "") -> OffenderManager:
    """Add an offender manager (version 0) or change one; with a new base, its position is looked up again.

    Raises:
        RecordRefused: something in it cannot be so, or the id is taken; nothing was saved.
        StaleRecord: somebody else changed the record meanwhile; nothing was saved.
        NotPermitted: the role may not approve.
    """
    wanted = replace(manager, id=manager.id.strip(), base_postcode=_postcode(manager.base_postcode))
    if wrong := manager_problems(wanted):
        raise RecordRefused(" ".join(wrong))
    places = gazetteer()
    with session.unit(Permission.APPROVE) as unit:
        held = unit.manager(wanted.id)
        if held is not None and manager.version == 0:
            raise RecordRefused("A manager of that id is held already. Give another id, or change that record.")
        before = held or OffenderManager(id=wanted.id)
        moved = (wanted.base, wanted.base_postcode) != (before.base, before.base_postcode)
        if moved or wanted.position is None:
            found = locate_manager(wanted, places)
            wanted = found if found.position or not _colleagues_base(unit.managers(), wanted) else _at(wanted, unit.managers())
        saved = unit.save_managers([wanted], reason=reason or ("changed by hand" if held else "added by hand"))
    return saved[0] if saved else before


def _postcode(text: str) -> str:
    return normalise(text) or text.strip().upper()


def _colleagues_base(managers: tuple[OffenderManager, ...], manager: OffenderManager) -> Position | None:
    """Where the base of that name lies, as far as a colleague's record knows it."""
    name = manager.base.strip().casefold()
    return next((each.position for each in managers if name and each.base.strip().casefold() == name and each.position), None)


def _at(manager: OffenderManager, managers: tuple[OffenderManager, ...]) -> OffenderManager:
    found = _colleagues_base(managers, manager)
    return replace(manager, position=replace(found, precision=Precision.HAND) if found else None)
