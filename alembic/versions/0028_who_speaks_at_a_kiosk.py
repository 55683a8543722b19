"""who speaks at a kiosk: numbers counted by device and hour, commands that are not believed

Revision: 0028, after 0027.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0028"
down_revision = "0027"
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
    op.drop_column("kiosk_device", "lookups")
    op.add_column(
        "kiosk_device",
        sa.Column("numbers", ARRAY(sa.LargeBinary()), server_default=sa.text("'{}'"), nullable=False),
    )
    op.add_column("kiosk_command", sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True))
    secure("0028")


def downgrade() -> None:
    secure("none")
    # What was not believed is nobody's, so that no visit is worked out of it.
    op.execute("UPDATE kiosk_command SET visit_id = NULL WHERE discarded_at IS NOT NULL")
    op.drop_column("kiosk_command", "discarded_at")
    op.drop_column("kiosk_device", "numbers")
    op.add_column("kiosk_device", sa.Column("lookups", sa.Integer(), nullable=True))
    op.execute("UPDATE kiosk_device SET lookups = 0")
    op.alter_column("kiosk_device", "lookups", nullable=False)
    secure("0027")
