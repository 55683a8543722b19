"""the mini-program, mended: who ended a binding, who speaks on every word, one check-in a day, what is told anew

Revision: 0029, after 0028.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_SPEAKERS = ("self", "family", "informant", "guardian")
_SPOKEN = ("contact", "check_in", "application_event")
_WHY = ("asked", "message", "arranged")


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
    op.add_column("worker_binding", sa.Column("ended_by", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_worker_binding_ended_by_account"), "worker_binding", "account", ["ended_by"], ["id"]
    )
    op.add_column("notice", sa.Column("round", sa.Integer(), server_default=sa.text("1"), nullable=False))
    op.add_column("notice", sa.Column("beside_at", sa.DateTime(timezone=True), nullable=True))
    for table in _SPOKEN:
        op.add_column(table, sa.Column("speaker", sa.String(length=32), nullable=True))
        one_of(table, "speaker", "speaker", _SPEAKERS)
    # Of several check-ins of a day the first says all that they say; their contacts and their evidence stay.
    op.execute(
        "DELETE FROM check_in USING check_in first WHERE first.spell_id = check_in.spell_id "
        "AND first.told_on = check_in.told_on AND first.id < check_in.id"
    )
    op.create_index("uq_check_in_of_a_day", "check_in", ["spell_id", "told_on"], unique=True)
    op.drop_constraint(op.f("ck_call_request_call_why"), "call_request")
    one_of("call_request", "why", "call_why", (*_WHY, "no_by_others"))
    op.drop_constraint(op.f("ck_call_request_asked_by_somebody"), "call_request")
    op.create_check_constraint(
        op.f("ck_call_request_asked_by_somebody"),
        "call_request",
        "(why IN ('asked', 'no_by_others')) = (speaker IS NOT NULL)",
    )
    # An agreement is reserved while its message waits: what was sent, or refused as not agreed to, has spent it; else it is free.
    op.execute(
        "UPDATE message_subscription SET notice_id = NULL, spent_at = CASE WHEN notice.state = 'sent' "
        "AND notice.channel = 'wechat' OR notice.code = 43101 THEN spent_at END FROM notice "
        "WHERE notice.id = notice_id AND notice.state <> 'waiting'"
    )
    # Whose WeChat was forgotten with a person's data holds no key any more.
    op.execute(
        "UPDATE access_token SET revoked_at = clock_timestamp() WHERE kind = 'worker' AND revoked_at IS NULL "
        "AND account_id NOT IN (SELECT account_id FROM wechat_account)"
    )
    secure("0029")


def downgrade() -> None:
    secure("none")
    op.execute("DELETE FROM call_request WHERE why = 'no_by_others'")
    op.drop_constraint(op.f("ck_call_request_asked_by_somebody"), "call_request")
    op.create_check_constraint(
        op.f("ck_call_request_asked_by_somebody"), "call_request", "(why = 'asked') = (speaker IS NOT NULL)"
    )
    op.drop_constraint(op.f("ck_call_request_call_why"), "call_request")
    one_of("call_request", "why", "call_why", _WHY)
    op.drop_index("uq_check_in_of_a_day", table_name="check_in")
    for table in _SPOKEN:
        op.drop_column(table, "speaker")
    op.drop_column("notice", "beside_at")
    op.drop_column("notice", "round")
    op.drop_constraint(op.f("fk_worker_binding_ended_by_account"), "worker_binding")
    op.drop_column("worker_binding", "ended_by")
    secure("0028")
