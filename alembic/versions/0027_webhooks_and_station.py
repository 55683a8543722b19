"""what a service station looks after, and messages to other systems

Revision: 0027, after 0026.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_DIFFICULTIES = (
    "unpaid", "pay", "workload", "health", "lodging", "family", "dispute", "contract", "other",
)  # fmt: skip
_EVENTS = (
    "vacancy.published", "vacancy.closed", "application.changed", "spell.started", "spell.ended", "import.finished",
    "report.frozen", "test",
)  # fmt: skip
_ERRORS = ("address", "forbidden", "timeout", "connection", "answer", "off")


def secure(revision: str) -> None:
    """Row security, grants, triggers and doors as they were declared at `revision`, in the place of all there are."""
    folder = Path(__file__).parent.parent / "security"
    for name in ("none", revision):
        # Without parameters, so that a percent sign is one.
        op.get_bind().connection.cursor().execute((folder / f"{name}.sql").read_text(encoding="utf-8"))


def words(name: str, *codes: str) -> sa.Enum:
    """A coded column's type."""
    return sa.Enum(*codes, name=name, native_enum=False, create_constraint=True, length=32)


def one_of(table: str, column: str, name: str, codes: tuple[str, ...]) -> None:
    """Let a coded column take these codes."""
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
    listed = ", ".join(f"'{code}'" for code in codes)
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, f"{column} IN ({listed})")


def numbered() -> list[sa.Column]:
    """The columns that every row has."""
    return [
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    ]


def upgrade() -> None:
    secure("none")
    one_of("contact", "difficulty", "difficulty", (*_DIFFICULTIES, "leaving"))
    one_of("support_task", "difficulty", "task_difficulty", (*_DIFFICULTIES, "leaving"))
    op.add_column("spell_confirmation", sa.Column("observed_before", sa.Date(), nullable=True))
    op.add_column("support_task", sa.Column("station_id", sa.BigInteger(), nullable=True))
    op.add_column("support_task", sa.Column("handed_on", sa.Date(), nullable=True))
    op.add_column(
        "support_task",
        sa.Column("answer", sa.String(length=500), server_default=sa.text("''"), nullable=False),
    )
    op.create_foreign_key(
        op.f("fk_support_task_station_id_service_station"),
        "support_task",
        "service_station",
        ["station_id"],
        ["id"],
    )
    op.create_index(op.f("ix_support_task_station_id"), "support_task", ["station_id"])
    op.create_check_constraint(
        op.f("ck_support_task_handed_to_a_station"),
        "support_task",
        "handed_on IS NULL OR station_id IS NOT NULL",
    )
    op.create_table(
        "webhook",
        *numbered(),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("events", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("switched_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_webhook_region_region")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_webhook_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
    )
    op.create_index(op.f("ix_webhook_region"), "webhook", ["region"])
    op.create_table(
        "webhook_secret",
        *numbered(),
        sa.Column("webhook_id", sa.BigInteger(), nullable=False),
        sa.Column("master_key_id", sa.String(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("good_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["webhook_id"],
            ["webhook.id"],
            name=op.f("fk_webhook_secret_webhook_id_webhook"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_secret")),
    )
    op.create_index(op.f("ix_webhook_secret_webhook_id"), "webhook_secret", ["webhook_id"])
    op.create_table(
        "webhook_delivery",
        *numbered(),
        sa.Column("webhook_id", sa.BigInteger(), nullable=False),
        sa.Column("event", words("webhook_event", *_EVENTS), nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", words("delivery_state", "waiting", "delivered", "failed"), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("error", words("delivery_error", *_ERRORS), nullable=True),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_webhook_delivery_attempts_not_negative")),
        sa.ForeignKeyConstraint(
            ["webhook_id"],
            ["webhook.id"],
            name=op.f("fk_webhook_delivery_webhook_id_webhook"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
    )
    op.create_index("ix_webhook_delivery_of", "webhook_delivery", ["webhook_id", "id"])
    secure("0027")


def downgrade() -> None:
    secure("none")
    for table in ("webhook_delivery", "webhook_secret", "webhook"):
        op.drop_table(table)
    op.execute("DELETE FROM outbox_message WHERE topic = 'webhook'")
    op.drop_constraint(op.f("ck_support_task_handed_to_a_station"), "support_task")
    op.drop_index(op.f("ix_support_task_station_id"), table_name="support_task")
    op.drop_constraint(op.f("fk_support_task_station_id_service_station"), "support_task")
    for column in ("answer", "handed_on", "station_id"):
        op.drop_column("support_task", column)
    op.drop_column("spell_confirmation", "observed_before")
    # Who wants to leave is in some other difficulty; of two such promises to one person one stays.
    op.execute(
        "UPDATE support_task SET state = 'done', done_on = current_date WHERE state = 'open' AND difficulty = 'leaving' "
        "AND EXISTS (SELECT FROM support_task other WHERE other.worker_id = support_task.worker_id "
        "AND other.state = 'open' AND other.difficulty = 'other')"
    )
    for table, name in (("support_task", "task_difficulty"), ("contact", "difficulty")):
        op.execute(f"UPDATE {table} SET difficulty = 'other' WHERE difficulty = 'leaving'")  # noqa: S608 - ours
        one_of(table, "difficulty", name, _DIFFICULTIES)
    secure("0026")
