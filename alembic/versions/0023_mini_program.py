"""the mini-program: who logs in by WeChat and for whom they speak, check-ins, call-backs, and messages that leave

Revision: 0023, after 0022.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_SPEAKERS = ("self", "family", "informant", "guardian")
_MESSAGES = ("new_match", "interview", "offer", "start_date", "follow_up", "benefit_paid")
_TOKENS = ("session", "bearer", "api_key", "login_link", "invitation", "second_step")
_MEANS = ("paper", "screen", "phone")


def secure(revision: str) -> None:
    """Row security, grants, triggers and doors as they were declared at `revision`, in the place of all there are."""
    folder = Path(__file__).parent.parent / "security"
    for name in ("none", revision):
        # Without parameters, so that a percent sign is one.
        op.get_bind().connection.cursor().execute((folder / f"{name}.sql").read_text(encoding="utf-8"))


def words(name: str, *codes: str) -> sa.Enum:
    """A coded column's type."""
    return sa.Enum(*codes, name=name, native_enum=False, create_constraint=True, length=32)


def numbered() -> list[sa.Column]:
    """The columns that every row has."""
    return [
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    ]


def version() -> sa.Column:
    """The column of rows that people edit."""
    return sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False)


def one_of(table: str, column: str, name: str, codes: tuple[str, ...]) -> None:
    """Let a coded column take these codes."""
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
    listed = ", ".join(f"'{code}'" for code in codes)
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, f"{column} IN ({listed})")


def references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    """Foreign keys of a table, by column and what it names."""
    return [
        sa.ForeignKeyConstraint([column], [named], name=op.f(f"fk_{table}_{column}_{named.split('.')[0]}"))
        for column, named in columns.items()
    ]


def upgrade() -> None:
    secure("none")
    one_of("access_token", "kind", "token_kind", (*_TOKENS, "worker"))
    one_of("consent", "means", "consent_means", (*_MEANS, "wechat"))
    op.add_column("application", sa.Column("start_told_on", sa.Date(), nullable=True))
    op.add_column(
        "outbox_message", sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column("outbox_message", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox_message", sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_outbox_message_waiting",
        "outbox_message",
        ["topic", "id"],
        postgresql_where=sa.text("sent_at IS NULL AND given_up_at IS NULL"),
    )
    op.create_table(
        "wechat_token",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("good_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("master_key_id", sa.String(), nullable=False),
        sa.Column("token_sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_wechat_token_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wechat_token")),
    )
    op.create_table(
        "wechat_account",
        *numbered(),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("openid_mark", sa.LargeBinary(), nullable=False),
        sa.Column("master_key_id", sa.String(), nullable=False),
        sa.Column("identity_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_verified_at", sa.DateTime(timezone=True), nullable=True),
        *references("wechat_account", account_id="account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wechat_account")),
        sa.UniqueConstraint("account_id", name=op.f("uq_wechat_account_account_id")),
        sa.UniqueConstraint("openid_mark", name=op.f("uq_wechat_account_openid_mark")),
    )
    op.create_table(
        "worker_binding",
        *numbered(),
        version(),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("speaker", words("speaker", *_SPEAKERS), nullable=False),
        sa.Column("state", words("binding_state", "waiting", "in_force", "refused", "ended"), nullable=False),
        sa.Column("proof", words("binding_proof", "telephone", "household", "checked"), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(state = 'in_force') <= (proof IS NOT NULL)", name=op.f("ck_worker_binding_in_force_with_proof")
        ),
        sa.CheckConstraint(
            "(decided_by IS NULL) = (decided_on IS NULL)", name=op.f("ck_worker_binding_decided_whole")
        ),
        *references(
            "worker_binding", account_id="account.id", worker_id="worker.id", decided_by="account.id"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker_binding")),
    )
    op.create_index(
        "uq_worker_binding_standing",
        "worker_binding",
        ["account_id", "worker_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('waiting', 'in_force')"),
    )
    op.create_index(op.f("ix_worker_binding_worker_id"), "worker_binding", ["worker_id"])
    op.create_table(
        "notice",
        *numbered(),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", words("message_kind", *_MESSAGES), nullable=False),
        sa.Column("subject", sa.BigInteger(), nullable=False),
        sa.Column("state", words("notice_state", "waiting", "sent", "calling", "dropped"), nullable=False),
        sa.Column("channel", words("channel", "wechat", "sms", "call"), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_notice_sent_at_a_time")),
        sa.CheckConstraint(
            "(state IN ('sent', 'calling')) = (channel IS NOT NULL)", name=op.f("ck_notice_by_a_channel")
        ),
        *references("notice", worker_id="worker.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("worker_id", "kind", "subject", name=op.f("uq_notice_worker_id_kind_subject")),
    )
    op.create_table(
        "message_subscription",
        *numbered(),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", words("message_kind", *_MESSAGES), nullable=False),
        sa.Column("spent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notice_id", sa.BigInteger(), nullable=True),
        *references("message_subscription", account_id="account.id", notice_id="notice.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_subscription")),
    )
    op.create_index(
        "ix_message_subscription_unspent",
        "message_subscription",
        ["account_id", "kind"],
        postgresql_where=sa.text("spent_at IS NULL"),
    )
    op.create_table(
        "check_in",
        *numbered(),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("spell_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("county", sa.String(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        *references(
            "check_in", worker_id="worker.id", spell_id="employment_spell.id", contact_id="contact.id",
            account_id="account.id", county="region.code",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
    )  # fmt: skip
    op.create_index(op.f("ix_check_in_worker_id"), "check_in", ["worker_id"])
    op.create_index(op.f("ix_check_in_spell_id"), "check_in", ["spell_id"])
    op.create_table(
        "call_request",
        *numbered(),
        version(),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("why", words("call_why", "asked", "message"), nullable=False),
        sa.Column("speaker", words("speaker", *_SPEAKERS), nullable=True),
        sa.Column("wish_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by", sa.BigInteger(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(why = 'asked') = (speaker IS NOT NULL)", name=op.f("ck_call_request_asked_by_somebody")
        ),
        sa.CheckConstraint(
            "num_nonnulls(done_on, done_by) IN (0, 2)", name=op.f("ck_call_request_done_whole")
        ),
        sa.CheckConstraint("due_on >= asked_on", name=op.f("ck_call_request_due_after_asking")),
        *references("call_request", worker_id="worker.id", account_id="account.id", done_by="account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_request")),
    )
    op.create_index(
        "uq_call_request_open",
        "call_request",
        ["worker_id", "why"],
        unique=True,
        postgresql_where=sa.text("done_on IS NULL"),
    )
    op.create_index(op.f("ix_call_request_worker_id"), "call_request", ["worker_id"])
    secure("0023")


def downgrade() -> None:
    secure("none")
    for table in (
        "call_request", "check_in", "message_subscription", "notice", "worker_binding", "wechat_account", "wechat_token",
    ):  # fmt: skip
        op.drop_table(table)
    op.drop_index("ix_outbox_message_waiting", table_name="outbox_message")
    op.drop_column("application", "start_told_on")
    for column in ("given_up_at", "due_at", "attempts"):
        op.drop_column("outbox_message", column)
    # What was agreed to in the mini-program was confirmed on a screen; its log-ins end.
    op.execute("UPDATE consent SET means = 'screen' WHERE means = 'wechat'")
    op.execute("DELETE FROM token_use WHERE token_id IN (SELECT id FROM access_token WHERE kind = 'worker')")
    op.execute("DELETE FROM access_token WHERE kind = 'worker'")
    one_of("consent", "means", "consent_means", _MEANS)
    one_of("access_token", "kind", "token_kind", _TOKENS)
    secure("0022")
