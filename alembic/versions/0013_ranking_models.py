"""models that have learned: each training with its verdict, what serves since when, what was found broken

Revision: 0013, after 0012.
"""

from pathlib import Path

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
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
    op.add_column("ranking_item", sa.Column("propensity", sa.Float(), nullable=True))
    op.create_table(
        "ranking_model",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("regions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("monthly", sa.Boolean(), nullable=False),
        sa.Column("begins", sa.Date(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("stays", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("version", sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
        sa.Column("schema_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=True),
        sa.Column("file_sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("challenged_id", sa.BigInteger(), nullable=True),
        sa.Column("may_serve", sa.Boolean(), nullable=False),
        sa.Column("reasons", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("metrics", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "(file IS NULL) = (file_sha256 IS NULL)", name=op.f("ck_ranking_model_file_with_its_hash")
        ),
        sa.CheckConstraint("challenged_id < id", name=op.f("ck_ranking_model_challenged_was_before")),
        sa.CheckConstraint(
            "NOT may_serve OR file IS NOT NULL", name=op.f("ck_ranking_model_serves_from_a_file")
        ),
        sa.CheckConstraint(
            "may_serve OR cardinality(reasons) > 0", name=op.f("ck_ranking_model_refused_with_reasons")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_ranking_model_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["challenged_id"], ["ranking_model.id"], name=op.f("fk_ranking_model_challenged_id_ranking_model")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ranking_model")),
        sa.UniqueConstraint("id", "may_serve", name=op.f("uq_ranking_model_id_may_serve")),
    )
    op.create_table(
        "ranking_change",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("regions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("model_id", sa.BigInteger(), nullable=True),
        sa.Column("may_serve", sa.Boolean(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "promoted", "back", name="change_kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("may_serve", name=op.f("ck_ranking_change_only_what_may_serve")),
        sa.CheckConstraint("kind <> 'back' OR reason <> ''", name=op.f("ck_ranking_change_back_with_reason")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_ranking_change_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["model_id", "may_serve"],
            ["ranking_model.id", "ranking_model.may_serve"],
            name=op.f("fk_ranking_change_model_id_ranking_model"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ranking_change")),
    )
    op.create_table(
        "ranking_fault",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("model_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_ranking_fault_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["model_id"], ["ranking_model.id"], name=op.f("fk_ranking_fault_model_id_ranking_model")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ranking_fault")),
        sa.UniqueConstraint("model_id", "reason", name=op.f("uq_ranking_fault_model_id_reason")),
    )
    secure("0013")


def downgrade() -> None:
    secure("none")
    op.drop_table("ranking_fault")
    op.drop_table("ranking_change")
    op.drop_table("ranking_model")
    op.drop_column("ranking_item", "propensity")
    secure("0011")
