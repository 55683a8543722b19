"""离岗再推荐: who left is put forward for the best posts that are open to her, by a job, as soon as it is known: the asking
for it (the job itself is `api.proposing_again`, which loads what ranks).

A bureau has two days for it. The job has the rights of the account that learned of the leave; a person decides about
every proposal, as about any other.
"""

from sqlmodel import Session

from api.deps import Caller
from api.jobs.running import enqueue
from api.rights import Action
from models.job import Job
from outcomes.leavers import ended_by_file

KIND = "leavers.propose"


def offer_again(
    session: Session,
    caller: Caller,
    *,
    region: str = "",
    worker_id: int | None = None,
    import_id: int | None = None,
) -> Job:
    """Ask for the job: for one person, for those whose work a file has ended, or for all of a region to whom nothing was
    offered since they left."""
    told = {"region": region, "worker_id": worker_id, "import_id": import_id}
    return enqueue(session, caller.account_id, KIND, told)


def offer_again_after(session: Session, caller: Caller, import_id: int) -> None:
    """Ask for one job for all whose work a file has ended, where there are any and the account may place."""
    if caller.may(Action.PLACE) and ended_by_file(session, import_id):
        offer_again(session, caller, import_id=import_id)
