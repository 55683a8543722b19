"""rights in their places: whoever logs in over somebody ends that session, and an account reads what was done to it

Revision: 0020, after 0019.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_INDEXES = {"ix_audit_event_of_account": "account", "ix_audit_event_of_binding": "account_binding"}


def secure(revision: str) -> None:
    """Row security, grants, triggers and doors as they were declared at `revision`, in the place of all there are."""
    folder = Path(__file__).parent.parent / "security"
    for name in ("none", revision):
        # Without parameters, so that a percent sign is one.
        op.get_bind().connection.cursor().execute((folder / f"{name}.sql").read_text(encoding="utf-8"))


def upgrade() -> None:
    for name, noun in _INDEXES.items():
        op.create_index(name, "audit_event", ["row_id"], postgresql_where=sa.text(f"noun = '{noun}'"))
    secure("0020")


def downgrade() -> None:
    for name in _INDEXES:
        op.drop_index(name, table_name="audit_event")
    secure("0019")
