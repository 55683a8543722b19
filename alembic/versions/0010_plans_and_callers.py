"""plans and their tasks may be written by the bureau whose they are; who called before somebody was given on

Revision: 0010, after 0009.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
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
    op.add_column(
        "work_plan", sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False)
    )
    op.add_column("caller_assignment", sa.Column("previous_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_caller_assignment_previous_id_account"),
        "caller_assignment",
        "account",
        ["previous_id"],
        ["id"],
    )
    secure("0010")


def downgrade() -> None:
    secure("none")
    op.drop_constraint(
        op.f("fk_caller_assignment_previous_id_account"), "caller_assignment", type_="foreignkey"
    )
    op.drop_column("caller_assignment", "previous_id")
    op.drop_column("work_plan", "version")
    secure("0009")
