"""The doors that delete a person's data, and know of people whose data was deleted: what is kept of their numbers, and
how it is given up."""

DELETION_DOORS = """
CREATE FUNCTION deleted_numbers(wanted bytea[]) RETURNS SETOF bytea LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Which of these numbers is that of somebody, wherever, whose data was deleted: the key is gone. Nothing else is told.
    SELECT known.number FROM numbered(wanted) known WHERE NOT isempty(app_scope())
    AND NOT EXISTS (SELECT FROM person_key WHERE person_key.worker_id = known.worker_id AND length(sealed_key) > 0) $$;
CREATE FUNCTION release_deleted_number(wanted bytea[]) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    -- Of these alone: whoever else was asked for with them keeps the number, and goes on.
    released bytea[] := ARRAY(SELECT deleted_numbers(wanted));
BEGIN
    -- Somebody whose data was deleted registers again: the number is the new record's, what is left is used no more.
    IF isempty(coalesce(app_scope(), '{}')) OR released = '{}' THEN
        RAISE insufficient_privilege USING MESSAGE = 'not the number of somebody who was deleted';
    END IF;
    UPDATE worker SET restricted = true WHERE id IN (SELECT worker_id FROM numbered(released)
        UNION SELECT worker_id FROM former_number
            WHERE id_number_index = ANY (released) OR id_number_index_2 = ANY (released));
    UPDATE worker SET id_number_sealed = NULL
        WHERE id_number_index = ANY (released) OR id_number_index_2 = ANY (released);
    DELETE FROM former_number WHERE id_number_index = ANY (released) OR id_number_index_2 = ANY (released);
END $$;
CREATE FUNCTION blanked(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN words = '' THEN '' ELSE '已删除' END;
CREATE FUNCTION erase_person(wanted bigint) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    people bigint[];
    homes bigint[];
    names text[];
    called text;
BEGIN
    SELECT array_agg(id), array_agg(DISTINCT household_id) FILTER (WHERE household_id IS NOT NULL),
        array_agg(DISTINCT name::text) FILTER (WHERE length(name) > 1) INTO people, homes, names
        FROM worker WHERE (id = wanted OR merged_into = wanted) AND region_number(region) <@ app_scope();
    IF people IS NULL OR NOT EXISTS (SELECT FROM erasure WHERE worker_id = wanted AND approved_by = app_account()) THEN
        RAISE insufficient_privilege USING MESSAGE = 'not approved by the caller';
    END IF;
    -- With the key goes all that was ever sealed of the person: history, notes, papers, files, answers, frozen rows.
    DELETE FROM person_key WHERE worker_id = ANY (people);
    -- Files, comparisons, hand-overs and answers that tell of several have keys of their own, which others' rows need.
    UPDATE import_line SET sealed_cells = NULL, sealed_judgement = NULL, reason = blanked(reason)
        WHERE worker_id = ANY (people);
    UPDATE comparison_row SET sealed_differences = NULL, note = blanked(note) WHERE worker_id = ANY (people);
    UPDATE job SET argument = argument - 'note' WHERE kind = 'compare.settle' AND state NOT IN ('queued', 'running')
        AND (argument ->> 'import_id')::bigint IN (SELECT import_id FROM comparison_row WHERE worker_id = ANY (people));
    UPDATE handover SET sealed_key = '', reason = '', answer = '' WHERE worker_id = ANY (people);
    WITH closed AS (
        UPDATE handover SET state = 'withdrawn', settled_at = clock_timestamp(), settled_by = app_account()
            WHERE worker_id = ANY (people) AND state = 'open' RETURNING id, worker_id, from_region)
    INSERT INTO audit_event (created_at, account_id, action, noun, row_id, worker_id, region)
        SELECT clock_timestamp(), app_account(), 'erase', 'handover', id, worker_id, from_region FROM closed;
    UPDATE idempotency_key SET sealed_answer = NULL, master_key_id = NULL
        WHERE told_of && people OR worker_id = ANY (people);
    -- Words of the bureau's about the person stand in the clear: that there were any stays, they themselves go.
    UPDATE doubt SET what = blanked(what), explanation = blanked(explanation), statistics = '{}'
        WHERE worker_id = ANY (people);
    UPDATE possible_duplicate SET note = blanked(note) WHERE worker_id = ANY (people) OR other_id = ANY (people);
    UPDATE report_decision SET reason = blanked(reason)
        WHERE report_id IN (SELECT id FROM spell_report WHERE worker_id = ANY (people));
    UPDATE claim_event SET reason = blanked(reason)
        WHERE claim_id IN (SELECT id FROM benefit_claim WHERE worker_id = ANY (people));
    UPDATE claim_audit SET finding = blanked(finding), reply = blanked(reply)
        WHERE claim_id IN (SELECT id FROM benefit_claim WHERE worker_id = ANY (people));
    UPDATE benefit_claim SET reason = blanked(reason) WHERE worker_id = ANY (people);
    UPDATE support_task SET outcome = blanked(outcome) WHERE worker_id = ANY (people);
    UPDATE job_offer SET what = blanked(what) WHERE worker_id = ANY (people);
    UPDATE enrolment SET certificate = NULL WHERE worker_id = ANY (people);
    UPDATE evidence SET source = blanked(source)
        WHERE spell_id IN (SELECT id FROM employment_spell WHERE worker_id = ANY (people));
    UPDATE term_extension SET basis = blanked(basis)
        WHERE spell_id IN (SELECT id FROM employment_spell WHERE worker_id = ANY (people));
    UPDATE employment_spell SET certificate = NULL, superseded_because = blanked(superseded_because)
        WHERE worker_id = ANY (people);
    -- Nobody speaks for her any more; who only spoke for herself is not known by her WeChat either.
    UPDATE worker_binding SET state = 'ended', ended_on = current_date
        WHERE worker_id = ANY (people) AND state IN ('waiting', 'in_force');
    DELETE FROM wechat_account WHERE account_id IN (SELECT account_id FROM worker_binding
            WHERE worker_id = ANY (people) AND speaker = 'self')
        AND NOT EXISTS (SELECT FROM worker_binding other
            WHERE other.account_id = wechat_account.account_id AND other.state = 'in_force');
    UPDATE check_in SET county = NULL WHERE worker_id = ANY (people);
    DELETE FROM work_intention WHERE worker_id = ANY (people);
    DELETE FROM worker_skill WHERE worker_id = ANY (people);
    UPDATE ranking_item SET score = NULL, p_hire = NULL, p_stay_90 = NULL, p_stay_180 = NULL, reasons = '[]'
        WHERE worker_id = ANY (people);
    UPDATE match_plan_person SET score = NULL, p_hire = NULL, p_stay_90 = NULL, p_stay_180 = NULL, reasons = '[]'
        WHERE worker_id = ANY (people);
    -- Words about several of whom the person is one: the name goes.
    FOREACH called IN ARRAY coalesce(names, '{}') LOOP
        UPDATE household SET contact_note = replace(contact_note, called, '某') WHERE id = ANY (homes);
        UPDATE handed_file SET reason = replace(reason, called, '某') WHERE strpos(reason, called) > 0
            AND id IN (SELECT file_id FROM handed_person WHERE worker_id = ANY (people));
        -- What a file was called stands again where it proved something, or was found faulty as a whole.
        UPDATE import SET file_name = replace(file_name, called, '某') WHERE strpos(file_name, called) > 0
            AND id IN (SELECT import_id FROM import_line WHERE worker_id = ANY (people));
        UPDATE evidence SET source = replace(source, called, '某') WHERE strpos(source, called) > 0
            AND import_id IN (SELECT import_id FROM import_line WHERE worker_id = ANY (people));
        UPDATE doubt SET what = replace(what, called, '某') WHERE strpos(what, called) > 0
            AND import_id IN (SELECT import_id FROM import_line WHERE worker_id = ANY (people));
        UPDATE export SET reason = replace(reason, called, '某') WHERE strpos(reason, called) > 0
            AND id IN (SELECT export_id FROM handed_file JOIN handed_person ON file_id = handed_file.id
                WHERE worker_id = ANY (people));
    END LOOP;
    -- The keyed digest of the number stays, so that no list brings the person back.
    UPDATE worker SET restricted = true, name = '已删除', name_pinyin = '', sex = NULL, birth_date = NULL, village = NULL,
        national_number = NULL, household_id = NULL, phone_sealed = NULL, phone_index = NULL, ethnicity = NULL,
        political_status = NULL, at_school = NULL, health = '{}', education = NULL, labour_capability = NULL,
        relation_to_head = NULL, disability_grade = NULL, speaks_mandarin = NULL, experience_months = NULL,
        last_occupation = NULL WHERE id = ANY (people);
    -- The household that nobody is left in goes with its key, and so with its history.
    homes := ARRAY(SELECT home FROM unnest(homes) home WHERE NOT EXISTS (SELECT FROM worker WHERE household_id = home));
    UPDATE import_line SET household_id = NULL, sealed_cells = NULL, sealed_judgement = NULL WHERE household_id = ANY (homes);
    UPDATE doubt SET household_id = NULL, what = blanked(what), explanation = blanked(explanation), statistics = '{}'
        WHERE household_id = ANY (homes);
    DELETE FROM comparison_row WHERE household_id = ANY (homes) AND line IS NULL AND worker_id IS NULL;
    UPDATE comparison_row SET household_id = NULL, sealed_differences = NULL, note = blanked(note)
        WHERE household_id = ANY (homes);
    INSERT INTO audit_event (created_at, account_id, action, noun, row_id, household_id, region)
        SELECT clock_timestamp(), app_account(), 'erase', 'household', id, id, region FROM household WHERE id = ANY (homes);
    DELETE FROM hardship_period WHERE household_id = ANY (homes);
    DELETE FROM household_key WHERE household_id = ANY (homes);
    DELETE FROM household WHERE id = ANY (homes);
END $$;
REVOKE EXECUTE ON FUNCTION deleted_numbers, release_deleted_number, blanked, erase_person FROM PUBLIC;
GRANT EXECUTE ON FUNCTION deleted_numbers, release_deleted_number, erase_person TO wengang_app;
"""
"""Of a number only that it is one of these; it is released for nobody whose key is there. Of a person whose deletion
somebody has approved the key is destroyed and what stands in the clear is blanked (decision 48)."""
