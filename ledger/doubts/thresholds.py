"""The numbers that the rules compare with: settings, since audits change them from year to year."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Ages in full years, incomes in yuan a month, lengths in months; a share is of 1."""

    open_months: int = 36
    working_age: int = 16
    weak_until_age: int = 59
    post_below_age: int = 70
    post_kinds: int = 3
    income_min: Decimal = Decimal(100)
    income_max: Decimal = Decimal(30000)
    phone_digits: int = 11
    phone_households: int = 3
    certificate_people: int = 3
    constant_rows: int = 10
    constant_share: Decimal = Decimal("0.9")

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Self:
        """The defaults, except where `settings` says otherwise.

        Raises
        ------
        ValueError
            for a name that is no threshold or a value that is no positive number; in Chinese.
        """
        known = {field.name: field.type for field in fields(cls)}
        values: dict[str, Any] = {}
        for name, given in settings.items():
            if name not in known:
                raise ValueError(f"没有“{name}”这个疑点参数，可用的有：{'、'.join(known)}")
            values[name] = _number(name, given, whole=known[name] is int)
        return cls(**values)


def _number(name: str, given: Any, *, whole: bool) -> int | Decimal:
    try:
        number = Decimal(str(given))
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(given, bool) or not number.is_finite() or number <= 0 or (whole and number % 1):
        raise ValueError(f"疑点参数“{name}”应为正{'整' if whole else ''}数，请修改后再检查")
    return int(number) if whole else number
