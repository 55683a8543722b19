"""What the kinds of jobs are called; apart from the functions, which load much."""

LABELS = {
    "import.stage": "读取文件",
    "import.check": "核对文件",
    "import.apply": "导入台账",
    "doubts": "查疑点",
    "export": "导出",
    "duplicates": "查找疑似重复",
    "compare": "两本账对账",
    "compare.evidence": "转为佐证",
}
"""The Chinese word of every kind in `api.jobs.kinds`."""


def kind_label(kind: str) -> str:
    """What a kind of job is called on a page."""
    return LABELS.get(kind, "后台任务")
