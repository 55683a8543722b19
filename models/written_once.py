"""What is written once: rows that are added and never changed, columns that keep what they were given, and what may be removed."""

from models.conditions import MODELS_READ

APPEND_ONLY = frozenset(
    {
        "application_event",
        "attachment",
        "attachment_part",
        "claim_batch",
        "claim_event",
        "contact",
        "doubt_run",
        "export_part",
        "figure_file",
        "former_number",
        "frozen_person",
        "frozen_report",
        "import_part",
        "job_offer",
        "match_plan_kept",
        "ranking",
        "ranking_item",
        *MODELS_READ,
        "station_visit",
        "term_extension",
        "spell_confirmation",
    }
)
"""Records of what happened: they are added to, never changed."""

FIXED = {
    "access_token": ("account_id", "kind", "token_hash", "expires_at"),
    "application": ("worker_id", "vacancy_id", "worker_region", "vacancy_region"),
    "employment_spell": ("worker_id", "origin_region", "seat_released_at"),
    "benefit_claim": ("batch_id", "worker_id", "employer_id", "region", "benefit", "year", "opened_on"),
    "claim_audit": ("batch_id", "claim_id", "approver_id", "seed", "risk", "risk_reasons", "drawn_on"),
    "evidence": (
        "spell_id",
        "grade",
        "kind",
        "covers_from",
        "covers_to",
        "source",
        "import_id",
        "import_line",
        "copy_of",
    ),
    "hardship_period": ("household_id",),
    "household_key": ("household_id",),
    "idempotency_key": ("account_id", "key", "request_hash"),
    "import": ("file_sha256", "region", "account_id"),
    "import_line": ("import_id", "line", "sheet", "row"),
    "heading_memory": ("region", "kind", "heading"),
    "exchange_key": ("region", "noun", "key"),
    "job": ("account_id", "kind", "argument"),
    "comparison_row": ("import_id", "line", "household_id", "standing"),
    "spell_report": (
        "worker_id",
        "source",
        "kind",
        "import_id",
        "import_line",
        "reported_on",
        "account_id",
        "sealed_record",
        "digest",
    ),
    "report_decision": ("report_id", "spell_id", "outcome", "rule", "reason", "before", "account_id"),
    "possible_duplicate": ("worker_id", "other_id", "import_id", "import_line", "likeness"),
    "worker_merge": ("kept_id", "merged_id", "account_id", "sealed_before"),
    "doubt": ("rule", "subject"),
    "export": ("account_id", "view", "region", "masked", "reason", "master_key_id", "sealed_key"),
    "dispatch_member": ("dispatch_id", "worker_id"),
    "enrolment": ("course_id", "worker_id"),
    "support_task": ("worker_id", "contact_id", "difficulty"),
    "work_plan": ("code", "region"),
    "target": ("work_plan_id", "region"),
    "target_part": ("target_id", "region", "whole_region"),
    "typed_figure": ("target_id", "region", "number", "as_of", "proof", "account_id", "is_demo"),
    "caller_assignment": ("worker_id",),
    "person_key": ("worker_id",),
    "public_post_placement": ("spell_id",),
    "station_staff": ("station_id", "account_id", "since"),
    "workshop_rating": ("employer_id", "year"),
    "workshop_recognition": (
        "employer_id",
        "form",
        "recognised_on",
        "workers",
        "relieved",
        "basis",
        "account_id",
    ),
    "vacancy": ("seats_taken",),
    "work_intention": ("worker_id",),
    "worker_skill": ("worker_id", "skill"),
    "match_plan": ("region", "account_id", "as_of", "departs_on", "objective", "asked", "seed", "is_demo"),
    "match_plan_post": ("plan_id", "vacancy_id", "first_come", "first_come_stable"),
    "match_plan_person": ("plan_id", "worker_id", "region"),
    "match_plan_decision": ("plan_id", "kind", "worker_id", "vacancy_id", "account_id"),
}
"""Columns, besides number, version and time of creation, that are written once and then only by the database."""

REMOVABLE = frozenset(
    {
        "attachment",
        "attachment_part",
        "comparison_row",
        "evidence",
        "hardship_period",
        "worker_skill",
        "import_part",
        "export_part",
        "former_number",
        "dispatch_member",
        "enrolment",
        "caller_assignment",
        "exchange_key",
    }
)
"""Lists that belong to a row and are replaced with it, what was taken off stays in the record of changes; and files
that have been read or fetched. Evidence is taken back with the list that it came from; what a comparison found and
nobody has settled gives way to what the next one finds. What a folder's key means is forgotten with the folder that
is taken back."""
