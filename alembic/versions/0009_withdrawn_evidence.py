"""evidence: what it is, and when, by whom and why it was withdrawn

Revision: 0009, after 0008.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_KINDS = (
    "social_insurance",
    "agency_flow",
    "wage_flow",
    "stamped_roster",
    "certificate",
    "statement",
    "sighting",
    "visit",
)
_SORTS = "'pdf', 'jpeg', 'png', 'xlsx'"
_STANDINGS = "'only_here', 'only_there', 'differs'"
_REASONS = ("other_person", "other_spell", "wrong_days", "wrong_kind", "twice", "untrue")
# What evidence is was known by its words alone.
_KNOWN = """
UPDATE evidence SET kind = told.kind FROM (VALUES
    ('社保缴费记录', 'social_insurance'), ('社保缴费名单：%', 'social_insurance'),
    ('银行代发工资流水', 'agency_flow'), ('银行、微信或支付宝工资流水', 'wage_flow'),
    ('盖章名册', 'stamped_roster'), ('单位证明', 'certificate'), ('单位证明（缺%', 'certificate'),
    ('电话或本人说明', 'statement'), ('%核实：现场核实', 'sighting'), ('%核实：%', 'statement'),
    ('随访：本人说明', 'statement')
) AS told(words, kind) WHERE evidence.kind IS NULL AND evidence.source LIKE told.words
    AND (told.kind <> 'sighting' OR evidence.grade = 'C');
UPDATE evidence SET kind = CASE
    WHEN import.kind = 'social_insurance' THEN 'social_insurance'
    WHEN import.kind = 'payroll' AND evidence.grade = 'A' THEN 'agency_flow'
    WHEN import.kind = 'payroll' THEN 'wage_flow'
    WHEN import.kind = 'staff' AND evidence.grade = 'C' THEN 'certificate'
    WHEN import.kind = 'staff' THEN 'stamped_roster' END
    FROM import WHERE import.id = evidence.import_id AND evidence.kind IS NULL;
"""


def secure(revision: str) -> None:
    """Row security, grants, triggers and doors as they were declared at `revision`, in the place of all there are."""
    folder = Path(__file__).parent.parent / "security"
    for name in ("none", revision):
        # Without parameters, so that a percent sign is one.
        op.get_bind().connection.cursor().execute((folder / f"{name}.sql").read_text(encoding="utf-8"))


def let_in(table: str, words: str, column: str, known: str) -> None:
    """The codes that a column may have."""
    op.drop_constraint(op.f(f"ck_{table}_{words}"), table, type_="check")
    op.create_check_constraint(op.f(f"ck_{table}_{words}"), table, f"{column} IN ({known})")


def upgrade() -> None:
    secure("none")
    op.add_column("evidence", sa.Column("kind", sa.String(32), nullable=True))
    op.add_column("evidence", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("evidence", sa.Column("withdrawn_because", sa.String(32), nullable=True))
    op.add_column("evidence", sa.Column("withdrawn_by", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_evidence_withdrawn_by_account"), "evidence", "account", ["withdrawn_by"], ["id"]
    )
    for name, column, words in (
        ("proof_kind", "kind", _KINDS),
        ("withdrawal_reason", "withdrawn_because", _REASONS),
    ):
        listed = ", ".join(f"'{each}'" for each in words)
        op.create_check_constraint(op.f(f"ck_evidence_{name}"), "evidence", f"{column} IN ({listed})")
    op.create_check_constraint(
        op.f("ck_evidence_withdrawn_with_reason"),
        "evidence",
        "(withdrawn_at IS NULL) = (withdrawn_because IS NULL)",
    )
    let_in("attachment", "file_sort", "sort", f"{_SORTS}, 'docx'")
    let_in("comparison_row", "standing", "standing", f"{_STANDINGS}, 'odd'")
    # Without parameters, so that a percent sign is one.
    op.get_bind().connection.cursor().execute(_KNOWN)
    secure("0009")


def downgrade() -> None:
    secure("none")
    let_in("attachment", "file_sort", "sort", _SORTS)
    let_in("comparison_row", "standing", "standing", _STANDINGS)
    for name in ("proof_kind", "withdrawal_reason", "withdrawn_with_reason"):
        op.drop_constraint(op.f(f"ck_evidence_{name}"), "evidence", type_="check")
    op.drop_constraint(op.f("fk_evidence_withdrawn_by_account"), "evidence", type_="foreignkey")
    for column in ("withdrawn_by", "withdrawn_because", "withdrawn_at", "kind"):
        op.drop_column("evidence", column)
    secure("0007")
