"""A workspace: made, opened, closed, and asked for transactions.

It is a folder with an encrypted database, or a PostgreSQL database; what follows is the same for both.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import Engine

from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Role
from mosovo_planner.store import server as servers
from mosovo_planner.store.base.engines import files_translated, translated
from mosovo_planner.store.base.errors import DamagedWorkspace, NotAllowed, WorkspaceError
from mosovo_planner.store.base.names import KdfParameters, check_passphrase, clean_name
from mosovo_planner.store.base.records import Account
from mosovo_planner.store.embedded import folder as folders
from mosovo_planner.store.embedded.attempts import attempt
from mosovo_planner.store.embedded.restoring import forget, reason_of
from mosovo_planner.store.record.chain import Actor
from mosovo_planner.store.unit import Unit

if TYPE_CHECKING:
    from mosovo_planner.store.server.listen import Change

Place = folders.FolderPlace | servers.ServerPlace


@dataclass(frozen=True, slots=True)
class Insides:
    """What backup, check and change of keys need of a workspace; it does not leave the store."""

    place: Place
    engine: Engine
    actor: Actor


class Watch(Protocol):
    """Somebody listens to others' changes until he stops."""

    def stop(self) -> None: ...


class Silence:
    """A watch where nobody else is."""

    def stop(self) -> None:
        """Nothing is to be stopped."""


class Workspace:
    """An open workspace. Close it, or use it as a context manager.

    Transactions may run on any thread, one at a time; a second one waits for the first.
    """

    def __init__(self, place: Place, engine: Engine, account: Account, actor: Actor) -> None:
        self._place = place
        self._engine = engine
        self._account = account
        self._actor = actor
        self._busy = threading.RLock()
        self._inside = False
        self._closed = False
        self._damaged = False

    @property
    def user(self) -> str:
        return self._account.name

    @property
    def role(self) -> Role:
        return self._account.role

    @property
    def location(self) -> str:
        """Folder or server address, without any password."""
        return self._place.location

    @property
    def folder(self) -> Path | None:
        """The folder of an embedded workspace, None on a server."""
        return self._place.folder

    @property
    def insides(self) -> Insides:
        """For the store's own modules."""
        return Insides(self._place, self._engine, self._actor)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was doubtful on opening, in words: that the workspace is older than when this user last saw it."""
        return self._place.warnings

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Unit]:
        """One transaction: commits at the end of the block, changes nothing where an exception leaves it.

        Raises:
            RecordOfUseFailed: the record of use could not be written; nothing was changed.
            DamagedWorkspace: as it says; or a check found the file damaged, and this would have changed something.
            WorkspaceBusy, WorkspaceFull, ServerUnreachable: as they say.
        """
        with self.alone():
            try:
                with translated(), self._place.begun(self._engine) as connection:
                    unit = Unit(connection, self._actor)
                    yield unit
                    if self._damaged and unit.changes:
                        raise DamagedWorkspace("The database of this workspace is damaged, so no change is taken any more.")
                    unit.finish()
            except DamagedWorkspace:
                self._engine.dispose()  # one bad page spoils what a connection says afterwards
                raise
            self._place.committed(unit.sealed)

    def take_no_changes(self) -> None:
        """From now on only reading is possible, which is recorded: the file is damaged, and what came to it would be lost."""
        self._damaged = True

    def watch(self, heard: Callable[[Change], object]) -> Watch:
        """Be told when others change something, on another thread, until the watch is stopped.

        An embedded workspace has no others: nothing is ever heard.
        """
        if self.folder is not None:
            return Silence()
        from mosovo_planner.store.server.listen import Listener

        return Listener(self._engine, self._actor.session, heard)

    def close(self) -> None:
        """Close the store and let others open it. Closing twice does nothing."""
        with self._busy:
            if not self._closed:
                self._closed = True
                self._place.close(self._engine)

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other transactions waiting; for the store's own modules."""
        with self._busy:
            if self._closed:
                raise WorkspaceError("The workspace is closed. Open it again.")
            if self._inside:
                raise RuntimeError("a transaction was begun inside another one")
            self._inside = True
            try:
                yield
            finally:
                self._inside = False


def create_workspace(address: str, user: str, passphrase: str, *, kdf: KdfParameters | None = None) -> Workspace:
    """Make a workspace and open it; ``user`` is its first supervisor and keeper of keys.

    ``address`` is a folder (absent or empty) or ``postgresql+psycopg://…`` (a database without tables of ours).

    Raises:
        AlreadyThere: there is something already.
        RefusedLocation: a network drive or synchronised folder, with the way out.
        WeakPassphrase: the pass phrase is too short.
        WorkspaceError: the user has no name, or the database refused.
    """
    if not clean_name(user):
        raise WorkspaceError("Give the name of the workspace's first user.")
    check_passphrase(passphrase)
    with files_translated():
        if servers.is_server(address):
            return _opened(*servers.create(address, user, passphrase, kdf or KdfParameters()))
        return _opened(*folders.create(Path(address), user, passphrase, kdf or KdfParameters()))


def open_workspace(address: str, user: str, passphrase: str) -> Workspace:
    """Open a workspace; an older schema is brought up to date after a backup.

    Raises:
        NotAWorkspace: there is none at the address.
        WrongPassphrase: user or pass phrase is not right.
        TooManyAttempts: wrong pass phrases were given before; the next try has to wait.
        WorkspaceInUse: another window has it open; the message names it.
        DamagedWorkspace: a file is damaged or missing, with the cure.
        NewerSchema: it was written by a newer version of the program.
        RefusedLocation: it lies where it is not safe.
        ServerUnreachable: the server does not answer.
    """
    with files_translated(), attempt(address, user):
        if servers.is_server(address):
            return _opened(*servers.open_(address, user, passphrase))
        return _with_restore_recorded(_opened(*folders.open_(Path(address), user, passphrase)))


def _with_restore_recorded(workspace: Workspace) -> Workspace:
    place = workspace.insides.place
    if isinstance(place, folders.FolderPlace) and place.restored is not None:
        try:
            with workspace.transaction() as unit:
                unit.record(Operation.ALTERATION, "workspace", count=0, reason=reason_of(place.restored))
        except BaseException:
            workspace.close()
            raise
        forget(place.restored)
        place.restored = None
    return workspace


def _opened(place: Place, engine: Engine, actor: Actor) -> Workspace:
    try:
        with engine.begin() as connection:
            account = Unit(connection, actor).user(actor.user)
        if account is None:
            raise DamagedWorkspace("The workspace has a key for this user but no account.")
        if not account.active:
            raise NotAllowed("This account may no longer open the workspace. Ask your supervisor.")
    except BaseException:
        place.close(engine)
        raise
    return Workspace(place, engine, account, replace(actor, role=account.role, team=account.team))
