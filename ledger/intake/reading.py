"""What a line of a file says by itself, before anybody is asked who is meant: nothing here looks at the ledger."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from ledger.intake.columns import fitting
from ledger.intake.context import Context, ever_assigned
from ledger.intake.layouts import Complaint, Line, heading_of
from ledger.records.reported import Reported
from ledger.records.sealed import record_bytes
from models.id_number import IdNumber, InvalidIdNumber, read_id_number
from models.intake import ImportKind, LineStatus

DELETED = "这个人的资料已按规定删除，名单不能再写入；本人重新申请的，请在台账里重新登记"
NO_NUMBER = "没有填写证件号码，无法确认是谁；请按身份证补填后再导入"
_OLD_NUMBER = "15位旧号码，已换算成18位核对，请按现在的身份证更正"


class Read(NamedTuple):
    """One line. `told` is without what no column can hold, `record` its work part as it is kept; `birth` what the list
    itself names as the day of birth. `status` is new, rejected or skipped, with the reason. `headings` are the sheet's own, by field."""

    line: int
    told: Reported | None
    status: LineStatus
    kind: ImportKind
    reason: str = ""
    complaints: Sequence[Complaint] = ()
    number: IdNumber | None = None
    record: bytes | None = None
    birth: date | None = None
    headings: Mapping[str, str] = {}


class Terms(NamedTuple):
    """What reading a line takes beside it: the kind of file, the day, and whether it is the demonstration."""

    kind: ImportKind
    today: date
    demonstration: bool


def terms_of(context: Context) -> Terms:
    """The terms of the file at work."""
    return Terms(context.kind, context.today, context.demonstration)


def read_lines(terms: Terms, lines: Iterable[tuple[int, Line]]) -> list[Read]:
    """The lines, in their order."""
    return [read_line(terms, number, line) for number, line in lines]


def read_line(terms: Terms, number: int, line: Line) -> Read:
    """The line by itself: what cannot be kept, and whose number it is."""
    kind = line.kind or terms.kind
    if line.skipped:
        reason = DELETED if line.deleted else ""
        return Read(number, None, LineStatus.SKIPPED, kind, reason, line.complaints, headings=line.headings)
    birth, headings = line.extra.get("birth_date"), line.headings
    if line.reported is None:
        reason = reason_of(line.complaints)
        return Read(
            number, None, LineStatus.REJECTED, kind, reason, line.complaints, birth=birth, headings=headings
        )

    def heading(field: str) -> str:
        return headings.get(field) or heading_of(field, kind)

    told, unfit = fitting(line.reported, heading)
    complaints, found = [*line.complaints, *unfit], None
    if not (told.name is None and told.id_number is None and kind is ImportKind.HOUSEHOLD):
        if told.id_number is not None:
            try:
                found = read_id_number(
                    told.id_number,
                    ever_assigned=ever_assigned,
                    born_by=terms.today,
                    demonstration=terms.demonstration,
                )
            except InvalidIdNumber as fault:
                complaints.append(Complaint(heading("id_number"), str(fault), refused=True))
            else:
                if found.was_old:
                    complaints.append(Complaint(heading("id_number"), _OLD_NUMBER))
        elif told.person is None:
            complaints.append(Complaint(heading("id_number"), NO_NUMBER, refused=True))
        if told.name is None and line.reported.name is None:
            complaints.append(Complaint(heading("name"), "没有填写姓名，请补填后再导入", refused=True))
    refused = any(each.refused for each in complaints)
    return Read(
        number,
        told,
        LineStatus.REJECTED if refused else LineStatus.NEW,
        kind,
        reason_of(complaints) if refused else "",
        complaints,
        found,
        record_bytes(told),
        birth,
        headings,
    )


def reason_of(complaints: Sequence[Complaint]) -> str:
    """Why a line is rejected: what was refused in it, or else all that was found."""
    refused = [each for each in complaints if each.refused]
    return "；".join(f"{each.column}：{each.reason}" for each in refused or complaints)
