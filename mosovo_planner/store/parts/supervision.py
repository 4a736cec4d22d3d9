"""What supervisors ask, grade and draw, and notifications about children."""

from __future__ import annotations

from collections.abc import Iterable

from mosovo_planner.domain.children import ChildNotification
from mosovo_planner.domain.dip_sample import DrawnRecord, GradedRecord
from mosovo_planner.domain.months import Month
from mosovo_planner.domain.requests import Request
from mosovo_planner.store.parts.kept import KeptPart
from mosovo_planner.store.parts.sight import Where
from mosovo_planner.store.tables import RecordKind
from mosovo_planner.store.tables.kinds import CHILD_NOTIFICATION, DRAWN, GRADED, REQUEST


class SupervisionPart(KeptPart):
    """Requests, dip samples and child notifications of a unit of work. A ``before`` is the record as it was read."""

    def child_notifications(self, ref: str | None = None) -> tuple[ChildNotification, ...]:
        """Notifications (about one offender where given), oldest notice first."""
        return self._records.of(CHILD_NOTIFICATION, ref)

    def save_child_notification(self, note: ChildNotification, before: ChildNotification | None = None, reason: str = "") -> None:
        """Keep a new notification, or a changed one in the place of ``before``.

        Raises:
            BadRecord: there is no such offender.
            StaleRecord: somebody else changed it meanwhile.
        """
        self._records.save(CHILD_NOTIFICATION, note, before, reason)

    def requests(self, to: str | None = None, ref: str | None = None, open_only: bool = False) -> tuple[Request, ...]:
        """What was asked, oldest first: of one manager, about one offender, what is not done, where given."""
        where = [REQUEST.table.c.to == to] if to is not None else []
        where += [~REQUEST.table.c.done] if open_only else []
        return self._records.of(REQUEST, ref, *where)

    def save_request(self, request: Request, before: Request | None = None, reason: str = "") -> None:
        """Keep a new request, or a changed (answered, done) one in the place of ``before``; raises as above."""
        self._records.save(REQUEST, request, before, reason)

    def graded(self, month: Month | None = None, manager: str | None = None) -> tuple[GradedRecord, ...]:
        """Graded records in order of their day: of one month, of one manager, where given."""
        return self._records.of(GRADED, None, *_of_month(GRADED, month, manager))

    def save_grade(self, record: GradedRecord, before: GradedRecord | None = None, reason: str = "") -> None:
        """Keep the grade of a record for a month, or another one in the place of ``before``; raises as above."""
        self._records.save(GRADED, record, before, reason)

    def drawn(self, month: Month | None = None, manager: str | None = None) -> tuple[DrawnRecord, ...]:
        """The records drawn for dip samples, each with the seed of its draw."""
        return self._records.of(DRAWN, None, *_of_month(DRAWN, month, manager))

    def save_drawn(self, records: Iterable[DrawnRecord], reason: str = "") -> None:
        """Keep a draw.

        Raises:
            StaleRecord: one of them was drawn for this month already.
        """
        self._records.add(DRAWN, [(each.ref, each) for each in records], reason)


def _of_month(kind: RecordKind[GradedRecord] | RecordKind[DrawnRecord], month: Month | None, manager: str | None) -> list[Where]:
    columns = kind.table.c
    where = [columns.month_year == month.year, columns.month_month == month.month] if month else []
    return where + ([columns.manager == manager] if manager is not None else [])
