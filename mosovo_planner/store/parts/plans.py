"""Assessments and risk management plans."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from mosovo_planner.domain.assessment import Assessment
from mosovo_planner.domain.risk_plans import PlanAction, PlanState, RiskPlan
from mosovo_planner.store.base.errors import BadRecord
from mosovo_planner.store.parts.kept import KeptPart
from mosovo_planner.store.tables.kinds import ASSESSMENT, RISK_PLAN


class RiskPlansPart(KeptPart):
    """The assessments and risk management plans of a unit of work."""

    def assessments(self, ref: str | None = None) -> tuple[Assessment, ...]:
        """Every assessment (of one offender where given), oldest first."""
        return self._records.of(ASSESSMENT, ref)

    def add_assessment(self, assessment: Assessment, reason: str = "") -> None:
        """Keep an assessment that was made.

        Raises:
            BadRecord: there is no such offender.
            StaleRecord: an assessment of this id is there already.
        """
        self._records.save(ASSESSMENT, assessment, None, reason)

    def correct_assessment(self, before: Assessment, after: Assessment, reason: str) -> None:
        """Replace an assessment that was recorded wrongly; ``before`` is what was read.

        Raises:
            StaleRecord: it is no longer as it was read.
        """
        self._records.save(ASSESSMENT, after, before, reason)

    def risk_plans(self, ref: str | None = None, current_only: bool = False) -> tuple[RiskPlan, ...]:
        """Every version of every plan (of one offender where given) by reference and version; or the newest version of each."""
        found = sorted(self._records.of(RISK_PLAN, ref), key=lambda plan: (plan.ref, plan.version))
        if current_only:
            return tuple({plan.ref: plan for plan in found}.values())
        return tuple(found)

    def plan_states(self) -> dict[str, PlanState]:
        """How the newest version of each offender's plan stands; of a whole caseload without reading the plans."""
        columns = RISK_PLAN.table.c
        query = select(columns.ref, columns.state).where(*self._sight.about(RISK_PLAN.table)).order_by(columns.version)
        return {ref: PlanState(state) for ref, state in self._connection.execute(query)}

    def save_risk_plan(self, plan: RiskPlan, before: RiskPlan | None = None, reason: str = "") -> None:
        """Keep a new version of a plan, or a changed one in the place of ``before``, which is as it was read.

        Raises:
            StaleRecord: somebody else changed this version meanwhile, or ``before`` was not given and it is there.
            BadRecord: the version is signed off; in it nothing but the days on which actions were done can be changed.
        """
        if before is not None and before.complete and _undone(plan) != _undone(before):
            raise BadRecord("A version that is signed off stays as it is. Start a new version to change the plan.")
        self._records.save(RISK_PLAN, plan, before, reason)


def _undone(plan: RiskPlan) -> RiskPlan:
    actions: tuple[PlanAction, ...] = tuple(replace(action, done_on=None) for action in plan.actions)
    return replace(plan, actions=actions)
