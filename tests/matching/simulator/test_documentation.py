"""docs/simulator.md names every world and every weight with its value."""

import re
from dataclasses import fields
from pathlib import Path

from matching.simulator.worlds import WORLDS, Hiring, Policy, Staying

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "simulator.md").read_text(encoding="utf-8")


def test_every_world_is_told() -> None:
    for name in WORLDS:
        assert f"\n| `{name}` |" in TEXT


def test_every_weight_is_told_with_its_value() -> None:
    told = re.findall(r"^\| `(\w+)` \| ([-\d., ]+) \|$", TEXT, re.MULTILINE)
    read = [(name, tuple(float(value) for value in values.split(","))) for name, values in told]
    expected = []
    for part in (Hiring(), Staying(), Policy()):
        for field in fields(part):
            value = getattr(part, field.name)
            expected.append((field.name, value if isinstance(value, tuple) else (value,)))
    assert read == expected
