"""docs/indicators.md, made of the registry: `python -m outcomes.indicators.documentation > docs/indicators.md`."""

import sys

from models.spell import SpellKind
from outcomes.indicators.catalogue import INDICATORS
from outcomes.indicators.indicator import IndicatorClass

_TOP = """# Indicators

What a target may count, declared in `outcomes/indicators/catalogue.py`; this page is made of it
(`python -m outcomes.indicators.documentation > docs/indicators.md`) and a test holds it to the declarations.
Targets refer to an indicator by its code. A target may name fewer kinds of work than its indicator counts, a
population (农村劳动力, 脱贫劳动力, 监测对象, judged on the spell's first day) and a stability rule; with a rule its
figure are the people for whom the rule is fulfilled, without one those who started.
"""


def described() -> str:
    """The page."""
    return "\n".join([_TOP, *(_one(each) for each in INDICATORS.values())])


def _one(each: IndicatorClass) -> str:
    kinds = "、".join(kind.label for kind in SpellKind if kind in each.kinds)
    lines = [
        f"## {each.code.label} (`{each.code.value}`)\n",
        f"{each.about}\n",
        f"- 单位：{each.unit}；{each.measure.label}（`{each.measure.value}`）",
        f"- 来源：{each.subject.label}（`{each.subject.value}`）",
        f"- 多期：{each.adds_up.label}（`{each.adds_up.value}`）",
    ]
    if kinds:
        lines.append(f"- 计入的就业类型：{kinds}")
    if each.by_population:
        lines.append("- 可按人群：农村劳动力、脱贫劳动力、监测对象")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(described())
