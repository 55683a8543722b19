"""What an account must be allowed for each act on many people: the right of the single act."""

from collections.abc import Mapping

from api.rights import Action
from models.bulk_action import BulkKind

RIGHTS: Mapping[BulkKind, tuple[Action, ...]] = {
    BulkKind.FOLLOW_UP: (Action.READ_LEDGER, Action.FOLLOW_UP),
    BulkKind.PROPOSE: (Action.READ_LEDGER, Action.PLACE),
    BulkKind.ENROL: (Action.READ_LEDGER, Action.WRITE_LEDGER),
    BulkKind.INVITE: (Action.READ_LEDGER, Action.READ_TARGETS, Action.PLACE),
}
JOBS = {f"bulk.{kind.value}": actions for kind, actions in RIGHTS.items()}
"""The kinds of jobs that do them, and the same of each."""
