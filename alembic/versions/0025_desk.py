"""the desk: the record of what was done by time, and since when a job counts as it does

Revision: 0025, after 0024.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_audit_event_at", "audit_event", ["created_at", "id"], unique=False)
    op.add_column("job", sa.Column("stage_at", sa.DateTime(timezone=True), nullable=True))
    # What the service may change is granted column by column.
    op.execute('GRANT UPDATE (stage_at) ON "job" TO wengang_app')


def downgrade() -> None:
    op.drop_column("job", "stage_at")
    op.drop_index("ix_audit_event_at", table_name="audit_event")
