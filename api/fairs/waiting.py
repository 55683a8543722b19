"""待核对身份: what was said by somebody whom nobody knows yet, and who it was, as the service finds out or somebody says."""

from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from api.audit import record
from api.errors import conflict, not_found
from api.fairs.codes import SECRET, proves
from api.fairs.coming import kept
from api.fairs.envelopes import from_text
from api.fairs.taking import Visitor, attribute, reopened
from api.schemas.kiosk import Sealed
from ledger.gazetteer import Gazetteer
from ledger.history import person_keys
from ledger.identity.matching import find_people
from models.fair import Fair
from models.id_number import InvalidIdNumber, read_id_number
from models.kiosk import FairInvitation, KioskCommand
from models.sealing import Keyring, Unsealable, unseal
from models.worker import Worker


@dataclass(slots=True)
class Unknown:
    """What one visitor said whom nobody knows: by the same number, or the same code with the same proof. `said` is None of what
    can't be opened."""

    said: Sealed | None
    rows: list[KioskCommand] = field(default_factory=list)

    @property
    def identity(self) -> int:
        """By what it is asked for: the number of the first command."""
        return self.rows[0].identity


def unknown(session: Session, keyring: Keyring, fair_id: int, *, hold: bool = False) -> list[Unknown]:
    """What waits at a fair, visitor by visitor, in the order in which the first word of each came in; `hold` to change it."""
    found: dict[str, Unknown] = {}
    for row in _waiting(session, fair_id, hold=hold):
        said = reopened(session, keyring, row)
        name = f"{said.card}/{said.proof}/{said.number}" if said is not None else f"#{row.id}"
        found.setdefault(name, Unknown(said)).rows.append(row)
    return list(found.values())


def unknown_or_404(
    session: Session, keyring: Keyring, fair_id: int, command_id: int, *, hold: bool = False
) -> Unknown:
    """What waits with a command of the fair's.

    Raises
    ------
    Problem
        404 where that command does not wait.
    """
    for each in unknown(session, keyring, fair_id, hold=hold):
        if any(row.id == command_id for row in each.rows):
            return each
    raise not_found("这条待核对的记录")


def invited(session: Session, fair_id: int, said: Sealed | None) -> Worker | None:
    """Whose invitation the code was that was scanned, revoked or not; nobody whose data is only stored."""
    invitation = _invitation(session, fair_id, said)
    worker = kept(session, invitation.worker_id) if invitation is not None else None
    return worker if worker is not None and not worker.restricted else None


def attribute_to(session: Session, keyring: Keyring, fair: Fair, command_id: int, worker_id: int) -> int:
    """Somebody says who it was: all that waits by the same number or code is theirs from now on. How much that is.

    Raises
    ------
    Problem
        404 for what does not wait or a person out of reach; 409 where the person's data is only stored.
    """
    worker = kept(session, worker_id)
    if worker is None or not worker.region.startswith(fair.region):
        raise not_found("这名劳动力")
    if worker.restricted:
        raise conflict(
            "restricted",
            "该劳动力信息已限制使用",
            "本人已撤回同意或申请删除，不能把现场的记录归到名下。本人要恢复的，请先登记恢复同意。",
        )
    rows = unknown_or_404(session, keyring, fair.identity, command_id, hold=True).rows
    numbers = [row.identity for row in rows]
    attribute(session, fair.identity, Visitor(worker.identity, worker.is_demo), numbers)
    record(
        session, "attribute", "fair", fair.identity, region=worker.region, worker_id=worker.identity,
        change={"commands": len(numbers)},
    )  # fmt: skip
    return len(numbers)


def identify(session: Session, keyring: Keyring, fair_id: int) -> int:
    """Give the commands that wait to whoever they are of, as far as that is known by now; how many wait on."""
    left = 0
    for row in _waiting(session, fair_id, hold=True):
        who = _known(session, keyring, row)
        if who is None:
            left += 1
        else:
            attribute(session, fair_id, who, [row.identity])
    return left


def _waiting(session: Session, fair_id: int, *, hold: bool) -> list[KioskCommand]:
    query = (
        select(KioskCommand)
        .where(KioskCommand.fair_id == fair_id, col(KioskCommand.sealed).is_not(None))
        .order_by(col(KioskCommand.id))
    )
    return list(session.exec(query.with_for_update() if hold else query))


def _known(session: Session, keyring: Keyring, row: KioskCommand) -> Visitor | None:
    """Who it was, as far as it is proved. A code that was revoked, or a name without the proof, is for somebody to look at."""
    said = reopened(session, keyring, row)
    worker_id: int | None = None
    if said is not None and said.card is not None:
        invitation = _invitation(session, row.fair_id, said)
        if (
            invitation is not None
            and invitation.revoked_at is None
            and _proved(session, keyring, invitation, said)
        ):
            worker_id = invitation.worker_id
    elif said is not None and said.number is not None:
        ever_assigned = Gazetteer.national().ever_assigned
        try:
            number = read_id_number(said.number, ever_assigned=ever_assigned, demonstration=True).number
        except InvalidIdNumber:
            return None
        worker_id = find_people(session, keyring, [number]).get(number)
    worker = kept(session, worker_id)
    if worker is None or worker.restricted:
        return None
    return Visitor(worker.identity, worker.is_demo)


def _invitation(session: Session, fair_id: int, said: Sealed | None) -> FairInvitation | None:
    if said is None or said.card is None:
        return None
    asked = select(FairInvitation).where(
        FairInvitation.fair_id == fair_id, FairInvitation.code_hash == from_text(said.card)
    )
    return session.exec(asked).first()


def _proved(session: Session, keyring: Keyring, invitation: FairInvitation, said: Sealed) -> bool:
    keys = person_keys(session, keyring, [invitation.worker_id])
    if said.proof is None or invitation.worker_id not in keys:
        return False
    try:
        secret = unseal(keys[invitation.worker_id], invitation.secret_sealed, SECRET)
    except Unsealable:
        return False
    return proves(secret, from_text(said.proof))
