"""What was not finished when a workspace was left: kept sealed in it, and put back on the desk at the next signing in.

A proposal is kept as what it proposes, and stands again on the facts as they are then. A form is kept as its fields.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace

from mosovo_planner.domain.drafts import AllocationDraft, Draft, PlanDraft
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office import ground
from mosovo_planner.office.allocation import AllocationWork
from mosovo_planner.office.caseload import read_caseload
from mosovo_planner.office.plans import PlanWork, reopen_plan
from mosovo_planner.office.session import Session
from mosovo_planner.planning import allocation as planning
from mosovo_planner.store.base.documents import decode, dumps, encode
from mosovo_planner.store.drafts import DraftLost, draft_box


def keep_draft(session: Session, draft: Draft) -> bool:
    """Seal a draft in place of the one before; whether there is a place for it.

    Raises:
        OSError: it cannot be written.
    """
    box = draft_box(session.workspace, session.draft_key.value)
    if box is None:
        return False
    box.keep(dumps(encode(draft)))
    return True


def kept_draft(session: Session) -> Draft | None:
    """What this user left unfinished here; None where nothing was. It stays kept until it is forgotten or replaced.

    Raises:
        DraftLost: it cannot be opened; it was thrown away.
    """
    box = draft_box(session.workspace, session.draft_key.value)
    if box is None:
        return None
    try:
        text = box.read()
    except DraftLost:
        box.forget()
        raise
    if text is None:
        return None
    draft: Draft = decode(Draft, json.loads(text))
    left = _of_those_held(session, draft)
    if left is not None and left != draft:
        with contextlib.suppress(OSError):  # who was erased since is not to be named by what is kept
            box.keep(dumps(encode(left)))
    return left


def forget_draft(session: Session) -> None:
    """Nothing is unfinished any more."""
    box = draft_box(session.workspace, session.draft_key.value)
    if box is not None:
        box.forget()


def seal_anew(session: Session, passphrase: str) -> None:
    """The user has another pass phrase: what he left unfinished before is kept under it, and so is what comes.

    What cannot be opened or written stays as it is; nothing that was saved is touched by that.
    """
    old = draft_box(session.workspace, session.draft_key.value)
    session.draft_key.follow(session.workspace, passphrase)
    new = draft_box(session.workspace, session.draft_key.value)
    if old is not None and new is not None and old.key != new.key:
        with contextlib.suppress(DraftLost, OSError):
            if (kept := old.read()) is not None:
                new.keep(kept)


def _of_those_held(session: Session, draft: Draft) -> Draft | None:
    """The draft without what concerns somebody who was erased or given away since; reading it is a consultation."""
    if not session.may(Permission.VIEW):
        return replace(draft, ref="", forms=(), allocation=None, plan=None) if draft.policy else None
    with session.unit(Permission.VIEW) as unit:
        held = {offender.ref for offender in unit.caseload().offenders} | {manager.id for manager in unit.managers()}
        gone = draft.refs - held
        if draft.refs - gone:
            unit.record(Operation.CONSULTATION, "draft", count=len(draft.refs - gone), reason="unfinished work opened again")
    if not gone:
        return draft
    forms = tuple(each for each in draft.forms if each.about not in gone)
    return replace(draft, ref="" if draft.ref in gone else draft.ref, forms=forms, refs=draft.refs - gone)


def allocation_draft(work: object) -> AllocationDraft | None:
    """A proposed allocation as it is kept; None where this is none."""
    if not isinstance(work, AllocationWork):
        return None
    pinned = {case.ref: case.pinned_to for case in work.request.cases if case.pinned_to}
    proposal = work.proposal
    return AllocationDraft(proposal.as_of, proposal.assignment, work.by_hand, pinned, proposal.solver)


def reopen_allocation(session: Session, draft: AllocationDraft) -> AllocationWork:
    """The proposal on the facts as they are now. Offenders and managers who are gone since are left out.

    Raises:
        NotPermitted: the role may not plan any more.
    """
    with session.unit(Permission.PLAN) as unit:
        view = read_caseload(unit, draft.as_of)
        unit.record(Operation.CONSULTATION, "caseload", count=len(view.cases), reason="allocation proposed")
    travel = ground.travel(view.policy)
    managers = {manager.id for manager in view.managers}
    held = {case.offender.ref for case in view.cases}
    pinned = {ref: manager for ref, manager in draft.pinned.items() if ref in held and manager in managers}
    request = planning.allocation_request(view.cases, view.managers, view.policy, travel, draft.as_of, pinned=pinned)
    asked = {case.ref for case in request.cases}
    assignment = {ref: manager for ref, manager in draft.assignment.items() if ref in asked and manager in managers}
    by_hand = draft.by_hand & asked
    proposal = planning.evaluate_allocation(request, assignment, by_hand=by_hand)
    return AllocationWork(view, request, replace(proposal, solver=draft.solver), by_hand)


def plan_draft(work: object) -> PlanDraft | None:
    """A proposed plan as it is kept; None where this is none, or an approved one."""
    if not isinstance(work, PlanWork) or work.approved_by is not None:
        return None
    return PlanDraft(work.plan, in_course=work.course is not None)


def reopen_plan_draft(session: Session, draft: PlanDraft) -> PlanWork:
    """The plan on the facts as they are now, not approved.

    Raises:
        NotPermitted: the role may not plan any more.
    """
    return reopen_plan(session, draft.plan)
