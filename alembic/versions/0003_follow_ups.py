"""follow ups

Revision: 0003, after 0002.
"""

from pathlib import Path

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0003"
down_revision = "0002"
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
        "caller_assignment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("assigned_by", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_caller_assignment_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["assigned_by"], ["account.id"], name=op.f("fk_caller_assignment_assigned_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["worker.id"], name=op.f("fk_caller_assignment_worker_id_worker")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caller_assignment")),
        sa.UniqueConstraint("worker_id", name=op.f("uq_caller_assignment_worker_id")),
    )
    op.create_index(
        op.f("ix_caller_assignment_account_id"), "caller_assignment", ["account_id"], unique=False
    )
    op.create_table(
        "contact",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("contacted_on", sa.Date(), nullable=False),
        sa.Column(
            "means",
            sa.Enum(
                "phone",
                "wechat",
                "visit",
                "station",
                name="contact_means",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "found",
            sa.Enum(
                "at_work",
                "in_difficulty",
                "wants_away",
                "left",
                "not_reached",
                "wrong_number",
                name="found",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "difficulty",
            sa.Enum(
                "unpaid",
                "pay",
                "workload",
                "health",
                "lodging",
                "family",
                "dispute",
                "contract",
                "other",
                name="difficulty",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("returned_home", sa.Boolean(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(found = 'in_difficulty') = (difficulty IS NOT NULL)", name=op.f("ck_contact_difficulty_told")
        ),
        sa.CheckConstraint(
            "returned_home IS NULL OR found = 'left'", name=op.f("ck_contact_home_after_leaving")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_contact_account_id_account")),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_contact_worker_id_worker")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_index(
        "ix_contact_worker_id_contacted_on", "contact", ["worker_id", "contacted_on"], unique=False
    )
    op.create_table(
        "support_task",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "difficulty",
            sa.Enum(
                "unpaid",
                "pay",
                "workload",
                "health",
                "lodging",
                "family",
                "dispute",
                "contract",
                "other",
                name="task_difficulty",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open", "done", name="support_state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.CheckConstraint(
            "(state = 'done') = (done_on IS NOT NULL)", name=op.f("ck_support_task_done_on_a_day")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_support_task_contact_id_contact")
        ),
        sa.ForeignKeyConstraint(["done_by"], ["account.id"], name=op.f("fk_support_task_done_by_account")),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_support_task_worker_id_worker")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_task")),
    )
    op.create_index(op.f("ix_support_task_contact_id"), "support_task", ["contact_id"], unique=False)
    op.create_index(op.f("ix_support_task_worker_id"), "support_task", ["worker_id"], unique=False)
    op.create_index(
        "uq_support_task_one_open",
        "support_task",
        ["worker_id", "difficulty"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    secure(revision)


def downgrade() -> None:
    secure("none")
    op.drop_index(
        "uq_support_task_one_open", table_name="support_task", postgresql_where=sa.text("state = 'open'")
    )
    op.drop_index(op.f("ix_support_task_worker_id"), table_name="support_task")
    op.drop_index(op.f("ix_support_task_contact_id"), table_name="support_task")
    op.drop_table("support_task")
    op.drop_index("ix_contact_worker_id_contacted_on", table_name="contact")
    op.drop_table("contact")
    op.drop_index(op.f("ix_caller_assignment_account_id"), table_name="caller_assignment")
    op.drop_table("caller_assignment")
    secure("0002")
