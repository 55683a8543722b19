"""A rules.json: several rules that are evaluated over the same spells."""

import json
from collections.abc import Sequence
from typing import Any, NoReturn

from outcomes.rules import RuleError, StabilityRule, shown


class RulesError(ValueError):
    """A list of rules that can't be used; the message says in Chinese which rule and field, and what to mend."""


def read_rules(text: str) -> list[StabilityRule]:
    """The rules of a rules.json, in its order.

    Raises
    ------
    RulesError
        when it is no list of rules, a rule contradicts itself or has a field nobody knows, or two share an id.
    """
    try:
        entries = json.loads(text, object_pairs_hook=_Entry, parse_constant=_no_number)
    except RecursionError:
        raise RulesError("口径文件的括号套得太深，请写成一个列表，每条口径一个 {…}。") from None
    except json.JSONDecodeError as error:
        raise RulesError(
            f"口径文件不是有效的 JSON：第{error.lineno}行第{error.colno}个字附近有误，请改正。"
        ) from None
    except ValueError:
        raise RulesError("口径文件里有不能读取的数字，请改正。") from None
    if not isinstance(entries, list) or not entries:
        raise RulesError('口径文件应是一个列表，至少有一条口径，例如 [{"id": "满3个月", "min_months": 3}]。')
    rules: dict[str, StabilityRule] = {}
    for place, entry in enumerate(entries, start=1):
        if not isinstance(entry, _Entry):
            raise RulesError(f"第{place}条口径应写成 {{…}}，请改正。")
        name = _named(place, entry)
        try:
            rule = StabilityRule.from_dict(entry.once())
        except RuleError as error:
            raise RulesError(f"{name}：{error}") from None
        if rule.id in rules:
            raise RulesError(f"{name}：字段“id”与前面的一条相同，每条口径要有自己的编号。")
        rules[rule.id] = rule
    return list(rules.values())


class _Entry:
    """An object as it was written: a field twice says two things."""

    def __init__(self, pairs: Sequence[tuple[str, Any]]) -> None:
        self._pairs = pairs

    def get(self, name: str) -> object:
        return dict(self._pairs).get(name)

    def once(self) -> dict[str, Any]:
        given = dict[str, Any]()
        for name, value in self._pairs:
            if name in given:
                raise RuleError(shown(name), "写了两次，请只留一个。")
            given[name] = value
        return given


def _named(place: int, entry: _Entry) -> str:
    name = entry.get("id")
    return f"第{place}条口径“{shown(name)}”" if isinstance(name, str) and name.strip() else f"第{place}条口径"


def _no_number(_: str) -> NoReturn:
    raise ValueError
