"""what a deletion and a no reach: who is in which file, of whom kept answers tell, one rule of consent in the database

Revision: 0021, after 0020.
"""

from pathlib import Path

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def secure(revision: str) -> None:
    """Row security, grants, triggers and doors as they were declared at `revision`, in the place of all there are."""
    folder = Path(__file__).parent.parent / "security"
    for name in ("none", revision):
        # Without parameters, so that a percent sign is one.
        op.get_bind().connection.cursor().execute((folder / f"{name}.sql").read_text(encoding="utf-8"))


def upgrade() -> None:
    secure("none")
    op.create_table(
        "handed_file",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "register",
                "payment",
                "errors",
                "doubts",
                name="handed_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("masked", sa.Boolean(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("export_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_handed_file_account_id_account")
        ),
        sa.ForeignKeyConstraint(["export_id"], ["export.id"], name=op.f("fk_handed_file_export_id_export")),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_handed_file_region_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handed_file")),
        sa.UniqueConstraint("export_id", name=op.f("uq_handed_file_export_id")),
    )
    op.create_index(op.f("ix_handed_file_region"), "handed_file", ["region"], unique=False)
    op.create_table(
        "handed_person",
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["handed_file.id"], name=op.f("fk_handed_person_file_id_handed_file")
        ),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_handed_person_worker_id_worker")),
        sa.PrimaryKeyConstraint("file_id", "worker_id", name=op.f("pk_handed_person")),
    )
    op.create_index(op.f("ix_handed_person_worker_id"), "handed_person", ["worker_id"], unique=False)
    op.add_column(
        "idempotency_key",
        sa.Column(
            "told_of", postgresql.ARRAY(sa.BigInteger()), server_default=sa.text("'{}'"), nullable=False
        ),
    )
    op.create_index(
        "ix_idempotency_key_told_of", "idempotency_key", ["told_of"], unique=False, postgresql_using="gin"
    )
    # Nobody wrote down of whom a file of before tells: it is made anew where it is still wanted.
    op.execute("DELETE FROM export_part WHERE export_id IN (SELECT id FROM export WHERE expires_at > now())")
    op.execute("UPDATE export SET expires_at = now() WHERE expires_at > now()")
    secure("0021")


def downgrade() -> None:
    secure("none")
    op.drop_index("ix_idempotency_key_told_of", table_name="idempotency_key")
    op.drop_column("idempotency_key", "told_of")
    op.drop_table("handed_person")
    op.drop_table("handed_file")
    secure("0020")
