"""A worker that has grown gives way; one that somebody large has started has not grown."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SMALL = "from api.worker.attending import peak_memory; print(peak_memory())"
LARGE = (
    f"x = bytearray(900 << 20); import os, sys; os.execv(sys.executable, [sys.executable, '-c', {SMALL!r}])"
)


def peak(program: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True, text=True
    )
    return int(done.stdout)


@pytest.mark.deep
def test_the_peak_is_ones_own() -> None:
    small = peak(SMALL)
    assert 20 << 20 < small < 600 << 20
    assert abs(peak(LARGE) - small) < 100 << 20
    assert peak(f"x = bytearray(900 << 20); {SMALL}") > 900 << 20
