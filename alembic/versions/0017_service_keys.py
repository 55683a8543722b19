"""the service's keys: which there are, and a second column for look-ups while one follows another

Revision: 0017, after 0016.
"""

from pathlib import Path

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_INDEXED = (
    ("worker", "id_number_index_2", "uq"),
    ("worker", "phone_index_2", "ix"),
    ("former_number", "id_number_index_2", "uq"),
)


def secure(revision: str) -> None:
    """Row security, grants, triggers and doors as they were declared at `revision`, in the place of all there are."""
    folder = Path(__file__).parent.parent / "security"
    for name in ("none", revision):
        # Without parameters, so that a percent sign is one.
        op.get_bind().connection.cursor().execute((folder / f"{name}.sql").read_text(encoding="utf-8"))


def _numbered(condition: str) -> None:
    op.drop_constraint(op.f("ck_worker_id_number_indexed"), "worker", type_="check")
    op.create_check_constraint(
        op.f("ck_worker_id_number_indexed"), "worker", f"(id_number_sealed IS NULL) = ({condition})"
    )


def upgrade() -> None:
    secure("none")
    op.create_table(
        "service_key",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=9), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "coming",
                "in_use",
                "leaving",
                "retired",
                name="key_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("marks", sa.Boolean(), nullable=False),
        sa.Column("remembers", sa.Boolean(), nullable=False),
        sa.Column("master_key_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("slot IN (1, 2)", name=op.f("ck_service_key_slot_of_two")),
        sa.CheckConstraint(
            "(sealed_key IS NULL) = (master_key_id IS NULL)", name=op.f("ck_service_key_sealed_under_a_key")
        ),
        sa.CheckConstraint("id ~ '^[1-9][0-9]*$'", name=op.f("ck_service_key_id_counted")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_key")),
    )
    op.create_index(
        "uq_service_key_state",
        "service_key",
        ["state"],
        unique=True,
        postgresql_where=sa.text("state <> 'retired'"),
    )
    op.create_index(
        "uq_service_key_marks", "service_key", ["marks"], unique=True, postgresql_where=sa.text("marks")
    )
    for table, column, kind in _INDEXED:
        op.add_column(table, sa.Column(column, sa.LargeBinary(), nullable=True))
        if kind == "uq":
            op.create_unique_constraint(op.f(f"uq_{table}_{column}"), table, [column])
        else:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    op.alter_column("former_number", "id_number_index", nullable=True)
    op.create_check_constraint(
        op.f("ck_former_number_indexed"),
        "former_number",
        "num_nonnulls(id_number_index, id_number_index_2) > 0",
    )
    _numbered("num_nonnulls(id_number_index, id_number_index_2) = 0")
    secure("0017")


def downgrade() -> None:
    secure("none")
    # What is sealed under a second key an older program can't open: it is not made to.
    op.execute(
        "DO $$ BEGIN IF EXISTS (SELECT FROM service_key WHERE id <> '1') THEN "
        "RAISE check_violation USING MESSAGE = 'the key was changed'; END IF; END $$"
    )
    _numbered("id_number_index IS NULL")
    op.drop_constraint(op.f("ck_former_number_indexed"), "former_number", type_="check")
    op.alter_column("former_number", "id_number_index", nullable=False)
    for table, column, _ in _INDEXED:
        op.drop_column(table, column)
    op.drop_table("service_key")
    secure("0016")
