"""What the demonstration's clerk typed for tasks that the ledger cannot count: students of a class."""

from datetime import date

from sqlalchemy import Connection, text

FIGURES = (
    ("yangxian-2021", "sponsored_students", 16, date(2021, 3, 31), "测试数据：委培学生名册（春季）"),
    ("yangxian-2021", "sponsored_students", 28, date(2021, 8, 31), "测试数据：委培学生名册（秋季）"),
)
_TYPE = text(
    """
    INSERT INTO typed_figure (created_at, target_id, region, number, as_of, proof, account_id, superseded_because, is_demo)
    SELECT now(), target.id, target.region, :number, :as_of, :proof, account.id, '', true
    FROM target JOIN work_plan ON work_plan.id = target.work_plan_id, account
    WHERE work_plan.code = :plan AND target.indicator = :indicator AND account.username = :username
    """
)


def type_figures(connection: Connection, username: str) -> int:
    """Type them, once; the number of rows written."""
    if connection.scalar(text("SELECT EXISTS (SELECT FROM typed_figure WHERE is_demo)")):
        return 0
    names = ("plan", "indicator", "number", "as_of", "proof")
    return sum(
        connection.execute(_TYPE, dict(zip(names, figure, strict=True)) | {"username": username}).rowcount
        for figure in FIGURES
    )
