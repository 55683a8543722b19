"""All rules over all records."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from ledger.doubts.across import person_key
from ledger.doubts.catalogue import GROUP_RULES, ROW_RULES
from ledger.doubts.rule import Concerns, Context, Finding, MendAt, Rule
from ledger.records.reported import Reported


def doubts(records: Iterable[Reported], context: Context) -> list[Finding]:
    """Every finding, in the order of the rows and then of the rules; linear in the number of records.

    Records of one household, person or list need not stand together. A list is a sheet.
    """
    rows = list(records)
    context = replace(context, asked=frozenset().union(*{id(row.asked): row.asked for row in rows}.values()))
    found = [
        (place, Finding(row, rule, what, about=stretch_of(row, rule)))
        for place, row in enumerate(rows)
        for rule in ROW_RULES
        if (what := rule.find(row, context)) is not None
    ]
    places = {id(row): place for place, row in enumerate(rows)}
    for concerns, groups in _groups(rows).items():
        rules = [rule for rule in GROUP_RULES if rule.concerns is concerns]
        for group in groups:
            for rule in rules:
                found.extend(
                    (
                        places[id(hit.reported)],
                        Finding(hit.reported, rule, hit.what, hit.statistics, hit.about),
                    )
                    for hit in rule.find(group, context)
                )
    found.sort(key=lambda item: (item[0], item[1].rule.number))
    return [finding for _, finding in found]


def stretch_of(row: Reported, rule: Rule) -> str:
    """What a rule of one row is about, where a person has several: the stretch of work by the month it began."""
    return row.started.strftime("%Y%m") if row.started and rule.mend_at is MendAt.REPORT else ""


def _groups(rows: Sequence[Reported]) -> dict[Concerns, list[list[Reported]]]:
    people = [row for row in rows if row.person or row.id_number]
    households = [row for row in rows if row.household]
    return {
        Concerns.PERSON: _by(people, person_key),
        Concerns.HOUSEHOLD: _by(households, lambda row: row.household or ""),
        Concerns.LIST: _by(rows, lambda row: row.sheet),
    }


def _by(rows: Iterable[Reported], key: Callable[[Reported], str]) -> list[list[Reported]]:
    groups: dict[str, list[Reported]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return list(groups.values())
