"""The doors: functions of the owner's, through which the service may do what its own role may not."""

from models.account_doors import ACCOUNT_DOORS
from models.caller_doors import CALLER_DOORS
from models.chain import CHAIN_DOORS
from models.confirmation_doors import CONFIRMATION_DOORS
from models.consent_doors import CONSENT_DOORS
from models.deletion_doors import DELETION_DOORS
from models.keeping_doors import KEEPING_DOORS
from models.kiosk_doors import KIOSK_DOORS
from models.login_doors import LOGIN_DOORS
from models.mini_doors import MINI_DOORS
from models.model_doors import MODEL_DOORS
from models.observing_doors import OBSERVING_DOORS
from models.service_key import KEY_DOORS
from models.station_doors import STATION_DOORS

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
    UPDATE employment_spell void SET seat_released_at = clock_timestamp()
        WHERE id = void_spell AND vacancy_id IS NOT NULL AND seat_released_at IS NULL
        AND superseded_at IS NOT NULL AND region_number(origin_region) <@ app_scope()
        -- What stands in its place holds the seat: unless that is another start, of the record that a merge kept.
        AND (superseded_by IS NULL OR EXISTS (SELECT FROM employment_spell kept
            WHERE kept.id = void.superseded_by AND kept.vacancy_id = void.vacancy_id
            AND kept.application_id IS DISTINCT FROM void.application_id))
        RETURNING vacancy_id INTO wanted;
    UPDATE vacancy SET seats_taken = seats_taken - 1 WHERE id = wanted AND seats_taken > 0;
    RETURN FOUND;
END $$;
CREATE FUNCTION hold_seat_again(standing_spell bigint) RETURNS boolean LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    wanted bigint;
BEGIN
    -- Of a spell that a merge had put out of force and that is in force again; false where no seat is left.
    SELECT vacancy_id INTO wanted FROM employment_spell WHERE id = standing_spell AND seat_released_at IS NOT NULL
        AND superseded_at IS NULL AND region_number(origin_region) <@ app_scope() FOR UPDATE;
    UPDATE vacancy SET seats_taken = seats_taken + 1 WHERE id = wanted AND seats_taken < seats;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE employment_spell SET seat_released_at = NULL WHERE id = standing_spell;
    RETURN true;
END $$;
CREATE FUNCTION claim_job() RETURNS TABLE (job_id bigint, account_id bigint) LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    candidate bigint;
BEGIN
    -- Whoever works on a job holds its lock, which falls with the process: what stands as running and is not locked
    -- was left by one that died.
    FOR candidate IN SELECT id FROM job WHERE state IN ('queued', 'running') ORDER BY id LOOP
        IF pg_try_advisory_lock(job_lock(candidate)) THEN
            RETURN QUERY UPDATE job SET state = 'running', attempts = attempts + 1,
                started_at = coalesce(started_at, clock_timestamp())
                WHERE id = candidate AND state IN ('queued', 'running') RETURNING job.id, job.account_id;
            IF FOUND THEN
                RETURN;
            END IF;
            PERFORM pg_advisory_unlock(job_lock(candidate));
        END IF;
    END LOOP;
END $$;
CREATE FUNCTION registered_here(wanted bytea[]) RETURNS TABLE (number bytea, worker_id bigint, name text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT known.number, kept.id, kept.name::text FROM numbered(wanted) known
        JOIN worker kept ON kept.id = known.worker_id WHERE region_number(kept.region) <@ app_scope() $$;
CREATE FUNCTION registered_elsewhere(wanted bytea[]) RETURNS SETOF bytea LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT known.number FROM numbered(wanted) known JOIN worker kept ON kept.id = known.worker_id
        WHERE NOT isempty(app_scope()) AND NOT region_number(kept.region) <@ app_scope() $$;
CREATE FUNCTION begin_day(wanted_name text, wanted_day date) RETURNS boolean LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- A second worker waits here for the first one's end: if that failed, its turn has come.
    INSERT INTO daily_run (name, day) VALUES (wanted_name, wanted_day) ON CONFLICT DO NOTHING;
    RETURN FOUND;
END $$;
CREATE FUNCTION expire_applications(today date, days integer) RETURNS bigint LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH silent AS (
        SELECT id, state FROM application
            WHERE state IN ('proposed', 'applied', 'shortlisted', 'offered')
            AND coalesce(decided_on, applied_on) <= least(today, current_date + 1) - greatest(days, 7)
            FOR UPDATE SKIP LOCKED),
    ended AS (
        UPDATE application SET state = 'expired', decided_on = today, reason = 'unanswered' FROM silent
            WHERE application.id = silent.id
            RETURNING application.id, application.worker_id, application.worker_region, silent.state AS before),
    told AS (
        INSERT INTO application_event (created_at, application_id, from_state, to_state, at, reason)
            SELECT clock_timestamp(), id, before, 'expired', clock_timestamp(), 'unanswered' FROM ended),
    recorded AS (
        INSERT INTO audit_event (created_at, action, noun, row_id, worker_id, region, change)
            SELECT clock_timestamp(), 'expire', 'application', id, worker_id, worker_region,
                '{"fields": ["decided_on", "reason", "state"]}' FROM ended)
    SELECT count(*) FROM ended $$;
CREATE FUNCTION employer_responsiveness(wanted bigint[], since date, today date)
    RETURNS TABLE (employer_id bigint, asked bigint, answered bigint, median_days double precision) LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT post.employer_id, count(*), count(answered_on),
            percentile_cont(0.5) WITHIN GROUP (ORDER BY (answered_on - applied_on)::double precision)
        FROM application JOIN vacancy post ON post.id = vacancy_id
        WHERE post.employer_id = ANY (wanted) AND applied_on BETWEEN since AND today
        AND (answered_on IS NOT NULL OR application.state = 'expired'
            OR (application.state IN ('proposed', 'applied') AND applied_on < today - 14))
        GROUP BY post.employer_id $$;
CREATE FUNCTION purge_expired_exports() RETURNS bigint LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH gone AS (
        DELETE FROM export_part USING export
            WHERE export.id = export_id AND expires_at <= clock_timestamp() RETURNING 1)
    SELECT count(*) FROM gone $$;
CREATE FUNCTION purge_abandoned_imports(days integer) RETURNS bigint LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH abandoned AS (
        -- A comparison is worked at for months: it has six times as long.
        SELECT id FROM import WHERE state <> 'applied' AND created_at < clock_timestamp()
            - make_interval(days => greatest(days, 7) * CASE WHEN purpose = 'compare' THEN 6 ELSE 1 END)),
    gone AS (
        DELETE FROM import_part USING abandoned WHERE import_id = abandoned.id RETURNING 1),
    blank AS (
        UPDATE import_line SET sealed_cells = NULL, sealed_judgement = NULL
            FROM abandoned WHERE import_id = abandoned.id
            AND (sealed_cells IS NOT NULL OR sealed_judgement IS NOT NULL)),
    given_up AS (
        UPDATE import SET state = 'cancelled', message = '放了太久没有入库，文件已清除。需要时请重新导入。'
            FROM abandoned WHERE import.id = abandoned.id
            AND state IN ('staging', 'mapping', 'checking', 'ready', 'applying'))
    SELECT count(*) FROM gone $$;
CREATE FUNCTION move_belongings(gives bigint, takes bigint, moved jsonb) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    home text;
BEGIN
    -- Only between two records of which one went up in the other, both of the caller's regions.
    SELECT there.region INTO home FROM worker here JOIN worker there ON here.merged_into = there.id OR there.merged_into = here.id
        WHERE here.id = gives AND there.id = takes
        AND region_number(here.region) <@ app_scope() AND region_number(there.region) <@ app_scope();
    IF home IS NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'not two records of one person in scope';
    END IF;
    UPDATE application SET worker_id = takes WHERE worker_id = gives
        AND id IN (SELECT jsonb_array_elements_text(moved -> 'application')::bigint);
    UPDATE employment_spell SET worker_id = takes, origin_region = home WHERE worker_id = gives
        AND id IN (SELECT jsonb_array_elements_text(moved -> 'employment_spell')::bigint);
    UPDATE enrolment SET worker_id = takes WHERE worker_id = gives
        AND id IN (SELECT jsonb_array_elements_text(moved -> 'enrolment')::bigint);
    UPDATE dispatch_member SET worker_id = takes WHERE worker_id = gives
        AND dispatch_id IN (SELECT jsonb_array_elements_text(moved -> 'dispatch_member')::bigint);
    UPDATE work_intention SET worker_id = takes WHERE worker_id = gives
        AND id IN (SELECT jsonb_array_elements_text(moved -> 'work_intention')::bigint);
    UPDATE doubt SET worker_id = takes WHERE worker_id = gives
        AND id IN (SELECT jsonb_array_elements_text(moved -> 'doubt')::bigint);
    UPDATE spell_report SET worker_id = takes, sealed_record = given.sealed, digest = given.digest
        FROM jsonb_to_recordset(moved -> 'spell_report') AS given (id bigint, sealed bytea, digest bytea)
        WHERE spell_report.worker_id = gives AND spell_report.id = given.id;
    -- Proof goes from a spell that a merge put out of force to the one that stands, and back.
    UPDATE evidence SET spell_id = given.spell_id
        FROM jsonb_to_recordset(moved -> 'evidence') AS given (id bigint, spell_id bigint)
        WHERE evidence.id = given.id
        AND given.spell_id IN (SELECT id FROM employment_spell WHERE worker_id IN (gives, takes))
        AND evidence.spell_id IN (SELECT id FROM employment_spell WHERE worker_id IN (gives, takes));
END $$;
CREATE FUNCTION bureau_of(code text) RETURNS text LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- The county that a place lies in; the city where a city has no counties.
    WITH RECURSIVE above AS (
        SELECT region.code, level, parent_code FROM region WHERE region.code = bureau_of.code
        UNION ALL
        SELECT region.code, region.level, region.parent_code FROM above
            JOIN region ON region.code = above.parent_code WHERE above.level IN ('township', 'village')
    ) SELECT above.code FROM above WHERE level NOT IN ('township', 'village') $$;
CREATE FUNCTION recoded_elsewhere(wanted bytea[], wanted_name text) RETURNS SETOF bytea LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Which of these numbers is that of somebody of this very name outside of the caller's regions.
    SELECT known.number FROM numbered(wanted) known JOIN worker ON worker.id = known.worker_id
        AND known.number IN (id_number_index, id_number_index_2) WHERE NOT isempty(app_scope())
        AND NOT region_number(region) <@ app_scope()
        AND regexp_replace(lower(normalize(name, NFKC)), '[^[:alnum:]]', '', 'g') = wanted_name $$;
CREATE FUNCTION open_handover(wanted bytea[], into_region text, why text, from_import bigint, from_line integer,
    key_id text, key_sealed bytea, claim bytea) RETURNS bigint LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    person bigint;
    home text;
    opened bigint;
BEGIN
    IF NOT coalesce(region_number(into_region) <@ app_scope(), false) THEN
        RAISE insufficient_privilege USING MESSAGE = 'not in scope';
    END IF;
    SELECT kept.id, kept.region INTO person, home FROM numbered(wanted) known
        JOIN worker kept ON kept.id = known.worker_id WHERE NOT region_number(kept.region) <@ app_scope();
    IF person IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO handover (created_at, version, worker_id, from_region, to_region, account_id, import_id, import_line,
        state, reason, answer, master_key_id, sealed_key, sealed_claim)
        VALUES (clock_timestamp(), 1, person, bureau_of(home), bureau_of(into_region), app_account(), from_import,
            from_line, 'open', why, '', key_id, key_sealed, claim)
        ON CONFLICT (worker_id, to_region) WHERE state = 'open' DO UPDATE SET reason = EXCLUDED.reason,
            account_id = EXCLUDED.account_id, import_id = EXCLUDED.import_id, import_line = EXCLUDED.import_line,
            master_key_id = EXCLUDED.master_key_id, sealed_key = EXCLUDED.sealed_key,
            sealed_claim = EXCLUDED.sealed_claim
        RETURNING id INTO opened;
    RETURN opened;
END $$;
CREATE FUNCTION settle_handover(wanted bigint, outcome text, words text, new_region text, new_household bigint)
    RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    asked handover;
    person bigint;
    gives boolean;
    takes boolean;
    allowed boolean;
BEGIN
    SELECT * INTO asked FROM handover WHERE id = wanted FOR UPDATE;
    gives := coalesce(region_number(asked.from_region) <@ app_scope(), false);
    takes := coalesce(region_number(asked.to_region) <@ app_scope(), false);
    allowed := CASE outcome
        WHEN 'agreed' THEN gives AND asked.state = 'open'
        WHEN 'refused' THEN gives AND asked.state = 'open'
        WHEN 'withdrawn' THEN (takes OR asked.account_id = app_account()) AND asked.state = 'open'
        WHEN 'decided' THEN gives AND takes AND asked.state IN ('open', 'refused')
        WHEN 'kept' THEN gives AND takes AND asked.state IN ('open', 'refused')
        ELSE false END;
    IF NOT allowed THEN
        RETURN false;
    END IF;
    IF outcome IN ('agreed', 'decided') THEN
        SELECT coalesce(merged_into, id) INTO person FROM worker WHERE id = asked.worker_id;
        IF bureau_of(new_region) IS DISTINCT FROM asked.to_region
            OR (SELECT bureau_of(region) FROM worker WHERE id = person FOR UPDATE) <> asked.from_region THEN
            RETURN false;
        END IF;
        -- The household stays behind; the new one is of the county that takes over.
        UPDATE worker SET household_id = NULL, village = NULL WHERE id = person;
        UPDATE worker SET region = new_region, household_id = (SELECT id FROM household
            WHERE id = new_household AND bureau_of(region) = asked.to_region) WHERE id = person;
        -- Whoever else asks for this person asks the new county from now on.
        UPDATE handover SET from_region = asked.to_region
            WHERE worker_id = asked.worker_id AND state = 'open' AND id <> wanted;
    END IF;
    UPDATE handover SET state = outcome, answer = words, settled_by = app_account(),
        settled_at = clock_timestamp() WHERE id = wanted;
    RETURN true;
END $$;
CREATE FUNCTION account_names(wanted bigint[]) RETURNS TABLE (account_id bigint, display_name text) LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT id, account.display_name::text FROM account
        WHERE id = ANY(wanted) AND (SELECT app_account()) IS NOT NULL $$;
CREATE FUNCTION forget_import(wanted bigint) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    people bigint[];
    homes bigint[];
BEGIN
    IF NOT EXISTS (SELECT FROM import WHERE id = wanted AND state = 'cancelled'
        AND region_number(region) <@ app_scope()) THEN
        RAISE insufficient_privilege USING MESSAGE = 'not a file in scope that was taken back';
    END IF;
    SELECT array_agg(worker.id) INTO people FROM audit_event JOIN worker ON worker.id = row_id
        WHERE import_id = wanted AND action = 'create' AND noun = 'worker' AND restricted
        AND region_number(worker.region) <@ app_scope();
    SELECT array_agg(household.id) INTO homes FROM audit_event JOIN household ON household.id = row_id
        WHERE import_id = wanted AND action = 'create' AND noun = 'household'
        AND region_number(household.region) <@ app_scope()
        AND NOT EXISTS (SELECT FROM worker WHERE worker.household_id = household.id)
        AND NOT EXISTS (SELECT FROM import_line line
            WHERE line.household_id = household.id AND line.import_id <> wanted);
    DELETE FROM person_key WHERE worker_id = ANY (people);
    UPDATE worker SET name = '已撤销', name_pinyin = '', sex = NULL, birth_date = NULL, village = NULL,
        national_number = NULL, household_id = NULL, id_number_sealed = NULL, phone_sealed = NULL, ethnicity = NULL, political_status = NULL, at_school = NULL,
        health = '{}', education = NULL, labour_capability = NULL, relation_to_head = NULL, disability_grade = NULL,
        speaks_mandarin = NULL, experience_months = NULL, last_occupation = NULL WHERE id = ANY (people);
    UPDATE import_line SET household_id = NULL WHERE import_id = wanted AND household_id = ANY (homes);
    UPDATE doubt SET household_id = NULL WHERE household_id = ANY (homes);
    UPDATE comparison_row SET household_id = NULL WHERE household_id = ANY (homes);
    DELETE FROM hardship_period WHERE household_id = ANY (homes);
    DELETE FROM household_key WHERE household_id = ANY (homes);
    DELETE FROM household WHERE id = ANY (homes);
END $$;
REVOKE EXECUTE ON FUNCTION forget_import FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_import TO wengang_app;
CREATE FUNCTION count_again() RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- What one transaction has written by tens of thousands is unknown to the planner until it is counted. A table
    -- that another such transaction has counted is passed over: nobody waits, so nobody waits for ever.
    ANALYZE (SKIP_LOCKED) worker, person_key, household, hardship_period, employer, spell_report, report_decision,
        employment_spell, doubt;
END $$;
REVOKE EXECUTE ON FUNCTION count_again, hold_seat_again, recoded_elsewhere FROM PUBLIC;
GRANT EXECUTE ON FUNCTION count_again, hold_seat_again, recoded_elsewhere TO wengang_app;
REVOKE EXECUTE ON FUNCTION account_names FROM PUBLIC;
GRANT EXECUTE ON FUNCTION account_names TO wengang_app;
REVOKE EXECUTE ON FUNCTION take_seat, release_seat, claim_job, registered_elsewhere, begin_day, employer_responsiveness, expire_applications, purge_expired_exports,
    purge_abandoned_imports FROM PUBLIC;
GRANT EXECUTE ON FUNCTION take_seat, release_seat, claim_job, registered_elsewhere, begin_day, employer_responsiveness, expire_applications, purge_expired_exports,
    purge_abandoned_imports TO wengang_app;
REVOKE EXECUTE ON FUNCTION registered_here, move_belongings, bureau_of, open_handover, settle_handover FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registered_here, move_belongings, open_handover, settle_handover TO wengang_app;
"""
DOORS = KEY_DOORS + DOORS
DOORS += LOGIN_DOORS + ACCOUNT_DOORS + DELETION_DOORS + STATION_DOORS + CONFIRMATION_DOORS
DOORS += (
    CALLER_DOORS
    + MODEL_DOORS
    + CHAIN_DOORS
    + CONSENT_DOORS
    + OBSERVING_DOORS
    + KEEPING_DOORS
    + KIOSK_DOORS
    + MINI_DOORS
)
"""What the service may do only through a function of the owner's: take a seat at a post that another bureau keeps
(never more than there are) or give back that of a start that never was (once), find the account behind a name or a
token before any scope is known, take up the next job, of whatever account, and what is due once a day for all regions:
applications end that nobody answered, files are cleared that nobody fetched or took in; and how readily an employer
answers, counted over everybody's applications, as numbers alone. A day or a number of days
that the service gets wrong can do no more harm there than the doors' own limits allow. Who is logged in may know the
names of those who changed a record, and nothing else of their accounts. Of a file that was taken back nobody stays whom it
alone had brought: the keys are destroyed, names and marks go. And the planner's counts follow what a long transaction writes."""
