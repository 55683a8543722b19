"""indicators: more of them, decomposition, typed figures, frozen reports

Revision: 0006, after 0005.
"""

from pathlib import Path

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_BEFORE = (
    "transfer",
    "near_home",
    "community_factory_jobs",
    "community_factories",
    "fairs",
    "sponsored_students",
    "task",
)
_ADDED = (
    "paired_east",
    "other_province",
    "within_province",
    "workshop_jobs",
    "special_fairs",
    "training",
    "to_order",
    "stable",
)


def secure(revision: str) -> None:
    """Row security, grants, triggers and doors as they were declared at `revision`, in the place of all there are."""
    folder = Path(__file__).parent.parent / "security"
    for name in ("none", revision):
        # Without parameters, so that a percent sign is one.
        op.get_bind().connection.cursor().execute((folder / f"{name}.sql").read_text(encoding="utf-8"))


def know(indicators: tuple[str, ...]) -> None:
    """Hold targets to these indicators."""
    listed = ", ".join(f"'{code}'" for code in indicators)
    op.drop_constraint(op.f("ck_target_indicator"), "target", type_="check")
    op.create_check_constraint(op.f("ck_target_indicator"), "target", f"indicator IN ({listed})")


def upgrade() -> None:
    secure("none")
    know(_BEFORE + _ADDED)
    # The one fair that a plan asks for is of a kind that is told apart now.
    op.execute(
        "UPDATE target SET indicator = 'special_fairs' WHERE indicator = 'fairs' AND label LIKE '%专题招聘%'"
    )
    op.create_table(
        "frozen_report",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "month", "quarter", name="period_kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("known_on", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("content_sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint("as_of >= from_on", name=op.f("ck_frozen_report_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_frozen_report_account_id_account")
        ),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_frozen_report_region_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_report")),
    )
    op.create_index(op.f("ix_frozen_report_region"), "frozen_report", ["region"], unique=False)
    op.create_table(
        "frozen_person",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("report_id", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("stable", sa.Boolean(), nullable=False),
        sa.Column(
            "grade",
            sa.Enum(
                "A", "B", "C", "D", name="frozen_grade", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_frozen_person_region_region")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["frozen_report.id"], name=op.f("fk_frozen_person_report_id_frozen_report")
        ),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_frozen_person_worker_id_worker")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_person")),
        sa.UniqueConstraint(
            "report_id", "line", "worker_id", name=op.f("uq_frozen_person_report_id_line_worker_id")
        ),
    )
    op.create_index("ix_frozen_person_worker_id", "frozen_person", ["worker_id"], unique=False)
    op.create_table(
        "target_part",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("target_id", sa.BigInteger(), nullable=False),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("whole_region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_target_part_number_positive")),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_target_part_region_region")),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_target_part_target_id_target")),
        sa.ForeignKeyConstraint(
            ["whole_region"], ["region.code"], name=op.f("fk_target_part_whole_region_region")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_part")),
    )
    op.create_index(op.f("ix_target_part_region"), "target_part", ["region"], unique=False)
    op.create_index(
        "uq_target_part_in_force",
        "target_part",
        ["target_id", "region"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "typed_figure",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("target_id", sa.BigInteger(), nullable=False),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("proof", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.BigInteger(), nullable=True),
        sa.Column("superseded_because", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint("proof <> ''", name=op.f("ck_typed_figure_proved")),
        sa.CheckConstraint("number >= 0", name=op.f("ck_typed_figure_number_not_negative")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_typed_figure_account_id_account")
        ),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_typed_figure_region_region")),
        sa.ForeignKeyConstraint(
            ["superseded_by"], ["typed_figure.id"], name=op.f("fk_typed_figure_superseded_by_typed_figure")
        ),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_typed_figure_target_id_target")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_typed_figure")),
    )
    op.create_index(op.f("ix_typed_figure_region"), "typed_figure", ["region"], unique=False)
    op.create_index(
        "uq_typed_figure_in_force",
        "typed_figure",
        ["target_id", "region", "as_of"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_table(
        "figure_file",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("figure_id", sa.BigInteger(), nullable=False),
        sa.Column("file_name", sqlmodel.sql.sqltypes.AutoString(length=255), nullable=False),
        sa.Column("media_type", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("master_key_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_figure_file_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["figure_id"], ["typed_figure.id"], name=op.f("fk_figure_file_figure_id_typed_figure")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_file")),
        sa.UniqueConstraint("figure_id", name=op.f("uq_figure_file_figure_id")),
    )
    secure("0006")


def downgrade() -> None:
    secure("none")
    op.drop_table("figure_file")
    op.drop_index(
        "uq_typed_figure_in_force",
        table_name="typed_figure",
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.drop_index(op.f("ix_typed_figure_region"), table_name="typed_figure")
    op.drop_table("typed_figure")
    op.drop_index(
        "uq_target_part_in_force", table_name="target_part", postgresql_where=sa.text("withdrawn_at IS NULL")
    )
    op.drop_index(op.f("ix_target_part_region"), table_name="target_part")
    op.drop_table("target_part")
    op.drop_index("ix_frozen_person_worker_id", table_name="frozen_person")
    op.drop_table("frozen_person")
    op.drop_index(op.f("ix_frozen_report_region"), table_name="frozen_report")
    op.drop_table("frozen_report")
    op.execute("UPDATE target SET indicator = 'fairs' WHERE indicator = 'special_fairs'")
    know(_BEFORE)
    secure("0005")
