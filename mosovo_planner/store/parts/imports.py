"""Imports with what they changed, so that a whole import can be undone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields

from sqlalchemy import insert, select, update

from mosovo_planner.domain.people import Offender, OffenderManager
from mosovo_planner.domain.record import Operation
from mosovo_planner.store import tables
from mosovo_planner.store.base.documents import decode, dumps, encode
from mosovo_planner.store.base.errors import BadRecord
from mosovo_planner.store.base.records import BeforeImage, ImportBatch
from mosovo_planner.store.parts.part import Part, check_storable, now

_MODELS: dict[str, type[Offender | OffenderManager]] = {"offender": Offender, "manager": OffenderManager}
_BATCH = tuple(each.name for each in fields(ImportBatch))


class ImportsPart(Part):
    """The imports of a unit of work."""

    def save_import(self, batch: ImportBatch, before_images: Iterable[BeforeImage]) -> None:
        """Keep what an import did, and every record as it was before; in the transaction that saves the records."""
        row = {name: getattr(batch, name) for name in _BATCH}
        check_storable("import", row)
        self._connection.execute(insert(tables.import_batch), [row])
        images = [
            {
                "batch_id": batch.id,
                "place": place,
                "kind": image.kind,
                "ref": image.ref,
                "body": dumps(encode(image.record)) if image.record else None,
            }
            for place, image in enumerate(before_images)
        ]
        if images:
            self._connection.execute(insert(tables.import_image), images)
        self._log.note(Operation.COLLECTION, f"import {batch.id}", count=batch.added + batch.updated)

    def imports(self) -> tuple[ImportBatch, ...]:
        """Every import, newest first."""
        batch = tables.import_batch
        rows = self._connection.execute(select(batch).order_by(batch.c.at.desc(), batch.c.id)).mappings()
        return tuple(ImportBatch(**{name: row[name] for name in _BATCH}) for row in rows)

    def before_images(self, batch_id: str) -> tuple[BeforeImage, ...]:
        """What an import changed, in its own order."""
        image = tables.import_image
        rows = self._connection.execute(select(image).where(image.c.batch_id == batch_id).order_by(image.c.place))
        return tuple(
            BeforeImage(row.kind, row.ref, decode(_MODELS[row.kind], json.loads(row.body)) if row.body else None) for row in rows
        )

    def mark_undone(self, batch_id: str, reason: str = "") -> None:
        """Say that an import was undone, by this user, now.

        Raises:
            BadRecord: there is no such import, or it was undone before.
        """
        batch = tables.import_batch
        open_one = (batch.c.id == batch_id) & batch.c.undone_at.is_(None)
        done = self._connection.execute(update(batch).where(open_one).values(undone_at=now(), undone_by=self._actor.user))
        if done.rowcount != 1:
            raise BadRecord("This import was undone before, or never made. Nothing was changed.")
        self._log.note(Operation.ALTERATION, f"import {batch_id}", ("undone",), reason=reason)
