"""Whatever process has a session knows all tables: a row that names one of another table is else refused only there."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("program", ["api.worker.working", "api.database"])
def test_every_table_that_is_named_is_known(program: str) -> None:
    asked = f"import {program}; from sqlmodel import SQLModel; print(len(SQLModel.metadata.sorted_tables))"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, check=True, text=True)
    assert int(done.stdout) > 80
