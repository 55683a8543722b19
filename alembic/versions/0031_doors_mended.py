"""the employer's and the station's door, mended: roles are who works at a station, several stations for an account,
what became of corrected work is told

Revision: 0031, after 0029.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0029"
branch_labels = None
depends_on = None

_EVENTS = (
    "vacancy.published", "vacancy.closed", "application.changed", "spell.started", "spell.ended", "import.finished",
    "report.frozen", "test",
)  # fmt: skip
_NEW_EVENTS = ("spell.corrected", "spell.voided")


def secure(revision: str) -> None:
    """Row security, grants, triggers and doors as they were declared at `revision`, in the place of all there are."""
    folder = Path(__file__).parent.parent / "security"
    for name in ("none", revision):
        # Without parameters, so that a percent sign is one.
        op.get_bind().connection.cursor().execute((folder / f"{name}.sql").read_text(encoding="utf-8"))


def one_of(table: str, column: str, name: str, codes: tuple[str, ...]) -> None:
    """Let a coded column take these codes."""
    listed = ", ".join(f"'{code}'" for code in codes)
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, f"{column} IN ({listed})")


def upgrade() -> None:
    secure("none")
    op.drop_constraint(op.f("uq_account_binding_account_id_role_region"), "account_binding")
    op.create_unique_constraint(
        "uq_account_binding_once",
        "account_binding",
        ["account_id", "role", "region", "station_id", "employer_id"],
        postgresql_nulls_not_distinct=True,
    )
    # Who has the role at a station works there. Who was only put on its list had no rights by that and gets none now.
    op.execute(
        "UPDATE station_staff SET until = greatest(since, (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date) "
        "WHERE until IS NULL AND NOT EXISTS "
        "(SELECT FROM account_binding bound WHERE bound.station_id = station_staff.station_id "
        "AND bound.account_id = station_staff.account_id)"
    )
    op.execute(
        "INSERT INTO station_staff (created_at, station_id, account_id, since) SELECT clock_timestamp(), station_id, "
        "account_id, (created_at AT TIME ZONE 'Asia/Shanghai')::date FROM account_binding WHERE station_id IS NOT NULL "
        "ON CONFLICT DO NOTHING"
    )
    op.drop_constraint(op.f("ck_webhook_delivery_webhook_event"), "webhook_delivery")
    one_of("webhook_delivery", "event", "webhook_event", (*_EVENTS, *_NEW_EVENTS))
    secure("0031")


def downgrade() -> None:
    secure("none")
    op.execute(
        "DELETE FROM outbox_message USING webhook_delivery told WHERE topic = 'webhook' "
        "AND (outbox_message.payload ->> 'delivery_id')::bigint = told.id "
        "AND told.event IN ('spell.corrected', 'spell.voided')"
    )
    op.execute("DELETE FROM webhook_delivery WHERE event IN ('spell.corrected', 'spell.voided')")
    for event in _NEW_EVENTS:
        op.execute(
            sa.text("UPDATE webhook SET events = array_remove(events, :event)").bindparams(event=event)
        )
    op.drop_constraint(op.f("ck_webhook_delivery_webhook_event"), "webhook_delivery")
    one_of("webhook_delivery", "event", "webhook_event", _EVENTS)
    # Of several stations at one place an account had the first.
    op.execute(
        "DELETE FROM account_binding USING account_binding first WHERE first.id < account_binding.id "
        "AND first.account_id = account_binding.account_id AND first.role = account_binding.role "
        "AND first.region IS NOT DISTINCT FROM account_binding.region"
    )
    op.drop_constraint("uq_account_binding_once", "account_binding")
    op.create_unique_constraint(
        op.f("uq_account_binding_account_id_role_region"),
        "account_binding",
        ["account_id", "role", "region"],
        postgresql_nulls_not_distinct=True,
    )
    secure("0029")
