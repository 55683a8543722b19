"""Every rule, in the order of its number."""

from ledger.doubts.across import (
    many_posts,
    measure_without_subject,
    months_overlap,
    one_phone_in_many_counties,
    work_risk_without_labour,
)
from ledger.doubts.lists import certificate_of_many, constant_fill, identical_rows, phone_of_many_households
from ledger.doubts.person import (
    child_with_capability,
    healthy_yet_weak,
    id_number_wrong,
    phone_wrong,
    severely_disabled_yet_ordinary,
    works_without_capability,
)
from ledger.doubts.rule import GroupRule, RowRule, Rule
from ledger.doubts.work import (
    began_too_young,
    destitute_away,
    income_implausible,
    missing_details,
    not_working_yet_open,
    open_too_long,
    place_not_to_county,
    post_at_wrong_age,
    post_or_workshop_away,
    post_without_term,
    proved_beyond,
    pupil_working,
)

RULES: tuple[Rule, ...] = (
    missing_details,
    place_not_to_county,
    months_overlap,
    not_working_yet_open,
    open_too_long,
    post_or_workshop_away,
    post_at_wrong_age,
    many_posts,
    post_without_term,
    began_too_young,
    pupil_working,
    destitute_away,
    works_without_capability,
    healthy_yet_weak,
    severely_disabled_yet_ordinary,
    child_with_capability,
    income_implausible,
    phone_wrong,
    one_phone_in_many_counties,
    measure_without_subject,
    work_risk_without_labour,
    id_number_wrong,
    constant_fill,
    phone_of_many_households,
    certificate_of_many,
    identical_rows,
    proved_beyond,
)
ROW_RULES = tuple(rule for rule in RULES if isinstance(rule, RowRule))
GROUP_RULES = tuple(rule for rule in RULES if isinstance(rule, GroupRule))
