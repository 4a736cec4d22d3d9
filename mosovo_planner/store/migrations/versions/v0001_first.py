"""The first schema: people, visits, facts, risk plans, policy, imports, decisions, plans, accounts, record of use."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_SEALED = "entries of the record of use stay as they are"


def upgrade() -> None:
    _accounts()
    _people()
    _visits_and_policy()
    _facts()
    _casework()
    _off_duty()
    _lists()
    _imports()
    _proposals()
    _record_of_use()
    _seal_the_record()


def downgrade() -> None:
    raise RuntimeError("There is no schema before the first; restore a backup instead.")


def _table(name: str, *columns: sa.Column[object] | sa.Constraint, key: tuple[str, ...]) -> None:
    op.create_table(name, *columns, sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}")))


def _record(name: str, *columns: sa.Column[object], unique: tuple[str, ...] = (), log: bool = False) -> None:
    """A kind of record about an offender, with who kept it and when."""
    rules: list[Any] = [_belongs(name, "ref", "offender", "ref")]
    rules += [sa.UniqueConstraint(*unique, name=f"uq_{name}_key")] if unique else []
    rules += [_belongs(name, "log_id", "incident_log", "id", delete=None)] if log else []
    kept = [_text("kept_by"), _moment("kept_at"), _number("at_version", nullable=True), _text("salt")]
    _table(name, *_texts("id", "ref"), *columns, *kept, *rules, key=("id",))
    op.create_index(op.f(f"ix_{name}_ref"), name, ["ref"])


def _part(owner: str, name: str, *columns: sa.Column[object]) -> None:
    """What a kind of record has many of."""
    _table(name, _text("owner"), _number("place"), *columns, _belongs(name, "owner", owner, "id"), key=("owner", "place"))


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _texts(*names: str, nullable: bool = False) -> list[sa.Column[object]]:
    return [_text(name, nullable=nullable) for name in names]


def _times(*names: str, nullable: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.DateTime(), nullable=nullable) for name in names]


def _numbers(*names: str, nullable: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.BigInteger(), nullable=nullable) for name in names]


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=nullable, autoincrement=False)


def _days(*names: str, nullable: bool = True) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Date(), nullable=nullable) for name in names]


def _flags(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Boolean(), nullable=False) for name in names]


def _position() -> list[sa.Column[object]]:
    degrees: list[sa.Column[object]] = [sa.Column(name, sa.Double(), nullable=True) for name in ("lat", "lon")]
    return [*degrees, _text("precision", nullable=True)]


def _belongs(table: str, column: str, other: str, key: str, *, delete: str | None = "CASCADE") -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.{key}"], name=name, ondelete=delete)


def _accounts() -> None:
    _table("about", _text("id"), _moment("created_at"), *_texts("created_by", "app_version"), key=("id",))
    _table(
        "account",
        *_texts("name", "role"),
        *_flags("active"),
        _moment("created_at"),
        *_texts("created_by", "signing_key", "verifier"),
        key=("name",),
    )


def _people() -> None:
    _table(
        "manager",
        *_texts("id", "name", "base", "base_postcode"),
        *_position(),
        sa.Column("weekly_hours", sa.Double(), nullable=False),
        *_flags("trained", "arms_trained"),
        _text("sex", nullable=True),
        *_texts("team", "rank", "reach"),
        _number("version"),
        _text("salt"),
        key=("id",),
    )
    _table(
        "absence",
        _text("manager_id"),
        _number("place"),
        *_days("first_day", "last_day", nullable=False),
        _text("reason"),
        _belongs("absence", "manager_id", "manager", "id"),
        key=("manager_id", "place"),
    )
    _table(
        "offender",
        *_texts("ref", "visor_ref", "surname", "forenames"),
        *_days("date_of_birth"),
        _text("sex", nullable=True),
        *_texts("address", "postcode"),
        *_position(),
        _text("status"),
        _text("risk", nullable=True),
        _number("interval_months", nullable=True),
        *_days("last_seen"),
        _text("manager", nullable=True),
        *_flags("pinned_manager"),
        _text("supervisor"),
        *_days("arms_done", "rmp_review_due"),
        _number("mappa_level", nullable=True),
        *_texts("orders", "markers", "notes"),
        _number("version"),
        _text("salt"),
        key=("ref",),
    )
    op.create_index(op.f("ix_offender_manager"), "offender", ["manager"])


def _visits_and_policy() -> None:
    _table(
        "visit",
        *_texts("id", "ref"),
        sa.Column("at", sa.DateTime(), nullable=False),
        *_texts("kind", "officers"),
        *_flags("announced"),
        *_texts("outcome", "note", "announced_reason", "lone_reason", "approved_by"),
        sa.Column("devices_checked", sa.Integer(), nullable=True),
        *_texts("household"),
        sa.Column("child_in_household", sa.Boolean(), nullable=True),
        *_texts("risk_noticed"),
        sa.Column("visor_entered_on", sa.Date(), nullable=True),
        *_flags("asked_to_choose"),
        *_texts("salt"),
        _belongs("visit", "ref", "offender", "ref", delete=None),
        key=("id",),
    )
    op.create_index("ix_visit_at", "visit", ["at"])
    op.create_index("ix_visit_ref_at", "visit", ["ref", "at"])
    for name in ("policy", "clock_table"):
        _table(name, _number("number"), _moment("at"), *_texts("by", "reason", "body"), key=("number",))


def _facts() -> None:
    _record("event", *_texts("kind"), *_days("on", nullable=False), *_days("ended", "expected"), *_texts("matter"))
    _record("stay", *_texts("status"), *_days("start", nullable=False), *_days("end"))
    _record("court_order", *_texts("kind"), *_days("start", nullable=False), *_days("end", "discharged"))
    _part("court_order", "court_order_conditions", *_texts("name"), *_days("end"))
    _record("trip", *_days("depart", nullable=False), *_days("back", "notified", "back_notified"), *_flags("return_given"))
    _record("risk_since", *_texts("risk"), *_days("since", nullable=False))
    _record(
        "sentence",
        *_days("relevant_date", nullable=False),
        *_texts("disposal"),
        *_numbers("term_years", "term_months", "term_weeks", "term_days"),
        *_days("date_of_birth"),
        unique=("ref",),
    )
    _record("confirmed_end", *_days("last_day"), *_texts("by"), *_days("on", nullable=False), unique=("ref",))
    _record("reactive_approval", *_days("on", nullable=False), *_texts("by"), unique=("ref",))
    _record("no_fixed_home", *_days("since"), unique=("ref",))
    _record("alias", *_texts("name", "words"))
    _record("earlier_address", *_texts("address", "postcode"), *_days("until"))
    _record("vehicle", *_texts("registration", "words"))
    _record("other_reference", *_texts("number", "system"))


def _casework() -> None:
    _record("assessment", *_texts("tool"), *_days("done_on", nullable=False), *_texts("by"), *_texts("priority", nullable=True))
    _record(
        "risk_plan",
        *_texts("author"),
        *_days("written_on", nullable=False),
        *_numbers("version"),
        *_texts("summary"),
        *_numbers("interval_months", nullable=True),
        *_texts("interval_reason"),
        *_days("review_due"),
        *_texts("state"),
        *_times("submitted_at", nullable=True),
        unique=(
            "ref",
            "version",
        ),
    )
    _part("risk_plan", "risk_plan_actions", *_texts("what", "who"), *_days("by", nullable=False), *_days("done_on"))
    _part("risk_plan", "risk_plan_reviews", *_texts("rank", "by"), *_times("at"), *_flags("approved"), *_texts("comments"))
    _record(
        "child_notification",
        *_times("noticed_at", "written_at"),
        *_texts("by", "visit", "child_name"),
        *_days("date_of_birth"),
        *_numbers("age", nullable=True),
        *_texts("sex", nullable=True),
        *_texts(
            "address",
            "school",
            "school_why_absent",
            "ethnicity",
            "ethnicity_why_absent",
            "relationship",
            "parental_responsibility",
            "appearance",
            "words",
            "words_why_absent",
            "activity",
            "relationships",
            "environment",
        ),
        *_times("sent_at", nullable=True),
        *_texts("sent_to", "agency_reference"),
        *_days("strategy_meeting"),
        *_texts("strategy_outcome"),
    )
    _record(
        "request",
        *_texts("kind", "to", "by"),
        *_times("at"),
        *_texts("text", "answer", "answered_by"),
        *_times("answered_at", nullable=True),
        *_flags("done"),
    )
    _record(
        "graded",
        *_numbers("month_year", "month_month"),
        *_texts("manager", "grade", "by"),
        *_days("on", nullable=False),
        *_texts("comment"),
        unique=(
            "month_year",
            "month_month",
            "manager",
            "ref",
        ),
    )
    _record(
        "drawn",
        *_numbers("month_year", "month_month"),
        *_texts("manager"),
        *_numbers("seed"),
        *_texts("by"),
        *_days("on", nullable=False),
        unique=(
            "month_year",
            "month_month",
            "manager",
            "ref",
        ),
    )


def _lists() -> None:
    _record(
        "list_decision",
        *_texts("field", "here", "there", "settled", "by"),
        *_times("at"),
        *_days("on"),
        *_texts("comment"),
    )


def _off_duty() -> None:
    _table(
        "incident_file",
        *_texts("id", "digest", "name"),
        *_times("at"),
        *_texts("by"),
        *_numbers("rows_read", "logs", "matches", "set_aside"),
        *_times("covers_to", nullable=True),
        sa.UniqueConstraint("digest", name="uq_incident_file_digest"),
        key=("id",),
    )
    _table(
        "incident_log",
        *_texts("id", "number"),
        *_times("at", nullable=True),
        *_texts("kind", "place", "address", "postcode", "persons", "vehicles", "text", "file_id"),
        _belongs("incident_log", "file_id", "incident_file", "id", delete=None),
        key=("id",),
    )
    op.create_index(op.f("ix_incident_log_file_id"), "incident_log", ["file_id"])
    _record(
        "off_duty_match",
        *_texts("sureness", "explanation", "person", "triggered", "verdict", "acknowledged_by"),
        *_times("acknowledged_at", nullable=True),
        *_texts("comment", "log_id"),
        log=True,
    )
    op.create_index(op.f("ix_off_duty_match_log_id"), "off_duty_match", ["log_id"])


def _imports() -> None:
    _table(
        "import_batch",
        _text("id"),
        _moment("at"),
        *_texts("by", "file_name"),
        _number("added"),
        _number("updated"),
        _text("report"),
        _moment("undone_at", nullable=True),
        _text("undone_by", nullable=True),
        key=("id",),
    )
    _table(
        "import_image",
        _text("batch_id"),
        _number("place"),
        *_texts("kind", "ref"),
        _text("body", nullable=True),
        _belongs("import_image", "batch_id", "import_batch", "id"),
        key=("batch_id", "place"),
    )
    op.create_index("ix_import_image_ref", "import_image", ["kind", "ref"])
    _table("import_profile", _text("name"), _moment("at"), *_texts("by", "body"), key=("name",))


def _proposals() -> None:
    _table("decision", _text("id"), _moment("at"), *_texts("by", "reason"), *_days("as_of"), _text("travel_basis"), key=("id",))
    _table(
        "decision_move",
        _text("decision_id"),
        _number("place"),
        _text("ref"),
        _text("from_manager", nullable=True),
        _text("to_manager"),
        sa.Column("minutes_saved_per_year", sa.Double(), nullable=False),
        _text("reason"),
        *_flags("refused"),
        _belongs("decision_move", "decision_id", "decision", "id"),
        key=("decision_id", "place"),
    )
    op.create_index(op.f("ix_decision_move_ref"), "decision_move", ["ref"])
    _table(
        "plan",
        _text("id"),
        _number("number"),
        *_days("first_day", "last_day", nullable=False),
        _moment("at"),
        _text("by"),
        _text("approved_by", nullable=True),
        *_texts("reason", "body"),
        key=("id",),
    )
    op.create_index(op.f("ix_plan_first_day"), "plan", ["first_day"])


def _record_of_use() -> None:
    _table(
        "record_of_use",
        _number("seq"),
        _moment("at"),
        *_texts("actor", "role", "operation", "subject", "fields"),
        _number("count"),
        *_texts("reason", "recipient", "medium", "outcome", "session", "device", "app_version"),
        *_texts("digest", "prev", "hash", "signature"),
        key=("seq",),
    )
    op.create_index("ix_record_of_use_subject", "record_of_use", ["subject", "seq"])


def _seal_the_record() -> None:
    """Entries can be added and nothing else; whoever drops these triggers still breaks the chain."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER record_of_use_no_{verb.lower()} BEFORE {verb} ON record_of_use "
                f"BEGIN SELECT RAISE(ABORT, '{_SEALED}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION record_of_use_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{_SEALED}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER record_of_use_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON record_of_use "
        "FOR EACH STATEMENT EXECUTE FUNCTION record_of_use_sealed()"
    )
