"""the ledger

Revision: 0002, after 0001.
"""

from pathlib import Path

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
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
        "daily_run",
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("name", "day", name=op.f("pk_daily_run")),
    )
    op.create_table(
        "dispatch",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("departs_on", sa.Date(), nullable=False),
        sa.Column("destination", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column(
            "transport",
            sa.Enum(
                "bus",
                "train",
                "plane",
                "other",
                name="transport",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("point_to_point", sa.Boolean(), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["destination"], ["region.code"], name=op.f("fk_dispatch_destination_region")
        ),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_dispatch_region_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatch")),
    )
    op.create_index(op.f("ix_dispatch_departs_on"), "dispatch", ["departs_on"], unique=False)
    op.create_index(op.f("ix_dispatch_region"), "dispatch", ["region"], unique=False)
    op.create_table(
        "exchange_key",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "noun",
            sa.Enum(
                "employer",
                "vacancy",
                name="exchange_noun",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("employer_id", sa.BigInteger(), nullable=True),
        sa.Column("vacancy_id", sa.BigInteger(), nullable=True),
        sa.Column("told", sa.LargeBinary(), nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(noun = 'employer') = (employer_id IS NOT NULL) AND (noun = 'vacancy') = (vacancy_id IS NOT NULL)",
            name=op.f("ck_exchange_key_means_one_row"),
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_exchange_key_employer_id_employer")
        ),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_exchange_key_import_id_import")),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_exchange_key_region_region")),
        sa.ForeignKeyConstraint(
            ["vacancy_id"], ["vacancy.id"], name=op.f("fk_exchange_key_vacancy_id_vacancy")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_key")),
        sa.UniqueConstraint("region", "noun", "key", name=op.f("uq_exchange_key_region_noun_key")),
    )
    op.create_table(
        "heading_memory",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "postings",
                "away",
                "planned",
                "monitored",
                "household",
                "roster",
                "posts",
                "social_insurance",
                "payroll",
                "exchange",
                name="import_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("heading", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("field", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_heading_memory_region_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heading_memory")),
        sa.UniqueConstraint("region", "kind", "heading", name=op.f("uq_heading_memory_region_kind_heading")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("argument", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "running",
                "done",
                "failed",
                "cancelled",
                name="job_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("message", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("done >= 0 AND total >= 0", name=op.f("ck_job_progress_not_negative")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_job_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index(op.f("ix_job_account_id"), "job", ["account_id"], unique=False)
    op.create_index(
        "ix_job_unfinished",
        "job",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    op.create_table(
        "export",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=True),
        sa.Column("view", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("options", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("masked", sa.Boolean(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("file_name", sqlmodel.sql.sqltypes.AutoString(length=255), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("master_key_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("masked OR reason <> ''", name=op.f("ck_export_unmasked_with_reason")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_export_account_id_account")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_export_job_id_job")),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_export_region_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export")),
    )
    op.create_index(op.f("ix_export_account_id"), "export", ["account_id"], unique=False)
    op.create_table(
        "comparison_row",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("worker_id", sa.BigInteger(), nullable=True),
        sa.Column("household_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "standing",
            sa.Enum(
                "only_here",
                "only_there",
                "differs",
                name="standing",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("fields", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sealed_differences", sa.LargeBinary(), nullable=True),
        sa.Column("taken", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "settlement",
            sa.Enum(
                "taken",
                "kept",
                "registered",
                "explained",
                name="settlement",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("settled_by", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(settlement IS NULL) = (settled_at IS NULL)", name=op.f("ck_comparison_row_settled_with_time")
        ),
        sa.CheckConstraint(
            "line IS NOT NULL OR worker_id IS NOT NULL OR household_id IS NOT NULL",
            name=op.f("ck_comparison_row_names_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_comparison_row_household_id_household")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import.id"], name=op.f("fk_comparison_row_import_id_import")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["account.id"], name=op.f("fk_comparison_row_settled_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["worker.id"], name=op.f("fk_comparison_row_worker_id_worker")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comparison_row")),
    )
    op.create_index(op.f("ix_comparison_row_import_id"), "comparison_row", ["import_id"], unique=False)
    op.create_index(
        "ix_comparison_row_open",
        "comparison_row",
        ["import_id", "standing"],
        unique=False,
        postgresql_where=sa.text("settlement IS NULL"),
    )
    op.create_index(op.f("ix_comparison_row_worker_id"), "comparison_row", ["worker_id"], unique=False)
    op.create_table(
        "doubt",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("rule", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
        sa.Column(
            "severity",
            sa.Enum(
                "error",
                "check",
                "service",
                name="doubt_severity",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=True),
        sa.Column("household_id", sa.BigInteger(), nullable=True),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.Column("import_line", sa.Integer(), nullable=True),
        sa.Column("what", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("statistics", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "explained",
                "mended",
                name="doubt_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("mended_on", sa.Date(), nullable=True),
        sa.Column("explanation", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("explained_by", sa.BigInteger(), nullable=True),
        sa.Column("explained_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'explained') <= (explanation <> '')", name=op.f("ck_doubt_explained_in_words")
        ),
        sa.CheckConstraint(
            "(state = 'mended') = (mended_on IS NOT NULL)", name=op.f("ck_doubt_mended_with_date")
        ),
        sa.ForeignKeyConstraint(["explained_by"], ["account.id"], name=op.f("fk_doubt_explained_by_account")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_doubt_household_id_household")
        ),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_doubt_import_id_import")),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_doubt_region_region")),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_doubt_worker_id_worker")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doubt")),
    )
    op.create_index(op.f("ix_doubt_household_id"), "doubt", ["household_id"], unique=False)
    op.create_index(op.f("ix_doubt_import_id"), "doubt", ["import_id"], unique=False)
    op.create_index("ix_doubt_region_state", "doubt", ["region", "state"], unique=False)
    op.create_index(op.f("ix_doubt_worker_id"), "doubt", ["worker_id"], unique=False)
    op.create_index(
        "uq_doubt_standing",
        "doubt",
        ["rule", "subject"],
        unique=True,
        postgresql_where=sa.text("state <> 'mended'"),
    )
    op.create_table(
        "doubt_run",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("statistics", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_doubt_run_account_id_account")),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_doubt_run_import_id_import")),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_doubt_run_region_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doubt_run")),
    )
    op.create_index(op.f("ix_doubt_run_region"), "doubt_run", ["region"], unique=False)
    op.create_table(
        "export_part",
        sa.Column("export_id", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["export_id"], ["export.id"], name=op.f("fk_export_part_export_id_export")),
        sa.PrimaryKeyConstraint("export_id", "part", name=op.f("pk_export_part")),
    )
    op.create_table(
        "former_number",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("id_number_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id_number_index", sa.LargeBinary(), nullable=False),
        sa.Column(
            "origin",
            sa.Enum(
                "former_code",
                "merged",
                "mistyped",
                name="number_origin",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_former_number_worker_id_worker")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_number")),
        sa.UniqueConstraint("id_number_index", name=op.f("uq_former_number_id_number_index")),
    )
    op.create_index(op.f("ix_former_number_worker_id"), "former_number", ["worker_id"], unique=False)
    op.create_table(
        "handover",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("from_region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("to_region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.Column("import_line", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "agreed",
                "refused",
                "decided",
                "kept",
                "withdrawn",
                name="handover_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("answer", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("settled_by", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("master_key_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_claim", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_handover_account_id_account")),
        sa.ForeignKeyConstraint(
            ["from_region"], ["region.code"], name=op.f("fk_handover_from_region_region")
        ),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_handover_import_id_import")),
        sa.ForeignKeyConstraint(["settled_by"], ["account.id"], name=op.f("fk_handover_settled_by_account")),
        sa.ForeignKeyConstraint(["to_region"], ["region.code"], name=op.f("fk_handover_to_region_region")),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_handover_worker_id_worker")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    op.create_index(op.f("ix_handover_from_region"), "handover", ["from_region"], unique=False)
    op.create_index(op.f("ix_handover_to_region"), "handover", ["to_region"], unique=False)
    op.create_index(op.f("ix_handover_worker_id"), "handover", ["worker_id"], unique=False)
    op.create_index(
        "uq_handover_open",
        "handover",
        ["worker_id", "to_region"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "import_part",
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_import_part_import_id_import")),
        sa.PrimaryKeyConstraint("import_id", "part", name=op.f("pk_import_part")),
    )
    op.create_table(
        "possible_duplicate",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("other_id", sa.BigInteger(), nullable=True),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.Column("import_line", sa.Integer(), nullable=True),
        sa.Column(
            "likeness",
            sa.Enum(
                "number_slip",
                "no_number",
                "bad_number",
                "other_name",
                "same_number",
                name="likeness",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "verdict",
            sa.Enum(
                "same", "different", name="verdict", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint(
            "(other_id IS NOT NULL) <> (import_id IS NOT NULL AND import_line IS NOT NULL)",
            name=op.f("ck_possible_duplicate_of_two"),
        ),
        sa.CheckConstraint(
            "(verdict IS NULL) = (decided_at IS NULL)", name=op.f("ck_possible_duplicate_decided_with_time")
        ),
        sa.CheckConstraint("other_id <> worker_id", name=op.f("ck_possible_duplicate_two_records")),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_possible_duplicate_decided_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import.id"], name=op.f("fk_possible_duplicate_import_id_import")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["worker.id"], name=op.f("fk_possible_duplicate_other_id_worker")
        ),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["worker.id"], name=op.f("fk_possible_duplicate_worker_id_worker")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_possible_duplicate")),
        sa.UniqueConstraint(
            "worker_id",
            "import_id",
            "import_line",
            name=op.f("uq_possible_duplicate_worker_id_import_id_import_line"),
        ),
        sa.UniqueConstraint("worker_id", "other_id", name=op.f("uq_possible_duplicate_worker_id_other_id")),
    )
    op.create_index(
        op.f("ix_possible_duplicate_import_id"), "possible_duplicate", ["import_id"], unique=False
    )
    op.create_index(
        "ix_possible_duplicate_open",
        "possible_duplicate",
        ["worker_id"],
        unique=False,
        postgresql_where=sa.text("verdict IS NULL"),
    )
    op.create_index(op.f("ix_possible_duplicate_other_id"), "possible_duplicate", ["other_id"], unique=False)
    op.create_table(
        "spell_report",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "import",
                "call",
                "check_in",
                "correction",
                name="report_source",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "postings",
                "away",
                "planned",
                "monitored",
                "household",
                "roster",
                "posts",
                "social_insurance",
                "payroll",
                "exchange",
                name="import_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.Column("import_line", sa.Integer(), nullable=True),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("sealed_record", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_spell_report_account_id_account")
        ),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_spell_report_import_id_import")),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_spell_report_worker_id_worker")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spell_report")),
    )
    op.create_index(op.f("ix_spell_report_import_id"), "spell_report", ["import_id"], unique=False)
    op.create_index(
        "ix_spell_report_in_force",
        "spell_report",
        ["worker_id"],
        unique=False,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_index(op.f("ix_spell_report_worker_id"), "spell_report", ["worker_id"], unique=False)
    op.create_table(
        "worker_merge",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_id", sa.BigInteger(), nullable=False),
        sa.Column("merged_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("sealed_before", sa.LargeBinary(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_worker_merge_account_id_account")
        ),
        sa.ForeignKeyConstraint(["kept_id"], ["worker.id"], name=op.f("fk_worker_merge_kept_id_worker")),
        sa.ForeignKeyConstraint(["merged_id"], ["worker.id"], name=op.f("fk_worker_merge_merged_id_worker")),
        sa.ForeignKeyConstraint(
            ["undone_by"], ["account.id"], name=op.f("fk_worker_merge_undone_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker_merge")),
    )
    op.create_index(op.f("ix_worker_merge_kept_id"), "worker_merge", ["kept_id"], unique=False)
    op.create_index(op.f("ix_worker_merge_merged_id"), "worker_merge", ["merged_id"], unique=False)
    op.create_table(
        "course",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "skill",
                "to_order",
                "venture",
                "practical",
                name="course_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("organiser", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("occupation", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("vacancy_id", sa.BigInteger(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint("ended_on >= started_on", name=op.f("ck_course_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["occupation"], ["occupation.code"], name=op.f("fk_course_occupation_occupation")
        ),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_course_region_region")),
        sa.ForeignKeyConstraint(["vacancy_id"], ["vacancy.id"], name=op.f("fk_course_vacancy_id_vacancy")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
    )
    op.create_index(op.f("ix_course_region"), "course", ["region"], unique=False)
    op.create_table(
        "dispatch_member",
        sa.Column("dispatch_id", sa.BigInteger(), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("vacancy_id", sa.BigInteger(), nullable=True),
        sa.Column("departed", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dispatch_id"], ["dispatch.id"], name=op.f("fk_dispatch_member_dispatch_id_dispatch")
        ),
        sa.ForeignKeyConstraint(
            ["vacancy_id"], ["vacancy.id"], name=op.f("fk_dispatch_member_vacancy_id_vacancy")
        ),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["worker.id"], name=op.f("fk_dispatch_member_worker_id_worker")
        ),
        sa.PrimaryKeyConstraint("dispatch_id", "worker_id", name=op.f("pk_dispatch_member")),
    )
    op.create_index(op.f("ix_dispatch_member_worker_id"), "dispatch_member", ["worker_id"], unique=False)
    op.create_table(
        "enrolment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("course_id", sa.BigInteger(), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("completed", sa.Boolean(), nullable=True),
        sa.Column("certificate", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_enrolment_course_id_course")),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_enrolment_worker_id_worker")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("course_id", "worker_id", name=op.f("uq_enrolment_course_id_worker_id")),
    )
    op.create_index(op.f("ix_enrolment_course_id"), "enrolment", ["course_id"], unique=False)
    op.create_index(op.f("ix_enrolment_worker_id"), "enrolment", ["worker_id"], unique=False)
    op.create_table(
        "report_decision",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("report_id", sa.BigInteger(), nullable=False),
        sa.Column("spell_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "agrees",
                "opens",
                "extends",
                "ends",
                "contradicts",
                "lacks",
                "refused",
                "none",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("rule", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("reversed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reversed_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_report_decision_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["spell_report.id"], name=op.f("fk_report_decision_report_id_spell_report")
        ),
        sa.ForeignKeyConstraint(
            ["reversed_by"], ["account.id"], name=op.f("fk_report_decision_reversed_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["spell_id"], ["employment_spell.id"], name=op.f("fk_report_decision_spell_id_employment_spell")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_decision")),
    )
    op.create_index(op.f("ix_report_decision_report_id"), "report_decision", ["report_id"], unique=False)
    op.create_index(op.f("ix_report_decision_spell_id"), "report_decision", ["spell_id"], unique=False)
    op.create_index(
        "uq_report_decision_in_force",
        "report_decision",
        ["report_id"],
        unique=True,
        postgresql_where=sa.text("reversed_at IS NULL"),
    )
    op.add_column("application", sa.Column("answered_on", sa.Date(), nullable=True))
    op.add_column(
        "application",
        sa.Column(
            "side",
            sa.Enum("worker", "employer", name="side", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
    )
    op.add_column(
        "application_event",
        sa.Column(
            "side",
            sa.Enum("worker", "employer", name="side", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
    )
    op.add_column("audit_event", sa.Column("import_id", sa.BigInteger(), nullable=True))
    op.add_column("audit_event", sa.Column("import_line", sa.Integer(), nullable=True))
    op.add_column(
        "employment_spell", sa.Column("post_kind", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True)
    )
    op.add_column(
        "employment_spell",
        sa.Column("certificate", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
    )
    op.alter_column("employment_spell", "employer_id", existing_type=sa.BIGINT(), nullable=True)
    op.add_column("evidence", sa.Column("import_id", sa.BigInteger(), nullable=True))
    op.add_column("evidence", sa.Column("import_line", sa.Integer(), nullable=True))
    op.add_column("evidence", sa.Column("observed_before", sa.Date(), nullable=True))
    op.create_index(op.f("ix_evidence_import_id"), "evidence", ["import_id"], unique=False)
    op.create_foreign_key(op.f("fk_evidence_import_id_import"), "evidence", "import", ["import_id"], ["id"])
    op.add_column(
        "hardship_period",
        sa.Column(
            "begun",
            sa.Enum("listed", "delisted", name="begun", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
    )
    # What was told twice is told once: each period ends where the next of its category begins, the days stay.
    op.execute(
        "UPDATE hardship_period SET to_on = nullif(least(apart.upto, apart.next - 1), 'infinity') FROM (SELECT id, "
        "max(coalesce(to_on, 'infinity')) OVER earlier AS upto, lead(from_on) OVER earlier AS next FROM hardship_period "
        "WINDOW earlier AS (PARTITION BY household_id, category ORDER BY from_on)) apart "
        "WHERE apart.id = hardship_period.id "
        "AND to_on IS DISTINCT FROM nullif(least(apart.upto, apart.next - 1), 'infinity')"
    )
    op.execute(
        "ALTER TABLE hardship_period ADD CONSTRAINT ex_hardship_period_no_overlap EXCLUDE USING gist "
        "(int8range(household_id, household_id, '[]') WITH &&, "
        "int4range(hashtext(category), hashtext(category), '[]') WITH &&, "
        "daterange(from_on, to_on, '[]') WITH &&) DEFERRABLE INITIALLY IMMEDIATE"
    )
    op.add_column(
        "household", sa.Column("village", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True)
    )
    op.add_column(
        "household",
        sa.Column("risks", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    )
    op.add_column(
        "household",
        sa.Column("measures", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    )
    op.add_column("household", sa.Column("contacted_on", sa.Date(), nullable=True))
    op.add_column(
        "household", sa.Column("contact_note", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True)
    )
    op.add_column("import", sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False))
    op.add_column(
        "import",
        sa.Column(
            "purpose",
            sa.Enum(
                "apply",
                "compare",
                name="import_purpose",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default=sa.text("'apply'"),
            nullable=False,
        ),
    )
    op.add_column(
        "import",
        sa.Column(
            "state",
            sa.Enum(
                "staging",
                "mapping",
                "checking",
                "ready",
                "applying",
                "applied",
                "failed",
                "cancelled",
                name="import_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default=sa.text("'applied'"),
            nullable=False,
        ),
    )
    op.add_column("import", sa.Column("job_id", sa.BigInteger(), nullable=True))
    op.add_column(
        "import",
        sa.Column(
            "message", sqlmodel.sql.sqltypes.AutoString(), server_default=sa.text("''"), nullable=False
        ),
    )
    op.add_column(
        "import",
        sa.Column(
            "sheets", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False
        ),
    )
    op.add_column("import", sa.Column("master_key_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column("import", sa.Column("sealed_key", sa.LargeBinary(), nullable=True))
    op.add_column("import", sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True))
    op.alter_column("import", "kind", existing_type=sa.VARCHAR(length=32), nullable=True)
    op.create_foreign_key(op.f("fk_import_job_id_job"), "import", "job", ["job_id"], ["id"])
    op.add_column(
        "import_line", sa.Column("sheet", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column("import_line", sa.Column("row", sa.Integer(), nullable=True))
    op.add_column(
        "import_line", sa.Column("partial", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column("import_line", sa.Column("sealed_cells", sa.LargeBinary(), nullable=True))
    op.add_column("import_line", sa.Column("sealed_judgement", sa.LargeBinary(), nullable=True))
    op.add_column("import_line", sa.Column("content_mark", sa.LargeBinary(), nullable=True))
    op.add_column("import_line", sa.Column("worker_id", sa.BigInteger(), nullable=True))
    op.add_column("import_line", sa.Column("household_id", sa.BigInteger(), nullable=True))
    op.add_column("import_line", sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))
    op.alter_column("import_line", "status", existing_type=sa.VARCHAR(length=32), nullable=True)
    op.create_index("ix_import_line_status", "import_line", ["import_id", "status", "line"], unique=False)
    op.create_index(
        "ix_import_line_content_mark",
        "import_line",
        ["content_mark"],
        unique=False,
        postgresql_where=sa.text("content_mark IS NOT NULL"),
    )
    op.create_index(op.f("ix_import_line_worker_id"), "import_line", ["worker_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_import_line_worker_id_worker"), "import_line", "worker", ["worker_id"], ["id"]
    )
    op.create_foreign_key(
        op.f("fk_import_line_household_id_household"), "import_line", "household", ["household_id"], ["id"]
    )
    op.add_column("worker", sa.Column("village", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True))
    op.add_column(
        "worker", sa.Column("national_number", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True)
    )
    op.add_column(
        "worker", sa.Column("political_status", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True)
    )
    op.add_column("worker", sa.Column("at_school", sa.Boolean(), nullable=True))
    op.add_column(
        "worker",
        sa.Column("health", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    )
    op.add_column("worker", sa.Column("merged_into", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_worker_merged_into"), "worker", ["merged_into"], unique=False)
    op.create_index(op.f("ix_worker_national_number"), "worker", ["national_number"], unique=False)
    op.create_foreign_key(op.f("fk_worker_merged_into_worker"), "worker", "worker", ["merged_into"], ["id"])
    op.drop_constraint(op.f("ck_import_import_kind"), "import")
    op.create_check_constraint(
        op.f("ck_import_import_kind"),
        "import",
        "kind IN ('postings', 'away', 'planned', 'monitored', 'household', 'roster', 'posts', 'social_insurance', 'payroll', 'exchange')",
    )
    op.drop_constraint(op.f("ck_import_line_line_status"), "import_line")
    op.create_check_constraint(
        op.f("ck_import_line_line_status"),
        "import_line",
        "status IN ('whole', 'unknowns', 'held', 'rejected', 'new', 'changed', 'same', 'possible', 'elsewhere', 'skipped')",
    )
    op.drop_constraint(op.f("ck_worker_relation_to_head"), "worker")
    op.create_check_constraint(
        op.f("ck_worker_relation_to_head"),
        "worker",
        "relation_to_head IN ('head', 'spouse', 'son', 'daughter', 'child', 'daughter_in_law', 'son_in_law', 'child_in_law', 'grandson', 'granddaughter', 'daughters_son', 'daughters_daughter', 'father', 'mother', 'parent', 'father_in_law', 'mother_in_law', 'husbands_father', 'husbands_mother', 'grandfather', 'grandmother', 'mothers_father', 'mothers_mother', 'great_grandchild', 'sibling', 'nephew_or_niece', 'other')",
    )
    op.create_check_constraint(
        op.f("ck_employment_spell_employed_by"),
        "employment_spell",
        "employer_id IS NOT NULL OR kind IN ('flexible', 'self_employed', 'work_relief')",
    )
    op.create_check_constraint(op.f("ck_worker_merged_into_another"), "worker", "merged_into <> id")
    op.alter_column("import", "purpose", server_default=None)
    op.alter_column("import", "state", server_default=None)
    op.alter_column("import", "message", server_default=None)
    op.alter_column("import", "sheets", server_default=None)
    op.alter_column("import_line", "sheet", server_default=None)
    op.alter_column("worker", "health", server_default=None)
    op.alter_column("household", "risks", server_default=None)
    op.alter_column("household", "measures", server_default=None)
    secure("0002")


def downgrade() -> None:
    secure("none")
    op.drop_constraint(op.f("ck_worker_merged_into_another"), "worker")
    op.drop_constraint(op.f("ck_employment_spell_employed_by"), "employment_spell")
    op.drop_constraint(op.f("ck_import_import_kind"), "import")
    op.create_check_constraint(op.f("ck_import_import_kind"), "import", "kind IN ('postings')")
    op.drop_constraint(op.f("ck_import_line_line_status"), "import_line")
    op.create_check_constraint(
        op.f("ck_import_line_line_status"),
        "import_line",
        "status IN ('whole', 'unknowns', 'held', 'rejected')",
    )
    op.drop_constraint(op.f("ck_worker_relation_to_head"), "worker")
    op.create_check_constraint(
        op.f("ck_worker_relation_to_head"),
        "worker",
        "relation_to_head IN ('head', 'spouse', 'child', 'child_in_law', 'parent', 'other')",
    )
    op.drop_constraint(op.f("fk_worker_merged_into_worker"), "worker", type_="foreignkey")
    op.drop_index(op.f("ix_worker_national_number"), table_name="worker")
    op.drop_index(op.f("ix_worker_merged_into"), table_name="worker")
    op.drop_column("worker", "merged_into")
    op.drop_column("worker", "health")
    op.drop_column("worker", "at_school")
    op.drop_column("worker", "political_status")
    op.drop_column("worker", "national_number")
    op.drop_column("worker", "village")
    op.drop_constraint(op.f("fk_import_line_household_id_household"), "import_line", type_="foreignkey")
    op.drop_constraint(op.f("fk_import_line_worker_id_worker"), "import_line", type_="foreignkey")
    op.drop_index(op.f("ix_import_line_worker_id"), table_name="import_line")
    op.drop_index(
        "ix_import_line_content_mark",
        table_name="import_line",
        postgresql_where=sa.text("content_mark IS NOT NULL"),
    )
    op.drop_index("ix_import_line_status", table_name="import_line")
    op.alter_column("import_line", "status", existing_type=sa.VARCHAR(length=32), nullable=False)
    op.drop_column("import_line", "settled_at")
    op.drop_column("import_line", "household_id")
    op.drop_column("import_line", "worker_id")
    op.drop_column("import_line", "content_mark")
    op.drop_column("import_line", "sealed_judgement")
    op.drop_column("import_line", "sealed_cells")
    op.drop_column("import_line", "partial")
    op.drop_column("import_line", "row")
    op.drop_column("import_line", "sheet")
    op.drop_constraint(op.f("fk_import_job_id_job"), "import", type_="foreignkey")
    op.alter_column("import", "kind", existing_type=sa.VARCHAR(length=32), nullable=False)
    op.drop_column("import", "applied_at")
    op.drop_column("import", "sealed_key")
    op.drop_column("import", "master_key_id")
    op.drop_column("import", "sheets")
    op.drop_column("import", "message")
    op.drop_column("import", "job_id")
    op.drop_column("import", "state")
    op.drop_column("import", "purpose")
    op.drop_column("import", "version")
    op.drop_column("household", "contact_note")
    op.drop_column("household", "contacted_on")
    op.drop_column("household", "measures")
    op.drop_column("household", "risks")
    op.drop_column("household", "village")
    op.drop_constraint("ex_hardship_period_no_overlap", "hardship_period")
    op.drop_column("hardship_period", "begun")
    op.drop_constraint(op.f("fk_evidence_import_id_import"), "evidence", type_="foreignkey")
    op.drop_index(op.f("ix_evidence_import_id"), table_name="evidence")
    op.drop_column("evidence", "observed_before")
    op.drop_column("evidence", "import_line")
    op.drop_column("evidence", "import_id")
    op.alter_column("employment_spell", "employer_id", existing_type=sa.BIGINT(), nullable=False)
    op.drop_column("employment_spell", "certificate")
    op.drop_column("employment_spell", "post_kind")
    op.drop_column("audit_event", "import_line")
    op.drop_column("audit_event", "import_id")
    op.drop_column("application_event", "side")
    op.drop_column("application", "side")
    op.drop_column("application", "answered_on")
    op.drop_index(
        "uq_report_decision_in_force",
        table_name="report_decision",
        postgresql_where=sa.text("reversed_at IS NULL"),
    )
    op.drop_index(op.f("ix_report_decision_spell_id"), table_name="report_decision")
    op.drop_index(op.f("ix_report_decision_report_id"), table_name="report_decision")
    op.drop_table("report_decision")
    op.drop_index(op.f("ix_enrolment_worker_id"), table_name="enrolment")
    op.drop_index(op.f("ix_enrolment_course_id"), table_name="enrolment")
    op.drop_table("enrolment")
    op.drop_index(op.f("ix_dispatch_member_worker_id"), table_name="dispatch_member")
    op.drop_table("dispatch_member")
    op.drop_index(op.f("ix_course_region"), table_name="course")
    op.drop_table("course")
    op.drop_index(op.f("ix_worker_merge_merged_id"), table_name="worker_merge")
    op.drop_index(op.f("ix_worker_merge_kept_id"), table_name="worker_merge")
    op.drop_table("worker_merge")
    op.drop_index(op.f("ix_spell_report_worker_id"), table_name="spell_report")
    op.drop_index(
        "ix_spell_report_in_force",
        table_name="spell_report",
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.drop_index(op.f("ix_spell_report_import_id"), table_name="spell_report")
    op.drop_table("spell_report")
    op.drop_index(op.f("ix_possible_duplicate_other_id"), table_name="possible_duplicate")
    op.drop_index(
        "ix_possible_duplicate_open",
        table_name="possible_duplicate",
        postgresql_where=sa.text("verdict IS NULL"),
    )
    op.drop_index(op.f("ix_possible_duplicate_import_id"), table_name="possible_duplicate")
    op.drop_table("possible_duplicate")
    op.drop_table("import_part")
    op.drop_index("uq_handover_open", table_name="handover", postgresql_where=sa.text("state = 'open'"))
    op.drop_index(op.f("ix_handover_worker_id"), table_name="handover")
    op.drop_index(op.f("ix_handover_to_region"), table_name="handover")
    op.drop_index(op.f("ix_handover_from_region"), table_name="handover")
    op.drop_table("handover")
    op.drop_index(op.f("ix_former_number_worker_id"), table_name="former_number")
    op.drop_table("former_number")
    op.drop_table("export_part")
    op.drop_index(op.f("ix_doubt_run_region"), table_name="doubt_run")
    op.drop_table("doubt_run")
    op.drop_index("uq_doubt_standing", table_name="doubt", postgresql_where=sa.text("state <> 'mended'"))
    op.drop_index(op.f("ix_doubt_worker_id"), table_name="doubt")
    op.drop_index("ix_doubt_region_state", table_name="doubt")
    op.drop_index(op.f("ix_doubt_import_id"), table_name="doubt")
    op.drop_index(op.f("ix_doubt_household_id"), table_name="doubt")
    op.drop_table("doubt")
    op.drop_index(op.f("ix_comparison_row_worker_id"), table_name="comparison_row")
    op.drop_index(
        "ix_comparison_row_open", table_name="comparison_row", postgresql_where=sa.text("settlement IS NULL")
    )
    op.drop_index(op.f("ix_comparison_row_import_id"), table_name="comparison_row")
    op.drop_table("comparison_row")
    op.drop_index(op.f("ix_export_account_id"), table_name="export")
    op.drop_table("export")
    op.drop_index(
        "ix_job_unfinished", table_name="job", postgresql_where=sa.text("state IN ('queued', 'running')")
    )
    op.drop_index(op.f("ix_job_account_id"), table_name="job")
    op.drop_table("job")
    op.drop_table("heading_memory")
    op.drop_table("exchange_key")
    op.drop_index(op.f("ix_dispatch_region"), table_name="dispatch")
    op.drop_index(op.f("ix_dispatch_departs_on"), table_name="dispatch")
    op.drop_table("dispatch")
    op.drop_table("daily_run")
    secure("0001")
