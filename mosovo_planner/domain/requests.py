"""What a supervisor asks of a manager about something outstanding, and the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mosovo_planner.domain.guard import refuse_financial_data


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A question or an assignment about one offender. ``kind`` is the clock it is about (``visit``, ``rmp_review`` …).

    ``by`` asks, ``to`` is the manager's id. ``answered_at`` is set with the answer; ``done`` is set by whoever asked,
    once content. Times are local.
    """

    id: str
    ref: str
    kind: str
    to: str
    by: str
    at: datetime
    text: str
    answer: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None
    done: bool = False

    @property
    def open(self) -> bool:
        return not self.done


def checked(request: Request) -> Request:
    """The request itself, once its texts are known to hold no card or account number.

    Raises:
        FinancialDataRefused: one of them looks like it does.
    """
    refuse_financial_data({"The question": request.text, "The answer": request.answer})
    return request
