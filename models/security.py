"""Row security, declared: which rows of which table the service's role may see and write.

Regions are compared as ranges of twelve-digit numbers (`610728` is 610728000000 up to 610729000000), the caller's
scope is an `int8multirange` in the transaction's setting `app.regions`. Without a scope the setting is empty or
absent, `app_scope()` is NULL and no row is seen. A table that is neither here nor in `REFERENCE` fails a test.
"""

from models.chain import CHAIN_RIGHTS
from models.conditions import (
    ACCOUNTS,
    ACCOUNTS_INSERTED,
    ACCOUNTS_REMOVED,
    FAIR_DAYS,
    FAIR_DAYS_EDITED,
    FAIR_DAYS_INSERTED,
    LOOKED_AT,
    MATCH_PLANS,
    MINE,
    MODELS_INSERTED,
    MODELS_READ,
    MYSELF,
    OF_A_KEPT_DISPATCH,
    OF_A_KEPT_EMPLOYER,
    OF_A_KEPT_STATION,
    OF_A_MEMBER,
    OF_MY_STATION,
    OF_OWN_SPELL,
    OWN,
    TELLS_OF_MINE,
    in_scope,
    of_parent,
)
from models.registry import metadata
from models.written_once import APPEND_ONLY, FIXED, REMOVABLE

SERVICE_ROLE = "wengang_app"

VERSIONED = tuple(name for name, table in metadata.tables.items() if "version" in table.c)
REFERENCE = frozenset(
    [
        "region",
        "industry",
        "occupation",
        "occupation_alias",
        "pairing",
        "stability_rule",
        "daily_run",
        "audit_check",
    ]
)
"""Tables without personal data that every account may read and none may write through the service."""

KEPT_BY = in_scope("kept_by")
_PUBLIC = "state IN ('published', 'closed')"
_MINE = "EXISTS (SELECT 1 FROM application mine WHERE mine.vacancy_id = vacancy.id)"
SHARED = {
    "employer": "true",
    "vacancy": f"{_PUBLIC} OR {KEPT_BY} OR {_MINE}",
    "work_plan": "true",
    "target": "true",
}
"""Advertisements and those who post them, and who may read them; the bureau that keeps them writes. One that is not
yet, or not any more, fit to be public is its keeper's, and theirs who have put somebody forward for it. Published plans
and their tasks are everybody's to read, and written by the bureaus of their region."""

BY_REGION: dict[str, str] = {
    "household": in_scope("region"),
    "worker": f"{in_scope('region')} OR {MYSELF}",
    "hardship_period": f"{of_parent('household', 'household_id')} OR {OF_A_MEMBER}",
    "household_key": of_parent("household", "household_id"),
    "person_key": of_parent("worker", "worker_id"),
    "worker_skill": of_parent("worker", "worker_id"),
    "work_intention": of_parent("worker", "worker_id"),
    "application": f"{in_scope('worker_region')} OR {in_scope('vacancy_region')} OR {MINE}",
    "application_event": of_parent("application", "application_id"),
    "employment_spell": f"{in_scope('origin_region')} OR {in_scope('region')} OR {MINE}",
    "evidence": of_parent("employment_spell", "spell_id"),
    "attachment": of_parent("worker", "worker_id"),
    "attachment_part": of_parent("attachment", "attachment_id"),
    "spell_confirmation": of_parent("employment_spell", "spell_id"),
    "ranking": OWN,
    "ranking_item": f"{in_scope('region')} OR {MINE}",
    **MODELS_READ,
    "job": OWN,
    "import": in_scope("region"),
    "import_part": of_parent('"import"', "import_id"),
    "import_line": of_parent('"import"', "import_id"),
    "heading_memory": in_scope("region"),
    "exchange_key": in_scope("region"),
    "comparison_row": of_parent('"import"', "import_id"),
    "spell_report": of_parent("worker", "worker_id"),
    "report_decision": of_parent("spell_report", "report_id"),
    "former_number": of_parent("worker", "worker_id"),
    "possible_duplicate": of_parent("worker", "worker_id"),
    "worker_merge": of_parent("worker", "kept_id"),
    "handover": f"{in_scope('from_region')} OR {in_scope('to_region')} OR {OWN}",
    "doubt": in_scope("region"),
    "doubt_run": in_scope("region"),
    "export": OWN,
    "handed_file": f"{OWN} OR {in_scope('region')} OR {TELLS_OF_MINE}",
    "handed_person": of_parent("worker", "worker_id"),
    "export_part": of_parent("export", "export_id"),
    "dispatch": f"{in_scope('region')} OR id IN (SELECT my_dispatches())",
    "dispatch_member": f"{OF_A_KEPT_DISPATCH} OR {MINE}",
    "course": in_scope("region"),
    "enrolment": of_parent("worker", "worker_id"),
    "claim_batch": in_scope("region"),
    "benefit_claim": f"{of_parent('worker', 'worker_id')} OR {OF_A_KEPT_EMPLOYER}",
    "claim_event": of_parent("benefit_claim", "claim_id"),
    "claim_audit": of_parent("benefit_claim", "claim_id"),
    "contact": of_parent("worker", "worker_id"),
    "consent": of_parent("worker", "worker_id"),
    "disclosure": of_parent("worker", "worker_id"),
    "review_request": of_parent("worker", "worker_id"),
    "erasure": of_parent("worker", "worker_id"),
    "support_task": of_parent("worker", "worker_id"),
    "caller_assignment": of_parent("worker", "worker_id"),
    "target_part": f"{in_scope('region')} OR {in_scope('whole_region')}",
    "typed_figure": in_scope("region"),
    "figure_file": of_parent("typed_figure", "figure_id"),
    "frozen_report": in_scope("region"),
    "frozen_person": of_parent("frozen_report", "report_id"),
    "public_post_placement": of_parent("employment_spell", "spell_id"),
    "term_extension": of_parent("employment_spell", "spell_id"),
    "job_offer": of_parent("worker", "worker_id"),
    "workshop_recognition": OF_A_KEPT_EMPLOYER,
    "workshop_rating": OF_A_KEPT_EMPLOYER,
    **FAIR_DAYS,
    "service_station": f"{in_scope('kept_by')} OR {in_scope('region')} OR id IN (SELECT staffed_stations())",
    "station_staff": f"{OWN} OR {of_parent('service_station', 'station_id')}",
    "station_visit": of_parent("service_station", "station_id"),
    "idempotency_key": OWN,
    "wechat_account": OWN,
    "worker_binding": f"{OWN} OR {of_parent('worker', 'worker_id')}",
    "message_subscription": OWN,
    "notice": of_parent("worker", "worker_id"),
    "check_in": of_parent("worker", "worker_id"),
    "call_request": of_parent("worker", "worker_id"),
    **ACCOUNTS,
} | MATCH_PLANS
"""The condition under which a row may be read, and written unless `INSERTED` or `EDITED` is stricter."""

READ_ONLY = frozenset(
    {
        "handed_person",
        "handover",
        "login_attempt",
        "number_lookup",
        "token_use",
        "wechat_account",
        "worker_binding",
    }
)
"""A hand-over is opened and settled by doors, and so is who speaks for whom; what is counted, the doors count; who is
in a file, a door writes down."""

BY_A_WORKER = frozenset(
    {
        "access_token",
        "application",
        "application_event",
        "attachment",
        "attachment_part",
        "call_request",
        "check_in",
        "consent",
        "contact",
        "disclosure",
        "dispatch_member",
        "evidence",
        "idempotency_key",
        "message_subscription",
        "notice",
        "ranking",
        "ranking_fault",
        "ranking_item",
        "review_request",
        "support_task",
        "worker",
    }
)
"""What may be written where the mini-program's door speaks for one person: of her own alone. Everything else is closed
to it by a policy that no other policy opens, tables to come among it; of herself she changes what `keep_to_own_word` lets
her."""

INSERTED = {
    "attachment": f"{of_parent('worker', 'worker_id')} AND {of_parent('evidence', 'evidence_id')}",
    "spell_confirmation": f"{OWN} AND {LOOKED_AT}",
    "consent": f"{OWN} AND {of_parent('worker', 'worker_id')}",
    "handed_file": OWN,
    "erasure": f"approved_by = (SELECT app_account()) AND {of_parent('worker', 'worker_id')}",
    "hardship_period": of_parent("household", "household_id"),
    "application": f"{in_scope('worker_region')} OR {MINE}",
    "check_in": f"{OWN} AND {MINE}",
    **MODELS_INSERTED,
    "employment_spell": in_scope("origin_region"),
    "work_plan": in_scope("region"),
    "target": in_scope("region"),
    "target_part": in_scope("whole_region"),
    "public_post_placement": OF_OWN_SPELL,
    "term_extension": OF_OWN_SPELL,
    "service_station": in_scope("kept_by"),
    "station_staff": OF_A_KEPT_STATION,
    "station_visit": f"{OF_MY_STATION} OR {OF_A_KEPT_STATION}",
    **FAIR_DAYS_INSERTED,
    **ACCOUNTS_INSERTED,
}
"""Only the worker's own region may open an application or a spell; the other side sees and answers it. Hardship is
recorded where the household is kept. A station and its staff are the keeper's; visits also those of who works there. A plan and its tasks are theirs whose region it is; a task is divided by those whose
task it is. Each side says what it found itself: the home county of its people, the place of work of those who work there."""

EDITED = {
    "employment_spell": in_scope("origin_region"),
    "evidence": OF_OWN_SPELL,
    "hardship_period": of_parent("household", "household_id"),
    "work_plan": in_scope("region"),
    "target": in_scope("region"),
    "target_part": in_scope("whole_region"),
    "public_post_placement": OF_OWN_SPELL,
    "service_station": in_scope("kept_by"),
    "station_staff": OF_A_KEPT_STATION,
    "second_factor": OWN,
    **FAIR_DAYS_EDITED,
}
"""The place of work may read of a spell; how long it was, whether, and which proof of it is withdrawn, the origin records."""

_OF_MY_FILE = of_parent('"import"', "import_id")
_OF_MY_LIST = (
    "EXISTS (SELECT 1 FROM evidence parent WHERE parent.id = evidence_id AND parent.import_id IS NOT NULL)"
)
REMOVED = {
    "comparison_row": f"settlement IS NULL AND {_OF_MY_FILE}",
    "evidence": _OF_MY_FILE,
    "attachment": f"{of_parent('worker', 'worker_id')} AND {_OF_MY_LIST}",
    "attachment_part": of_parent("attachment", "attachment_id"),
    **ACCOUNTS_REMOVED,
}
"""Evidence that a list brought is taken back by those whose list it is, with what is attached to it; what somebody
entered by hand stays."""

DRAWN = (
    "attachment",
    "employer",
    "employment_spell",
    "evidence",
    "household",
    "report_decision",
    "spell_report",
    "worker",
)
"""Tables whose rows' numbers are drawn before they are written, because others are sealed by them or point to them."""

AUDIT_READ = (
    f"{in_scope('region')} OR {of_parent('worker', 'worker_id')} OR {of_parent('household', 'household_id')}"
)
"""What was changed within the scope, and all of the past of whoever is within it now: the record moves with the
person."""


def statements() -> list[str]:
    """All of it as SQL, for the migration that creates the tables."""
    made = [
        f"CREATE TRIGGER bump_version BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION bump_version()"
        for table in VERSIONED
    ]
    # No program writes into a schema that it was not made for, by whatever door.
    made += [
        f'CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "{table}" '
        "FOR EACH STATEMENT EXECUTE FUNCTION same_revision()"
        for table in metadata.tables
    ]
    made += [f"GRANT USAGE ON SEQUENCE {table}_id_seq TO {SERVICE_ROLE}" for table in DRAWN]
    made += [f"GRANT SELECT ON {table} TO {SERVICE_ROLE}" for table in sorted(REFERENCE)]
    for table, condition in BY_REGION.items():
        made += _secured(table)
        written, edited = INSERTED.get(table, condition), EDITED.get(table, condition)
        made += _policies(table, read=condition, written=written, edited=edited)
    for table, read in sorted(SHARED.items()):
        made += _secured(table)
        written, edited = INSERTED.get(table, KEPT_BY), EDITED.get(table, KEPT_BY)
        made += _policies(table, read=read, written=written, edited=edited)
    made += _secured("audit_event")
    made.append(f"GRANT SELECT, INSERT ON audit_event TO {SERVICE_ROLE}")
    made.append(f"CREATE POLICY written ON audit_event FOR INSERT TO {SERVICE_ROLE} WITH CHECK (true)")
    made.append(f"CREATE POLICY read ON audit_event FOR SELECT TO {SERVICE_ROLE} USING ({AUDIT_READ})")
    made += _secured("audit_seal")
    made += CHAIN_RIGHTS
    made += _secured("wechat_token")
    made.append(f"GRANT SELECT, INSERT, UPDATE ON wechat_token TO {SERVICE_ROLE}")
    made.append(f"CREATE POLICY shared ON wechat_token TO {SERVICE_ROLE} USING (true) WITH CHECK (true)")
    made += _secured("service_key")
    made.append(f"GRANT SELECT ON service_key TO {SERVICE_ROLE}")
    made.append(f"CREATE POLICY read ON service_key FOR SELECT TO {SERVICE_ROLE} USING (true)")
    made += _secured("outbox_message")
    made.append(f"GRANT INSERT ON outbox_message TO {SERVICE_ROLE}")
    made.append(f"CREATE POLICY written ON outbox_message FOR INSERT TO {SERVICE_ROLE} WITH CHECK (true)")
    return made


def _policies(table: str, *, read: str, written: str, edited: str) -> list[str]:
    made = [
        f'GRANT SELECT ON "{table}" TO {SERVICE_ROLE}',
        f'CREATE POLICY read ON "{table}" FOR SELECT TO {SERVICE_ROLE} USING ({read})',
    ]
    if table not in READ_ONLY:
        made.append(f'GRANT INSERT ON "{table}" TO {SERVICE_ROLE}')
        made.append(f'CREATE POLICY written ON "{table}" FOR INSERT TO {SERVICE_ROLE} WITH CHECK ({written})')
    if table not in READ_ONLY | APPEND_ONLY:
        made.append(f'GRANT UPDATE ({editable(table)}) ON "{table}" TO {SERVICE_ROLE}')
        made.append(
            f'CREATE POLICY edited ON "{table}" FOR UPDATE TO {SERVICE_ROLE} '
            f"USING ({edited}) WITH CHECK ({edited})"
        )
    if table not in BY_A_WORKER | READ_ONLY:
        made += [
            f'CREATE POLICY no_worker_{verb.lower()} ON "{table}" AS RESTRICTIVE FOR {verb} TO {SERVICE_ROLE} {clause} '
            "((SELECT app_worker()) IS NULL)"
            for verb, clause in (("INSERT", "WITH CHECK"), ("UPDATE", "USING"), ("DELETE", "USING"))
        ]
    if table in REMOVABLE:
        made.append(f'GRANT DELETE ON "{table}" TO {SERVICE_ROLE}')
        removed = REMOVED.get(table, edited)
        made.append(f'CREATE POLICY removed ON "{table}" FOR DELETE TO {SERVICE_ROLE} USING ({removed})')
    return made


def editable(table: str) -> str:
    """The columns of a table that the service may change."""
    once = {"id", "created_at", "version", *FIXED.get(table, ())}
    return ", ".join(column.name for column in metadata.tables[table].columns if column.name not in once)


def _secured(table: str) -> list[str]:
    return [f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY']
