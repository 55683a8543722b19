"""how far a spell was observed before its end was recorded

Revision: 0011, after 0010.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
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
    op.add_column("employment_spell", sa.Column("observed_before", sa.Date(), nullable=True))
    secure("0011")


def downgrade() -> None:
    secure("none")
    op.drop_column("employment_spell", "observed_before")
    secure("0010")
