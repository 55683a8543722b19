"""benefits: claims, their steps and their audit

Revision: 0004, after 0003.
"""

from pathlib import Path

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
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
        "claim_batch",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("benefit", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_claim_batch_account_id_account")
        ),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_claim_batch_region_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_batch")),
    )
    op.create_index(op.f("ix_claim_batch_region"), "claim_batch", ["region"], unique=False)
    op.create_table(
        "benefit_claim",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=True),
        sa.Column("employer_id", sa.BigInteger(), nullable=True),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("benefit", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("heads", sa.Integer(), nullable=True),
        sa.Column("costs", sa.BigInteger(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "village_check",
                "public_notice",
                "approved",
                "paid",
                "refused",
                name="claim_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("notice_on", sa.Date(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("approved_by", sa.BigInteger(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(state = 'paid') = (paid_on IS NOT NULL)", name=op.f("ck_benefit_claim_paid_with_date")
        ),
        sa.CheckConstraint(
            "(state = 'public_notice') <= (notice_on IS NOT NULL)",
            name=op.f("ck_benefit_claim_notice_with_date"),
        ),
        sa.CheckConstraint(
            "(state = 'refused') = (reason <> '')", name=op.f("ck_benefit_claim_refused_with_reason")
        ),
        sa.CheckConstraint(
            "(state IN ('approved', 'paid')) <= (amount IS NOT NULL)",
            name=op.f("ck_benefit_claim_approved_with_amount"),
        ),
        sa.CheckConstraint(
            "(state IN ('approved', 'paid')) <= (num_nonnulls(notice_on, approved_on, approved_by) = 3)",
            name=op.f("ck_benefit_claim_approved_after_notice"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_benefit_claim_amount_positive")),
        sa.CheckConstraint("costs >= 0", name=op.f("ck_benefit_claim_costs_not_negative")),
        sa.CheckConstraint(
            "notice_on <= approved_on AND approved_on <= paid_on",
            name=op.f("ck_benefit_claim_steps_in_order"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(worker_id, employer_id) = 1", name=op.f("ck_benefit_claim_one_claimant")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["account.id"], name=op.f("fk_benefit_claim_approved_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["claim_batch.id"], name=op.f("fk_benefit_claim_batch_id_claim_batch")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_benefit_claim_employer_id_employer")
        ),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_benefit_claim_region_region")),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_benefit_claim_worker_id_worker")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_benefit_claim")),
    )
    op.create_index(op.f("ix_benefit_claim_batch_id"), "benefit_claim", ["batch_id"], unique=False)
    op.create_index(
        "ix_benefit_claim_benefit_year_state", "benefit_claim", ["benefit", "year", "state"], unique=False
    )
    op.create_index(op.f("ix_benefit_claim_region"), "benefit_claim", ["region"], unique=False)
    op.create_index(
        "uq_benefit_claim_employer_in_force",
        "benefit_claim",
        ["employer_id", "benefit", "year"],
        unique=True,
        postgresql_where=sa.text("state <> 'refused'"),
    )
    op.create_index(
        "uq_benefit_claim_worker_in_force",
        "benefit_claim",
        ["worker_id", "benefit", "year"],
        unique=True,
        postgresql_where=sa.text("state <> 'refused'"),
    )
    op.create_table(
        "claim_audit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("approver_id", sa.BigInteger(), nullable=False),
        sa.Column("seed", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("risk", sa.Integer(), nullable=False),
        sa.Column("risk_reasons", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("drawn_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "drawn",
                "found",
                "replied",
                "concluded",
                name="audit_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("finding", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("found_by", sa.BigInteger(), nullable=True),
        sa.Column("found_on", sa.Date(), nullable=True),
        sa.Column("reply", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("replied_by", sa.BigInteger(), nullable=True),
        sa.Column("replied_on", sa.Date(), nullable=True),
        sa.Column(
            "conclusion",
            sa.Enum(
                "sound",
                "mended",
                "repay",
                name="audit_conclusion",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("concluded_by", sa.BigInteger(), nullable=True),
        sa.Column("concluded_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(state = 'concluded') = (num_nonnulls(conclusion, concluded_by, concluded_on) = 3)",
            name=op.f("ck_claim_audit_concluded_by_somebody"),
        ),
        sa.CheckConstraint(
            "(state = 'drawn') = (finding = '') AND (finding = '') = (found_by IS NULL)",
            name=op.f("ck_claim_audit_found_by_somebody"),
        ),
        sa.CheckConstraint(
            "(state IN ('replied', 'concluded')) = (reply <> '')",
            name=op.f("ck_claim_audit_replied_before_concluded"),
        ),
        sa.CheckConstraint(
            "found_by <> approver_id AND concluded_by <> approver_id",
            name=op.f("ck_claim_audit_judged_by_another"),
        ),
        sa.CheckConstraint("risk >= 1", name=op.f("ck_claim_audit_risk_weighs")),
        sa.ForeignKeyConstraint(
            ["approver_id"], ["account.id"], name=op.f("fk_claim_audit_approver_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["claim_batch.id"], name=op.f("fk_claim_audit_batch_id_claim_batch")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["benefit_claim.id"], name=op.f("fk_claim_audit_claim_id_benefit_claim")
        ),
        sa.ForeignKeyConstraint(
            ["concluded_by"], ["account.id"], name=op.f("fk_claim_audit_concluded_by_account")
        ),
        sa.ForeignKeyConstraint(["found_by"], ["account.id"], name=op.f("fk_claim_audit_found_by_account")),
        sa.ForeignKeyConstraint(
            ["replied_by"], ["account.id"], name=op.f("fk_claim_audit_replied_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_audit")),
    )
    op.create_index(op.f("ix_claim_audit_batch_id"), "claim_audit", ["batch_id"], unique=False)
    op.create_index("uq_claim_audit_claim_id", "claim_audit", ["claim_id"], unique=True)
    op.create_table(
        "claim_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "from_state",
            sa.Enum(
                "village_check",
                "public_notice",
                "approved",
                "paid",
                "refused",
                name="from_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "to_state",
            sa.Enum(
                "village_check",
                "public_notice",
                "approved",
                "paid",
                "refused",
                name="to_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_claim_event_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["benefit_claim.id"], name=op.f("fk_claim_event_claim_id_benefit_claim")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_event")),
    )
    op.create_index(op.f("ix_claim_event_claim_id"), "claim_event", ["claim_id"], unique=False)
    secure("0004")


def downgrade() -> None:
    secure("none")
    op.drop_index(op.f("ix_claim_event_claim_id"), table_name="claim_event")
    op.drop_table("claim_event")
    op.drop_index("uq_claim_audit_claim_id", table_name="claim_audit")
    op.drop_index(op.f("ix_claim_audit_batch_id"), table_name="claim_audit")
    op.drop_table("claim_audit")
    op.drop_index(
        "uq_benefit_claim_worker_in_force",
        table_name="benefit_claim",
        postgresql_where=sa.text("state <> 'refused'"),
    )
    op.drop_index(
        "uq_benefit_claim_employer_in_force",
        table_name="benefit_claim",
        postgresql_where=sa.text("state <> 'refused'"),
    )
    op.drop_index(op.f("ix_benefit_claim_region"), table_name="benefit_claim")
    op.drop_index("ix_benefit_claim_benefit_year_state", table_name="benefit_claim")
    op.drop_index(op.f("ix_benefit_claim_batch_id"), table_name="benefit_claim")
    op.drop_table("benefit_claim")
    op.drop_index(op.f("ix_claim_batch_region"), table_name="claim_batch")
    op.drop_table("claim_batch")
    secure("0003")
