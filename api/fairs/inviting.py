"""邀请: who is asked to come, with a secret for each, and cards for all of them."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from api.audit import record
from api.errors import conflict, not_found
from api.fairs.codes import SECRET, card_name, code_text, new_secret
from api.jobs.running import enqueue
from ledger.history import person_keys
from ledger.in_use import in_use
from models.base import now
from models.fair import Fair
from models.job import Job
from models.kiosk import FairInvitation
from models.sealing import Keyring, seal, unseal
from models.worker import Worker

CARDS = "fair.cards"


def invite(session: Session, keyring: Keyring, fair: Fair, worker_ids: Sequence[int]) -> int:
    """Ask these people to come; who is invited already stays so. How many are new.

    Raises
    ------
    Problem
        404 where one of them is none of the caller's; 409 where the data of one is only stored.
    """
    wanted = sorted(set(worker_ids))
    people = session.exec(
        select(Worker).where(col(Worker.id).in_(wanted), col(Worker.merged_into).is_(None))
    ).all()
    if len(people) < len(wanted) or any(not row.region.startswith(fair.region) for row in people):
        raise not_found("名单中的人")
    keys = person_keys(session, keyring, wanted)
    if any(row.restricted or row.identity not in keys for row in people):
        raise conflict(
            "restricted",
            "名单中有人的信息已限制使用",
            "本人已撤回同意或申请删除的，不能邀请。请去掉后再邀请，没有邀请任何人。",
        )
    invited = set(
        session.exec(
            select(FairInvitation.worker_id).where(
                FairInvitation.fair_id == fair.identity, col(FairInvitation.revoked_at).is_(None)
            )
        )
    )
    fresh = [row for row in people if row.identity not in invited]
    for row in fresh:
        secret = new_secret()
        session.add(
            FairInvitation(
                fair_id=fair.identity,
                worker_id=row.identity,
                code_hash=card_name(secret),
                secret_sealed=seal(keys[row.identity], secret, SECRET),
            )
        )
        record(session, "invite", "fair", fair.id, region=row.region, worker_id=row.identity)
    session.flush()
    return len(fresh)


def revoke(session: Session, fair: Fair, invitation_id: int) -> FairInvitation:
    """The code opens nothing any more, on devices from the next time that they reach the service."""
    row = session.get(FairInvitation, invitation_id)
    if row is None or row.fair_id != fair.identity:
        raise not_found("这份邀请")
    session.refresh(row, with_for_update=True)
    if row.revoked_at is None:
        row.revoked_at = now()
        row.card_sealed = row.card_made_at = None
        session.add(row)
        record(session, "uninvite", "fair", fair.id, worker_id=row.worker_id)
        session.flush()
    return row


def ask_for_cards(session: Session, account_id: int, fair: Fair) -> Job:
    """Have everybody's card made anew, as posts, seats and queues stand when the job is done."""
    return enqueue(session, account_id, CARDS, {"fair_id": fair.identity})


def in_force(session: Session, fair_id: int) -> list[FairInvitation]:
    """The invitations of everybody whose data may be used, in the order of their making."""
    return list(
        session.exec(
            select(FairInvitation)
            .where(
                FairInvitation.fair_id == fair_id,
                col(FairInvitation.revoked_at).is_(None),
                in_use(FairInvitation.worker_id),
            )
            .order_by(col(FairInvitation.id))
        )
    )


def codes_of(session: Session, keyring: Keyring, rows: Sequence[FairInvitation]) -> dict[int, str]:
    """What the QR codes say, by the invitation's number; of nobody whose key was destroyed."""
    keys = person_keys(session, keyring, [row.worker_id for row in rows])
    return {
        row.identity: code_text(unseal(keys[row.worker_id], row.secret_sealed, SECRET))
        for row in rows
        if row.worker_id in keys
    }
