"""evidence: its attachments, what each side found of a spell, and rosters that prove work

Revision: 0007, after 0006.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_KINDS = (
    "'postings', 'away', 'planned', 'monitored', 'household', 'roster', 'posts', 'social_insurance', 'payroll', "
    "'exchange'"
)


def secure(revision: str) -> None:
    """Row security, grants, triggers and doors as they were declared at `revision`, in the place of all there are."""
    folder = Path(__file__).parent.parent / "security"
    for name in ("none", revision):
        # Without parameters, so that a percent sign is one.
        op.get_bind().connection.cursor().execute((folder / f"{name}.sql").read_text(encoding="utf-8"))


def let_in(kinds: str) -> None:
    """The kinds of files that are known."""
    for table in ("import", "heading_memory", "spell_report"):
        op.drop_constraint(op.f(f"ck_{table}_import_kind"), table)
        op.create_check_constraint(op.f(f"ck_{table}_import_kind"), table, f"kind IN ({kinds})")


def upgrade() -> None:
    secure("none")
    let_in(f"{_KINDS}, 'staff'")
    op.create_table(
        "spell_confirmation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spell_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "origin",
                "destination",
                "station",
                name="confirming_side",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "found",
            sa.Enum(
                "at_work",
                "not_at_work",
                "unknown",
                name="still_there",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "means",
            sa.Enum(
                "on_site",
                "employer",
                "person",
                "family",
                name="confirmed_by",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "since IS NULL OR (found = 'at_work' AND since <= found_on)",
            name=op.f("ck_spell_confirmation_since_before_found"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_spell_confirmation_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["spell_id"],
            ["employment_spell.id"],
            name=op.f("fk_spell_confirmation_spell_id_employment_spell"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spell_confirmation")),
        sa.UniqueConstraint("spell_id", "side", "found_on", "found", name="uq_spell_confirmation_once"),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("evidence_id", sa.BigInteger(), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "sort",
            sa.Enum(
                "pdf",
                "jpeg",
                "png",
                "xlsx",
                name="file_sort",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("excerpt", sa.Boolean(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_attachment_not_empty")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_attachment_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_attachment_evidence_id_evidence")
        ),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_attachment_worker_id_worker")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("evidence_id", "digest", name="uq_attachment_once"),
    )
    op.create_index(op.f("ix_attachment_worker_id"), "attachment", ["worker_id"], unique=False)
    op.create_table(
        "attachment_part",
        sa.Column("attachment_id", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_attachment_part_attachment_id_attachment")
        ),
        sa.PrimaryKeyConstraint("attachment_id", "part", name=op.f("pk_attachment_part")),
    )
    op.add_column("evidence", sa.Column("copy_of", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_evidence_copy_of"), "evidence", ["copy_of"], unique=False)
    op.create_foreign_key(op.f("fk_evidence_copy_of_evidence"), "evidence", "evidence", ["copy_of"], ["id"])
    secure("0007")


def downgrade() -> None:
    secure("none")
    op.drop_constraint(op.f("fk_evidence_copy_of_evidence"), "evidence", type_="foreignkey")
    op.drop_index(op.f("ix_evidence_copy_of"), table_name="evidence")
    op.drop_column("evidence", "copy_of")
    op.drop_table("attachment_part")
    op.drop_index(op.f("ix_attachment_worker_id"), table_name="attachment")
    op.drop_table("attachment")
    op.drop_table("spell_confirmation")
    let_in(_KINDS)
    secure("0006")
