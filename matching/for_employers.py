"""Why somebody suits a post, as its employer may be told: without anything of the person.

Every sentence is fixed, so that none can carry a value of somebody's: no name, place, household, pay that is wanted, number of
years, nor how many come from where. Of a cause that has none here nothing is said: how far home is, what the person wishes, whether
a bed is needed, who comes along. What speaks against somebody is said to the bureau alone, but for what can be taught.
"""

from collections.abc import Iterable
from types import MappingProxyType

from matching.explanation import MOST_REASONS, Contribution

SENTENCES = MappingProxyType(
    {
        ("skills", True): "有岗位需要的技能",
        ("skills", False): "岗位希望的技能还没有学全，可以先培训",
        ("occupation", True): "做过同类工作",
        ("experience", True): "有务工经验",
        ("education", True): "学历符合要求",
        ("wanted", True): "想做这个工种",
        ("language", True): "会讲普通话",
    }
)
"""By cause and whether it speaks for the pair."""


def sentences(contributions: Iterable[Contribution]) -> tuple[str, ...]:
    """The weightiest first, at most `MOST_REASONS`; empty where nothing may be told."""
    ordered = sorted(contributions, key=lambda each: (-abs(each.contribution), each.code))
    told = (SENTENCES.get((each.code, not each.caution)) for each in ordered)
    return tuple(sentence for sentence in told if sentence)[:MOST_REASONS]
