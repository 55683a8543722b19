"""/v1/impact-assessment: what is done with people's information, as the code declares it and the record counts it."""

from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel

from api.assessment.making import assessment
from api.deps import Caller, SessionDep, SettingsDep, allowed
from api.errors import PROBLEMS
from api.laying import bureau_router
from api.rights import Action

router = bureau_router(tag="consent", responses=PROBLEMS)


class AssessmentSection(BaseModel):
    """One question, and its answer as a table."""

    code: str
    title: str
    says: str
    headings: list[str]
    rows: list[list[str]]


@router.get("/impact-assessment", operation_id="read_impact_assessment")
def read_impact_assessment(
    session: SessionDep, settings: SettingsDep, _: Annotated[Caller, Depends(allowed(Action.ASSESS))]
) -> list[AssessmentSection]:
    """个人信息保护影响评估: purposes, holdings, who sees, what employers are told, automated decisions, terms, risks. Counts
    are of my regions."""
    return [
        AssessmentSection(
            code=part.code,
            title=part.title,
            says=part.says,
            headings=list(part.headings),
            rows=[list(row) for row in part.rows],
        )
        for part in assessment(session, settings)
    ]
