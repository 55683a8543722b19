"""Every kind of job and the function that does it, loaded when the first job of the kind is taken up: a worker that only
reads files would carry what ranks posts, and what writes workbooks, for nothing."""

from pkgutil import resolve_name
from typing import cast

from api.jobs.running import JobFunction

KINDS = {
    "import.stage": "api.intake.staging:stage",
    "import.check": "api.intake.checking:check",
    "import.apply": "api.intake.applying:apply",
    "doubts": "api.doubts.checking:check_doubts",
    "duplicates": "api.identity.duplicates:find_duplicates",
    "export": "api.exporting.making:make_export",
    "fair.cards": "api.fairs.cards:make_cards",
    "fair.settle": "api.fairs.settling:settle_fair",
    "leavers.propose": "api.proposing_again:propose_to_leavers",
    "models.train": "api.learned.training:train",
    "plan.make": "api.match_plans.making:make_plan",
    "plan.approve": "api.match_plans.approving:approve_plan",
    "compare": "api.comparing:compare_import",
    "compare.evidence": "api.proving:keep_evidence",
    "compare.settle": "api.settling_many:settle_many",
}


def function_of(kind: str) -> JobFunction:
    """What does jobs of this kind.

    Raises
    ------
    KeyError
        for a kind that nobody has declared.
    """
    return cast(JobFunction, resolve_name(KINDS[kind]))
