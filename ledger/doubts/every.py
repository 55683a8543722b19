"""Every rule with its number: those of 疑点, then the service lists."""

from ledger.doubts.catalogue import RULES
from ledger.doubts.rule import Rule
from ledger.doubts.services import SERVICE_LISTS

EVERY_RULE: tuple[Rule, ...] = (*RULES, *SERVICE_LISTS)
BY_NUMBER = {rule.number: rule for rule in EVERY_RULE}
