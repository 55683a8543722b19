"""Conditions of row security, in the database's words: in my scope, of a row that I may see, of my own."""


def in_scope(column: str) -> str:
    """Whether a region lies in the caller's scope."""
    # The sub-select makes the scope a constant of the query instead of a call for each row.
    return f"region_number({column}) <@ (SELECT app_scope())"


def of_parent(table: str, column: str) -> str:
    """Whether the row's parent may be seen."""
    # The parent's own policy applies inside, so a child is seen just where its parent is.
    return f"EXISTS (SELECT 1 FROM {table} parent WHERE parent.id = {column})"  # noqa: S608 - both names are ours


OWN = "account_id = (SELECT app_account())"

# A household may be kept by the neighbouring township: who answers for one of its people may know its hardship.
OF_A_MEMBER = "EXISTS (SELECT 1 FROM worker member WHERE member.household_id = hardship_period.household_id)"

# Every employer may be read; what one is paid is the business of the bureau that keeps it.
KEPT = in_scope("kept.kept_by")
OF_A_KEPT_EMPLOYER = f"EXISTS (SELECT 1 FROM employer kept WHERE kept.id = employer_id AND {KEPT})"  # noqa: S608 - ours

OF_OWN_SPELL = (
    f"EXISTS (SELECT 1 FROM employment_spell own WHERE own.id = spell_id AND {in_scope('own.origin_region')})"  # noqa: S608 - ours
)
OF_MY_STATION = "station_id IN (SELECT staffed_stations())"
OF_A_KEPT_STATION = f"EXISTS (SELECT 1 FROM service_station kept WHERE kept.id = station_id AND {KEPT})"  # noqa: S608 - ours
OF_MY_SIDE = (
    f"CASE side WHEN 'origin' THEN {in_scope('parent.origin_region')} ELSE {in_scope('parent.region')} END"
)
LOOKED_AT = f"EXISTS (SELECT 1 FROM employment_spell parent WHERE parent.id = spell_id AND {OF_MY_SIDE})"  # noqa: S608 - ours

MATCH_PLANS = {
    "match_plan": in_scope("region"),
    "match_plan_kept": of_parent("match_plan", "plan_id"),
    "match_plan_post": of_parent("match_plan", "plan_id"),
    "match_plan_person": in_scope("region"),
    "match_plan_decision": of_parent("match_plan", "plan_id"),
}
FIXED_OF_MATCH_PLANS = {
    "match_plan": ("region", "account_id", "as_of", "departs_on", "objective", "asked", "seed", "is_demo"),
    "match_plan_post": ("plan_id", "vacancy_id", "first_come", "first_come_stable"),
    "match_plan_person": ("plan_id", "worker_id", "region"),
    "match_plan_decision": ("plan_id", "kind", "worker_id", "vacancy_id", "account_id"),
}
