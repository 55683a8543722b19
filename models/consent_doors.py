"""What the database sees to of people's rights: nobody is told of without ground, and what was told stays on record."""

CONSENT_TRIGGERS = """
CREATE FUNCTION consent_stands(wanted bigint, asked text, employer bigint, day date) RETURNS text LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- How it stands with one purpose towards one employer, as `ledger.consents.standing` says it.
    WITH said AS (
        SELECT told.*, told.speaker IN ('self', 'guardian') AS own FROM consent told JOIN worker ON worker.id = told.worker_id
            WHERE coalesce(worker.merged_into, worker.id) = wanted AND told.purpose = asked AND told.told_on <= day
            AND coalesce(told.employer_id = employer, true)),
    heard AS (
        -- Of what somebody has refused themselves nobody else's yes is heard.
        SELECT * FROM said WHERE NOT given OR own OR coalesce((
            SELECT earlier.given FROM said earlier WHERE earlier.own
                AND (earlier.told_on, earlier.id) < (said.told_on, said.id)
                AND (earlier.employer_id IS NULL OR said.employer_id IS NOT NULL)
                ORDER BY earlier.told_on DESC, earlier.id DESC LIMIT 1), true)),
    everywhere AS (SELECT * FROM heard WHERE employer_id IS NULL ORDER BY told_on DESC, id DESC LIMIT 1),
    here AS (SELECT * FROM heard WHERE employer_id = employer ORDER BY told_on DESC, id DESC LIMIT 1)
    SELECT CASE
        WHEN NOT here.given THEN 'withdrawn'
        WHEN NOT everywhere.given AND coalesce((everywhere.told_on, everywhere.id) > (here.told_on, here.id), true)
            THEN 'withdrawn'
        WHEN here.given AND coalesce(here.until >= day, true) THEN 'in_force'
        WHEN NOT everywhere.given THEN 'withdrawn'
        WHEN everywhere.given AND coalesce(everywhere.until >= day, true) THEN 'in_force'
        WHEN coalesce(everywhere.id, here.id) IS NULL THEN 'none'
        ELSE 'expired' END
        FROM (SELECT) one LEFT JOIN everywhere ON true LEFT JOIN here ON true $$;
CREATE FUNCTION check_disclosure() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    person bigint;
    asked text := CASE WHEN NEW.reason = 'claim' THEN 'sensitive' ELSE 'employer' END;
    stands text;
BEGIN
    SELECT coalesce(merged_into, id) INTO person FROM worker WHERE id = NEW.worker_id;
    IF EXISTS (SELECT FROM worker WHERE id = person AND restricted) THEN
        RAISE check_violation USING CONSTRAINT = 'ck_disclosure_usable', MESSAGE = 'only stored';
    END IF;
    stands := consent_stands(person, asked, NEW.employer_id, NEW.told_on);
    -- A no binds whatever the ground; a consent that is the ground is one of these, in force on the day.
    IF stands IN ('withdrawn', 'expired') OR NEW.basis = 'consent' AND (stands <> 'in_force' OR NOT EXISTS (
        SELECT FROM consent told JOIN worker ON worker.id = told.worker_id
            WHERE told.id = NEW.consent_id AND coalesce(worker.merged_into, worker.id) = person
            AND told.purpose = asked AND told.given AND told.told_on <= NEW.told_on
            AND coalesce(told.until >= NEW.told_on, true) AND coalesce(told.employer_id = NEW.employer_id, true))) THEN
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
    -- Files that wait to be fetched and tell of the person, in whatever county, or are being made and may: they are
    -- made anew without.
    WITH records AS (SELECT id FROM worker WHERE id = NEW.id OR merged_into = NEW.id),
    over AS (
        UPDATE export SET expires_at = clock_timestamp() WHERE CASE
            WHEN rows IS NULL THEN starts_with(NEW.region, region) OR (options ->> 'batch')::bigint IN
                (SELECT dispatch_id FROM dispatch_member JOIN records ON records.id = worker_id)
            ELSE coalesce(expires_at > clock_timestamp(), true) AND id IN
                (SELECT export_id FROM handed_file JOIN handed_person ON file_id = handed_file.id
                    JOIN records ON records.id = worker_id) END
            RETURNING id)
    DELETE FROM export_part USING over WHERE export_id = over.id;
    RETURN NULL;
END $$;
CREATE TRIGGER take_back_files AFTER UPDATE OF restricted ON worker FOR EACH ROW
    WHEN (NEW.restricted AND NOT OLD.restricted) EXECUTE FUNCTION take_back_files();
REVOKE EXECUTE ON FUNCTION consent_stands, check_disclosure, keep_disclosure, take_back_files FROM PUBLIC;
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
            RETURNING application.id, application.worker_id, application.worker_region, before.state AS before),
    told AS (
        INSERT INTO application_event (created_at, application_id, from_state, to_state, at, reason)
            SELECT clock_timestamp(), id, before, 'withdrawn', clock_timestamp(), 'consent' FROM ended),
    off_lists AS (
        DELETE FROM dispatch_member USING put_away, dispatch
            WHERE dispatch_member.worker_id = put_away.id AND dispatch.id = dispatch_id
            AND departed IS NULL AND departs_on >= today
            RETURNING dispatch_member.worker_id, put_away.region),
    recorded AS (
        INSERT INTO audit_event (created_at, action, noun, row_id, worker_id, region, change)
            SELECT clock_timestamp(), 'consent_over', 'worker', id, id, region, '{"fields": ["restricted"]}'::jsonb
                FROM put_away
            UNION ALL SELECT clock_timestamp(), 'consent_over', 'application', id, worker_id, worker_region,
                '{"fields": ["decided_on", "reason", "state"]}' FROM ended
            UNION ALL SELECT clock_timestamp(), 'consent_over', 'dispatch_member', NULL, worker_id, region,
                '{"fields": ["dispatch_id"]}' FROM off_lists)
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
    -- And what a fair's card had of them: until the next making there is none, and then one without an order.
    UPDATE fair_invitation card SET card_sealed = NULL, card_made_at = NULL FROM worker
        WHERE worker.id = card.worker_id AND coalesce(worker.merged_into, worker.id) = wanted
        AND (region_number(worker.region) <@ app_scope() OR worker.id = app_worker());
END $$;
REVOKE EXECUTE ON FUNCTION stored_people, restrict_expired, forget_scores FROM PUBLIC;
GRANT EXECUTE ON FUNCTION stored_people, restrict_expired, forget_scores TO wengang_app;
"""
"""A consent to the service that is over puts a person away, of whatever region; plans forget what a model thought of
somebody who does not want to be ranked."""
