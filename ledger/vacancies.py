"""岗位: what the law wants of an advertisement, and when it may be published."""

from datetime import date

from models.coded import Coded
from models.vacancy import Vacancy, VacancyState


class Missing(Coded):
    """What the law wants stated and the post does not say."""

    EMPLOYER = "missing_employer", "未写明用人单位"
    SEATS = "missing_seats", "未写明招聘人数"
    PLACE = "missing_place", "未写明工作地点"
    PAY = "missing_pay", "未写明工资(“面议”不算)"
    VALIDITY = "missing_validity", "未写明有效期(“长期有效”不算)"
    DUTIES = "missing_duties", "未写明工作内容或条件"


class NotPublishable(Exception):
    """The post may not be published as it stands."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("not publishable")
        self.reasons = reasons


def missing_of(vacancy: Vacancy) -> list[Missing]:
    """What is missing before the post may be published."""
    stated = {
        Missing.EMPLOYER: vacancy.employer_id is not None,
        Missing.SEATS: vacancy.seats is not None,
        Missing.PLACE: vacancy.region is not None,
        Missing.PAY: vacancy.pay_min is not None,
        Missing.VALIDITY: vacancy.valid_until is not None,
        Missing.DUTIES: bool(vacancy.text.strip()),
    }
    return [what for what, is_stated in stated.items() if not is_stated]


def settle(vacancy: Vacancy) -> Vacancy:
    """Bring `missing` and, unless it is closed, the state in line with what the post says."""
    missing = missing_of(vacancy)
    vacancy.missing = [what.value for what in missing]
    if vacancy.state is not VacancyState.CLOSED:
        if vacancy.unlawful_demands:
            vacancy.state = VacancyState.HELD
        elif missing:
            vacancy.state = VacancyState.DRAFT
        elif vacancy.state is VacancyState.HELD:
            vacancy.state = VacancyState.DRAFT
    return vacancy


def publish(vacancy: Vacancy, *, today: date) -> Vacancy:
    """Offer the post from today.

    Raises
    ------
    NotPublishable
        with everything that stands against it, in the clerk's words.
    """
    reasons = [what.label for what in missing_of(vacancy)]
    reasons += [f"“{found['phrase']}”:{found['rewording']}" for found in vacancy.unlawful_demands]
    if vacancy.valid_until is not None and vacancy.valid_until < today:
        reasons.append("有效期已过,请先改为今后的日期")
    if vacancy.state is VacancyState.CLOSED:
        reasons.append("岗位已关闭")
    if reasons:
        raise NotPublishable(reasons)
    vacancy.state = VacancyState.PUBLISHED
    vacancy.missing = []
    vacancy.posted_on = vacancy.posted_on or today
    vacancy.valid_from = vacancy.valid_from or today
    vacancy.refreshed_on = today
    return vacancy
