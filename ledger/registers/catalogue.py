"""Every register and return there is, by its code."""

from ledger.registers.batch import BATCH
from ledger.registers.five import FIVE
from ledger.registers.monthly import MONTHLY, TOWNSHIP_ROSTER
from ledger.registers.quarterly import QUARTERLY
from ledger.registers.view import View

VIEWS: dict[str, View] = {view.code: view for view in (*FIVE, *MONTHLY, TOWNSHIP_ROSTER, QUARTERLY, BATCH)}
