"""the desk, mended: acts on many that stopped, names found by their initials, and what a form has carried out

Revision: 0032, after 0031.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
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
    op.add_column("bulk_action", sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("bulk_action", sa.Column("stopped_why", sa.String(length=200), nullable=True))
    # What ended before there was somebody to note it.
    op.execute(
        "UPDATE bulk_action SET stopped_at = coalesce(job.finished_at, clock_timestamp()), stopped_why = left(job.message, 200) "
        "FROM job WHERE job.id = coalesce(undo_job_id, job_id) AND job.state IN ('cancelled', 'failed')"
    )
    for column in ("job_id", "undo_job_id"):
        op.execute(
            f"UPDATE bulk_action SET {column} = NULL FROM job "  # noqa: S608 - two columns of ours
            f"WHERE job.id = {column} AND job.state NOT IN ('queued', 'running')"
        )
    op.add_column(
        "worker",
        sa.Column(
            "name_initials",
            sa.Text(collation="C"),
            sa.Computed(r"regexp_replace(name_pinyin, '(\S)\S*\s*', '\1', 'g')", persisted=True),
            nullable=True,
        ),
    )
    op.create_index(op.f("ix_worker_name_initials"), "worker", ["name_initials"])
    secure("0032")


def downgrade() -> None:
    secure("none")
    op.drop_index(op.f("ix_worker_name_initials"), table_name="worker")
    op.drop_column("worker", "name_initials")
    op.drop_column("bulk_action", "stopped_why")
    op.drop_column("bulk_action", "stopped_at")
    secure("0031")
