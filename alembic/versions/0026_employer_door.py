"""the employer's door: posts of its own, rosters that it confirms, what it says of who left, and of whom it is told

Revision: 0026, after 0025.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_REASONS = ("proposal", "dispatch", "claim")
_SIDES = ("origin", "destination", "station")


def secure(revision: str) -> None:
    """Row security, grants, triggers and doors as they were declared at `revision`, in the place of all there are."""
    folder = Path(__file__).parent.parent / "security"
    for name in ("none", revision):
        # Without parameters, so that a percent sign is one.
        op.get_bind().connection.cursor().execute((folder / f"{name}.sql").read_text(encoding="utf-8"))


def one_of(table: str, column: str, name: str, codes: tuple[str, ...]) -> None:
    """Let a coded column take these codes."""
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
    listed = ", ".join(f"'{code}'" for code in codes)
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, f"{column} IN ({listed})")


def of_one_occasion(*columns: str) -> None:
    """Of which occasion a disclosure names exactly one."""
    op.drop_constraint(op.f("ck_disclosure_of_one_occasion"), "disclosure")
    op.create_check_constraint(
        op.f("ck_disclosure_of_one_occasion"), "disclosure", f"num_nonnulls({', '.join(columns)}) = 1"
    )


def upgrade() -> None:
    secure("none")
    op.create_table(
        "employer_roster",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("employer_id", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("confirmed_by", sa.BigInteger(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "extract(day FROM month) = 1 AND month <= opened_on", name=op.f("ck_employer_roster_of_a_month")
        ),
        sa.CheckConstraint(
            "num_nonnulls(confirmed_on, confirmed_by) IN (0, 2)",
            name=op.f("ck_employer_roster_confirmed_whole"),
        ),
        sa.CheckConstraint(
            "confirmed_on >= opened_on", name=op.f("ck_employer_roster_confirmed_after_opening")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_employer_roster_employer_id_employer")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_employer_roster_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["account.id"], name=op.f("fk_employer_roster_confirmed_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employer_roster")),
        sa.UniqueConstraint("employer_id", "month", name=op.f("uq_employer_roster_month")),
    )
    op.add_column(
        "vacancy", sa.Column("by_employer", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column("disclosure", sa.Column("roster_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_disclosure_roster_id_employer_roster"),
        "disclosure",
        "employer_roster",
        ["roster_id"],
        ["id"],
    )
    op.create_index(op.f("ix_disclosure_roster_id"), "disclosure", ["roster_id"])
    one_of("disclosure", "reason", "disclosure_reason", (*_REASONS, "contact", "roster"))
    of_one_occasion("application_id", "dispatch_id", "claim_id", "roster_id")
    op.add_column("spell_confirmation", sa.Column("left_on", sa.Date(), nullable=True))
    op.add_column("spell_confirmation", sa.Column("reason", sa.String(), nullable=True))
    op.create_check_constraint(
        op.f("ck_spell_confirmation_left_before_found"),
        "spell_confirmation",
        "num_nonnulls(left_on, reason) IN (0, 2) AND (left_on IS NULL OR found = 'not_at_work' AND left_on <= found_on)",
    )
    one_of("spell_confirmation", "side", "confirming_side", (*_SIDES, "employer"))
    secure("0026")


def downgrade() -> None:
    secure("none")
    # Without rosters nothing says for which of them a row was written, nor from which side a finding came: what
    # employers said goes. A telephone that was told for a contact was told of the same application.
    op.execute("DELETE FROM spell_confirmation WHERE side = 'employer'")
    op.execute("DELETE FROM disclosure WHERE reason = 'roster'")
    op.execute("UPDATE disclosure SET reason = 'proposal' WHERE reason = 'contact'")
    one_of("spell_confirmation", "side", "confirming_side", _SIDES)
    op.drop_constraint(op.f("ck_spell_confirmation_left_before_found"), "spell_confirmation")
    for column in ("reason", "left_on"):
        op.drop_column("spell_confirmation", column)
    of_one_occasion("application_id", "dispatch_id", "claim_id")
    one_of("disclosure", "reason", "disclosure_reason", _REASONS)
    op.drop_column("disclosure", "roster_id")
    op.drop_column("vacancy", "by_employer")
    op.drop_table("employer_roster")
    secure("0024")
