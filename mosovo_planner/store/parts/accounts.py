"""Who may use the workspace, in which role."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Role
from mosovo_planner.store import tables
from mosovo_planner.store.base.errors import AlreadyThere, BadRecord, NotAllowed
from mosovo_planner.store.base.names import clean_name, folded
from mosovo_planner.store.base.records import Account
from mosovo_planner.store.parts.part import Part, check_storable, now

RECOVERY = "recovery"
"""What the names of accounts begin with that a printed recovery code opens."""


class AccountsPart(Part):
    """The users of a unit of work. Their keys are another matter: see ``members.py``."""

    def users(self) -> tuple[Account, ...]:
        """Every account, inactive ones too, in order of name."""
        rows = self._connection.execute(select(*_READ).order_by(tables.account.c.name))
        return tuple(_account(row) for row in rows)

    def user(self, name: str) -> Account | None:
        """One account; capitals in the name do not matter."""
        return next((each for each in self.users() if folded(each.name) == folded(name)), None)

    def add_account(
        self, name: str, role: Role, signing_key: str = "", verifier: str = "", team: str = "", login: str = ""
    ) -> Account:
        """Write down a new user.

        Raises:
            AlreadyThere: there is a user of this name.
        """
        known = self.user(name)
        if known and signing_key and not known.active and not known.name.startswith(RECOVERY):
            let_in(self._connection, known.name, role, signing_key)
            self._log.note(Operation.ALTERATION, f"account {known.name}", ("active", "role"), count=0)
            return replace(known, role=role, active=True, signing_key=f"{signing_key} {known.signing_key}".strip(), team="")
        if known:
            raise AlreadyThere("There is a user of this name already. Choose another name.")
        account = Account(clean_name(name), role, True, now(), self._actor.user, signing_key, team, login)
        row = {
            "name": account.name,
            "role": role.value,
            "active": True,
            "created_at": account.created_at,
            "created_by": account.created_by,
            "signing_key": signing_key,
            "verifier": verifier,
            "team": team,
            "login": login,
        }
        check_storable("account", row)
        try:
            self._connection.execute(insert(tables.account), [row])
        except IntegrityError:
            raise AlreadyThere("There is a user of this name already. Choose another name.") from None
        self._log.note(Operation.ALTERATION, f"account {account.name}", ("role", "team") if team else ("role",), count=0)
        return account

    def set_role(self, name: str, role: Role, reason: str = "") -> None:
        """Give a user another role."""
        self._change(name, "role", {"role": role.value}, reason)

    def set_team(self, name: str, team: str, reason: str = "") -> None:
        """Give a user another team; the empty one means all teams."""
        self._change(name, "team", {"team": team}, reason)

    def give_login(self, name: str, login: str, reason: str = "") -> None:
        """Say by which login a user comes to a server."""
        self._change(name, "login", {"login": login}, reason)

    def set_active(self, name: str, active: bool, reason: str = "") -> None:
        """Let a user in again, or no longer."""
        self._change(name, "active", {"active": active}, reason)

    def note_account_change(self, name: str, field: str) -> None:
        """Record a change of a user's keys, which are kept outside the database."""
        self._log.note(Operation.ALTERATION, f"account {name}", (field,), count=0)

    def verifier(self, name: str) -> str:
        """What a pass phrase is checked against on a server; empty for an unknown user."""
        account = self.user(name)
        wanted = select(tables.account.c.verifier).where(tables.account.c.name == (account.name if account else ""))
        return str(self._connection.execute(wanted).scalar() or "")

    def _change(self, name: str, field: str, values: dict[str, object], reason: str) -> None:
        account = self.user(name)
        if account is None:
            raise BadRecord("There is no user of this name. Nothing was changed.")
        changed = self._connection.execute(update(tables.account).where(tables.account.c.name == account.name).values(values))
        if changed.rowcount != 1:
            raise NotAllowed("The server does not let you change this account: it is your own, or of another team.")
        if not any(each.active and each.role is Role.SUPERVISOR and not each.name.startswith(RECOVERY) for each in self.users()):
            raise NotAllowed("This is the last supervisor who can open the workspace. Make another one first.")
        self._log.note(Operation.ALTERATION, f"account {account.name}", (field,), count=0, reason=reason)


_READ = tuple(each for each in tables.account.columns if each.name != "verifier")


def let_in(connection: Connection, name: str, role: Role, signing_key: str) -> None:
    """Give an account a key beside those that it had, whose signatures stay checkable; make it where there is none.

    Whoever does it writes the entry.
    """
    account = tables.account
    known = next((row for row in connection.execute(select(account)) if folded(row.name) == folded(name)), None)
    if known is None:
        row = {"name": name, "role": role.value, "active": True, "created_at": now(), "created_by": name,
               "signing_key": signing_key, "verifier": "", "team": "", "login": ""}  # fmt: skip
        connection.execute(insert(account), [row])
    else:
        keys = f"{signing_key} {known.signing_key}".strip()
        change = {"active": True, "role": role.value, "team": "", "signing_key": keys}
        connection.execute(update(account).where(account.c.name == known.name).values(change))


def _account(row: Row[tuple[object, ...]]) -> Account:
    return Account(row.name, Role(row.role), row.active, row.created_at, row.created_by, row.signing_key, row.team, row.login)
