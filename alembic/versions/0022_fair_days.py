"""fair days: booths, invitations, devices, what was said at them, and who came

Revision: 0022, after 0021.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
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
        "booth",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fair_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(length=10), nullable=False),
        sa.Column("employer_id", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["employer_id"], ["employer.id"], name=op.f("fk_booth_employer_id_employer")),
        sa.ForeignKeyConstraint(["fair_id"], ["fair.id"], name=op.f("fk_booth_fair_id_fair")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booth")),
    )
    op.create_index(op.f("ix_booth_fair_id"), "booth", ["fair_id"], unique=False)
    op.create_index(
        "uq_booth_employer_in_use",
        "booth",
        ["fair_id", "employer_id"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_index(
        "uq_booth_number_in_use",
        "booth",
        ["fair_id", "number"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "kiosk_device",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fair_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("letter", sa.String(length=3), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("code_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lookups", sa.Integer(), nullable=False),
        sa.Column("lookups_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("master_key_id", sa.String(), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "(token_hash IS NULL) = (enrolled_at IS NULL)", name=op.f("ck_kiosk_device_enrolled_with_token")
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fair.id"], name=op.f("fk_kiosk_device_fair_id_fair")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosk_device")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_kiosk_device_code_hash")),
        sa.UniqueConstraint("fair_id", "letter", name=op.f("uq_kiosk_device_fair_id_letter")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_kiosk_device_token_hash")),
    )
    op.create_table(
        "fair_invitation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fair_id", sa.BigInteger(), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("card_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("card_made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(card_sealed IS NULL) = (card_made_at IS NULL)", name=op.f("ck_fair_invitation_card_made_once")
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fair.id"], name=op.f("fk_fair_invitation_fair_id_fair")),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["worker.id"], name=op.f("fk_fair_invitation_worker_id_worker")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fair_invitation")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_fair_invitation_code_hash")),
    )
    op.create_index(op.f("ix_fair_invitation_worker_id"), "fair_invitation", ["worker_id"], unique=False)
    op.create_index(
        "uq_fair_invitation_in_force",
        "fair_invitation",
        ["fair_id", "worker_id"],
        unique=True,
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "visit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fair_id", sa.BigInteger(), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["fair_id"], ["fair.id"], name=op.f("fk_visit_fair_id_fair")),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_visit_worker_id_worker")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        sa.UniqueConstraint("fair_id", "worker_id", name=op.f("uq_visit_fair_id_worker_id")),
    )
    op.create_index(op.f("ix_visit_worker_id"), "visit", ["worker_id"], unique=False)
    op.create_table(
        "booth_post",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fair_id", sa.BigInteger(), nullable=False),
        sa.Column("booth_id", sa.BigInteger(), nullable=False),
        sa.Column("vacancy_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["booth_id"], ["booth.id"], name=op.f("fk_booth_post_booth_id_booth")),
        sa.ForeignKeyConstraint(["fair_id"], ["fair.id"], name=op.f("fk_booth_post_fair_id_fair")),
        sa.ForeignKeyConstraint(
            ["vacancy_id"], ["vacancy.id"], name=op.f("fk_booth_post_vacancy_id_vacancy")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booth_post")),
        sa.UniqueConstraint("booth_id", "vacancy_id", name=op.f("uq_booth_post_booth_id_vacancy_id")),
    )
    op.create_index(op.f("ix_booth_post_fair_id"), "booth_post", ["fair_id"], unique=False)
    op.create_table(
        "kiosk_command",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fair_id", sa.BigInteger(), nullable=False),
        sa.Column("device_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "check_in",
                "intend",
                "withdraw",
                name="command_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("vacancy_id", sa.BigInteger(), nullable=True),
        sa.Column("ticket", sa.String(length=10), nullable=True),
        sa.Column("assisted", sa.Boolean(), nullable=False),
        sa.Column(
            "answered",
            sa.Enum(
                "counted",
                "waiting",
                name="command_answer",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("visit_id", sa.BigInteger(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'check_in') = (vacancy_id IS NULL)", name=op.f("ck_kiosk_command_about_a_post")
        ),
        sa.CheckConstraint(
            "ticket IS NULL OR kind = 'intend'", name=op.f("ck_kiosk_command_ticket_of_an_intent")
        ),
        sa.CheckConstraint(
            "num_nonnulls(visit_id, sealed) <= 1", name=op.f("ck_kiosk_command_known_or_sealed")
        ),
        sa.ForeignKeyConstraint(
            ["device_id"], ["kiosk_device.id"], name=op.f("fk_kiosk_command_device_id_kiosk_device")
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fair.id"], name=op.f("fk_kiosk_command_fair_id_fair")),
        sa.ForeignKeyConstraint(
            ["vacancy_id"], ["vacancy.id"], name=op.f("fk_kiosk_command_vacancy_id_vacancy")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_kiosk_command_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosk_command")),
        sa.UniqueConstraint("device_id", "key", name=op.f("uq_kiosk_command_device_id_key")),
    )
    op.create_index(op.f("ix_kiosk_command_visit_id"), "kiosk_command", ["visit_id"], unique=False)
    op.create_index(
        "ix_kiosk_command_waiting",
        "kiosk_command",
        ["fair_id"],
        unique=False,
        postgresql_where=sa.text("sealed IS NOT NULL"),
    )
    op.create_table(
        "visit_intent",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("visit_id", sa.BigInteger(), nullable=False),
        sa.Column("vacancy_id", sa.BigInteger(), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ticket", sa.String(length=10), nullable=True),
        sa.Column("ticket_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("application_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "not_carried_over",
            sa.Enum(
                "refused",
                "closed",
                "not_placeable",
                "already",
                name="not_carried_over",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(ticket IS NULL) = (ticket_at IS NULL)", name=op.f("ck_visit_intent_ticket_given_at")
        ),
        sa.CheckConstraint(
            "num_nonnulls(application_id, not_carried_over) <= 1", name=op.f("ck_visit_intent_one_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_visit_intent_application_id_application")
        ),
        sa.ForeignKeyConstraint(
            ["vacancy_id"], ["vacancy.id"], name=op.f("fk_visit_intent_vacancy_id_vacancy")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_intent_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_intent")),
        sa.UniqueConstraint("visit_id", "vacancy_id", name=op.f("uq_visit_intent_visit_id_vacancy_id")),
    )
    op.create_index(op.f("ix_visit_intent_vacancy_id"), "visit_intent", ["vacancy_id"], unique=False)
    secure("0022")


def downgrade() -> None:
    secure("none")
    op.drop_index(op.f("ix_visit_intent_vacancy_id"), table_name="visit_intent")
    op.drop_table("visit_intent")
    op.drop_index(
        "ix_kiosk_command_waiting", table_name="kiosk_command", postgresql_where=sa.text("sealed IS NOT NULL")
    )
    op.drop_index(op.f("ix_kiosk_command_visit_id"), table_name="kiosk_command")
    op.drop_table("kiosk_command")
    op.drop_index(op.f("ix_booth_post_fair_id"), table_name="booth_post")
    op.drop_table("booth_post")
    op.drop_index(op.f("ix_visit_worker_id"), table_name="visit")
    op.drop_table("visit")
    op.drop_index(
        "uq_fair_invitation_in_force",
        table_name="fair_invitation",
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.drop_index(op.f("ix_fair_invitation_worker_id"), table_name="fair_invitation")
    op.drop_table("fair_invitation")
    op.drop_table("kiosk_device")
    op.drop_index(
        "uq_booth_number_in_use", table_name="booth", postgresql_where=sa.text("withdrawn_at IS NULL")
    )
    op.drop_index(
        "uq_booth_employer_in_use", table_name="booth", postgresql_where=sa.text("withdrawn_at IS NULL")
    )
    op.drop_index(op.f("ix_booth_fair_id"), table_name="booth")
    op.drop_table("booth")
    secure("0021")
