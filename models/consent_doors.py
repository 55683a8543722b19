"""What the database sees to of people's rights: nobody is told of without ground, and what was told stays on record."""

CONSENT_TRIGGERS = """
CREATE FUNCTION check_disclosure() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    person bigint;
BEGIN
    SELECT coalesce(merged_into, id) INTO person FROM worker WHERE id = NEW.worker_id;
    IF EXISTS (SELECT FROM worker WHERE id = person AND restricted) THEN
        RAISE check_violation USING CONSTRAINT = 'ck_disclosure_usable', MESSAGE = 'only stored';
    END IF;
    IF NEW.basis = 'consent' AND NOT EXISTS (
        SELECT FROM consent told JOIN worker ON worker.id = told.worker_id
            WHERE told.id = NEW.consent_id AND coalesce(worker.merged_into, worker.id) = person
            AND told.purpose = CASE WHEN NEW.reason = 'claim' THEN 'sensitive' ELSE 'employer' END
            AND told.given AND told.told_on <= NEW.told_on AND coalesce(told.until >= NEW.told_on, true)
            AND coalesce(told.employer_id = NEW.employer_id, true)
            AND NOT EXISTS (SELECT FROM consent later JOIN worker said ON said.id = later.worker_id
                WHERE coalesce(said.merged_into, said.id) = person AND later.purpose = told.purpose
                AND NOT later.given AND coalesce(later.employer_id = NEW.employer_id, true)
                AND (later.told_on, later.id) > (told.told_on, told.id))) THEN
        RAISE check_violation USING CONSTRAINT = 'ck_disclosure_agreed', MESSAGE = 'no consent in force';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER agreed BEFORE INSERT ON disclosure FOR EACH ROW EXECUTE FUNCTION check_disclosure();
CREATE FUNCTION keep_disclosure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Not the owner either: what an employer was told of somebody can be shown for three years.
    IF TG_OP = 'DELETE' AND OLD.created_at < clock_timestamp() - interval '3 years' THEN
        RETURN OLD;
    END IF;
    RAISE check_violation USING CONSTRAINT = 'ck_disclosure_kept', MESSAGE = 'kept for three years';
END $$;
CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON disclosure FOR EACH ROW EXECUTE FUNCTION keep_disclosure();
CREATE TRIGGER kept_all BEFORE TRUNCATE ON disclosure FOR EACH STATEMENT EXECUTE FUNCTION keep_disclosure();
CREATE FUNCTION take_back_files() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- Files that wait to be fetched, or are being made, and may hold the person: they are made anew without.
    WITH over AS (
        UPDATE export SET expires_at = clock_timestamp()
            WHERE starts_with(NEW.region, region) AND (rows IS NULL OR coalesce(expires_at > clock_timestamp(), true))
            RETURNING id)
    DELETE FROM export_part USING over WHERE export_id = over.id;
    RETURN NULL;
END $$;
CREATE TRIGGER take_back_files AFTER UPDATE OF restricted ON worker FOR EACH ROW
    WHEN (NEW.restricted AND NOT OLD.restricted) EXECUTE FUNCTION take_back_files();
REVOKE EXECUTE ON FUNCTION check_disclosure, keep_disclosure, take_back_files FROM PUBLIC;
"""

CONSENT_DOORS = """
CREATE FUNCTION stored_people() RETURNS SETOF bigint LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM worker WHERE restricted
    UNION ALL SELECT gone.id FROM worker kept JOIN worker gone ON gone.merged_into = kept.id WHERE kept.restricted $$;
CREATE FUNCTION restrict_expired(today date) RETURNS bigint LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH last AS (
        SELECT DISTINCT ON (worker.id) worker.id, told.given AND coalesce(told.until >= least(today, current_date + 1), true) AS holds
            FROM consent told JOIN worker said ON said.id = told.worker_id
            JOIN worker ON worker.id = coalesce(said.merged_into, said.id)
            WHERE told.purpose = 'service' AND NOT worker.restricted
            ORDER BY worker.id, told.told_on DESC, told.id DESC),
    put_away AS (
        UPDATE worker SET restricted = true FROM last
            WHERE worker.id = last.id AND NOT last.holds RETURNING worker.id, worker.region),
    ended AS (
        UPDATE application SET state = 'withdrawn', decided_on = today, reason = 'consent'
            FROM put_away, application before WHERE application.worker_id = put_away.id AND before.id = application.id
            AND application.state IN ('proposed', 'applied', 'shortlisted', 'offered', 'accepted', 'pool')
            RETURNING application.id, before.state AS before),
    told AS (
        INSERT INTO application_event (created_at, application_id, from_state, to_state, at, reason)
            SELECT clock_timestamp(), id, before, 'withdrawn', clock_timestamp(), 'consent' FROM ended),
    off_lists AS (
        DELETE FROM dispatch_member USING put_away, dispatch
            WHERE dispatch_member.worker_id = put_away.id AND dispatch.id = dispatch_id
            AND departed IS NULL AND departs_on >= today),
    recorded AS (
        INSERT INTO audit_event (created_at, action, noun, row_id, worker_id, region, change)
            SELECT clock_timestamp(), 'consent_over', 'worker', id, id, region, '{"fields": ["restricted"]}'
            FROM put_away)
    SELECT count(*) FROM put_away $$;
CREATE FUNCTION forget_scores(wanted bigint) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- What is being made now ends first, and is then found, or begins later and knows.
    PERFORM FROM match_plan WHERE state = 'making' FOR SHARE;
    -- Of plans that nobody has approved; what was approved is on record as it was decided.
    UPDATE match_plan_person line SET score = NULL, p_hire = NULL, p_stay_90 = NULL, p_stay_180 = NULL, reasons = '[]'
        FROM match_plan plan, worker WHERE plan.id = line.plan_id AND plan.state IN ('making', 'draft')
        AND worker.id = line.worker_id AND coalesce(worker.merged_into, worker.id) = wanted
        AND line.state NOT IN ('approved', 'ineligible')
        AND (region_number(worker.region) <@ app_scope() OR worker.id = app_worker());
END $$;
CREATE FUNCTION erase_person(wanted bigint) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    people bigint[];
BEGIN
    SELECT array_agg(id) INTO people FROM worker WHERE (id = wanted OR merged_into = wanted)
        AND region_number(region) <@ app_scope();
    IF people IS NULL OR NOT EXISTS (SELECT FROM erasure WHERE worker_id = wanted AND approved_by = app_account()) THEN
        RAISE insufficient_privilege USING MESSAGE = 'not approved by the caller';
    END IF;
    -- With the key goes all that was ever sealed of the person: history, notes, papers, files, answers, frozen rows.
    DELETE FROM person_key WHERE worker_id = ANY (people);
    -- Files, comparisons and hand-overs have keys of their own, which others' rows need.
    UPDATE import_line SET sealed_cells = NULL, sealed_judgement = NULL WHERE worker_id = ANY (people);
    UPDATE comparison_row SET sealed_differences = NULL WHERE worker_id = ANY (people);
    UPDATE handover SET sealed_key = '', reason = '', answer = '' WHERE worker_id = ANY (people);
    DELETE FROM work_intention WHERE worker_id = ANY (people);
    DELETE FROM worker_skill WHERE worker_id = ANY (people);
    UPDATE support_task SET outcome = '' WHERE worker_id = ANY (people);
    UPDATE ranking_item SET score = NULL, p_hire = NULL, p_stay_90 = NULL, p_stay_180 = NULL, reasons = '[]'
        WHERE worker_id = ANY (people);
    UPDATE match_plan_person SET score = NULL, p_hire = NULL, p_stay_90 = NULL, p_stay_180 = NULL, reasons = '[]'
        WHERE worker_id = ANY (people);
    -- Nobody speaks for her any more; who only spoke for herself is not known by her WeChat either.
    UPDATE worker_binding SET state = 'ended', ended_on = current_date
        WHERE worker_id = ANY (people) AND state IN ('waiting', 'in_force');
    DELETE FROM wechat_account WHERE account_id IN (SELECT account_id FROM worker_binding
            WHERE worker_id = ANY (people) AND speaker = 'self')
        AND NOT EXISTS (SELECT FROM worker_binding other
            WHERE other.account_id = wechat_account.account_id AND other.state = 'in_force');
    UPDATE check_in SET county = NULL WHERE worker_id = ANY (people);
    -- The keyed digest of the number stays, so that no list brings the person back.
    UPDATE worker SET restricted = true, name = '已删除', name_pinyin = '', sex = NULL, birth_date = NULL, village = NULL,
        national_number = NULL, household_id = NULL, phone_sealed = NULL, phone_index = NULL, ethnicity = NULL,
        political_status = NULL, at_school = NULL, health = '{}', education = NULL, labour_capability = NULL,
        relation_to_head = NULL, disability_grade = NULL, speaks_mandarin = NULL, experience_months = NULL,
        last_occupation = NULL WHERE id = ANY (people);
END $$;
REVOKE EXECUTE ON FUNCTION stored_people, restrict_expired, forget_scores, erase_person FROM PUBLIC;
GRANT EXECUTE ON FUNCTION stored_people, restrict_expired, forget_scores, erase_person TO wengang_app;
"""
"""A consent to the service that is over puts a person away, of whatever region; of a person whose deletion somebody has
approved the key is destroyed and what stands in the clear is blanked; plans forget what a model thought of somebody who
does not want to be ranked."""
