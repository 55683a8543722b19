"""What a line of a file is to the ledger: somebody new, somebody known with changes or without, or nobody yet."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlmodel import Session

from ledger.identity.duplicates import Possible, Told, possible
from ledger.identity.likeness import Whereabouts, strangers
from ledger.identity.matching import plain_name
from ledger.intake.columns import category_named, dialled
from ledger.intake.context import Context
from ledger.intake.judged import Judged
from ledger.intake.known import Known, known_of
from ledger.intake.layouts import Complaint
from ledger.intake.reading import DELETED, NO_NUMBER, Read, reason_of
from ledger.people import read_phone
from ledger.records.differing import differences, plain
from ledger.records.months import month
from ledger.records.own import Own
from ledger.records.reported import Reported
from ledger.records.sealed import WORK_FIELDS, digest
from ledger.registers.monthly import of_one_person
from models.identity import Likeness
from models.intake import ImportKind, LineStatus
from models.sealing import Keyring

NOTHING = b"{}"
_STRETCH = WORK_FIELDS - {"precision", "abroad", "plans", "needs", "intention", "id_kind", "noted"}
"""Fields that belong to one stretch of work."""
_MONITORED = "监测对象户"
_ELSEWHERE = "已在其他县登记，入库时发起移交，对方同意前仍由对方统计"
_RESTRICTED = "本人的资料已限制使用，只保存、不更新"
_OTHER_COUNTY = (
    "这个人登记在您管辖的另一个县，不能由这个县的名单改动；请以那个县导入，或由这个县的账号登记、发起移交"
)
_POSSIBLE = "可能是台账里的另一条记录，请先判断是不是同一个人"
_IS_IT_YOU = "这个号码在台账里是另一个姓名的人：是同一人的，请先判断；号码填错的，改正这里"
_OF_ANOTHER = "证件号码已属于另一人，请核对号码"
_WHOSE_HOME = "名单里没有户编号，不知道是哪一户，没有采用；请补上户编号列，或在档案里登记这个人的户后再导入"
_DIFFERENT_NUMBER = "证件号码有误，已按判断结果归到台账里的这个人，请核对号码"
_RECODED = "证件号码前6位是区划调整前后的代码，按同一人处理"
_OTHER_NAME = "姓名与台账不同，请对照证件核对；入库后以文件为准，原来的写法留在变更记录里"


def judge(session: Session, keyring: Keyring, context: Context, lines: Sequence[Read]) -> list[Judged]:
    """The lines of one chunk, in their order; everything about people is read in a few queries."""
    judged = [_begun(line) for line in lines]
    known = known_of(session, keyring, context, judged)
    context.named.update(known.people.values())
    for each, line in zip(judged, lines, strict=True):
        if each.told is not None and (each.status is not LineStatus.REJECTED or each.line in known.decided):
            _judge(keyring, context, known, each, line.record)
    births = {line.line: line.birth for line in lines}
    _ask_who(session, keyring, context, known, judged, births)
    return judged


def _ask_who(
    session: Session,
    keyring: Keyring,
    context: Context,
    known: Known,
    judged: Sequence[Judged],
    births: Mapping[int, Any],
) -> None:
    """Lines that would be somebody new, or whose number can't be anybody's, beside the people they may mean."""
    asking = {
        each.line: each
        for each in judged
        if each.told is not None
        and each.told.name
        and each.worker_id is None
        and each.line not in known.decided
        and (each.status is LineStatus.NEW or each.told.id_number or births.get(each.line))
        and each.status in (LineStatus.NEW, LineStatus.REJECTED)
        and (each.number or each.status is LineStatus.REJECTED)
    }
    told = [
        Told(
            line,
            each.told.name or "",
            each.told.village,
            each.number.birth_date if each.number else births.get(line),
            each.number.number if each.number else each.told.id_number or "",
            context.places.find(each.told.township, each.told.village),
        )
        for line, each in asking.items()
        if each.told is not None
    ]
    for found in possible(session, keyring, told, without=context.named):
        each = asking[found.key]
        each.alike.append(found)
        each.status, each.reason = LineStatus.POSSIBLE, f"{_POSSIBLE}（{found.likeness.label}）"


def _begun(read: Read) -> Judged:
    return Judged(
        read.line,
        read.told,
        read.status,
        read.reason,
        list(read.complaints),
        read.number,
        kind=read.kind,
        headings=read.headings,
    )


def _rejected(judged: Judged) -> None:
    judged.status, judged.reason = LineStatus.REJECTED, reason_of(judged.complaints)


def _judge(keyring: Keyring, context: Context, known: Known, judged: Judged, record: bytes | None) -> None:
    told = judged.told
    if told is None:
        return
    household = known.households.get(told.household or "")
    judged.household_id = household.household_id if household else None
    decided = known.decided.get(judged.line)
    judged.decided = judged.line in known.decided
    if judged.kind is ImportKind.HOUSEHOLD and judged.number is None and told.name is None:
        _judge_household(context, judged, household)
        return
    number = judged.number.number if judged.number else ""
    worker_id = known.people.get(number) or known.recoded.get(number)
    worker_id = worker_id or known.by_person.get(told.person or "") or decided
    record = NOTHING if record is None else record
    judged.record = None if record == NOTHING else record
    if worker_id is None:
        if judged.status is LineStatus.REJECTED:
            return
        _ask_whose_home(judged)
        if number in known.deleted_elsewhere:
            judged.status, judged.reason, judged.record = LineStatus.SKIPPED, DELETED, None
        elif number in known.elsewhere:
            judged.status, judged.reason = LineStatus.ELSEWHERE, _ELSEWHERE
        elif judged.number is None:
            if not any(each.refused for each in judged.complaints):
                judged.complain("id_number", NO_NUMBER, refused=True)
            _rejected(judged)
        elif household is not None:
            judged.changes = _household_changes(context, household.reported, told)
        return
    own = known.own.get(worker_id, ())
    if worker_id in known.restricted:
        reason = DELETED if worker_id in known.deleted else _RESTRICTED
        judged.status, judged.reason, judged.record = LineStatus.SKIPPED, reason, None
        return
    if own and not own[0].region.startswith(context.county):
        judged.complaints = [Complaint(judged.heading("id_number"), _OTHER_COUNTY, refused=True)]
        _rejected(judged)
        return
    if number in known.people and decided != worker_id and _is_strange(context, own, told):
        _hold(known, judged, worker_id)
        return
    if told.household is None and own and own[0].reported.household:
        # Somebody's home is known: what the line says of it is said of that one.
        told = judged.told = replace(told, household=own[0].reported.household)
    _ask_whose_home(judged)
    judged.worker_id, judged.status, judged.reason = worker_id, LineStatus.SAME, ""
    judged.recoded = number not in known.people and number in known.recoded
    if decided == worker_id and number not in known.people:
        judged.complaints = [replace(each, refused=False) for each in judged.complaints]
        judged.complain("id_number", _DIFFERENT_NUMBER)
        judged.number = None
    if judged.recoded:
        judged.complain("id_number", _RECODED)
    reports = known.reports.get(worker_id, {})
    digested = judged.kind or context.kind, digest(keyring, worker_id, record)
    base = _as_returned(own, told, context.as_of) or _nearest(own, told)
    found = _settled(base, told, differences(base, told)) if base else {}
    if household is not None and base is not None and base.household != told.household:
        found |= _household_changes(context, household.reported, told)
    if digested in reports or not found.keys() & WORK_FIELDS:
        found = {name: pair for name, pair in found.items() if name not in WORK_FIELDS}
        # What our own tables say already is no news, unless this kind of list said it before: it is said anew.
        judged.record = record if digested in reports else None
    if told.household is None:
        found = {name: pair for name, pair in found.items() if name not in HOUSEHOLD_OWN - {"village"}}
    judged.kept = {name: found.pop(name) for name in list(found) if _ours_stays(name, found[name])}
    if any(kind is judged.kind and day > context.as_of for (kind, _), day in reports.items()):
        judged.kept, found, judged.record = judged.kept | found, {}, None
        judged.reason = "台账里已有时点更新的记录，这一行不覆盖"
    if "name" in found:
        judged.complain("name", _OTHER_NAME)
    judged.changes = _first_told(context, ("worker", worker_id), found)
    # A line that says what the ledger says has told it as well: a later one that differs is not the first.
    said = {"name": told.name, "phone": dialled(told.phone)}
    context.tell(("worker", worker_id), (name for name, value in said.items() if value))
    judged.status = LineStatus.CHANGED if judged.changes else LineStatus.SAME


def _ask_whose_home(judged: Judged) -> None:
    """Hardship is a household's: where nobody can say which, it is not taken, and that is told."""
    told = judged.told
    if told is None or told.household is not None:
        return
    for field in ("household_kind", "monitored_kind"):
        if category_named(getattr(told, field)) is not None:
            judged.complain(field, _WHOSE_HOME)
    if told.destitute:
        judged.complain("destitute", _WHOSE_HOME)


def _is_strange(context: Context, own: Sequence[Own], told: Reported) -> bool:
    return (
        bool(own)
        and own[0].reported.name != told.name
        and strangers(
            Whereabouts(
                own[0].reported.name or "", own[0].reported.household, own[0].region, own[0].reported.village
            ),
            context.whereabouts(told),
        )
    )


def _hold(known: Known, judged: Judged, worker_id: int) -> None:
    """The number's owner and the line are laid before a human; said to be two, the line's number is wrong."""
    judged.record = None
    if worker_id in known.told_apart.get(judged.line, ()):
        judged.complain("id_number", _OF_ANOTHER, refused=True)
        _rejected(judged)
        return
    judged.complain("id_number", _IS_IT_YOU, refused=True)
    judged.alike.append(Possible(judged.line, worker_id, Likeness.OTHER_NAME))
    judged.status, judged.reason = LineStatus.POSSIBLE, f"{_POSSIBLE}（{Likeness.OTHER_NAME.label}）"


def _judge_household(context: Context, judged: Judged, household: Own | None) -> None:
    if household is None or judged.told is None:
        return
    judged.changes = _household_changes(context, household.reported, judged.told)
    judged.status = LineStatus.CHANGED if judged.changes else LineStatus.SAME


def _household_changes(context: Context, ours: Reported, told: Reported) -> dict[str, tuple[Any, Any]]:
    found = _settled(ours, told, differences(ours, told))
    kept = {name: pair for name, pair in found.items() if name in HOUSEHOLD_OWN}
    return _first_told(context, ("household", told.household or ""), kept)


HOUSEHOLD_OWN = frozenset(
    {
        "village",
        "household_kind",
        "monitored_kind",
        "risk_cleared",
        "monitored_since",
        "risk_cleared_on",
        "risks",
        "measures",
        "destitute",
    }
)
"""Fields that a household has by itself."""


def _first_told(
    context: Context, whose: tuple[str, int | str], found: dict[str, tuple[Any, Any]]
) -> dict[str, tuple[Any, Any]]:
    """Without the fields of which a line before has told already; work is told by every line anew."""
    seen = context.seen.get(whose, frozenset())
    fresh = {name: pair for name, pair in found.items() if name not in seen}
    if fresh:
        context.tell(whose, (name for name in fresh if name not in WORK_FIELDS))
    return fresh


def _as_returned(own: Sequence[Own], told: Reported, as_of: date) -> Reported | None:
    """What our own monthly return says of the stretch, where the line says just that: where two share a month, the
    return gives it to one of them, and neither begins or ends otherwise than we know."""
    if told.started is None or len(own) < 2:
        return None
    told_by_us = (each.reported for each in of_one_person(own, as_of)[0])
    return next((each for each in told_by_us if not differences(each, told).keys() & WORK_FIELDS), None)


def _nearest(own: Sequence[Own], told: Reported) -> Reported | None:
    """The record of ours that is about the same stretch of work; without one, the person as she is without work."""
    if not own:
        return None
    begun = month(told.started) if told.started else None
    same = [
        each.reported
        for each in own
        if begun is None or (each.reported.started is not None and month(each.reported.started) == begun)
    ]
    if same:
        return min(same, key=lambda each: len(differences(each, told)))
    without_work: dict[str, Any] = dict.fromkeys(_STRETCH) | {"post_kinds": ()}
    return replace(own[0].reported, **without_work)


def _settled(ours: Reported, told: Reported, found: dict[str, tuple[Any, Any]]) -> dict[str, tuple[Any, Any]]:
    """The differences without those that say nothing."""
    if found.get("destitute") == (None, False):
        del found["destitute"]
    for name in ("monitored_since", "risk_cleared_on"):
        if name in found and not told.monitored_kind:
            del found[name]
    if told.household_kind == _MONITORED and (ours.monitored_kind or told.monitored_kind):
        # It says no more than that the household is monitored, which the kind of monitoring tells.
        found.pop("household_kind", None)
    if "risk_cleared" in found and not (ours.monitored_kind or told.monitored_kind):
        del found["risk_cleared"]
    if "phone" in found and (dialled(told.phone) is None or _same_phone(ours.phone, told.phone)):
        del found["phone"]
    if "id_number" in found and not _more_of_it(ours.id_number, told.id_number):
        del found["id_number"]
    return found


def _more_of_it(ours: str | None, theirs: str | None) -> bool:
    """Whether the file has the number with the certificate's digits behind it that the ledger lacks."""
    return bool(ours and theirs and plain(theirs).startswith(plain(ours)) and len(theirs) > len(ours))


def _same_phone(ours: str | None, theirs: str | None) -> bool:
    return ours is not None and theirs is not None and dialled(ours) == read_phone(theirs)


def _ours_stays(name: str, pair: tuple[Any, Any]) -> bool:
    """Whether the two are one name in two spellings: the ledger's own stands."""
    ours, theirs = pair
    return name == "name" and isinstance(ours, str) and plain_name(ours) == plain_name(theirs)
