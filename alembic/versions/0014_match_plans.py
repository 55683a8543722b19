"""plans: who is to go where, with the seats, their prices, the people and what was decided by hand

Revision: 0014, after 0013.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014"
down_revision = "0013"
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
        "match_plan",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("departs_on", sa.Date(), nullable=False),
        sa.Column(
            "objective",
            sa.Enum(
                "stable", "surplus", name="objective", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "making",
                "draft",
                "approving",
                "approved",
                "discarded",
                name="plan_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("asked", JSONB(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("ranker", sa.String(), nullable=False),
        sa.Column("ranker_version", sa.String(), nullable=False),
        sa.Column("sums", JSONB(), nullable=False),
        sa.Column("dispatch_id", sa.BigInteger(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_match_plan_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["dispatch_id"], ["dispatch.id"], name=op.f("fk_match_plan_dispatch_id_dispatch")
        ),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_match_plan_job_id_job")),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_match_plan_region_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_plan")),
    )
    op.create_index(op.f("ix_match_plan_region"), "match_plan", ["region"], unique=False)
    op.create_table(
        "match_plan_kept",
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["match_plan.id"], name=op.f("fk_match_plan_kept_plan_id_match_plan")
        ),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_match_plan_kept")),
    )
    op.create_table(
        "match_plan_decision",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "pin",
                "move",
                "keep_out",
                "close",
                name="decision_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("worker_id", sa.BigInteger(), nullable=True),
        sa.Column("vacancy_id", sa.BigInteger(), nullable=True),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "CASE WHEN kind = 'close' THEN worker_id IS NULL AND vacancy_id IS NOT NULL WHEN kind = 'keep_out' THEN worker_id IS NOT NULL AND vacancy_id IS NULL ELSE worker_id IS NOT NULL AND vacancy_id IS NOT NULL END",
            name=op.f("ck_match_plan_decision_about_one_thing"),
        ),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by IS NULL)",
            name=op.f("ck_match_plan_decision_undone_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_match_plan_decision_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["match_plan.id"], name=op.f("fk_match_plan_decision_plan_id_match_plan")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by"], ["account.id"], name=op.f("fk_match_plan_decision_undone_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["vacancy_id"], ["vacancy.id"], name=op.f("fk_match_plan_decision_vacancy_id_vacancy")
        ),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["worker.id"], name=op.f("fk_match_plan_decision_worker_id_worker")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_plan_decision")),
    )
    op.create_index(
        "ix_match_plan_decision_in_force",
        "match_plan_decision",
        ["plan_id"],
        unique=False,
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_index(
        op.f("ix_match_plan_decision_worker_id"), "match_plan_decision", ["worker_id"], unique=False
    )
    op.create_table(
        "match_plan_post",
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("vacancy_id", sa.BigInteger(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("filled", sa.Integer(), nullable=False),
        sa.Column("stable", sa.Float(), nullable=False),
        sa.Column("first_come", sa.Integer(), nullable=False),
        sa.Column("first_come_stable", sa.Float(), nullable=False),
        sa.Column("price", sa.Float(), nullable=False),
        sa.Column("seat_worth", sa.Float(), nullable=False),
        sa.CheckConstraint("filled BETWEEN 0 AND seats", name=op.f("ck_match_plan_post_never_oversold")),
        sa.CheckConstraint("first_come >= 0", name=op.f("ck_match_plan_post_first_come_not_negative")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["match_plan.id"], name=op.f("fk_match_plan_post_plan_id_match_plan")
        ),
        sa.ForeignKeyConstraint(
            ["vacancy_id"], ["vacancy.id"], name=op.f("fk_match_plan_post_vacancy_id_vacancy")
        ),
        sa.PrimaryKeyConstraint("plan_id", "vacancy_id", name=op.f("pk_match_plan_post")),
    )
    op.create_table(
        "match_plan_person",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("vacancy_id", sa.BigInteger(), nullable=True),
        sa.Column("p_hire", sa.Float(), nullable=True),
        sa.Column("p_stay_90", sa.Float(), nullable=True),
        sa.Column("p_stay_180", sa.Float(), nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("reasons", JSONB(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "unplaced",
                "proposed",
                "approved",
                "no_seat",
                "ineligible",
                name="line_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("together", sa.Integer(), nullable=True),
        sa.Column("application_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "vacancy_id IS NOT NULL OR state IN ('unplaced', 'ineligible')",
            name=op.f("ck_match_plan_person_proposed_somewhere"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_match_plan_person_application_id_application"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_match_plan_person_decided_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["match_plan.id"], name=op.f("fk_match_plan_person_plan_id_match_plan")
        ),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_match_plan_person_region_region")),
        sa.ForeignKeyConstraint(
            ["vacancy_id"], ["vacancy.id"], name=op.f("fk_match_plan_person_vacancy_id_vacancy")
        ),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["worker.id"], name=op.f("fk_match_plan_person_worker_id_worker")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_plan_person")),
        sa.UniqueConstraint("plan_id", "worker_id", name=op.f("uq_match_plan_person_plan_id_worker_id")),
    )
    op.create_index(
        "ix_match_plan_person_application_id", "match_plan_person", ["application_id"], unique=False
    )
    op.create_index(
        op.f("ix_match_plan_person_vacancy_id"), "match_plan_person", ["vacancy_id"], unique=False
    )
    op.create_index("ix_match_plan_person_worker_id", "match_plan_person", ["worker_id"], unique=False)
    secure("0014")


def downgrade() -> None:
    secure("none")
    op.drop_index("ix_match_plan_person_worker_id", table_name="match_plan_person")
    op.drop_index(op.f("ix_match_plan_person_vacancy_id"), table_name="match_plan_person")
    op.drop_index("ix_match_plan_person_application_id", table_name="match_plan_person")
    op.drop_table("match_plan_person")
    op.drop_table("match_plan_post")
    op.drop_index(op.f("ix_match_plan_decision_worker_id"), table_name="match_plan_decision")
    op.drop_index(
        "ix_match_plan_decision_in_force",
        table_name="match_plan_decision",
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.drop_table("match_plan_decision")
    op.drop_table("match_plan_kept")
    op.drop_index(op.f("ix_match_plan_region"), table_name="match_plan")
    op.drop_table("match_plan")
    secure("0013")
