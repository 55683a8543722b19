"""What the rules find in our own ledger: each case with whom it concerns, so that the next run knows it again."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ledger.doubts.checking import doubts
from ledger.doubts.lists import certificate_of_many, constant_fill, phone_of_many_households
from ledger.doubts.rule import Concerns, Context, Finding, MendAt, Rule
from ledger.doubts.services import services
from ledger.records.own import Own
from ledger.records.reported import Reported

LIST_ONLY = frozenset({constant_fill.number, certificate_of_many.number})
"""Rules that say something only where a whole list was looked at: what was filled in for some of it proves nothing."""


@dataclass(frozen=True, slots=True)
class Case:
    """One 疑点 of the ledger. `subject` is the same for the same case in every run; it is digested before it is kept."""

    rule: Rule
    region: str
    subject: str
    what: str
    statistics: Mapping[str, int | float] = field(default_factory=dict)
    worker_id: int | None = None
    household_id: int | None = None
    import_id: int | None = None
    import_line: int | None = None


@dataclass(frozen=True, slots=True)
class Lists:
    """Where records came from: the import of a report, and the bureau of an import."""

    import_of: Mapping[int, int] = field(default_factory=dict)
    region_of: Mapping[int, str] = field(default_factory=dict)


def cases(owns: Iterable[Own], context: Context, lists: Lists, *, whole: bool = True) -> list[Case]:
    """Every case among the records of one county; a township is a list, and so is what one import brought.

    Parameters
    ----------
    whole : whether everybody of the townships is among them; if not, townships are not judged as lists.
    """
    told_apart = list(_told_apart(list(owns)))
    by_row = {id(row): own for row, own in told_apart}
    rows = [row for row, _ in told_apart]
    context = replace(context, numbered=False)
    found: dict[tuple[str, str], Case] = {}
    for finding in (*doubts(rows, context), *services(rows, context)):
        if whole or finding.rule.number not in LIST_ONLY:
            case = _case(finding, by_row[id(finding.reported)])
            found.setdefault((case.rule.number, case.subject), case)
    for case in _of_imports(told_apart, context, lists, found):
        found.setdefault((case.rule.number, case.subject), case)
    return list(found.values())


def _told_apart(owns: Sequence[Own]) -> Iterator[tuple[Reported, Own]]:
    """Each record with a number of its person, and of its household where two bear the same."""
    bearing: dict[str, set[int | None]] = defaultdict(set)
    for own in owns:
        if own.reported.household:
            bearing[own.reported.household].add(own.household_id)
    for own in owns:
        row = own.reported
        person = row.person or f"{own.worker_id}"
        household = row.household
        if household and len(bearing[household]) > 1:
            household = f"{household} {own.household_id}"
        same = person == row.person and household == row.household
        yield (row if same else replace(row, person=person, household=household)), own


def _case(finding: Finding, own: Own) -> Case:
    rule, about, township = finding.rule, finding.about, own.region[:9]
    told = (rule, own.region)
    if rule.mend_at is MendAt.LIST:
        sheet = f"{township[:6]} {finding.reported.sheet}"
        return Case(rule, township, f"list {sheet} {about}", finding.what, finding.statistics)
    if rule.mend_at is MendAt.HOUSEHOLD and rule.concerns is Concerns.HOUSEHOLD:
        subject = f"household {township} {own.household_id} {about}"
        return Case(*told, subject, finding.what, finding.statistics, None, own.household_id)
    subject = f"person {township} {own.worker_id} {about}"
    return Case(*told, subject, finding.what, finding.statistics, own.worker_id, own.household_id)


def _of_imports(
    records: Sequence[tuple[Reported, Own]],
    context: Context,
    lists: Lists,
    found: Mapping[tuple[str, str], Case],
) -> Iterator[Case]:
    """What an import shows as one list: above all what was filled in alike across townships."""
    brought: dict[int, list[tuple[Reported, Own]]] = defaultdict(list)
    for row, own in records:
        number = lists.import_of.get(own.report_id or 0, 0)
        if number in lists.region_of:
            brought[number].append((row, own))
    for number, members in brought.items():
        by_row = {id(row): own for row, own in members}
        rows = [row for row, _ in members]
        one_township = len({row.sheet for row in rows}) == 1
        for rule in (constant_fill, phone_of_many_households, certificate_of_many):
            for hit in rule.find(rows, context):
                own = by_row[id(hit.reported)]
                case = _case(Finding(hit.reported, rule, hit.what, hit.statistics, hit.about), own)
                if rule is not constant_fill:
                    yield replace(case, import_id=number)
                # A village, or a township that alone is the list, was judged with its own people already.
                elif " " not in hit.about and not (one_township and (rule.number, case.subject) in found):
                    yield replace(
                        case,
                        region=lists.region_of[number],
                        subject=f"import {number} {hit.about}",
                        import_id=number,
                    )
