"""consents, disclosures, requests for a human's look, deletions

Revision: 0018, after 0017.
"""

from pathlib import Path

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
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
        "consent",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "service",
                "ranking",
                "employer",
                "sensitive",
                "check_in",
                "messages",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("employer_id", sa.BigInteger(), nullable=True),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column(
            "speaker",
            sa.Enum(
                "self",
                "family",
                "informant",
                "guardian",
                name="speaker",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "means",
            sa.Enum(
                "paper",
                "screen",
                "phone",
                name="consent_means",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("form_number", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(means = 'paper') = (form_number <> '')", name=op.f("ck_consent_paper_with_number")
        ),
        sa.CheckConstraint(
            "employer_id IS NULL OR purpose IN ('employer', 'sensitive')",
            name=op.f("ck_consent_employer_where_asked"),
        ),
        sa.CheckConstraint(
            "purpose <> 'sensitive' OR employer_id IS NOT NULL", name=op.f("ck_consent_sensitive_to_one")
        ),
        sa.CheckConstraint(
            "until IS NULL OR (given AND until >= told_on)", name=op.f("ck_consent_until_of_a_yes")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_consent_account_id_account")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_consent_employer_id_employer")
        ),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_consent_worker_id_worker")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index("ix_consent_purpose", "consent", ["purpose", "worker_id"], unique=False)
    op.create_index("ix_consent_worker_id_purpose", "consent", ["worker_id", "purpose"], unique=False)
    op.create_table(
        "erasure",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "term", "request", name="erasure_reason", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("approved_on", sa.Date(), nullable=False),
        sa.Column("approved_by", sa.BigInteger(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["approved_by"], ["account.id"], name=op.f("fk_erasure_approved_by_account")),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_erasure_worker_id_worker")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
        sa.UniqueConstraint("worker_id", name=op.f("uq_erasure_worker_id")),
    )
    op.create_table(
        "review_request",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "about",
            sa.Enum(
                "ranking",
                "plan",
                "application",
                "benefit",
                name="review_about",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("vacancy_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "speaker",
            sa.Enum(
                "self",
                "family",
                "informant",
                "guardian",
                name="speaker",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("wish_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "kept", "changed", name="review_outcome", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by", sa.BigInteger(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint("answered_on >= asked_on", name=op.f("ck_review_request_answered_after_asking")),
        sa.CheckConstraint("due_on >= asked_on", name=op.f("ck_review_request_due_after_asking")),
        sa.CheckConstraint(
            "num_nonnulls(outcome, answer_sealed, answered_on, answered_by) IN (0, 4)",
            name=op.f("ck_review_request_answered_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_review_request_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["account.id"], name=op.f("fk_review_request_answered_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["vacancy_id"], ["vacancy.id"], name=op.f("fk_review_request_vacancy_id_vacancy")
        ),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["worker.id"], name=op.f("fk_review_request_worker_id_worker")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_request")),
    )
    op.create_index(
        "ix_review_request_open",
        "review_request",
        ["due_on"],
        unique=False,
        postgresql_where=sa.text("answered_on IS NULL"),
    )
    op.create_index(op.f("ix_review_request_worker_id"), "review_request", ["worker_id"], unique=False)
    op.create_table(
        "disclosure",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("employer_id", sa.BigInteger(), nullable=False),
        sa.Column("fields", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "proposal",
                "dispatch",
                "claim",
                name="disclosure_reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "basis",
            sa.Enum(
                "consent",
                "contract",
                "statutory",
                name="basis",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("consent_id", sa.BigInteger(), nullable=True),
        sa.Column("application_id", sa.BigInteger(), nullable=True),
        sa.Column("dispatch_id", sa.BigInteger(), nullable=True),
        sa.Column("claim_id", sa.BigInteger(), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(basis = 'consent') = (consent_id IS NOT NULL)", name=op.f("ck_disclosure_consent_named")
        ),
        sa.CheckConstraint(
            "NOT fields && ARRAY['id_number', 'hardship', 'disability', 'household']::text[] OR (reason = 'claim' AND basis = 'consent')",
            name=op.f("ck_disclosure_sensitive_for_a_claim"),
        ),
        sa.CheckConstraint(
            "cardinality(fields) > 0 AND fields <@ ARRAY['name', 'sex', 'age', 'home', 'education', 'skills', 'experience', 'post', 'phone', 'id_number', 'hardship', 'disability', 'household']::text[]",
            name=op.f("ck_disclosure_fields_known"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(application_id, dispatch_id, claim_id) = 1",
            name=op.f("ck_disclosure_of_one_occasion"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_disclosure_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_disclosure_application_id_application")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["benefit_claim.id"], name=op.f("fk_disclosure_claim_id_benefit_claim")
        ),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consent.id"], name=op.f("fk_disclosure_consent_id_consent")
        ),
        sa.ForeignKeyConstraint(
            ["dispatch_id"], ["dispatch.id"], name=op.f("fk_disclosure_dispatch_id_dispatch")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_disclosure_employer_id_employer")
        ),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_disclosure_worker_id_worker")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
    )
    op.create_index(op.f("ix_disclosure_application_id"), "disclosure", ["application_id"], unique=False)
    op.create_index(op.f("ix_disclosure_employer_id"), "disclosure", ["employer_id"], unique=False)
    op.create_index(op.f("ix_disclosure_worker_id"), "disclosure", ["worker_id"], unique=False)
    op.create_index(
        "ix_worker_restricted", "worker", ["id"], unique=False, postgresql_where=sa.text("restricted")
    )
    secure("0018")


def downgrade() -> None:
    secure("none")
    # Applications that ended because consent did: of the older words the nearest.
    op.execute("UPDATE application SET reason = 'other' WHERE reason = 'consent'")
    op.execute("UPDATE application_event SET reason = 'other' WHERE reason = 'consent'")
    op.drop_index("ix_worker_restricted", table_name="worker")
    for table in ("disclosure", "review_request", "erasure", "consent"):
        op.drop_table(table)
    secure("0017")
