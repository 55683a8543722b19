"""the ledger: filters under a name, acts on many people with the way back, calls that the bureau arranges

Revision: 0024, after 0023.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_WHY = ("asked", "message")
_KINDS = ("follow_up", "propose", "enrol", "invite")
_STATES = ("waiting", "done", "known", "refused", "undone", "kept")


def secure(revision: str) -> None:
    """Row security, grants, triggers and doors as they were declared at `revision`, in the place of all there are."""
    folder = Path(__file__).parent.parent / "security"
    for name in ("none", revision):
        # Without parameters, so that a percent sign is one.
        op.get_bind().connection.cursor().execute((folder / f"{name}.sql").read_text(encoding="utf-8"))


def words(name: str, *codes: str) -> sa.Enum:
    """A coded column's type."""
    return sa.Enum(*codes, name=name, native_enum=False, create_constraint=True, length=32)


def one_of(table: str, column: str, name: str, codes: tuple[str, ...]) -> None:
    """Let a coded column take these codes."""
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
    listed = ", ".join(f"'{code}'" for code in codes)
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, f"{column} IN ({listed})")


def references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    """Foreign keys of a table, by column and what it names."""
    return [
        sa.ForeignKeyConstraint([column], [named], name=op.f(f"fk_{table}_{column}_{named.split('.')[0]}"))
        for column, named in columns.items()
    ]


def upgrade() -> None:
    secure("none")
    one_of("call_request", "why", "call_why", (*_WHY, "arranged"))
    op.add_column("call_request", sa.Column("caller_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_call_request_caller_id_account"), "call_request", "account", ["caller_id"], ["id"]
    )
    op.create_index(
        "ix_worker_listed",
        "worker",
        ["name_pinyin", "id"],
        postgresql_include=["region", "merged_into"],
        postgresql_where=sa.text("NOT restricted AND merged_into IS NULL"),
    )
    op.create_table(
        "saved_search",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("wanted", postgresql.JSONB(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("NOT wanted ? 'q'", name=op.f("ck_saved_search_of_nobody")),
        *references("saved_search", account_id="account.id", region="region.code"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
    )
    op.create_index(op.f("ix_saved_search_region"), "saved_search", ["region"])
    op.create_index(
        "uq_saved_search_name",
        "saved_search",
        ["account_id", "name"],
        unique=True,
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_table(
        "bulk_action",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("kind", words("bulk_kind", *_KINDS), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("caller_id", sa.BigInteger(), nullable=True),
        sa.Column("vacancy_id", sa.BigInteger(), nullable=True),
        sa.Column("course_id", sa.BigInteger(), nullable=True),
        sa.Column("fair_id", sa.BigInteger(), nullable=True),
        sa.Column("filter_words", sa.String(length=500), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.BigInteger(), nullable=True),
        sa.Column("undo_job_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'follow_up') = (due_on IS NOT NULL) AND (kind = 'propose') = (vacancy_id IS NOT NULL) "
            "AND (kind = 'enrol') = (course_id IS NOT NULL) AND (kind = 'invite') = (fair_id IS NOT NULL)",
            name=op.f("ck_bulk_action_about_one_thing"),
        ),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by IS NULL)", name=op.f("ck_bulk_action_undone_whole")
        ),
        sa.CheckConstraint("total > 0", name=op.f("ck_bulk_action_of_somebody")),
        *references(
            "bulk_action", account_id="account.id", region="region.code", caller_id="account.id",
            vacancy_id="vacancy.id", course_id="course.id", fair_id="fair.id", job_id="job.id",
            undone_by="account.id", undo_job_id="job.id",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_action")),
    )  # fmt: skip
    op.create_index(op.f("ix_bulk_action_account_id"), "bulk_action", ["account_id"])
    op.create_index(op.f("ix_bulk_action_region"), "bulk_action", ["region"])
    op.create_table(
        "bulk_item",
        sa.Column("bulk_id", sa.BigInteger(), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("state", words("bulk_item_state", *_STATES), nullable=False),
        sa.Column("reason", sa.String(length=100), nullable=True),
        sa.Column("made_id", sa.BigInteger(), nullable=True),
        sa.Column("made_version", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('done', 'undone', 'kept')) = (made_id IS NOT NULL)",
            name=op.f("ck_bulk_item_made_if_done"),
        ),
        *references("bulk_item", bulk_id="bulk_action.id", worker_id="worker.id"),
        sa.PrimaryKeyConstraint("bulk_id", "worker_id", name=op.f("pk_bulk_item")),
    )
    op.create_index(op.f("ix_bulk_item_worker_id"), "bulk_item", ["worker_id"])
    op.create_index(
        "ix_bulk_item_waiting",
        "bulk_item",
        ["bulk_id", "worker_id"],
        postgresql_where=sa.text("state = 'waiting'"),
    )
    secure("0024")


def downgrade() -> None:
    secure("none")
    op.drop_index("ix_worker_listed", table_name="worker")
    for table in ("bulk_item", "bulk_action", "saved_search"):
        op.drop_table(table)
    # What the bureau arranged goes with it: nobody of that time could tell what such a call is about.
    op.execute("DELETE FROM call_request WHERE why = 'arranged'")
    op.drop_constraint(op.f("fk_call_request_caller_id_account"), "call_request")
    op.drop_column("call_request", "caller_id")
    one_of("call_request", "why", "call_why", _WHY)
    secure("0023")
