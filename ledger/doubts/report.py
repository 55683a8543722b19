"""Findings as a table, and counted."""

import csv
from collections import Counter
from collections.abc import Iterable
from typing import TextIO

from ledger.cells import harmless
from ledger.doubts.catalogue import RULES
from ledger.doubts.rule import Finding

COLUMNS = ("row", "person", "rule", "severity", "what", "mend")


def write_csv(findings: Iterable[Finding], stream: TextIO, *, name_sheets: bool = False) -> None:
    """Write the table to a text stream opened with newline=''; `name_sheets` where rows of several sheets mix."""
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for finding in findings:
        reported, rule = finding.reported, finding.rule
        what = f"表“{reported.sheet}”：{finding.what}" if name_sheets else finding.what
        person = harmless(reported.person or "")
        writer.writerow((reported.row, person, rule.number, rule.severity.value, harmless(what), rule.mend))


def by_rule(findings: Iterable[Finding]) -> dict[str, int]:
    """Findings a rule, in the order of the numbers; rules without any are left out."""
    counted = Counter(finding.rule.number for finding in findings)
    return {rule.number: counted[rule.number] for rule in RULES if counted[rule.number]}
