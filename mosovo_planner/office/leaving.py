"""What leaves the program as a file: its entry in the record of use comes first, and there is none without the other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.session import Session

if TYPE_CHECKING:
    from mosovo_planner.store.unit import Unit

Noted = TypeVar("Noted")
Result = TypeVar("Result")


def write_out(
    session: Session,
    path: Path,
    note: Callable[[Unit], Noted],
    write: Callable[[Noted], Result],
    permission: Permission = Permission.PRINT,
) -> Result:
    """Write the file ``path``. ``note`` records the disclosure and gives what ``write`` needs.

    Where the entry cannot be written no file is; where the file cannot be, no entry stays; and where the transaction
    cannot be ended, the file goes again.

    Raises:
        RecordOfUseFailed: the record of use could not be written.
    """
    written = False
    try:
        with session.unit(permission) as unit:
            noted = note(unit)
            unit.seal()
            result = write(noted)
            written = True
    except BaseException:
        if written:
            path.unlink(missing_ok=True)
        raise
    return result
