"""the loop

Revision: 0001, after nothing.
"""

from pathlib import Path

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def secure(revision: str) -> None:
    """Row security, grants, triggers and doors as they were declared at `revision`, in the place of all there are."""
    folder = Path(__file__).parent.parent / "security"
    for name in ("none", revision):
        # Without parameters, so that a percent sign is one.
        op.get_bind().connection.cursor().execute((folder / f"{name}.sql").read_text(encoding="utf-8"))


def upgrade() -> None:
    op.execute(
        """
        DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'wengang_app') THEN
                CREATE ROLE wengang_app NOLOGIN NOINHERIT NOBYPASSRLS;
            END IF;
        END $$
        """
    )
    op.execute("GRANT USAGE ON SCHEMA public TO wengang_app")
    op.create_table(
        "account",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("username", sqlmodel.sql.sqltypes.AutoString(length=50), nullable=False),
        sa.Column("display_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("password_hash", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("username", name=op.f("uq_account_username")),
    )
    op.create_table(
        "industry",
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=4), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("parent_code", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.ForeignKeyConstraint(
            ["parent_code"], ["industry.code"], name=op.f("fk_industry_parent_code_industry")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_industry")),
    )
    op.create_table(
        "occupation",
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("parent_code", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.ForeignKeyConstraint(
            ["parent_code"], ["occupation.code"], name=op.f("fk_occupation_parent_code_occupation")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_occupation")),
    )
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("topic", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
    )
    op.create_table(
        "region",
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("short_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "province",
                "city",
                "county",
                "township",
                "village",
                name="region_level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("parent_code", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["parent_code"], ["region.code"], name=op.f("fk_region_parent_code_region")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_region")),
    )
    op.create_index(op.f("ix_region_parent_code"), "region", ["parent_code"], unique=False)
    op.create_table(
        "stability_rule",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("parameters", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stability_rule")),
        sa.UniqueConstraint("code", name=op.f("uq_stability_rule_code")),
    )
    op.create_table(
        "access_token",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "session",
                "bearer",
                "login_link",
                name="token_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_access_token_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_access_token_token_hash")),
    )
    op.create_index(op.f("ix_access_token_account_id"), "access_token", ["account_id"], unique=False)
    op.create_table(
        "audit_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("request_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("action", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("noun", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=True),
        sa.Column("worker_id", sa.BigInteger(), nullable=True),
        sa.Column("household_id", sa.BigInteger(), nullable=True),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("change", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("sealed_change", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_audit_event_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_index(op.f("ix_audit_event_account_id"), "audit_event", ["account_id"], unique=False)
    op.create_index(op.f("ix_audit_event_household_id"), "audit_event", ["household_id"], unique=False)
    op.create_index(op.f("ix_audit_event_region"), "audit_event", ["region"], unique=False)
    op.create_index(op.f("ix_audit_event_worker_id"), "audit_event", ["worker_id"], unique=False)
    op.create_table(
        "employer",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("uscc", sqlmodel.sql.sqltypes.AutoString(length=18), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "enterprise",
                "workshop",
                "community_factory",
                "employment_base",
                "public_post",
                "cooperative",
                name="employer_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kept_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("industry", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint("size >= 0", name=op.f("ck_employer_size_not_negative")),
        sa.ForeignKeyConstraint(["industry"], ["industry.code"], name=op.f("fk_employer_industry_industry")),
        sa.ForeignKeyConstraint(["kept_by"], ["region.code"], name=op.f("fk_employer_kept_by_region")),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_employer_region_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employer")),
        sa.UniqueConstraint("uscc", name=op.f("uq_employer_uscc")),
    )
    op.create_index(op.f("ix_employer_name"), "employer", ["name"], unique=False)
    op.create_index(op.f("ix_employer_region"), "employer", ["region"], unique=False)
    op.create_table(
        "household",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("relocated", sa.Boolean(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_household_region_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
        sa.UniqueConstraint("region", "number", name=op.f("uq_household_region_number")),
    )
    op.create_index(op.f("ix_household_region"), "household", ["region"], unique=False)
    op.create_table(
        "idempotency_key",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("sealed_answer", sa.LargeBinary(), nullable=True),
        sa.Column("master_key_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("worker_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_idempotency_key_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_key")),
        sa.UniqueConstraint("account_id", "key", name=op.f("uq_idempotency_key_account_id_key")),
    )
    op.create_table(
        "import",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("postings", name="import_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("file_name", sqlmodel.sql.sqltypes.AutoString(length=255), nullable=False),
        sa.Column("file_sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("shifted_days", sa.Integer(), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_import_account_id_account")),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_import_region_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import")),
    )
    op.create_index(op.f("ix_import_region"), "import", ["region"], unique=False)
    op.create_table(
        "occupation_alias",
        sa.Column("alias", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("occupation_code", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["occupation_code"],
            ["occupation.code"],
            name=op.f("fk_occupation_alias_occupation_code_occupation"),
        ),
        sa.PrimaryKeyConstraint("alias", name=op.f("pk_occupation_alias")),
    )
    op.create_index(
        op.f("ix_occupation_alias_occupation_code"), "occupation_alias", ["occupation_code"], unique=False
    )
    op.create_table(
        "pairing",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin_region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("destination_region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("programme", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= valid_from", name=op.f("ck_pairing_dates_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["destination_region"], ["region.code"], name=op.f("fk_pairing_destination_region_region")
        ),
        sa.ForeignKeyConstraint(
            ["origin_region"], ["region.code"], name=op.f("fk_pairing_origin_region_region")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing")),
    )
    op.create_index(op.f("ix_pairing_destination_region"), "pairing", ["destination_region"], unique=False)
    op.create_index(op.f("ix_pairing_origin_region"), "pairing", ["origin_region"], unique=False)
    op.create_table(
        "ranking",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "vacancies",
                "workers",
                name="ranking_side",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("ranker", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("ranker_version", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("ranked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_ranking_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ranking")),
    )
    op.create_index(op.f("ix_ranking_account_id"), "ranking", ["account_id"], unique=False)
    op.create_table(
        "account_binding",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "village",
                "township",
                "county",
                "city",
                "province",
                "destination_county",
                "destination_city",
                "station",
                "employer",
                "kiosk",
                "worker",
                "auditor",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("pairing_id", sa.BigInteger(), nullable=True),
        sa.Column("employer_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_binding_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_account_binding_employer_id_employer")
        ),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairing.id"], name=op.f("fk_account_binding_pairing_id_pairing")
        ),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_account_binding_region_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_binding")),
        sa.UniqueConstraint(
            "account_id",
            "role",
            "region",
            name=op.f("uq_account_binding_account_id_role_region"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(op.f("ix_account_binding_account_id"), "account_binding", ["account_id"], unique=False)
    op.create_table(
        "hardship_period",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "relieved",
                "unstable",
                "marginal",
                "sudden",
                "subsistence",
                "destitute",
                name="hardship_category",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("risk_cleared_on", sa.Date(), nullable=True),
        sa.CheckConstraint("risk_cleared_on >= from_on", name=op.f("ck_hardship_period_cleared_after_begun")),
        sa.CheckConstraint(
            "to_on IS NULL OR to_on >= from_on", name=op.f("ck_hardship_period_dates_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_hardship_period_household_id_household")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hardship_period")),
        sa.UniqueConstraint(
            "household_id",
            "category",
            "from_on",
            name=op.f("uq_hardship_period_household_id_category_from_on"),
        ),
    )
    op.create_table(
        "household_key",
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("master_key_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_household_key_household_id_household")
        ),
        sa.PrimaryKeyConstraint("household_id", name=op.f("pk_household_key")),
    )
    op.create_table(
        "import_line",
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "whole",
                "unknowns",
                "held",
                "rejected",
                name="line_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("reading", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_import_line_import_id_import")),
        sa.PrimaryKeyConstraint("import_id", "line", name=op.f("pk_import_line")),
    )
    op.create_table(
        "vacancy",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("employer_id", sa.BigInteger(), nullable=True),
        sa.Column("kept_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("occupation", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("seats_taken", sa.Integer(), nullable=False),
        sa.Column("pay_min", sa.Integer(), nullable=True),
        sa.Column("pay_max", sa.Integer(), nullable=True),
        sa.Column("hours_per_week", sa.Integer(), nullable=True),
        sa.Column("min_age", sa.Integer(), nullable=True),
        sa.Column("max_age", sa.Integer(), nullable=True),
        sa.Column(
            "min_education",
            sa.Enum(
                "illiterate",
                "primary",
                "junior_high",
                "senior_high",
                "secondary_vocational",
                "college",
                "bachelor",
                "postgraduate",
                name="education",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("required_skills", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("preferred_skills", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("lodging", sa.Boolean(), nullable=True),
        sa.Column("meals", sa.Boolean(), nullable=True),
        sa.Column("social_insurance", sa.Boolean(), nullable=True),
        sa.Column(
            "shift",
            sa.Enum(
                "day", "two", "three", name="shift", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("posted_on", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("refreshed_on", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "held",
                "published",
                "closed",
                name="vacancy_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("missing", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("unlawful_demands", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.Column("import_line", sa.Integer(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "state <> 'published' OR (employer_id IS NOT NULL AND seats IS NOT NULL AND region IS NOT NULL AND pay_min IS NOT NULL AND valid_until IS NOT NULL)",
            name=op.f("ck_vacancy_published_is_whole"),
        ),
        sa.CheckConstraint(
            "state <> 'published' OR jsonb_array_length(unlawful_demands) = 0",
            name=op.f("ck_vacancy_published_is_lawful"),
        ),
        sa.CheckConstraint("hours_per_week BETWEEN 1 AND 168", name=op.f("ck_vacancy_hours_possible")),
        sa.CheckConstraint("min_age >= 0 AND max_age >= min_age", name=op.f("ck_vacancy_ages_in_order")),
        sa.CheckConstraint(
            "pay_min > 0 AND pay_max >= pay_min AND pay_max <= 1000000", name=op.f("ck_vacancy_pay_in_order")
        ),
        sa.CheckConstraint("seats > 0", name=op.f("ck_vacancy_seats_positive")),
        sa.CheckConstraint(
            "seats_taken >= 0 AND (seats_taken = 0 OR seats_taken <= seats)",
            name=op.f("ck_vacancy_never_oversold"),
        ),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("ck_vacancy_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_vacancy_employer_id_employer")
        ),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_vacancy_import_id_import")),
        sa.ForeignKeyConstraint(["kept_by"], ["region.code"], name=op.f("fk_vacancy_kept_by_region")),
        sa.ForeignKeyConstraint(
            ["occupation"], ["occupation.code"], name=op.f("fk_vacancy_occupation_occupation")
        ),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_vacancy_region_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vacancy")),
    )
    op.create_index(op.f("ix_vacancy_employer_id"), "vacancy", ["employer_id"], unique=False)
    op.create_index(op.f("ix_vacancy_import_id"), "vacancy", ["import_id"], unique=False)
    op.create_index(op.f("ix_vacancy_kept_by"), "vacancy", ["kept_by"], unique=False)
    op.create_index(
        "ix_vacancy_open",
        "vacancy",
        ["region"],
        unique=False,
        postgresql_where=sa.text("state = 'published'"),
    )
    op.create_table(
        "work_plan",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("issuer", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("document_number", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("pairing_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["pairing_id"], ["pairing.id"], name=op.f("fk_work_plan_pairing_id_pairing")),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_work_plan_region_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_plan")),
        sa.UniqueConstraint("code", name=op.f("uq_work_plan_code")),
    )
    op.create_index(op.f("ix_work_plan_region"), "work_plan", ["region"], unique=False)
    op.create_table(
        "worker",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=50), nullable=False),
        sa.Column("name_pinyin", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "sex",
            sa.Enum("female", "male", name="sex", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("id_number_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id_number_index", sa.LargeBinary(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_index", sa.LargeBinary(), nullable=True),
        sa.Column("ethnicity", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column(
            "education",
            sa.Enum(
                "illiterate",
                "primary",
                "junior_high",
                "senior_high",
                "secondary_vocational",
                "college",
                "bachelor",
                "postgraduate",
                name="education",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "labour_capability",
            sa.Enum(
                "ordinary",
                "skilled",
                "weak",
                "lost",
                "none",
                name="labour_capability",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "relation_to_head",
            sa.Enum(
                "head",
                "spouse",
                "child",
                "child_in_law",
                "parent",
                "other",
                name="relation_to_head",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("disability_grade", sa.Integer(), nullable=True),
        sa.Column("speaks_mandarin", sa.Boolean(), nullable=True),
        sa.Column("experience_months", sa.Integer(), nullable=True),
        sa.Column("last_occupation", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(id_number_sealed IS NULL) = (id_number_index IS NULL)", name=op.f("ck_worker_id_number_indexed")
        ),
        sa.CheckConstraint("disability_grade BETWEEN 1 AND 4", name=op.f("ck_worker_disability_grade_known")),
        sa.CheckConstraint("experience_months >= 0", name=op.f("ck_worker_experience_not_negative")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_worker_household_id_household")
        ),
        sa.ForeignKeyConstraint(
            ["last_occupation"], ["occupation.code"], name=op.f("fk_worker_last_occupation_occupation")
        ),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_worker_region_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker")),
        sa.UniqueConstraint("id_number_index", name=op.f("uq_worker_id_number_index")),
    )
    op.create_index(op.f("ix_worker_household_id"), "worker", ["household_id"], unique=False)
    op.create_index(op.f("ix_worker_name_pinyin"), "worker", ["name_pinyin"], unique=False)
    op.create_index(op.f("ix_worker_phone_index"), "worker", ["phone_index"], unique=False)
    op.create_index(op.f("ix_worker_region"), "worker", ["region"], unique=False)
    op.create_table(
        "application",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("vacancy_id", sa.BigInteger(), nullable=False),
        sa.Column("worker_region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("vacancy_region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "applied",
                "shortlisted",
                "offered",
                "accepted",
                "started",
                "refused",
                "withdrawn",
                "expired",
                "obsolete",
                "pool",
                name="application_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.ForeignKeyConstraint(
            ["vacancy_id"], ["vacancy.id"], name=op.f("fk_application_vacancy_id_vacancy")
        ),
        sa.ForeignKeyConstraint(
            ["vacancy_region"], ["region.code"], name=op.f("fk_application_vacancy_region_region")
        ),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_application_worker_id_worker")),
        sa.ForeignKeyConstraint(
            ["worker_region"], ["region.code"], name=op.f("fk_application_worker_region_region")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
    )
    op.create_index(op.f("ix_application_vacancy_id"), "application", ["vacancy_id"], unique=False)
    op.create_index(op.f("ix_application_worker_id"), "application", ["worker_id"], unique=False)
    op.create_index(
        "uq_application_one_open",
        "application",
        ["worker_id", "vacancy_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('proposed', 'applied', 'shortlisted', 'offered', 'accepted')"),
    )
    op.create_table(
        "person_key",
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("master_key_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_person_key_worker_id_worker")),
        sa.PrimaryKeyConstraint("worker_id", name=op.f("pk_person_key")),
    )
    op.create_table(
        "ranking_item",
        sa.Column("ranking_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("vacancy_id", sa.BigInteger(), nullable=False),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("p_hire", sa.Float(), nullable=True),
        sa.Column("p_stay_90", sa.Float(), nullable=True),
        sa.Column("p_stay_180", sa.Float(), nullable=True),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["ranking_id"], ["ranking.id"], name=op.f("fk_ranking_item_ranking_id_ranking")
        ),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_ranking_item_region_region")),
        sa.ForeignKeyConstraint(
            ["vacancy_id"], ["vacancy.id"], name=op.f("fk_ranking_item_vacancy_id_vacancy")
        ),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_ranking_item_worker_id_worker")),
        sa.PrimaryKeyConstraint("ranking_id", "position", name=op.f("pk_ranking_item")),
    )
    op.create_index(op.f("ix_ranking_item_vacancy_id"), "ranking_item", ["vacancy_id"], unique=False)
    op.create_index(op.f("ix_ranking_item_worker_id"), "ranking_item", ["worker_id"], unique=False)
    op.create_table(
        "target",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("work_plan_id", sa.BigInteger(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("label", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sentence", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "indicator",
            sa.Enum(
                "transfer",
                "near_home",
                "community_factory_jobs",
                "community_factories",
                "fairs",
                "sponsored_students",
                "task",
                name="indicator",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "population",
            sa.Enum(
                "rural",
                "poverty_relieved",
                "monitored",
                name="population",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("kinds", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("rule_id", sa.BigInteger(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("at_least", sa.Boolean(), nullable=False),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "measure",
            sa.Enum("flow", "stock", name="measure", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_target_number_positive")),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_target_dates_in_order")),
        sa.ForeignKeyConstraint(["parent_id"], ["target.id"], name=op.f("fk_target_parent_id_target")),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_target_region_region")),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["stability_rule.id"], name=op.f("fk_target_rule_id_stability_rule")
        ),
        sa.ForeignKeyConstraint(
            ["work_plan_id"], ["work_plan.id"], name=op.f("fk_target_work_plan_id_work_plan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sa.UniqueConstraint("work_plan_id", "sequence", name=op.f("uq_target_work_plan_id_sequence")),
    )
    op.create_index(op.f("ix_target_region"), "target", ["region"], unique=False)
    op.create_table(
        "work_intention",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "wants",
            sa.Enum(
                "out", "near_home", "none", name="wants", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("accepted_regions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("occupations", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("pay_floor", sa.Integer(), nullable=True),
        sa.Column("available_from", sa.Date(), nullable=True),
        sa.Column("needs_lodging", sa.Boolean(), nullable=True),
        sa.Column("companion_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "pay_floor BETWEEN 0 AND 1000000", name=op.f("ck_work_intention_pay_floor_plausible")
        ),
        sa.ForeignKeyConstraint(
            ["companion_id"], ["worker.id"], name=op.f("fk_work_intention_companion_id_worker")
        ),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["worker.id"], name=op.f("fk_work_intention_worker_id_worker")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_intention")),
        sa.UniqueConstraint("worker_id", name=op.f("uq_work_intention_worker_id")),
    )
    op.create_table(
        "worker_skill",
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("skill", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.CheckConstraint("level BETWEEN 1 AND 5", name=op.f("ck_worker_skill_level_known")),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_worker_skill_worker_id_worker")),
        sa.PrimaryKeyConstraint("worker_id", "skill", name=op.f("pk_worker_skill")),
    )
    op.create_table(
        "application_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "from_state",
            sa.Enum(
                "proposed",
                "applied",
                "shortlisted",
                "offered",
                "accepted",
                "started",
                "refused",
                "withdrawn",
                "expired",
                "obsolete",
                "pool",
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
                "proposed",
                "applied",
                "shortlisted",
                "offered",
                "accepted",
                "started",
                "refused",
                "withdrawn",
                "expired",
                "obsolete",
                "pool",
                name="to_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_application_event_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_application_event_application_id_application"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_event")),
    )
    op.create_index(
        op.f("ix_application_event_application_id"), "application_event", ["application_id"], unique=False
    )
    op.create_table(
        "employment_spell",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("origin_region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("employer_id", sa.BigInteger(), nullable=False),
        sa.Column("vacancy_id", sa.BigInteger(), nullable=True),
        sa.Column("application_id", sa.BigInteger(), nullable=True),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "market",
                "workshop",
                "community_factory",
                "employment_base",
                "public_post",
                "work_relief",
                "flexible",
                "self_employed",
                name="spell_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "arrangement",
            sa.Enum(
                "organised", "self", name="arrangement", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("point_to_point", sa.Boolean(), nullable=True),
        sa.Column("channel", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("industry", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("observed_until", sa.Date(), nullable=True),
        sa.Column(
            "precision",
            sa.Enum("day", "month", name="precision", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("monthly_income", sa.Integer(), nullable=True),
        sa.Column("contract_months", sa.Integer(), nullable=True),
        sa.Column("leave_reason", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("is_main", sa.Boolean(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.BigInteger(), nullable=True),
        sa.Column("superseded_because", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("seat_released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(worker_id, worker_id, '[]')"), "&&"),
            (sa.text("daterange(started_on, ended_on, '[]')"), "&&"),
            where=sa.text("superseded_at IS NULL AND is_main"),
            using="gist",
            name="ex_employment_spell_no_overlap",
        ),
        sa.CheckConstraint("ended_on >= started_on", name=op.f("ck_employment_spell_dates_in_order")),
        sa.CheckConstraint("monthly_income >= 0", name=op.f("ck_employment_spell_income_not_negative")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_employment_spell_application_id_application"),
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_employment_spell_employer_id_employer")
        ),
        sa.ForeignKeyConstraint(
            ["industry"], ["industry.code"], name=op.f("fk_employment_spell_industry_industry")
        ),
        sa.ForeignKeyConstraint(
            ["origin_region"], ["region.code"], name=op.f("fk_employment_spell_origin_region_region")
        ),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_employment_spell_region_region")),
        sa.ForeignKeyConstraint(
            ["superseded_by"],
            ["employment_spell.id"],
            name=op.f("fk_employment_spell_superseded_by_employment_spell"),
        ),
        sa.ForeignKeyConstraint(
            ["vacancy_id"], ["vacancy.id"], name=op.f("fk_employment_spell_vacancy_id_vacancy")
        ),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["worker.id"], name=op.f("fk_employment_spell_worker_id_worker")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employment_spell")),
    )
    op.create_index(
        op.f("ix_employment_spell_application_id"), "employment_spell", ["application_id"], unique=False
    )
    op.create_index(
        op.f("ix_employment_spell_employer_id"), "employment_spell", ["employer_id"], unique=False
    )
    op.create_index(
        op.f("ix_employment_spell_origin_region"), "employment_spell", ["origin_region"], unique=False
    )
    op.create_index(op.f("ix_employment_spell_region"), "employment_spell", ["region"], unique=False)
    op.create_index(op.f("ix_employment_spell_vacancy_id"), "employment_spell", ["vacancy_id"], unique=False)
    op.create_index(op.f("ix_employment_spell_worker_id"), "employment_spell", ["worker_id"], unique=False)
    op.create_index(
        "uq_employment_spell_application_in_force",
        "employment_spell",
        ["application_id"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spell_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "grade",
            sa.Enum(
                "A",
                "B",
                "C",
                "D",
                name="evidence_grade",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("covers_from", sa.Date(), nullable=False),
        sa.Column("covers_to", sa.Date(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("covers_to >= covers_from", name=op.f("ck_evidence_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["spell_id"], ["employment_spell.id"], name=op.f("fk_evidence_spell_id_employment_spell")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index(op.f("ix_evidence_spell_id"), "evidence", ["spell_id"], unique=False)
    secure("0001")


def downgrade() -> None:
    secure("none")
    op.drop_index(op.f("ix_evidence_spell_id"), table_name="evidence")
    op.drop_table("evidence")
    op.drop_index(
        "uq_employment_spell_application_in_force",
        table_name="employment_spell",
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.drop_index(op.f("ix_employment_spell_worker_id"), table_name="employment_spell")
    op.drop_index(op.f("ix_employment_spell_vacancy_id"), table_name="employment_spell")
    op.drop_index(op.f("ix_employment_spell_region"), table_name="employment_spell")
    op.drop_index(op.f("ix_employment_spell_origin_region"), table_name="employment_spell")
    op.drop_index(op.f("ix_employment_spell_employer_id"), table_name="employment_spell")
    op.drop_index(op.f("ix_employment_spell_application_id"), table_name="employment_spell")
    op.drop_table("employment_spell")
    op.drop_index(op.f("ix_application_event_application_id"), table_name="application_event")
    op.drop_table("application_event")
    op.drop_table("worker_skill")
    op.drop_table("work_intention")
    op.drop_index(op.f("ix_target_region"), table_name="target")
    op.drop_table("target")
    op.drop_index(op.f("ix_ranking_item_worker_id"), table_name="ranking_item")
    op.drop_index(op.f("ix_ranking_item_vacancy_id"), table_name="ranking_item")
    op.drop_table("ranking_item")
    op.drop_table("person_key")
    op.drop_index(
        "uq_application_one_open",
        table_name="application",
        postgresql_where=sa.text("state IN ('proposed', 'applied', 'shortlisted', 'offered', 'accepted')"),
    )
    op.drop_index(op.f("ix_application_worker_id"), table_name="application")
    op.drop_index(op.f("ix_application_vacancy_id"), table_name="application")
    op.drop_table("application")
    op.drop_index(op.f("ix_worker_region"), table_name="worker")
    op.drop_index(op.f("ix_worker_phone_index"), table_name="worker")
    op.drop_index(op.f("ix_worker_name_pinyin"), table_name="worker")
    op.drop_index(op.f("ix_worker_household_id"), table_name="worker")
    op.drop_table("worker")
    op.drop_index(op.f("ix_work_plan_region"), table_name="work_plan")
    op.drop_table("work_plan")
    op.drop_index("ix_vacancy_open", table_name="vacancy", postgresql_where=sa.text("state = 'published'"))
    op.drop_index(op.f("ix_vacancy_kept_by"), table_name="vacancy")
    op.drop_index(op.f("ix_vacancy_import_id"), table_name="vacancy")
    op.drop_index(op.f("ix_vacancy_employer_id"), table_name="vacancy")
    op.drop_table("vacancy")
    op.drop_table("import_line")
    op.drop_table("household_key")
    op.drop_table("hardship_period")
    op.drop_index(op.f("ix_account_binding_account_id"), table_name="account_binding")
    op.drop_table("account_binding")
    op.drop_index(op.f("ix_ranking_account_id"), table_name="ranking")
    op.drop_table("ranking")
    op.drop_index(op.f("ix_pairing_origin_region"), table_name="pairing")
    op.drop_index(op.f("ix_pairing_destination_region"), table_name="pairing")
    op.drop_table("pairing")
    op.drop_index(op.f("ix_occupation_alias_occupation_code"), table_name="occupation_alias")
    op.drop_table("occupation_alias")
    op.drop_index(op.f("ix_import_region"), table_name="import")
    op.drop_table("import")
    op.drop_table("idempotency_key")
    op.drop_index(op.f("ix_household_region"), table_name="household")
    op.drop_table("household")
    op.drop_index(op.f("ix_employer_region"), table_name="employer")
    op.drop_index(op.f("ix_employer_name"), table_name="employer")
    op.drop_table("employer")
    op.drop_index(op.f("ix_audit_event_worker_id"), table_name="audit_event")
    op.drop_index(op.f("ix_audit_event_region"), table_name="audit_event")
    op.drop_index(op.f("ix_audit_event_household_id"), table_name="audit_event")
    op.drop_index(op.f("ix_audit_event_account_id"), table_name="audit_event")
    op.drop_table("audit_event")
    op.drop_index(op.f("ix_access_token_account_id"), table_name="access_token")
    op.drop_table("access_token")
    op.drop_table("stability_rule")
    op.drop_index(op.f("ix_region_parent_code"), table_name="region")
    op.drop_table("region")
    op.drop_table("outbox_message")
    op.drop_table("occupation")
    op.drop_table("industry")
    op.drop_table("account")
    op.execute("REVOKE USAGE ON SCHEMA public FROM wengang_app")
