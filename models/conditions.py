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
MYSELF = "(SELECT app_worker()) IN (id, merged_into)"
MINE = "worker_id = (SELECT app_worker())"
"""Of the one person for whom the mini-program's door speaks in this transaction; elsewhere nobody's."""
TELLS_OF_MINE = "id IN (SELECT file_id FROM handed_person)"
"""A file, wherever it was made, that tells of somebody whom I may see: the inner table has its own policy."""

# A household may be kept by the neighbouring township: who answers for one of its people may know its hardship.
OF_A_MEMBER = "EXISTS (SELECT 1 FROM worker member WHERE member.household_id = hardship_period.household_id)"

# Every employer may be read; what one is paid is the business of the bureau that keeps it.
KEPT = in_scope("kept.kept_by")
OF_A_KEPT_EMPLOYER = f"EXISTS (SELECT 1 FROM employer kept WHERE kept.id = employer_id AND {KEPT})"  # noqa: S608 - ours

OF_A_KEPT_DISPATCH = (
    f"EXISTS (SELECT 1 FROM dispatch kept WHERE kept.id = dispatch_id AND {in_scope('kept.region')})"  # noqa: S608 - ours
)
OF_OWN_SPELL = (
    f"EXISTS (SELECT 1 FROM employment_spell own WHERE own.id = spell_id AND {in_scope('own.origin_region')})"  # noqa: S608 - ours
)
OF_MY_STATION = "station_id IN (SELECT staffed_stations())"
OF_A_KEPT_STATION = f"EXISTS (SELECT 1 FROM service_station kept WHERE kept.id = station_id AND {KEPT})"  # noqa: S608 - ours
OF_MY_SIDE = (
    f"CASE side WHEN 'origin' THEN {in_scope('parent.origin_region')} ELSE {in_scope('parent.region')} END"
)
LOOKED_AT = f"EXISTS (SELECT 1 FROM employment_spell parent WHERE parent.id = spell_id AND {OF_MY_SIDE})"  # noqa: S608 - ours

SPAN = "regions_span(regions)"
AROUND_SCOPE = f"((SELECT app_scope()) && {SPAN} OR region_number((SELECT worker_home())) <@ {SPAN})"
COVERS_SCOPE = f"NOT isempty((SELECT app_scope())) AND (SELECT app_scope()) <@ {SPAN}"
"""Whether a row's regions have any place in common with the caller's scope, and whether they hold all of it."""

MODELS_READ = {
    "ranking_model": AROUND_SCOPE,
    "ranking_change": AROUND_SCOPE,
    "ranking_fault": of_parent("ranking_model", "model_id"),
}
"""What ranks a county's people is known to its townships and to the city above it; whom it serves may say that it is broken."""
MODELS_INSERTED = {
    "ranking_model": f"{SPAN} <@ (SELECT app_scope())",
    "ranking_change": f"{SPAN} <@ (SELECT app_scope())",
    "ranking_fault": f"{OWN} AND {of_parent('ranking_model', 'model_id')}",
}
MATCH_PLANS = {
    "match_plan": in_scope("region"),
    "match_plan_kept": of_parent("match_plan", "plan_id"),
    "match_plan_post": of_parent("match_plan", "plan_id"),
    "match_plan_person": in_scope("region"),
    "match_plan_decision": of_parent("match_plan", "plan_id"),
}

# A device stands at one fair and has no region (`models.kiosk_doors`).
AT_THE_DEVICE = "fair_id = (SELECT device_fair())"
OF_A_HELD_FAIR = f"EXISTS (SELECT 1 FROM fair held WHERE held.id = fair_id AND {in_scope('held.region')})"  # noqa: S608 - ours
FAIR_DAYS = {
    "fair": f"{in_scope('region')} OR id = (SELECT device_fair())",
    "booth": of_parent("fair", "fair_id"),
    "booth_post": of_parent("fair", "fair_id"),
    "fair_invitation": of_parent("worker", "worker_id"),
    "kiosk_device": f"{OF_A_HELD_FAIR} OR id = (SELECT app_device())",
    "kiosk_command": of_parent("fair", "fair_id"),
    "visit": f"{of_parent('worker', 'worker_id')} OR {AT_THE_DEVICE}",
    "visit_intent": of_parent("visit", "visit_id"),
}
FAIR_DAYS_INSERTED = {
    "fair": in_scope("region"),
    "booth": OF_A_HELD_FAIR,
    "booth_post": OF_A_HELD_FAIR,
    "kiosk_device": OF_A_HELD_FAIR,
    "fair_invitation": f"{OF_A_HELD_FAIR} AND {of_parent('worker', 'worker_id')}",
    "kiosk_command": f"{AT_THE_DEVICE} AND device_id = (SELECT app_device())",
    "visit": f"{AT_THE_DEVICE} OR {OF_A_HELD_FAIR}",
}
FAIR_DAYS_EDITED = {
    "fair": in_scope("region"),
    "booth": OF_A_HELD_FAIR,
    "kiosk_device": OF_A_HELD_FAIR,
}

ADMINISTERED = "account_id IN (SELECT administered_accounts())"
_BOUND_HERE = "region_number(binding_home(region, station_id, employer_id)) <@ (SELECT administered())"
_KEPT_HERE = "region_number(kept_by) <@ (SELECT administered())"
ACCOUNTS = {
    "account": f"id = (SELECT app_account()) OR {_KEPT_HERE} OR id IN (SELECT accounts_bound_here())",
    "account_binding": f"{OWN} OR {_BOUND_HERE}",
    "access_token": f"{OWN} OR {ADMINISTERED}",
    "token_use": of_parent("access_token", "token_id"),
    "login_attempt": f"{OWN} OR {ADMINISTERED}",
    "second_factor": f"{OWN} OR {ADMINISTERED}",
    "number_lookup": f"{OWN} OR {ADMINISTERED}",
}
"""An account knows itself; an administrator those that are kept, or may do something, where he is one."""
ACCOUNTS_INSERTED = {
    "account": _KEPT_HERE,
    "account_binding": f"{ADMINISTERED} AND {_BOUND_HERE}",
    "access_token": f"{OWN} OR (kind = 'invitation' AND {ADMINISTERED})",
    "second_factor": OWN,
}
ACCOUNTS_REMOVED = {
    "account_binding": f"account_id <> (SELECT app_account()) AND {_BOUND_HERE}",
    "second_factor": f"{OWN} OR {ADMINISTERED}",
}
"""Nobody gives rights to themselves, nor takes their own."""
