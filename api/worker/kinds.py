"""Every kind of job and the function that does it."""

from api import comparing, offering_again, proving, settling_many
from api.doubts import checking as doubts
from api.exporting import making
from api.identity import duplicates
from api.intake import applying, checking, receiving, staging
from api.jobs.running import JobFunction

KINDS: dict[str, JobFunction] = {
    doubts.KIND: doubts.check_doubts,
    duplicates.KIND: duplicates.find_duplicates,
    making.KIND: making.make_export,
    receiving.STAGE: staging.stage,
    receiving.CHECK: checking.check,
    receiving.APPLY: applying.apply,
    offering_again.KIND: offering_again.propose_to_leavers,
    comparing.KIND: comparing.compare_import,
    proving.KIND: proving.keep_evidence,
    settling_many.KIND: settling_many.settle_many,
}
