"""One person on several lines of a file: which line's name, telephone and spelling of the number count is said."""

from ledger.identity.likeness import strangers
from ledger.identity.matching import plain_name
from ledger.intake.columns import dialled
from ledger.intake.context import Context, First
from ledger.intake.judged import Judged
from ledger.people import mask_phone
from models.intake import LineStatus


def tell_of_repeats(context: Context, judged: list[Judged]) -> None:
    """Complain, in lines that say something else of a person than a line before, that the earlier line counts."""
    for each in judged:
        told = each.told
        if told is None or told.name is None or each.status in (LineStatus.REJECTED, LineStatus.SKIPPED):
            continue
        whose = each.worker_id or (each.number.number if each.number else None)
        if whose is None:
            continue
        home = context.whereabouts(told)
        mine = First(told.sheet, told.row, told.name, dialled(told.phone), told.id_number, home)
        first = context.first.setdefault(whose, mine)
        if first is mine:
            continue
        where = f"第{first.row}行" if first.sheet == mine.sheet else f"“{first.sheet}”表第{first.row}行"
        if each.status is LineStatus.NEW and strangers(first.home, home):
            what = f"与{where}是同一个证件号码，姓名完全不同，户或村也不同，只能是一个人的：请核对两行的号码"
            each.complain("id_number", what, refused=True)
            each.status, each.reason = LineStatus.REJECTED, f"{each.heading('id_number')}：{what}"
            continue
        if plain_name(first.name) != plain_name(mine.name):
            each.complain("name", f"与{where}的“{first.name}”是同一个证件号码，以{where}的姓名为准，请核对")
        elif first.name != mine.name:
            each.complain("name", f"与{where}的“{first.name}”写法不同，保留{where}的写法")
        if first.phone is None and mine.phone is not None:
            context.first[whose] = first._replace(phone=mine.phone)
        elif mine.phone not in (None, first.phone):
            each.complain(
                "phone",
                f"与{where}的{mask_phone(first.phone or '')}不同，保留{where}的电话；要改用这一行的，请在{where}更正",
            )
        if mine.number is not None and first.number is not None and mine.number != first.number:
            each.complain("id_number", f"与{where}是同一个号码的两种写法，按{where}的登记")
