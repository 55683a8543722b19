"""name pinyin: sort keys of names as they are made now, surnames in their own reading

Revision: 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

from ledger.pinyin import pinyin

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    keys = sa.table("worker", sa.column("name"), sa.column("name_pinyin"))
    stood = connection.execute(sa.select(keys).where(keys.c.name_pinyin != "").distinct()).all()
    made = {name: pinyin(name) for name, _ in stood}
    wrong = sorted({name for name, key in stood if made[name] != key})
    # A sort key tells nothing of a person: nobody changed the record.
    op.execute("ALTER TABLE worker DISABLE TRIGGER USER")
    connection.execute(
        sa.text(
            "UPDATE worker SET name_pinyin = made.key "
            "FROM unnest(CAST(:names AS text[]), CAST(:keys AS text[])) AS made (name, key) "
            "WHERE worker.name = made.name AND worker.name_pinyin NOT IN ('', made.key)"
        ),
        {"names": wrong, "keys": [made[name] for name in wrong]},
    )
    op.execute("ALTER TABLE worker ENABLE TRIGGER USER")


def downgrade() -> None:
    """Keys made the one way or the other may stand beside each other: they are for sorting."""
