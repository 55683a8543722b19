"""what came of money that was paid without ground; an extension of a public post that is withdrawn

Revision: 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_REASONS = "'near_retirement', 'hardship', 'policy', 'other'"


def let_in(reasons: str) -> None:
    """The codes that the reason of an extension may have."""
    name = op.f("ck_term_extension_extension_reason")
    op.drop_constraint(name, "term_extension", type_="check")
    op.create_check_constraint(name, "term_extension", f"reason IN ({reasons})")


def upgrade() -> None:
    op.add_column("claim_event", sa.Column("recovery", sa.String(32), nullable=True))
    for name, condition in (
        ("recovery", "recovery IN ('recovered', 'waived')"),
        (
            "recovered_once_paid",
            "(recovery IS NOT NULL) = (from_state IS NOT DISTINCT FROM 'paid' AND to_state = 'paid')",
        ),
        ("recovery_with_reason", "recovery IS NULL OR reason <> ''"),
    ):
        op.create_check_constraint(op.f(f"ck_claim_event_{name}"), "claim_event", condition)
    let_in(f"{_REASONS}, 'withdrawn'")


def downgrade() -> None:
    # The row still says until when the term lasts.
    op.execute("ALTER TABLE term_extension DISABLE TRIGGER USER")
    op.execute("UPDATE term_extension SET reason = 'other' WHERE reason = 'withdrawn'")
    op.execute("ALTER TABLE term_extension ENABLE TRIGGER USER")
    op.execute("DELETE FROM claim_event WHERE recovery IS NOT NULL")
    for name in ("recovery_with_reason", "recovered_once_paid", "recovery"):
        op.drop_constraint(op.f(f"ck_claim_event_{name}"), "claim_event", type_="check")
    op.drop_column("claim_event", "recovery")
    let_in(_REASONS)
