"""Row security, declared: which rows of which table the service's role may see and write.

Regions are compared as ranges of twelve-digit numbers (`610728` is 610728000000 up to 610729000000), the caller's
scope is an `int8multirange` in the transaction's setting `app.regions`. Without a scope the setting is empty or
absent, `app_scope()` is NULL and no row is seen. A table that is neither here nor in `REFERENCE` fails a test.
"""

from models.registry import metadata

SERVICE_ROLE = "wengang_app"

FUNCTIONS = """
CREATE FUNCTION region_number(code text) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN rpad(code, 12, '0')::bigint;
CREATE FUNCTION app_scope() RETURNS int8multirange LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.regions', true), '')::int8multirange;
CREATE FUNCTION app_account() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.account', true), '')::bigint;
CREATE FUNCTION job_lock(number bigint) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN hashtextextended('job ' || number, 0);
"""

VERSIONED = (
    "household",
    "worker",
    "employer",
    "vacancy",
    "application",
    "employment_spell",
    "target",
    "account",
    "import",
    "comparison_row",
    "possible_duplicate",
    "handover",
    "doubt",
    "dispatch",
    "course",
)

TRIGGERS = """
CREATE FUNCTION bump_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    RETURN NEW;
END $$;
CREATE FUNCTION fill_application_regions() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    SELECT region INTO NEW.worker_region FROM worker WHERE id = NEW.worker_id;
    SELECT region INTO NEW.vacancy_region FROM vacancy WHERE id = NEW.vacancy_id;
    RETURN NEW;
END $$;
CREATE TRIGGER fill_regions BEFORE INSERT OR UPDATE OF worker_id, vacancy_id ON application
    FOR EACH ROW EXECUTE FUNCTION fill_application_regions();
CREATE FUNCTION fill_spell_origin() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    SELECT region INTO NEW.origin_region FROM worker WHERE id = NEW.worker_id;
    RETURN NEW;
END $$;
CREATE TRIGGER fill_origin BEFORE INSERT ON employment_spell
    FOR EACH ROW EXECUTE FUNCTION fill_spell_origin();
CREATE FUNCTION follow_worker() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE application SET worker_region = NEW.region WHERE worker_id = NEW.id;
    UPDATE employment_spell SET origin_region = NEW.region WHERE worker_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER follow AFTER UPDATE OF region ON worker FOR EACH ROW
    WHEN (OLD.region IS DISTINCT FROM NEW.region) EXECUTE FUNCTION follow_worker();
CREATE FUNCTION follow_vacancy() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE application SET vacancy_region = NEW.region WHERE vacancy_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER follow AFTER UPDATE OF region ON vacancy FOR EACH ROW
    WHEN (OLD.region IS DISTINCT FROM NEW.region AND NEW.region IS NOT NULL) EXECUTE FUNCTION follow_vacancy();
CREATE FUNCTION county_of(code text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN left(rpad(code, 6, '0'), 6);
CREATE FUNCTION keep_household_together() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    apart boolean;
BEGIN
    IF TG_TABLE_NAME = 'worker' THEN
        apart := EXISTS (SELECT FROM household
            WHERE id = NEW.household_id AND county_of(region) <> county_of(NEW.region));
    ELSE
        apart := EXISTS (SELECT FROM worker
            WHERE household_id = NEW.id AND county_of(region) <> county_of(NEW.region));
    END IF;
    IF apart THEN
        RAISE check_violation USING CONSTRAINT = 'ck_worker_household_of_county', MESSAGE = 'household elsewhere';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER of_one_county AFTER INSERT OR UPDATE OF region, household_id ON worker FOR EACH ROW
    WHEN (NEW.household_id IS NOT NULL) EXECUTE FUNCTION keep_household_together();
CREATE TRIGGER of_one_county AFTER UPDATE OF region ON household FOR EACH ROW
    WHEN (OLD.region IS DISTINCT FROM NEW.region) EXECUTE FUNCTION keep_household_together();
REVOKE EXECUTE ON FUNCTION fill_application_regions, fill_spell_origin, follow_worker, follow_vacancy,
    keep_household_together FROM PUBLIC;
"""
"""The regions by which a row is seen are the database's to fill in: a person's applications and spells are seen
where the person is registered, and follow when that changes. A household is of the county of its members, so that
everybody who may see a county judges their hardship alike."""

DOORS = """
CREATE FUNCTION take_seat(wanted bigint) RETURNS boolean LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE vacancy SET seats_taken = seats_taken + 1
        WHERE id = wanted AND state = 'published' AND seats_taken < seats;
    RETURN FOUND;
END $$;
CREATE FUNCTION release_seat(void_spell bigint) RETURNS boolean LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    wanted bigint;
BEGIN
    UPDATE employment_spell SET seat_released_at = clock_timestamp()
        WHERE id = void_spell AND vacancy_id IS NOT NULL AND seat_released_at IS NULL
        AND superseded_at IS NOT NULL AND superseded_by IS NULL AND region_number(origin_region) <@ app_scope()
        RETURNING vacancy_id INTO wanted;
    UPDATE vacancy SET seats_taken = seats_taken - 1 WHERE id = wanted AND seats_taken > 0;
    RETURN FOUND;
END $$;
CREATE FUNCTION account_by_username(wanted text)
    RETURNS TABLE (account_id bigint, password_hash text) LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT id, account.password_hash::text FROM account WHERE username = wanted AND active $$;
CREATE FUNCTION account_by_token(wanted bytea, wanted_kind text) RETURNS bigint LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp
    RETURN (SELECT account_id FROM access_token JOIN account ON account.id = account_id
        WHERE token_hash = wanted AND kind = wanted_kind AND active
        AND revoked_at IS NULL AND used_at IS NULL AND expires_at > clock_timestamp());
CREATE FUNCTION redeem_login_link(wanted bytea) RETURNS bigint LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE access_token SET used_at = clock_timestamp() FROM account
        WHERE account.id = account_id AND token_hash = wanted AND kind = 'login_link' AND active
        AND revoked_at IS NULL AND used_at IS NULL AND expires_at > clock_timestamp()
        RETURNING account_id $$;
CREATE FUNCTION claim_job() RETURNS TABLE (job_id bigint, account_id bigint) LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    candidate bigint;
BEGIN
    -- Whoever works on a job holds its lock, which falls with the process: what stands as running and is not locked
    -- was left by one that died.
    FOR candidate IN SELECT id FROM job WHERE state IN ('queued', 'running') ORDER BY id LOOP
        IF pg_try_advisory_lock(job_lock(candidate)) THEN
            RETURN QUERY UPDATE job SET state = 'running', started_at = coalesce(started_at, clock_timestamp())
                WHERE id = candidate AND state IN ('queued', 'running') RETURNING job.id, job.account_id;
            IF FOUND THEN
                RETURN;
            END IF;
            PERFORM pg_advisory_unlock(job_lock(candidate));
        END IF;
    END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION take_seat, release_seat, account_by_username, account_by_token, redeem_login_link,
    claim_job FROM PUBLIC;
GRANT EXECUTE ON FUNCTION take_seat, release_seat, account_by_username, account_by_token, redeem_login_link,
    claim_job TO wengang_app;
"""
"""What the service may do only through a function of the owner's: take a seat at a post that another bureau keeps
(never more than there are) or give back that of a start that never was (once), find the account behind a name or a
token before any scope is known, and take up the next job, of whatever account."""


def _in_scope(column: str) -> str:
    # The sub-select makes the scope a constant of the query instead of a call for each row.
    return f"region_number({column}) <@ (SELECT app_scope())"


def _of_parent(table: str, column: str) -> str:
    # The parent's own policy applies inside, so a child is seen just where its parent is.
    return f"EXISTS (SELECT 1 FROM {table} parent WHERE parent.id = {column})"  # noqa: S608 - both names are ours


_OWN = "account_id = (SELECT app_account())"

REFERENCE = frozenset(
    {
        "region",
        "industry",
        "occupation",
        "occupation_alias",
        "pairing",
        "work_plan",
        "target",
        "stability_rule",
    }
)
"""Tables without personal data that every account may read and none may write through the service."""

KEPT_BY = _in_scope("kept_by")
_PUBLIC = "state IN ('published', 'closed')"
_MINE = "EXISTS (SELECT 1 FROM application mine WHERE mine.vacancy_id = vacancy.id)"
SHARED = {"employer": "true", "vacancy": f"{_PUBLIC} OR {KEPT_BY} OR {_MINE}"}
"""Advertisements and those who post them, and who may read them; the bureau that keeps them writes. One that is not
yet, or not any more, fit to be public is its keeper's, and theirs who have put somebody forward for it."""

BY_REGION: dict[str, str] = {
    "household": _in_scope("region"),
    "worker": _in_scope("region"),
    "hardship_period": _of_parent("household", "household_id"),
    "household_key": _of_parent("household", "household_id"),
    "person_key": _of_parent("worker", "worker_id"),
    "worker_skill": _of_parent("worker", "worker_id"),
    "work_intention": _of_parent("worker", "worker_id"),
    "application": f"{_in_scope('worker_region')} OR {_in_scope('vacancy_region')}",
    "application_event": _of_parent("application", "application_id"),
    "employment_spell": f"{_in_scope('origin_region')} OR {_in_scope('region')}",
    "evidence": _of_parent("employment_spell", "spell_id"),
    "ranking": _OWN,
    "ranking_item": _in_scope("region"),
    "job": _OWN,
    "import": _in_scope("region"),
    "import_part": _of_parent('"import"', "import_id"),
    "import_line": _of_parent('"import"', "import_id"),
    "heading_memory": _in_scope("region"),
    "comparison_row": _of_parent('"import"', "import_id"),
    "spell_report": _of_parent("worker", "worker_id"),
    "report_decision": _of_parent("spell_report", "report_id"),
    "former_number": _of_parent("worker", "worker_id"),
    "possible_duplicate": _of_parent("worker", "worker_id"),
    "worker_merge": _of_parent("worker", "kept_id"),
    "handover": f"{_in_scope('from_region')} OR {_in_scope('to_region')}",
    "doubt": _in_scope("region"),
    "doubt_run": _in_scope("region"),
    "export": _OWN,
    "export_part": _of_parent("export", "export_id"),
    "dispatch": _in_scope("region"),
    "dispatch_member": _of_parent("dispatch", "dispatch_id"),
    "course": _in_scope("region"),
    "enrolment": _of_parent("worker", "worker_id"),
    "account": "id = (SELECT app_account())",
    "account_binding": _OWN,
    "access_token": _OWN,
    "idempotency_key": _OWN,
}
"""The condition under which a row may be read, and written unless `INSERTED` or `EDITED` is stricter."""

READ_ONLY = frozenset({"account", "account_binding", "handover"})
"""An account may know itself, who may do what is the owner's to say; a hand-over is opened and settled by doors."""

APPEND_ONLY = frozenset(
    {
        "application_event",
        "doubt_run",
        "export_part",
        "former_number",
        "import_part",
        "ranking",
        "ranking_item",
    }
)
"""Records of what happened: they are added to, never changed."""

FIXED = {
    "access_token": ("account_id", "kind", "token_hash", "expires_at"),
    "application": ("worker_id", "vacancy_id", "worker_region", "vacancy_region"),
    "employment_spell": ("worker_id", "origin_region", "seat_released_at"),
    "evidence": ("spell_id",),
    "hardship_period": ("household_id",),
    "household_key": ("household_id",),
    "idempotency_key": ("account_id", "key", "request_hash"),
    "import": ("file_sha256", "region", "account_id"),
    "import_line": ("import_id", "line", "sheet", "row"),
    "heading_memory": ("region", "kind", "heading"),
    "job": ("account_id", "kind", "argument"),
    "comparison_row": ("import_id", "line", "standing"),
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
    "person_key": ("worker_id",),
    "vacancy": ("seats_taken",),
    "work_intention": ("worker_id",),
    "worker_skill": ("worker_id", "skill"),
}
"""Columns, besides number, version and time of creation, that are written once and then only by the database."""

REMOVABLE = frozenset(
    {
        "hardship_period",
        "worker_skill",
        "import_part",
        "export_part",
        "former_number",
        "dispatch_member",
        "enrolment",
    }
)
"""Lists that belong to a row and are replaced with it, what was taken off stays in the record of changes; and files
that have been read or fetched."""

INSERTED = {
    "application": _in_scope("worker_region"),
    "employment_spell": _in_scope("origin_region"),
}
"""Only the worker's own region may open an application or a spell; the other side sees and answers it."""

EDITED = {"employment_spell": _in_scope("origin_region")}
"""The place of work may read of a spell; how long it was, and whether it was, is the origin's to record."""

DRAWN = ("employer", "employment_spell", "household", "report_decision", "spell_report", "worker")
"""Tables whose rows' numbers are drawn before they are written, because others are sealed by them or point to them."""

AUDIT_READ = _in_scope("region")


def statements() -> list[str]:
    """All of it as SQL, for the migration that creates the tables."""
    made = [
        f"CREATE TRIGGER bump_version BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION bump_version()"
        for table in VERSIONED
    ]
    made += [f"GRANT USAGE ON SEQUENCE {table}_id_seq TO {SERVICE_ROLE}" for table in DRAWN]
    made += [f"GRANT SELECT ON {table} TO {SERVICE_ROLE}" for table in sorted(REFERENCE)]
    for table, condition in BY_REGION.items():
        made += _secured(table)
        written, edited = INSERTED.get(table, condition), EDITED.get(table, condition)
        made += _policies(table, read=condition, written=written, edited=edited)
    for table, read in sorted(SHARED.items()):
        made += _secured(table)
        made += _policies(table, read=read, written=KEPT_BY, edited=KEPT_BY)
    made += _secured("audit_event")
    made.append(f"GRANT SELECT, INSERT ON audit_event TO {SERVICE_ROLE}")
    made.append(f"CREATE POLICY written ON audit_event FOR INSERT TO {SERVICE_ROLE} WITH CHECK (true)")
    made.append(f"CREATE POLICY read ON audit_event FOR SELECT TO {SERVICE_ROLE} USING ({AUDIT_READ})")
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
    if table in REMOVABLE:
        made.append(f'GRANT DELETE ON "{table}" TO {SERVICE_ROLE}')
        made.append(f'CREATE POLICY removed ON "{table}" FOR DELETE TO {SERVICE_ROLE} USING ({edited})')
    return made


def editable(table: str) -> str:
    """The columns of a table that the service may change."""
    once = {"id", "created_at", "version", *FIXED.get(table, ())}
    return ", ".join(column.name for column in metadata.tables[table].columns if column.name not in once)


def _secured(table: str) -> list[str]:
    return [f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY']
