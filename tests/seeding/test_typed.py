"""What the demonstration's clerk typed: only where the ledger cannot count, once, and marked."""

from pathlib import Path

from sqlalchemy import Connection, text

from api.demo_account import USERNAME, ensure_demo_account
from api.seeding.typed import FIGURES, type_figures
from models.target import Indicator
from outcomes.indicators.catalogue import INDICATORS
from outcomes.indicators.indicator import Subject


def test_figures_are_typed_once(loaded: Connection, tmp_path: Path) -> None:
    ensure_demo_account(loaded, tmp_path)
    assert type_figures(loaded, USERNAME) == len(FIGURES)
    assert type_figures(loaded, USERNAME) == 0
    rows = loaded.execute(
        text("SELECT indicator, is_demo, proof FROM typed_figure JOIN target ON target.id = target_id")
    )
    for indicator, is_demo, proof in rows:
        assert INDICATORS[Indicator.read(indicator)].subject is Subject.TYPED
        assert is_demo and proof.startswith("测试数据")
