"""ladder: public posts, workshops, fairs, service stations; what a course teaches

Revision: 0005, after 0004.
"""

from pathlib import Path

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_KINDS = ("skill", "to_order", "venture", "practical")
_SINCE = ("sponsored", "one_plus_two")


def secure(revision: str) -> None:
    """Row security, grants, triggers and doors as they were declared at `revision`, in the place of all there are."""
    folder = Path(__file__).parent.parent / "security"
    for name in ("none", revision):
        # Without parameters, so that a percent sign is one.
        op.get_bind().connection.cursor().execute((folder / f"{name}.sql").read_text(encoding="utf-8"))


def course_kinds(*kinds: str) -> None:
    """Let courses be of these kinds."""
    op.drop_constraint(op.f("ck_course_course_kind"), "course", type_="check")
    words = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(op.f("ck_course_course_kind"), "course", f"kind IN ({words})")


def upgrade() -> None:
    secure("none")
    op.create_table(
        "fair",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("partner", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "general",
                "special",
                "online",
                "village",
                name="fair_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("employers", sa.Integer(), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("attended", sa.Integer(), nullable=True),
        sa.Column("agreed", sa.Integer(), nullable=True),
        sa.Column("called_off", sa.Boolean(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint("agreed <= attended", name=op.f("ck_fair_agreed_among_attended")),
        sa.CheckConstraint(
            "least(employers, seats, attended, agreed) >= 0", name=op.f("ck_fair_numbers_not_negative")
        ),
        sa.ForeignKeyConstraint(["partner"], ["region.code"], name=op.f("fk_fair_partner_region")),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_fair_region_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fair")),
    )
    op.create_index(op.f("ix_fair_held_on"), "fair", ["held_on"], unique=False)
    op.create_index(op.f("ix_fair_region"), "fair", ["region"], unique=False)
    op.create_table(
        "service_station",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kept_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint("closed_on >= opened_on", name=op.f("ck_service_station_dates_in_order")),
        sa.ForeignKeyConstraint(["kept_by"], ["region.code"], name=op.f("fk_service_station_kept_by_region")),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_service_station_region_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_station")),
        sa.UniqueConstraint("kept_by", "name", name=op.f("uq_service_station_kept_by_name")),
    )
    op.create_index(op.f("ix_service_station_kept_by"), "service_station", ["kept_by"], unique=False)
    op.create_index(op.f("ix_service_station_region"), "service_station", ["region"], unique=False)
    op.create_table(
        "station_staff",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("station_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint("until >= since", name=op.f("ck_station_staff_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_station_staff_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["station_id"], ["service_station.id"], name=op.f("fk_station_staff_station_id_service_station")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station_staff")),
    )
    op.create_index(op.f("ix_station_staff_account_id"), "station_staff", ["account_id"], unique=False)
    op.create_index(op.f("ix_station_staff_station_id"), "station_staff", ["station_id"], unique=False)
    op.create_index(
        "uq_station_staff_at_present",
        "station_staff",
        ["station_id", "account_id"],
        unique=True,
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_table(
        "station_visit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("station_id", sa.BigInteger(), nullable=False),
        sa.Column("employer_id", sa.BigInteger(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column(
            "found",
            sa.Enum(
                "in_order",
                "wages",
                "contract",
                "safety",
                "laying_off",
                "other",
                name="visit_found",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("people_seen", sa.Integer(), nullable=True),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint("people_seen >= 0", name=op.f("ck_station_visit_people_not_negative")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_station_visit_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_station_visit_employer_id_employer")
        ),
        sa.ForeignKeyConstraint(
            ["station_id"], ["service_station.id"], name=op.f("fk_station_visit_station_id_service_station")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station_visit")),
    )
    op.create_index(op.f("ix_station_visit_employer_id"), "station_visit", ["employer_id"], unique=False)
    op.create_index(op.f("ix_station_visit_station_id"), "station_visit", ["station_id"], unique=False)
    op.create_table(
        "workshop_rating",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("employer_id", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "grade",
            sa.Enum(
                "excellent",
                "passed",
                "failed",
                name="workshop_grade",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("rated_on", sa.Date(), nullable=False),
        sa.Column("workers", sa.Integer(), nullable=False),
        sa.Column("relieved", sa.Integer(), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "relieved BETWEEN 0 AND workers", name=op.f("ck_workshop_rating_relieved_among_workers")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_workshop_rating_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_workshop_rating_employer_id_employer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_rating")),
        sa.UniqueConstraint("employer_id", "year", name=op.f("uq_workshop_rating_employer_id_year")),
    )
    op.create_table(
        "workshop_recognition",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("employer_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "form",
            sa.Enum(
                "plant",
                "home",
                "farming",
                "trade",
                "culture",
                name="workshop_form",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("recognised_on", sa.Date(), nullable=False),
        sa.Column("workers", sa.Integer(), nullable=False),
        sa.Column("relieved", sa.Integer(), nullable=False),
        sa.Column("basis", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.Column("revoked_because", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(revoked_on IS NULL) = (revoked_because = '')",
            name=op.f("ck_workshop_recognition_revoked_with_reason"),
        ),
        sa.CheckConstraint(
            "relieved BETWEEN 0 AND workers", name=op.f("ck_workshop_recognition_relieved_among_workers")
        ),
        sa.CheckConstraint(
            "revoked_on >= recognised_on", name=op.f("ck_workshop_recognition_dates_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_workshop_recognition_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_workshop_recognition_employer_id_employer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_recognition")),
    )
    op.create_index(
        op.f("ix_workshop_recognition_employer_id"), "workshop_recognition", ["employer_id"], unique=False
    )
    op.create_index(
        "uq_workshop_recognition_in_force",
        "workshop_recognition",
        ["employer_id"],
        unique=True,
        postgresql_where=sa.text("revoked_on IS NULL"),
    )
    op.create_table(
        "job_offer",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "rung",
            sa.Enum("market", "workshop", name="rung", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("what", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("offered_on", sa.Date(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "refused",
                "turned_down",
                "none",
                name="offer_answer",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=True),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(answer = 'none') = (reason IS NULL)", name=op.f("ck_job_offer_reason_told")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_job_offer_account_id_account")),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_job_offer_worker_id_worker")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_offer")),
    )
    op.create_index(op.f("ix_job_offer_worker_id"), "job_offer", ["worker_id"], unique=False)
    op.create_table(
        "public_post_placement",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("spell_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "cadre_relation",
            sa.Enum(
                "none",
                "cadre",
                "family",
                name="cadre_relation",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("declared_on", sa.Date(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_public_post_placement_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["spell_id"],
            ["employment_spell.id"],
            name=op.f("fk_public_post_placement_spell_id_employment_spell"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_post_placement")),
        sa.UniqueConstraint("spell_id", name=op.f("uq_public_post_placement_spell_id")),
    )
    op.create_table(
        "term_extension",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spell_id", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "near_retirement",
                "hardship",
                "policy",
                "other",
                name="extension_reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("basis", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_term_extension_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["spell_id"], ["employment_spell.id"], name=op.f("fk_term_extension_spell_id_employment_spell")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term_extension")),
    )
    op.create_index(op.f("ix_term_extension_spell_id"), "term_extension", ["spell_id"], unique=False)
    op.add_column(
        "course",
        sa.Column("skill", sqlmodel.sql.sqltypes.AutoString(length=40), server_default="", nullable=False),
    )
    op.add_column("course", sa.Column("skill_level", sa.Integer(), nullable=True))
    op.create_check_constraint(
        op.f("ck_course_skill_with_level"),
        "course",
        "skill_level IS NULL OR (skill_level BETWEEN 1 AND 5 AND skill <> '')",
    )
    course_kinds(*_KINDS, *_SINCE)
    secure("0005")


def downgrade() -> None:
    secure("none")
    op.get_bind().execute(
        sa.text("UPDATE course SET kind = 'to_order' WHERE kind IN ('sponsored', 'one_plus_two')")
    )
    course_kinds(*_KINDS)
    op.drop_constraint(op.f("ck_course_skill_with_level"), "course", type_="check")
    op.drop_column("course", "skill_level")
    op.drop_column("course", "skill")
    op.drop_index(op.f("ix_term_extension_spell_id"), table_name="term_extension")
    op.drop_table("term_extension")
    op.drop_table("public_post_placement")
    op.drop_index(op.f("ix_job_offer_worker_id"), table_name="job_offer")
    op.drop_table("job_offer")
    op.drop_index(
        "uq_workshop_recognition_in_force",
        table_name="workshop_recognition",
        postgresql_where=sa.text("revoked_on IS NULL"),
    )
    op.drop_index(op.f("ix_workshop_recognition_employer_id"), table_name="workshop_recognition")
    op.drop_table("workshop_recognition")
    op.drop_table("workshop_rating")
    op.drop_index(op.f("ix_station_visit_station_id"), table_name="station_visit")
    op.drop_index(op.f("ix_station_visit_employer_id"), table_name="station_visit")
    op.drop_table("station_visit")
    op.drop_index(
        "uq_station_staff_at_present", table_name="station_staff", postgresql_where=sa.text("until IS NULL")
    )
    op.drop_index(op.f("ix_station_staff_station_id"), table_name="station_staff")
    op.drop_index(op.f("ix_station_staff_account_id"), table_name="station_staff")
    op.drop_table("station_staff")
    op.drop_index(op.f("ix_service_station_region"), table_name="service_station")
    op.drop_index(op.f("ix_service_station_kept_by"), table_name="service_station")
    op.drop_table("service_station")
    op.drop_index(op.f("ix_fair_region"), table_name="fair")
    op.drop_index(op.f("ix_fair_held_on"), table_name="fair")
    op.drop_table("fair")
    secure("0004")
