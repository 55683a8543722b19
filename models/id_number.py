"""公民身份号码 (GB 11643): eighteen digits, the last a check character (ISO 7064 MOD 11-2).

Twenty or twenty-two digits are an eighteen-digit number with a disability certificate's suffix; fifteen are the
first generation's number without century and check. `x` and `X` are the same.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_11_2

from models.coded import Coded
from models.worker import Sex

DEMO_PREFIX = "99"
"""No province has had this code: numbers that begin with it are nobody's, and are taken in demonstration mode only."""

EARLIEST_BIRTH = date(1900, 1, 1)
_BETWEEN = re.compile(r"[\s\-]")
_WHOLE = re.compile(r"([0-9]{17}[0-9X])([0-9]{2}|[0-9]{4})?")
_OLD = re.compile(r"[0-9]{15}")
# What a Chinese keyboard types in its wide mode; digits of other scripts are none of ours.
_NARROW = str.maketrans("０１２３４５６７８９Ｘｘ－", "0123456789Xx-")


class IdNumberFault(Coded):
    """What is wrong with a number, as the clerk is told."""

    FORMAT = "format", "证件号码应为18位（末位可为X）,请核对后重新录入"
    CHECKSUM = "checksum", "证件号码校验位不符，请对照身份证核对"
    BIRTH_DATE = "birth_date", "证件号码中的出生日期不存在，请对照身份证核对"
    REGION = "region", "证件号码前6位不是已有的行政区划代码，请对照身份证核对"
    DEMO_ONLY = "demo_only", "该号码是演示号码，正式系统不能录入"


class InvalidIdNumber(ValueError):
    """A number that can't be a person's; says which fault, never the number."""

    def __init__(self, fault: IdNumberFault) -> None:
        super().__init__(fault.label)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A valid number: the eighteen characters that identify, what they say, and the suffix if there was one."""

    number: str
    birth_date: date
    sex: Sex
    disability_suffix: str = ""
    was_old: bool = False

    @property
    def is_demo(self) -> bool:
        """Whether it belongs to generated test data."""
        return self.number.startswith(DEMO_PREFIX)


def mask_id_number(number: str) -> str:
    """The first six digits, the rest hidden: with the birth date known, the last digits would give the number away."""
    return number[:6] + "*" * 12


def read_id_number(
    text: str,
    *,
    ever_assigned: Callable[[str], bool],
    born_by: date | None = None,
    demonstration: bool = False,
) -> IdNumber:
    """The number that `text` states.

    Parameters
    ----------
    ever_assigned
        tells of six digits whether they are, or were, a county's code.
    born_by
        the last day on which the person can have been born: today, where that is known.
    demonstration
        whether numbers of generated people are taken.

    Raises
    ------
    InvalidIdNumber
        with the first fault found.
    """
    compact = _BETWEEN.sub("", text.translate(_NARROW)).upper()
    match = _WHOLE.fullmatch(compact)
    old = None if match else _OLD.fullmatch(compact)
    if match:
        number, suffix = match[1], match[2] or ""
    elif old:
        first = compact[:6] + "19" + compact[6:]
        number, suffix = first + mod_11_2.calc_check_digit(first), ""
    else:
        raise InvalidIdNumber(IdNumberFault.FORMAT)
    try:
        mod_11_2.validate(number)
    except ValidationError:
        raise InvalidIdNumber(IdNumberFault.CHECKSUM) from None
    try:
        birth_date = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise InvalidIdNumber(IdNumberFault.BIRTH_DATE) from None
    if birth_date < EARLIEST_BIRTH or (born_by is not None and birth_date > born_by):
        raise InvalidIdNumber(IdNumberFault.BIRTH_DATE)
    if number.startswith(DEMO_PREFIX):
        if not demonstration:
            raise InvalidIdNumber(IdNumberFault.DEMO_ONLY)
    elif not ever_assigned(number[:6]):
        raise InvalidIdNumber(IdNumberFault.REGION)
    sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    return IdNumber(number, birth_date, sex, suffix, bool(old))


def demo_id_number(birth_date: date, sequence: int, sex: Sex) -> str:
    """A number with a valid check character that is nobody's; `sequence` is below 495000 for each birth date."""
    area, order = divmod(sequence, 500)
    body = f"{DEMO_PREFIX}{area + 100:04d}{birth_date:%Y%m%d}{order * 2 + (sex is Sex.MALE):03d}"
    return body + mod_11_2.calc_check_digit(body)
