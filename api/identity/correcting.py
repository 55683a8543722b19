"""更正证件号码 at the edge: the refusals in words, and the record of who did it and why."""

from sqlmodel import Session

from api.audit import Actor
from api.errors import FieldError, Problem, conflict, invalid
from api.settings import Settings
from ledger.gazetteer import Gazetteer
from ledger.history import Written, change_rows, person_keys
from ledger.identity.correcting import (
    CorrectionReason,
    OfAnother,
    OfElsewhere,
    SameNumber,
    correct_id_number,
)
from ledger.identity.duplicates import keep_same_number
from models.bulk import insert_rows
from models.id_number import InvalidIdNumber
from models.sealing import Keyring, Unsealable
from models.worker import Worker


class BelongsToAnother(Problem):
    """409: somebody else of the caller's regions has the number; `other_id` and `pair_id` say who, side by side."""

    def __init__(self, other_id: int, pair_id: int) -> None:
        words = "这个号码是台账里另一份档案的。请把两份对照着看：是同一个人就合并，不是就再核对号码。"
        told = [FieldError(field="id_number", code="of-another", message=words)]
        where = {"Location": f"/v1/duplicates/{pair_id}"}
        super().__init__(
            409, "id-number-of-another", "号码已在另一份档案里", words, errors=told, headers=where
        )
        self.other_id = other_id
        self.pair_id = pair_id


def correct(
    session: Session,
    keyring: Keyring,
    settings: Settings,
    worker: Worker,
    told: str,
    reason: CorrectionReason,
) -> BelongsToAnother | None:
    """Let the person have the number. A refusal that leaves a pair to be compared is answered, for the pair to be kept.

    Raises
    ------
    Problem
        422 for what is no number, 409 for one that is no other, or another county's, or of a record that is only kept.
    """
    if worker.restricted:
        raise conflict(
            "restricted", "该劳动力信息已限制使用", "本人已撤回同意或申请删除，信息只保存，不能再修改。"
        )
    try:
        correct_id_number(
            session,
            keyring,
            worker,
            told,
            reason,
            ever_assigned=Gazetteer.national().ever_assigned,
            today=settings.today(),
            demonstration=settings.demonstration,
        )
    except InvalidIdNumber as error:
        raise invalid("id_number", error.fault.value, str(error)) from error
    except SameNumber as error:
        raise invalid("id_number", "unchanged", "这就是档案里现在的号码，没有改动") from error
    except OfAnother as error:
        if error.other_id is None:
            raise conflict(
                "id-number-of-merged",
                "号码是并入的那份档案的",
                "这个号码在并入本人的另一份档案里，现在就能查到本人。要换成它，请先撤销合并，再合并到有这个号码的一份。",
            ) from error
        pair = keep_same_number(session, worker.identity, error.other_id)
        return BelongsToAnother(error.other_id, pair.identity)
    except OfElsewhere as error:
        words = (
            "这个号码已由其他单位登记。请再核对号码；确实是本人的，请在“登记劳动力”中用这个号码登记一次，"
            "系统会向对方发起移交。"
        )
        told_so = [FieldError(field="id_number", code="registered-elsewhere", message=words)]
        raise Problem(409, "registered-elsewhere", "其他单位已登记这个号码", words, errors=told_so) from error
    except Unsealable as error:
        raise conflict("restricted", "信息已删除", "这名劳动力的信息已按规定删除，不能再修改。") from error
    _note(session, keyring, worker, reason)
    return None


def _note(session: Session, keyring: Keyring, worker: Worker, reason: CorrectionReason) -> None:
    """Why, in the person's history: what was changed the mapper has recorded by itself."""
    actor: Actor = session.info.get("actor", Actor())
    change = {"reason": reason.label}
    told = Written("correct", "id_number", worker.identity, change, worker.region, worker_id=worker.identity)
    keys = person_keys(session, keyring, [worker.identity])
    rows = change_rows(keys, [told], account_id=actor.account_id, request_id=actor.request_id)
    insert_rows(session.connection(), "audit_event", rows)
