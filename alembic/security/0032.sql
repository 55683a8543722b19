CREATE FUNCTION region_number(code text) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN rpad(code, 12, '0')::bigint;
CREATE FUNCTION app_scope() RETURNS int8multirange LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.regions', true), '')::int8multirange;
CREATE FUNCTION app_posted_at() RETURNS int8multirange LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.posted_at', true), '')::int8multirange;
CREATE FUNCTION app_posted_of() RETURNS int8multirange LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.posted_of', true), '')::int8multirange;
CREATE FUNCTION app_account() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.account', true), '')::bigint;
CREATE FUNCTION app_worker() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.worker', true), '')::bigint;
CREATE FUNCTION app_employer() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.employer', true), '')::bigint;
CREATE FUNCTION regions_span(codes text[]) RETURNS int8multirange LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (SELECT coalesce(range_agg(int8range(region_number(code), rpad((code::bigint + 1)::text, 12, '0')::bigint)), '{}')
        FROM unnest(codes) code);
CREATE FUNCTION job_lock(number bigint) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN hashtextextended('job ' || number, 0);
CREATE FUNCTION bump_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- What a change of the service's keys writes anew says what it said.
    IF current_setting('app.moving_keys', true) IS DISTINCT FROM 'on' THEN
        NEW.version := OLD.version + 1;
    END IF;
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
    UPDATE doubt SET region = NEW.region WHERE worker_id = NEW.id;
    UPDATE worker SET region = NEW.region WHERE merged_into = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER follow AFTER UPDATE OF region ON worker FOR EACH ROW
    WHEN (OLD.region IS DISTINCT FROM NEW.region) EXECUTE FUNCTION follow_worker();
CREATE FUNCTION end_bulk_action() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- However the job ends, and whoever asked for that, the action is known as not under way: also to those who do not
    -- see the job.
    UPDATE bulk_action SET
        stopped_at = CASE WHEN NEW.state = 'done' THEN stopped_at ELSE clock_timestamp() END,
        stopped_why = CASE WHEN NEW.state = 'done' THEN stopped_why ELSE left(NEW.message, 200) END,
        job_id = nullif(job_id, NEW.id), undo_job_id = nullif(undo_job_id, NEW.id)
    WHERE job_id = NEW.id OR undo_job_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER end_bulk_action AFTER UPDATE OF state ON job FOR EACH ROW
    WHEN (starts_with(NEW.kind, 'bulk.') AND NEW.state NOT IN ('queued', 'running')) EXECUTE FUNCTION end_bulk_action();
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
CREATE FUNCTION place_target_part() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    task target;
    above target_part;
BEGIN
    -- Whoever divides a task waits for the one before: each sees the parts that the other has made.
    SELECT * INTO task FROM target WHERE id = NEW.target_id FOR UPDATE;
    IF NOT starts_with(NEW.region, task.region) OR NEW.region = task.region THEN
        RAISE check_violation USING CONSTRAINT = 'ck_target_part_inside', MESSAGE = 'not inside the region of the task';
    END IF;
    SELECT * INTO above FROM target_part WHERE target_id = NEW.target_id AND withdrawn_at IS NULL
        AND starts_with(NEW.region, region) AND region <> NEW.region ORDER BY length(region) DESC LIMIT 1;
    IF TG_OP = 'INSERT' THEN
        NEW.whole_region := coalesce(above.region, task.region);
    END IF;
    IF NEW.withdrawn_at IS NULL AND NEW.number > coalesce(above.number, task.number) THEN
        RAISE check_violation USING CONSTRAINT = 'ck_target_part_above_whole', MESSAGE = 'larger than its whole';
    END IF;
    IF NEW.withdrawn_at IS NULL AND NEW.number < (SELECT max(number) FROM target_part
            WHERE target_id = NEW.target_id AND withdrawn_at IS NULL AND region <> NEW.region
            AND starts_with(region, NEW.region)) THEN
        RAISE check_violation USING CONSTRAINT = 'ck_target_part_below_parts', MESSAGE = 'smaller than a part of it';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER place BEFORE INSERT OR UPDATE OF number, withdrawn_at ON target_part
    FOR EACH ROW EXECUTE FUNCTION place_target_part();
CREATE FUNCTION follow_spell() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE term_extension SET spell_id = NEW.superseded_by WHERE spell_id = NEW.id;
    UPDATE public_post_placement SET spell_id = NEW.superseded_by WHERE spell_id = NEW.id
        AND NOT EXISTS (SELECT FROM public_post_placement WHERE spell_id = NEW.superseded_by);
    RETURN NULL;
END $$;
CREATE TRIGGER follow AFTER UPDATE OF superseded_by ON employment_spell FOR EACH ROW
    WHEN (NEW.superseded_by IS NOT NULL) EXECUTE FUNCTION follow_spell();
CREATE FUNCTION take_confirmation() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    spell employment_spell;
BEGIN
    SELECT * INTO spell FROM employment_spell WHERE id = NEW.spell_id FOR UPDATE;
    IF spell.superseded_at IS NOT NULL THEN
        RAISE check_violation USING CONSTRAINT = 'ck_spell_confirmation_in_force', MESSAGE = 'spell out of force';
    END IF;
    IF EXISTS (SELECT FROM worker WHERE id = spell.worker_id AND restricted) THEN
        RAISE check_violation USING CONSTRAINT = 'ck_spell_confirmation_usable', MESSAGE = 'only stored';
    END IF;
    IF least(NEW.found_on, NEW.since) < spell.started_on THEN
        RAISE check_violation USING CONSTRAINT = 'ck_spell_confirmation_after_start', MESSAGE = 'before the spell';
    END IF;
    -- Seen at work: the spell is observed until that day. An end that is recorded stays; that the two differ is shown.
    IF NEW.found = 'at_work' AND spell.ended_on IS NULL
        AND NEW.found_on > coalesce(spell.observed_until, spell.started_on - 1) THEN
        NEW.observed_before := coalesce(spell.observed_until, spell.started_on);
        UPDATE employment_spell SET observed_until = NEW.found_on WHERE id = NEW.spell_id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER take BEFORE INSERT ON spell_confirmation
    FOR EACH ROW EXECUTE FUNCTION take_confirmation();
CREATE FUNCTION serve_where_learned() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM ranking_model WHERE id = NEW.model_id
        AND regions_span(NEW.regions) <@ regions_span(regions)) THEN
        RAISE check_violation USING CONSTRAINT = 'ck_ranking_change_where_learned', MESSAGE = 'a model of other regions';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER where_learned BEFORE INSERT ON ranking_change FOR EACH ROW
    WHEN (NEW.model_id IS NOT NULL) EXECUTE FUNCTION serve_where_learned();
REVOKE EXECUTE ON FUNCTION serve_where_learned, take_confirmation, end_bulk_action, fill_application_regions, fill_spell_origin, follow_worker, follow_vacancy,
    follow_spell, keep_household_together, place_target_part FROM PUBLIC;

CREATE FUNCTION stay_as_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE insufficient_privilege USING MESSAGE = TG_TABLE_NAME || ' stays as it was written';
END $$;
CREATE TRIGGER stay BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION stay_as_written();
CREATE TRIGGER stay BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seal
    FOR EACH STATEMENT EXECUTE FUNCTION stay_as_written();
CREATE FUNCTION append_seals() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    first bigint;
    last bigint;
    many bigint;
BEGIN
    SELECT min(sequence), max(sequence), count(*) INTO first, last, many FROM added;
    IF last - first + 1 <> many OR last <> (SELECT max(sequence) FROM audit_seal)
        OR first <> 1 + coalesce((SELECT max(sequence) FROM audit_seal WHERE sequence < first), 0) THEN
        RAISE check_violation USING CONSTRAINT = 'ck_audit_seal_appended', MESSAGE = 'not behind the last link';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER append AFTER INSERT ON audit_seal REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION append_seals();
REVOKE EXECUTE ON FUNCTION stay_as_written, append_seals FROM PUBLIC;

CREATE FUNCTION place_binding() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- Who keeps a station gives rights where it stands, and nowhere else.
    SELECT region INTO NEW.region FROM service_station WHERE id = NEW.station_id;
    RETURN NEW;
END $$;
CREATE TRIGGER place BEFORE INSERT ON account_binding FOR EACH ROW
    WHEN (NEW.station_id IS NOT NULL) EXECUTE FUNCTION place_binding();
CREATE FUNCTION keep_staff() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    today CONSTANT date := (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
    -- Who works at a station is who has its role; since when, and until when, stands beside it.
    IF TG_OP = 'INSERT' THEN
        INSERT INTO station_staff (created_at, station_id, account_id, since)
            VALUES (clock_timestamp(), NEW.station_id, NEW.account_id, today) ON CONFLICT DO NOTHING;
    ELSE
        UPDATE station_staff SET until = greatest(since, today)
            WHERE station_id = OLD.station_id AND account_id = OLD.account_id AND until IS NULL;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER staff_begins AFTER INSERT ON account_binding FOR EACH ROW
    WHEN (NEW.station_id IS NOT NULL) EXECUTE FUNCTION keep_staff();
CREATE TRIGGER staff_ends AFTER DELETE ON account_binding FOR EACH ROW
    WHEN (OLD.station_id IS NOT NULL) EXECUTE FUNCTION keep_staff();
CREATE FUNCTION follow_token() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO token_use (token_id) VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER follow AFTER INSERT ON access_token FOR EACH ROW EXECUTE FUNCTION follow_token();
REVOKE EXECUTE ON FUNCTION place_binding, keep_staff, follow_token FROM PUBLIC;

CREATE FUNCTION keep_indexes_true() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Who does not know yet that there are two keys tells one index: the other one's is another number's by then.
    IF NEW.id_number_sealed IS NULL THEN
        NEW.id_number_index := NULL;
        NEW.id_number_index_2 := NULL;
    ELSIF NEW.id_number_index <> OLD.id_number_index AND NEW.id_number_index_2 = OLD.id_number_index_2 THEN
        NEW.id_number_index_2 := NULL;
    ELSIF NEW.id_number_index_2 <> OLD.id_number_index_2 AND NEW.id_number_index = OLD.id_number_index THEN
        NEW.id_number_index := NULL;
    END IF;
    IF NEW.phone_sealed IS NULL THEN
        NEW.phone_index := NULL;
        NEW.phone_index_2 := NULL;
    ELSIF NEW.phone_index <> OLD.phone_index AND NEW.phone_index_2 = OLD.phone_index_2 THEN
        NEW.phone_index_2 := NULL;
    ELSIF NEW.phone_index_2 <> OLD.phone_index_2 AND NEW.phone_index = OLD.phone_index THEN
        NEW.phone_index := NULL;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_indexes_true BEFORE UPDATE OF id_number_sealed, id_number_index, id_number_index_2, phone_sealed,
    phone_index, phone_index_2 ON worker FOR EACH ROW EXECUTE FUNCTION keep_indexes_true();

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

CREATE FUNCTION keep_speaker() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Who speaks stands on every word that is said by the mini-program's door, whatever writes it.
    NEW.speaker := CASE WHEN app_worker() IS NOT NULL THEN nullif(current_setting('app.speaker', true), '') END;
    RETURN NEW;
END $$;
CREATE TRIGGER speaker BEFORE INSERT ON contact FOR EACH ROW EXECUTE FUNCTION keep_speaker();
CREATE TRIGGER speaker BEFORE INSERT ON check_in FOR EACH ROW EXECUTE FUNCTION keep_speaker();
CREATE TRIGGER speaker BEFORE INSERT ON application_event FOR EACH ROW EXECUTE FUNCTION keep_speaker();
CREATE FUNCTION keep_to_own_word() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    hers CONSTANT text[] := ARRAY['restricted', 'phone_sealed', 'phone_index', 'phone_index_2', 'version'];
BEGIN
    -- Of her record a person changes by herself the telephone, and whether it may be used.
    IF to_jsonb(NEW) - hers <> to_jsonb(OLD) - hers THEN
        RAISE insufficient_privilege USING MESSAGE = 'not a person''s own to change';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER own_word BEFORE UPDATE ON worker FOR EACH ROW
    WHEN (app_worker() IS NOT NULL) EXECUTE FUNCTION keep_to_own_word();
CREATE FUNCTION take_check_in() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    spell employment_spell;
BEGIN
    SELECT * INTO spell FROM employment_spell WHERE id = NEW.spell_id FOR UPDATE;
    IF spell.worker_id <> NEW.worker_id OR spell.superseded_at IS NOT NULL OR NEW.told_on < spell.started_on
        OR EXISTS (SELECT FROM worker WHERE id = spell.worker_id AND restricted) THEN
        RAISE check_violation USING CONSTRAINT = 'ck_check_in_of_own_work', MESSAGE = 'not at this work';
    END IF;
    -- Said to be there: the work is observed until that day, as after a call.
    IF spell.ended_on IS NULL AND NEW.told_on > coalesce(spell.observed_until, spell.started_on - 1) THEN
        UPDATE employment_spell SET observed_until = NEW.told_on WHERE id = NEW.spell_id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER take BEFORE INSERT ON check_in FOR EACH ROW EXECUTE FUNCTION take_check_in();
REVOKE EXECUTE ON FUNCTION keep_speaker, keep_to_own_word, take_check_in FROM PUBLIC;

CREATE FUNCTION keep_to_own_posts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    theirs CONSTANT text[] := ARRAY['state', 'valid_until', 'refreshed_on', 'version'];
BEGIN
    -- What an employer posts is kept by the bureau that keeps the employer; of what a bureau has posted for it, it says
    -- that it is open still, until when, or no more. What was closed stays so.
    IF TG_OP = 'INSERT' THEN
        IF NOT NEW.by_employer OR NEW.import_id IS NOT NULL
            OR NEW.kept_by IS DISTINCT FROM (SELECT kept_by FROM employer WHERE id = NEW.employer_id) THEN
            RAISE insufficient_privilege USING MESSAGE = 'not an employer''s own post';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.employer_id, NEW.kept_by, NEW.by_employer, NEW.is_demo) IS DISTINCT FROM
        (OLD.employer_id, OLD.kept_by, OLD.by_employer, OLD.is_demo) OR OLD.state = 'closed'
        OR NOT OLD.by_employer AND (OLD.state <> 'published' OR NEW.state NOT IN ('published', 'closed')
            OR to_jsonb(NEW) - theirs <> to_jsonb(OLD) - theirs) THEN
        RAISE insufficient_privilege USING MESSAGE = 'not an employer''s own to change';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER own_posts BEFORE INSERT OR UPDATE ON vacancy FOR EACH ROW
    WHEN (app_employer() IS NOT NULL) EXECUTE FUNCTION keep_to_own_posts();
CREATE FUNCTION keep_to_own_answers() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    answers CONSTANT text[] := ARRAY['state', 'decided_on', 'answered_on', 'reason', 'side', 'vacancy_region', 'version'];
BEGIN
    -- An employer looks closer, wants the person, or says no in its own name; every other step is somebody else's.
    IF to_jsonb(NEW) - answers <> to_jsonb(OLD) - answers OR NEW.state IS DISTINCT FROM OLD.state
        AND (NEW.state NOT IN ('shortlisted', 'offered', 'refused')
            OR NEW.state = 'refused' AND NEW.side IS DISTINCT FROM 'employer') THEN
        RAISE insufficient_privilege USING MESSAGE = 'not an employer''s to say';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER own_answers BEFORE UPDATE ON application FOR EACH ROW
    WHEN (app_employer() IS NOT NULL) EXECUTE FUNCTION keep_to_own_answers();
REVOKE EXECUTE ON FUNCTION keep_to_own_posts, keep_to_own_answers FROM PUBLIC;
CREATE FUNCTION hold_keys() RETURNS text LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- First the lock, then the look, each with an eye of its own: who changes the keys sees who looked before.
    PERFORM pg_advisory_xact_lock_shared(7365, 1);
    RETURN (SELECT string_agg(concat_ws(' ', id, state, remembers, sealed_key IS NULL), ',' ORDER BY id)
        FROM service_key);
END $$;
CREATE FUNCTION numbered(wanted bytea[]) RETURNS TABLE (number bytea, worker_id bigint) LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Whose number each is, by either of the two index columns.
    SELECT id_number_index::bytea, coalesce(merged_into, id) FROM worker WHERE id_number_index = ANY (wanted)
    UNION
    SELECT id_number_index_2::bytea, coalesce(merged_into, id) FROM worker WHERE id_number_index_2 = ANY (wanted)
    UNION
    SELECT former.id_number_index::bytea, coalesce(worker.merged_into, worker.id)
        FROM former_number former JOIN worker ON worker.id = former.worker_id
        WHERE former.id_number_index = ANY (wanted)
    UNION
    SELECT former.id_number_index_2::bytea, coalesce(worker.merged_into, worker.id)
        FROM former_number former JOIN worker ON worker.id = former.worker_id
        WHERE former.id_number_index_2 = ANY (wanted) $$;
REVOKE EXECUTE ON FUNCTION hold_keys, numbered FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hold_keys TO wengang_app;
CREATE FUNCTION plain_name(told text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN translate(lower(normalize(told, NFKC)), ' ·•‧∙⋅・᛫●○.,、。｡-‐–—―_''`’‘"“”()[]{}<>《》/*#~!?:;', '');
REVOKE EXECUTE ON FUNCTION plain_name FROM PUBLIC;

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
            -- Who says that she has begun has answered: that waits for a human.
            AND start_told_on IS NULL
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
        AND plain_name(name) = wanted_name $$;
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
REVOKE EXECUTE ON FUNCTION take_seat, release_seat, claim_job, registered_elsewhere, begin_day, expire_applications, purge_expired_exports,
    purge_abandoned_imports FROM PUBLIC;
GRANT EXECUTE ON FUNCTION take_seat, release_seat, claim_job, registered_elsewhere, begin_day, expire_applications, purge_expired_exports,
    purge_abandoned_imports TO wengang_app;
REVOKE EXECUTE ON FUNCTION registered_here, move_belongings, bureau_of, open_handover, settle_handover FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registered_here, move_belongings, open_handover, settle_handover TO wengang_app;

CREATE FUNCTION account_by_username(wanted text)
    RETURNS TABLE (account_id bigint, password_hash text) LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT id, account.password_hash::text FROM account WHERE username = wanted AND active $$;
CREATE FUNCTION account_by_token(wanted bytea, kinds text[])
    RETURNS TABLE (account_id bigint, token_id bigint, areas text[], read_only boolean) LANGUAGE plpgsql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    found access_token;
BEGIN
    SELECT access_token.* INTO found FROM access_token JOIN account ON account.id = access_token.account_id
        WHERE token_hash = wanted AND kind = ANY (kinds) AND active
        AND revoked_at IS NULL AND used_at IS NULL AND expires_at > clock_timestamp();
    IF found.id IS NULL THEN
        RETURN;
    END IF;
    -- To some minutes, and without waiting for another request of the same token.
    UPDATE token_use SET used_at = clock_timestamp() WHERE token_use.token_id = (
        SELECT latest.token_id FROM token_use latest WHERE latest.token_id = found.id
            AND coalesce(latest.used_at, '-infinity') < clock_timestamp() - interval '5 minutes'
            FOR UPDATE SKIP LOCKED);
    RETURN QUERY SELECT found.account_id, found.id, found.areas, found.read_only;
END $$;
CREATE FUNCTION redeem_token(wanted bytea, wanted_kind text) RETURNS bigint LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE access_token SET used_at = clock_timestamp() FROM account
        WHERE account.id = account_id AND token_hash = wanted AND kind = wanted_kind
        AND kind IN ('login_link', 'second_step') AND active
        AND revoked_at IS NULL AND used_at IS NULL AND expires_at > clock_timestamp()
        RETURNING account_id $$;
CREATE FUNCTION end_session(wanted bytea) RETURNS boolean LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- Whoever has a session's secret may end it, whosesoever it is: at one screen one follows the other.
    UPDATE access_token SET revoked_at = clock_timestamp()
        WHERE token_hash = wanted AND kind = 'session' AND revoked_at IS NULL;
    RETURN FOUND;
END $$;
CREATE FUNCTION begin_login(wanted text, name_key bytea, address_key bytea, most integer, most_of_address integer,
    minutes integer) RETURNS TABLE (attempt_id bigint, account_id bigint, home text, failures bigint, wait integer)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    known account;
    since timestamptz := clock_timestamp() - make_interval(mins => least(greatest(minutes, 1), 1440));
    last timestamptz;
    until timestamptz := '-infinity';
    of_address bigint;
BEGIN
    -- Counted before it is tried, and one after the other: however many try at once, no more than the limit get through.
    PERFORM pg_advisory_xact_lock(1, hashtext(name_key::text)), pg_advisory_xact_lock(2, hashtext(address_key::text));
    SELECT * INTO known FROM account WHERE username = wanted AND active;
    SELECT count(*), max(created_at) INTO failures, last FROM login_attempt
        WHERE name_index = name_key AND outcome = 'failed' AND created_at > greatest(since, (
            SELECT max(created_at) FROM login_attempt
                WHERE name_index = name_key AND outcome = 'right' AND created_at > since));
    IF failures >= greatest(most, 3) THEN
        until := last + (clock_timestamp() - since);
    ELSIF failures >= (greatest(most, 3) + 1) / 2 THEN
        until := last + make_interval(secs => least(2 ^ (failures - (greatest(most, 3) + 1) / 2), 30));
    END IF;
    SELECT count(*), max(created_at) INTO of_address, last FROM login_attempt
        WHERE address_index = address_key AND outcome = 'failed' AND created_at > since;
    IF of_address >= greatest(most_of_address, 10) THEN
        until := greatest(until, last + (clock_timestamp() - since));
    END IF;
    account_id := known.id;
    home := known.kept_by;
    wait := greatest(0, ceil(extract(epoch FROM least(until, clock_timestamp() + interval '1 day')
        - clock_timestamp())))::integer;
    IF until > clock_timestamp() THEN
        wait := greatest(wait, 1);
    ELSE
        wait := 0;
        INSERT INTO login_attempt (created_at, name_index, address_index, account_id, outcome)
            VALUES (clock_timestamp(), name_key, address_key, known.id, 'failed') RETURNING id INTO attempt_id;
    END IF;
    RETURN NEXT;
END $$;
CREATE FUNCTION settle_login(wanted bigint, told text) RETURNS void LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ UPDATE login_attempt SET outcome = told WHERE id = wanted AND outcome = 'failed' AND told IN ('right', 'half') $$;
CREATE FUNCTION count_lookups(wanted_day date, told text, numbers bigint) RETURNS bigint LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO number_lookup (account_id, day, means, asked)
        SELECT app_account(), wanted_day, told, greatest(numbers, 0) WHERE app_account() IS NOT NULL
        ON CONFLICT (account_id, day, means) DO UPDATE SET asked = number_lookup.asked + EXCLUDED.asked
        RETURNING asked $$;
CREATE FUNCTION purge_login_attempts(days integer) RETURNS bigint LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH gone AS (
        DELETE FROM login_attempt WHERE created_at < clock_timestamp() - make_interval(days => greatest(days, 30))
            RETURNING 1)
    SELECT count(*) FROM gone $$;
REVOKE EXECUTE ON FUNCTION account_by_username, account_by_token, redeem_token, end_session, begin_login, settle_login,
    count_lookups, purge_login_attempts FROM PUBLIC;
GRANT EXECUTE ON FUNCTION account_by_username, account_by_token, redeem_token, end_session, begin_login, settle_login,
    count_lookups, purge_login_attempts TO wengang_app;

CREATE FUNCTION administered() RETURNS int8multirange LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Where the caller is an administrator: less than the scope, which holds the regions of all roles.
    SELECT regions_span(coalesce(array_agg(region::text), '{}')) FROM account_binding
        WHERE account_id = app_account() AND role = 'administrator' AND region IS NOT NULL $$;
CREATE FUNCTION binding_home(region text, station bigint, employer bigint) RETURNS text LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Whose administrator gives and takes a binding: of a station or an employer that of whoever keeps it.
    SELECT CASE WHEN station IS NOT NULL THEN (SELECT kept_by FROM service_station WHERE id = station)
        WHEN employer IS NOT NULL THEN (SELECT kept_by FROM employer WHERE id = binding_home.employer)
        ELSE region END $$;
CREATE FUNCTION administered_accounts() RETURNS SETOF bigint LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Not one's own, and none that may do anything elsewhere: who could set its password could act there.
    WITH mine AS MATERIALIZED (SELECT administered() AS span)
    SELECT account.id FROM account, mine WHERE account.id <> app_account() AND region_number(kept_by) <@ span
        AND NOT EXISTS (SELECT FROM account_binding WHERE account_id = account.id
            AND NOT coalesce(region_number(binding_home(region, station_id, employer_id)) <@ span, false)) $$;
CREATE FUNCTION accounts_bound_here() RETURNS SETOF bigint LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH mine AS MATERIALIZED (SELECT administered() AS span)
    SELECT account_id FROM account_binding, mine
        WHERE region_number(binding_home(region, station_id, employer_id)) <@ span $$;
CREATE FUNCTION switch_account(wanted bigint, told boolean) RETURNS boolean LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE account SET active = told WHERE id = wanted AND active <> told
        AND id IN (SELECT administered_accounts());
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    -- What was open stays shut when the account is switched on again.
    UPDATE access_token SET revoked_at = clock_timestamp() WHERE account_id = wanted AND revoked_at IS NULL;
    RETURN true;
END $$;
CREATE FUNCTION unlock_account(wanted bigint) RETURNS bigint LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH forgiven AS (
        UPDATE login_attempt SET outcome = 'forgiven' WHERE account_id = wanted AND outcome = 'failed'
            AND account_id IN (SELECT administered_accounts()) RETURNING 1)
    SELECT count(*) FROM forgiven $$;
CREATE FUNCTION accept_invitation(wanted bytea, told_username text, told_name text, told_hash text)
    RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    invited bigint;
BEGIN
    UPDATE access_token SET used_at = clock_timestamp() FROM account
        WHERE account.id = account_id AND token_hash = wanted AND kind = 'invitation' AND active
        AND revoked_at IS NULL AND used_at IS NULL AND expires_at > clock_timestamp()
        RETURNING account_id INTO invited;
    IF invited IS NULL THEN
        RETURN NULL;
    END IF;
    -- Who has a name already keeps it and sets a new password alone.
    UPDATE account SET display_name = CASE WHEN username IS NULL THEN told_name ELSE display_name END,
        username = coalesce(username, told_username), password_hash = told_hash WHERE id = invited;
    UPDATE access_token SET revoked_at = clock_timestamp()
        WHERE account_id = invited AND revoked_at IS NULL AND used_at IS NULL;
    UPDATE login_attempt SET outcome = 'forgiven' WHERE account_id = invited AND outcome = 'failed';
    RETURN invited;
END $$;
CREATE FUNCTION change_own_password(told_hash text) RETURNS boolean LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE account SET password_hash = told_hash WHERE id = app_account() AND active AND username IS NOT NULL;
    RETURN FOUND;
END $$;
CREATE FUNCTION own_account_events(actions text[], most integer) RETURNS SETOF audit_event LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- What was done to the caller's own account, wherever that was: its scope may hold nothing of where it is kept.
    SELECT * FROM audit_event WHERE app_account() IS NOT NULL
        AND ((noun = 'account' AND row_id = app_account() AND action = ANY (actions))
            OR (noun = 'account_binding' AND (change ->> 'account_id')::bigint = app_account()))
        ORDER BY id DESC LIMIT least(most, 100) $$;
REVOKE EXECUTE ON FUNCTION administered, binding_home, administered_accounts, accounts_bound_here, switch_account,
    unlock_account, accept_invitation, change_own_password, own_account_events FROM PUBLIC;
GRANT EXECUTE ON FUNCTION administered, binding_home, administered_accounts, accounts_bound_here, switch_account,
    unlock_account, accept_invitation, change_own_password, own_account_events TO wengang_app;

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
    UPDATE support_task SET outcome = blanked(outcome), answer = blanked(answer) WHERE worker_id = ANY (people);
    UPDATE job_offer SET what = blanked(what) WHERE worker_id = ANY (people);
    UPDATE enrolment SET certificate = NULL WHERE worker_id = ANY (people);
    UPDATE evidence SET source = blanked(source)
        WHERE spell_id IN (SELECT id FROM employment_spell WHERE worker_id = ANY (people));
    UPDATE term_extension SET basis = blanked(basis)
        WHERE spell_id IN (SELECT id FROM employment_spell WHERE worker_id = ANY (people));
    UPDATE employment_spell SET certificate = NULL, superseded_because = blanked(superseded_because)
        WHERE worker_id = ANY (people);
    -- Nobody speaks for her any more; who only spoke for herself is not known by her WeChat either.
    UPDATE worker_binding SET state = 'ended', ended_on = current_date, ended_by = app_account()
        WHERE worker_id = ANY (people) AND state IN ('waiting', 'in_force');
    WITH unknown AS (
        DELETE FROM wechat_account WHERE account_id IN (SELECT account_id FROM worker_binding
                WHERE worker_id = ANY (people) AND speaker = 'self')
            AND NOT EXISTS (SELECT FROM worker_binding other
                WHERE other.account_id = wechat_account.account_id AND other.state IN ('waiting', 'in_force'))
            RETURNING account_id)
    UPDATE access_token SET revoked_at = clock_timestamp()
        WHERE account_id IN (SELECT account_id FROM unknown) AND kind = 'worker' AND revoked_at IS NULL;
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

CREATE FUNCTION staffed_stations() RETURNS SETOF bigint LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT station_id FROM account_binding WHERE account_id = app_account() AND role = 'station'
        AND station_id IS NOT NULL $$;
CREATE FUNCTION end_posting(wanted bigint, told_account bigint) RETURNS TABLE (binding_id bigint, kept_by text, place text)
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Who keeps a station says who works there no more, though he may not manage accounts; nobody takes his own.
    DELETE FROM account_binding bound USING service_station station WHERE station.id = wanted
        AND bound.station_id = station.id AND bound.role = 'station' AND bound.account_id = told_account
        AND told_account <> app_account() AND region_number(station.kept_by) <@ app_scope()
        RETURNING bound.id, station.kept_by::text, bound.region::text $$;
CREATE FUNCTION posted_stations() RETURNS SETOF bigint LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- The open stations by whose role the caller looks after people in this transaction.
    SELECT station.id FROM account_binding binding JOIN service_station station ON station.id = binding.station_id
        WHERE binding.account_id = app_account() AND binding.role = 'station' AND station.closed_on IS NULL
        AND region_number(station.region) <@ app_posted_at() AND region_number(station.kept_by) <@ app_posted_of() $$;
CREATE FUNCTION names_of_tasks(wanted bigint[]) RETURNS TABLE (task_id bigint, name text, sex text, told_on date,
    employer_id bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Of whom a station's problems tell, while they are its county's people; of nobody whose data is only stored. NULL wants all.
    SELECT task.id, worker.name::text, worker.sex::text, contact.contacted_on,
            (SELECT spell.employer_id FROM employment_spell spell
            WHERE spell.worker_id = worker.id AND spell.superseded_at IS NULL AND spell.is_main
            AND region_number(spell.region) <@ app_posted_at() ORDER BY spell.started_on DESC, spell.id DESC LIMIT 1)
        FROM support_task task JOIN contact ON contact.id = task.contact_id JOIN worker said ON said.id = task.worker_id
        JOIN worker ON worker.id = coalesce(said.merged_into, said.id)
        WHERE coalesce(task.id = ANY (wanted), true) AND task.station_id IN (SELECT posted_stations())
        AND NOT worker.restricted AND region_number(worker.region) <@ app_posted_of() $$;
CREATE FUNCTION undo_confirmation(wanted bigint, told_source text) RETURNS date LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    look spell_confirmation;
    spell employment_spell;
    other bigint;
BEGIN
    -- By the account that pressed it, on the day of the calendar on which it did; the day that it had carried the
    -- observation on from comes back, unless somebody else knew the person to be there as well.
    SELECT * INTO look FROM spell_confirmation WHERE id = wanted FOR UPDATE;
    IF look.id IS NULL OR look.account_id IS DISTINCT FROM app_account()
        OR (look.created_at AT TIME ZONE 'Asia/Shanghai')::date
            <> (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date THEN
        RETURN NULL;
    END IF;
    SELECT * INTO spell FROM employment_spell WHERE id = look.spell_id FOR UPDATE;
    IF spell.superseded_at IS NOT NULL THEN
        RETURN NULL;
    END IF;
    DELETE FROM spell_confirmation WHERE id = wanted;
    DELETE FROM evidence WHERE look.found = 'at_work' AND spell_id = look.spell_id AND covers_to = look.found_on
        AND import_id IS NULL AND copy_of IS NULL AND withdrawn_at IS NULL
        AND source = told_source
        AND NOT EXISTS (SELECT FROM attachment WHERE evidence_id = evidence.id)
        AND NOT EXISTS (SELECT FROM evidence copy WHERE copy.copy_of = evidence.id);
    IF look.observed_before IS NOT NULL AND spell.ended_on IS NULL AND spell.observed_until = look.found_on THEN
        SELECT beside.id INTO other FROM spell_confirmation beside WHERE beside.spell_id = look.spell_id
            AND beside.found = 'at_work' AND beside.found_on = look.found_on ORDER BY beside.id LIMIT 1;
        IF other IS NOT NULL THEN
            UPDATE spell_confirmation SET observed_before = look.observed_before WHERE id = other;
        ELSIF NOT EXISTS (SELECT FROM evidence WHERE spell_id = look.spell_id AND covers_to >= look.found_on
                AND withdrawn_at IS NULL)
            AND NOT EXISTS (SELECT FROM contact call WHERE call.worker_id = spell.worker_id AND call.contacted_on = look.found_on
                AND call.found IN ('at_work', 'in_difficulty', 'wants_away')) THEN
            UPDATE employment_spell SET observed_until = look.observed_before WHERE id = look.spell_id;
            RETURN look.observed_before;
        END IF;
    END IF;
    RETURN coalesce(spell.observed_until, spell.started_on);
END $$;
REVOKE EXECUTE ON FUNCTION staffed_stations, end_posting, posted_stations, names_of_tasks, undo_confirmation FROM PUBLIC;
GRANT EXECUTE ON FUNCTION staffed_stations, end_posting, posted_stations, names_of_tasks, undo_confirmation TO wengang_app;

CREATE FUNCTION names_at_work(wanted bigint[]) RETURNS TABLE (spell_id bigint, name text, sex text) LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Whom the place of work is to look for at an employer of its own; of nobody whose data is only stored.
    SELECT spell.id, worker.name::text, worker.sex::text
        FROM employment_spell spell JOIN worker ON worker.id = spell.worker_id
        WHERE spell.id = ANY (wanted) AND spell.superseded_at IS NULL AND NOT worker.restricted
        AND (region_number(spell.region) <@ app_scope() OR region_number(spell.origin_region) <@ app_scope()
            OR region_number(spell.region) <@ app_posted_at() AND region_number(spell.origin_region) <@ app_posted_of()) $$;
REVOKE EXECUTE ON FUNCTION names_at_work FROM PUBLIC;
GRANT EXECUTE ON FUNCTION names_at_work TO wengang_app;

CREATE FUNCTION announce(told_event text, regions text[], told jsonb) RETURNS void LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- To each address whose region holds one of these; what one that is switched off misses can be sent later.
    WITH made AS (
        INSERT INTO webhook_delivery (created_at, webhook_id, event, payload, happened_at, state, error)
            SELECT clock_timestamp(), hook.id, told_event, told, clock_timestamp(),
                CASE WHEN hook.switched_off_at IS NULL THEN 'waiting' ELSE 'failed' END,
                CASE WHEN hook.switched_off_at IS NULL THEN NULL ELSE 'off' END
            FROM webhook hook WHERE told_event = ANY (hook.events)
            AND EXISTS (SELECT FROM unnest(regions) region WHERE starts_with(region, hook.region))
            RETURNING id, webhook_id, state)
    INSERT INTO outbox_message (created_at, topic, payload, due_at)
        SELECT clock_timestamp(), 'webhook', jsonb_build_object('delivery_id', made.id, 'webhook_id', webhook_id),
            -- One that takes nothing just now is not tried anew for each thing that happens: it waits with the others.
            CASE WHEN hook.failing_since IS NOT NULL THEN (SELECT min(due_at) FROM outbox_message waiting
                WHERE waiting.topic = 'webhook' AND sent_at IS NULL AND given_up_at IS NULL AND due_at > clock_timestamp()
                AND waiting.payload -> 'webhook_id' = to_jsonb(webhook_id)) END
        FROM made JOIN webhook hook ON hook.id = webhook_id WHERE state = 'waiting' $$;
CREATE FUNCTION put_off_others(wanted bigint) RETURNS void LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Who did not take one message is asked nothing else before that is tried again; but one message that it never takes
    -- keeps the others waiting for no more than a quarter of an hour.
    UPDATE outbox_message other SET due_at = least(tried.due_at, clock_timestamp() + interval '15 minutes')
        FROM outbox_message tried WHERE tried.id = wanted AND tried.topic = 'webhook' AND other.topic = 'webhook'
        AND other.payload -> 'webhook_id' = tried.payload -> 'webhook_id' AND other.id <> wanted
        AND other.sent_at IS NULL AND other.given_up_at IS NULL
        AND coalesce(other.due_at < least(tried.due_at, clock_timestamp() + interval '15 minutes'), true) $$;
CREATE FUNCTION delivery_to_send(wanted bigint) RETURNS TABLE (url text, event text, payload jsonb, happened_at timestamptz,
    state text, is_off boolean, master_key_ids text[], secrets bytea[]) LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT hook.url::text, message.event::text, message.payload, message.happened_at, message.state::text,
        hook.switched_off_at IS NOT NULL, ARRAY_AGG(secret.master_key_id::text ORDER BY secret.id DESC),
        ARRAY_AGG(secret.secret_sealed ORDER BY secret.id DESC)
        FROM webhook_delivery message JOIN webhook hook ON hook.id = message.webhook_id
        JOIN webhook_secret secret ON secret.webhook_id = hook.id
            AND coalesce(secret.good_until > clock_timestamp(), true)
        WHERE message.id = wanted GROUP BY hook.id, message.id $$;
CREATE FUNCTION note_delivery(wanted bigint, told_state text, told_code integer, told_error text, off_after interval)
    RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    hook bigint;
BEGIN
    UPDATE webhook_delivery SET state = told_state, code = told_code, error = told_error,
        attempts = attempts + (coalesce(told_error, '') <> 'off')::int, tried_at = clock_timestamp()
        WHERE id = wanted RETURNING webhook_id INTO hook;
    IF told_state = 'delivered' THEN
        UPDATE webhook SET failing_since = NULL WHERE id = hook AND failing_since IS NOT NULL;
    ELSIF coalesce(told_error, '') <> 'off' THEN
        UPDATE webhook SET failing_since = clock_timestamp() WHERE id = hook AND failing_since IS NULL;
        UPDATE webhook SET switched_off_at = clock_timestamp()
            WHERE id = hook AND switched_off_at IS NULL AND failing_since < clock_timestamp() - off_after;
    END IF;
END $$;
CREATE FUNCTION purge_deliveries(days integer) RETURNS bigint LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH gone AS (DELETE FROM webhook_delivery
            WHERE created_at < clock_timestamp() - make_interval(days => greatest(days, 7)) RETURNING 1),
    sent AS (DELETE FROM outbox_message WHERE topic = 'webhook'
            AND created_at < clock_timestamp() - make_interval(days => greatest(days, 7))),
    old AS (DELETE FROM webhook_secret WHERE good_until < clock_timestamp())
    SELECT count(*) FROM gone $$;
REVOKE EXECUTE ON FUNCTION announce, put_off_others, delivery_to_send, note_delivery, purge_deliveries FROM PUBLIC;
GRANT EXECUTE ON FUNCTION announce, put_off_others, delivery_to_send, note_delivery, purge_deliveries TO wengang_app;

CREATE FUNCTION accounts_within(wanted text[]) RETURNS TABLE (account_id bigint, display_name text, region text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- The bureau of the caller and those below it, by what one of these roles makes of them there.
    SELECT DISTINCT account.id, account.display_name::text, binding.region::text
        FROM account JOIN account_binding binding ON binding.account_id = account.id
        WHERE account.active AND binding.role = ANY (wanted) AND region_number(binding.region) <@ app_scope() $$;
REVOKE EXECUTE ON FUNCTION accounts_within FROM PUBLIC;
GRANT EXECUTE ON FUNCTION accounts_within TO wengang_app;

CREATE FUNCTION ask_for_trainings() RETURNS bigint LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH bureau AS (
        -- One of those who may train there; the job has no other rights than that account has when it runs.
        SELECT DISTINCT ON (regions) to_jsonb(regions) AS regions, account_id FROM (
            SELECT account_id, array_agg(DISTINCT binding.region ORDER BY binding.region) AS regions
                FROM account_binding binding JOIN account ON account.id = account_id AND active
                WHERE role IN ('county', 'city') AND binding.region IS NOT NULL GROUP BY account_id) AS bound
            ORDER BY regions, account_id),
    asked AS (
        INSERT INTO job (created_at, account_id, kind, argument, state, attempts, done, total, message, result,
            cancel_asked)
        SELECT clock_timestamp(), account_id, 'models.train',
            jsonb_build_object('regions', bureau.regions, 'monthly', true), 'queued', 0, 0, 0, '', '{}', false
            FROM bureau WHERE NOT EXISTS (SELECT FROM job WHERE kind = 'models.train'
                AND argument -> 'regions' = bureau.regions AND (state IN ('queued', 'running')
                OR created_at >= date_trunc('month', clock_timestamp(), 'Asia/Shanghai')))
        RETURNING 1)
    SELECT count(*) FROM asked $$;
REVOKE EXECUTE ON FUNCTION ask_for_trainings FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ask_for_trainings TO wengang_app;

CREATE FUNCTION seal_audit(after bigint, at_most integer)
    RETURNS TABLE (sealed integer, reached bigint, drawn bigint, running bigint, ours bigint)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    link bigint;
    previous bytea;
    waiting record;
    events bigint[];
    hashes bytea[];
    at_once CONSTANT timestamptz := clock_timestamp();
BEGIN
    -- One at a time: a second sealer has nothing to do.
    IF NOT pg_try_advisory_xact_lock(hashtext('seal audit')) THEN
        RETURN;
    END IF;
    -- The numbers that are drawn by now belong to transactions that began before ours writes its first link; the
    -- oldest one at work says which have ended.
    SELECT last_value INTO drawn FROM audit_event_id_seq;
    running := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
    SELECT sequence, hash INTO link, previous FROM audit_seal ORDER BY sequence DESC LIMIT 1;
    link := coalesce(link, 0);
    previous := coalesce(previous, '');
    sealed := 0;
    FOR waiting IN SELECT e.id, jsonb_strip_nulls(jsonb_build_object('id', e."id"::text, 'created_at', (extract(epoch FROM e."created_at") * 1000000)::bigint::text, 'account_id', e."account_id"::text, 'request_id', e."request_id"::text, 'action', e."action"::text, 'noun', e."noun"::text, 'row_id', e."row_id"::text, 'worker_id', e."worker_id"::text, 'household_id', e."household_id"::text, 'import_id', e."import_id"::text, 'import_line', e."import_line"::text, 'region', e."region"::text, 'change', e."change"::text, 'sealed_change', encode(e."sealed_change", 'hex')::text))::text AS content FROM audit_event e WHERE e.id > after
        AND NOT EXISTS (SELECT FROM audit_seal WHERE event_id = e.id) ORDER BY e.id LIMIT at_most
    LOOP
        sealed := sealed + 1;
        previous := sha256(previous || convert_to(
            link + sealed || ' ' || waiting.id || ' ' || (extract(epoch FROM at_once) * 1000000)::bigint || E'\n' || waiting.content, 'UTF8'));
        events[sealed] := waiting.id;
        hashes[sealed] := previous;
    END LOOP;
    reached := events[sealed];
    INSERT INTO audit_seal (sequence, event_id, sealed_at, hash)
        SELECT link + place, event_id, at_once, hash
        FROM unnest(events, hashes) WITH ORDINALITY AS made (event_id, hash, place) ORDER BY place;
    ours := CASE WHEN sealed > 0 THEN pg_current_xact_id()::text::bigint END;
    RETURN NEXT;
END $$;
CREATE FUNCTION audit_head() RETURNS TABLE (sequence bigint, hash bytea, sealed_at timestamptz) LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT sequence, hash, sealed_at FROM audit_seal ORDER BY sequence DESC LIMIT 1 $$;
CREATE FUNCTION audit_waiting_since() RETURNS timestamptz LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp
    RETURN (SELECT min(created_at) FROM audit_event
        WHERE id > (SELECT coalesce(max(event_id), 0) FROM audit_seal));
REVOKE EXECUTE ON FUNCTION seal_audit, audit_head, audit_waiting_since FROM PUBLIC;
GRANT EXECUTE ON FUNCTION seal_audit, audit_head, audit_waiting_since TO wengang_app;
-- To own a function one must be able to create it, for that moment.
GRANT CREATE ON SCHEMA public TO wengang_sealer;
ALTER FUNCTION seal_audit OWNER TO wengang_sealer;
REVOKE CREATE ON SCHEMA public FROM wengang_sealer;

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

CREATE FUNCTION schema_revision() RETURNS text LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$ SELECT min(version_num)::text FROM alembic_version $$;
CREATE FUNCTION same_revision() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    told CONSTANT text := nullif(current_setting('app.revision', true), '');
BEGIN
    -- A program says with its connection which schema it was made for. The statement holds its table by now: a
    -- migration of that table has ended, or waits for us.
    IF told IS NOT NULL AND told NOT IN (SELECT version_num FROM alembic_version) THEN
        RAISE object_not_in_prerequisite_state
            USING CONSTRAINT = 'same_revision', MESSAGE = 'written for another revision of the schema';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION job_figures() RETURNS TABLE (kind text, state text, jobs bigint, seconds double precision,
    within bigint[], oldest timestamptz) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT kind, state, count(*), coalesce(sum(extract(epoch FROM finished_at - started_at)), 0)::double precision,
        ARRAY[count(*) FILTER (WHERE finished_at - started_at <= interval '1 seconds'), count(*) FILTER (WHERE finished_at - started_at <= interval '5 seconds'), count(*) FILTER (WHERE finished_at - started_at <= interval '30 seconds'), count(*) FILTER (WHERE finished_at - started_at <= interval '120 seconds'), count(*) FILTER (WHERE finished_at - started_at <= interval '600 seconds'), count(*) FILTER (WHERE finished_at - started_at <= interval '3600 seconds')], min(created_at) FROM job GROUP BY kind, state $$;
CREATE FUNCTION models_in_force() RETURNS TABLE (model_id bigint, as_of date, file_sha256 text, intact boolean,
    faulty boolean) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT ranking_model.id, ranking_model.as_of, ranking_model.file_sha256::text,
        coalesce(encode(sha256(file), 'hex') = ranking_model.file_sha256, false),
        EXISTS (SELECT FROM ranking_fault WHERE ranking_fault.model_id = ranking_model.id)
        FROM (SELECT DISTINCT ON (regions) ranking_change.model_id FROM ranking_change ORDER BY regions, id DESC) latest
        JOIN ranking_model ON ranking_model.id = latest.model_id $$;
REVOKE EXECUTE ON FUNCTION schema_revision, same_revision, job_figures, models_in_force FROM PUBLIC;
GRANT EXECUTE ON FUNCTION schema_revision, job_figures, models_in_force TO wengang_app;

CREATE FUNCTION purge_answers(days integer) RETURNS bigint LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH gone AS (
        -- A device, a person's telephone among them, sends its commands again after months without a line: its keys stay.
        DELETE FROM idempotency_key WHERE created_at < clock_timestamp() - make_interval(days => greatest(days, 30))
            AND NOT EXISTS (SELECT FROM account_binding bound
                WHERE bound.account_id = idempotency_key.account_id AND bound.role IN ('kiosk', 'worker')) RETURNING 1)
    SELECT count(*) FROM gone $$;
CREATE FUNCTION answer_deleted(wanted bigint) RETURNS boolean LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Of an answer of the caller's that can't be opened: because somebody was deleted, or only because they are elsewhere.
    SELECT kept.sealed_answer IS NULL OR NOT EXISTS (
        SELECT FROM person_key WHERE person_key.worker_id = kept.worker_id AND length(sealed_key) > 0)
        FROM idempotency_key kept WHERE kept.id = wanted AND kept.account_id = app_account() $$;
CREATE FUNCTION note_handed(file bigint, people bigint[]) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM handed_file WHERE id = file AND account_id = app_account()) THEN
        RAISE insufficient_privilege USING MESSAGE = 'not a file of the caller''s';
    END IF;
    INSERT INTO handed_person (file_id, worker_id) SELECT file, worker.id FROM worker WHERE worker.id = ANY (people)
        ON CONFLICT DO NOTHING;
END $$;
CREATE FUNCTION purge_handed() RETURNS bigint LANGUAGE plpgsql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    over bigint[];
BEGIN
    SELECT array_agg(id) INTO over FROM handed_file WHERE created_at < clock_timestamp()
        - CASE WHEN masked THEN interval '30 days' ELSE interval '3 years' END;
    DELETE FROM handed_person WHERE file_id = ANY (over);
    DELETE FROM handed_file WHERE id = ANY (over);
    RETURN coalesce(cardinality(over), 0);
END $$;
REVOKE EXECUTE ON FUNCTION purge_answers, answer_deleted, note_handed, purge_handed FROM PUBLIC;
GRANT EXECUTE ON FUNCTION purge_answers, answer_deleted, note_handed, purge_handed TO wengang_app;

CREATE FUNCTION app_device() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.device', true), '')::bigint;
CREATE FUNCTION device_fair() RETURNS bigint LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT fair_id FROM kiosk_device WHERE id = app_device() AND token_hash IS NOT NULL AND revoked_at IS NULL $$;
CREATE FUNCTION device_by_token(wanted bytea) RETURNS TABLE (device_id bigint, fair_id bigint) LANGUAGE plpgsql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    found kiosk_device;
BEGIN
    SELECT * INTO found FROM kiosk_device WHERE token_hash = wanted AND revoked_at IS NULL;
    IF found.id IS NULL THEN
        RETURN;
    END IF;
    -- To a minute, and without waiting for another request of the same device.
    UPDATE kiosk_device SET last_seen_at = clock_timestamp() WHERE id = (
        SELECT seen.id FROM kiosk_device seen WHERE seen.id = found.id
            AND coalesce(seen.last_seen_at, '-infinity') < clock_timestamp() - interval '1 minute'
            FOR UPDATE SKIP LOCKED);
    RETURN QUERY SELECT found.id, found.fair_id;
END $$;
CREATE FUNCTION enrol_device(wanted bytea, told_token bytea) RETURNS bigint LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE kiosk_device SET token_hash = told_token, enrolled_at = clock_timestamp(), last_seen_at = clock_timestamp()
        WHERE code_hash = wanted AND token_hash IS NULL AND revoked_at IS NULL
        AND code_expires_at > clock_timestamp() RETURNING id $$;
CREATE FUNCTION count_device_number(mark bytea, most integer) RETURNS boolean LANGUAGE plpgsql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- So many different numbers an hour: a device that is stolen and not yet revoked is no directory.
    UPDATE kiosk_device SET numbers = '{}', lookups_since = clock_timestamp() WHERE id = app_device()
        AND coalesce(lookups_since, '-infinity') <= clock_timestamp() - interval '1 hour';
    UPDATE kiosk_device SET numbers = CASE WHEN mark = ANY (numbers) THEN numbers ELSE numbers || mark END
        WHERE id = app_device() AND (mark = ANY (numbers) OR cardinality(numbers) < most);
    RETURN FOUND;
END $$;
CREATE FUNCTION fair_cards(wanted bytea) RETURNS TABLE (code_hash bytea, card_sealed bytea, secret_sealed bytea,
    master_key_id text, sealed_key bytea, card_made_at timestamptz) LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- The cards of the device's fair, or the one asked for; of nobody whose data is only stored or was deleted.
    SELECT card.code_hash::bytea, card.card_sealed::bytea, card.secret_sealed::bytea,
            person_key.master_key_id::text, person_key.sealed_key::bytea, card.card_made_at::timestamptz
        FROM fair_invitation card JOIN person_key ON person_key.worker_id = card.worker_id
        WHERE card.fair_id = device_fair() AND card.revoked_at IS NULL AND card.card_sealed IS NOT NULL
        AND (wanted IS NULL OR card.code_hash = wanted) AND length(person_key.sealed_key) > 0
        AND card.worker_id NOT IN (SELECT stored_people()) $$;
CREATE FUNCTION invited_here(wanted bytea) RETURNS TABLE (worker_id bigint, is_demo boolean, secret_sealed bytea,
    master_key_id text, sealed_key bytea) LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Whose invitation has this name, and what the secret is opened by: the name alone lets nobody speak for her.
    SELECT kept.id, kept.is_demo, card.secret_sealed::bytea, person_key.master_key_id::text, person_key.sealed_key::bytea
        FROM fair_invitation card JOIN worker said ON said.id = card.worker_id
        JOIN worker kept ON kept.id = coalesce(said.merged_into, said.id)
        JOIN person_key ON person_key.worker_id = card.worker_id
        WHERE card.code_hash = wanted AND card.fair_id = device_fair() AND card.revoked_at IS NULL
        AND NOT kept.restricted AND length(person_key.sealed_key) > 0 $$;
CREATE FUNCTION attending_here(wanted bytea[]) RETURNS TABLE (worker_id bigint, is_demo boolean, code_hash bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Whose number it is, of the fair's own region, and the invitation if there is one.
    SELECT kept.id, kept.is_demo, (SELECT card.code_hash::bytea FROM fair_invitation card
            JOIN worker said ON said.id = card.worker_id
            WHERE card.fair_id = fair.id AND card.revoked_at IS NULL AND coalesce(said.merged_into, said.id) = kept.id
            ORDER BY card.id DESC LIMIT 1)
        FROM numbered(wanted) known JOIN worker kept ON kept.id = known.worker_id
        JOIN fair ON fair.id = device_fair() AND starts_with(kept.region, fair.region)
        WHERE NOT kept.restricted LIMIT 1 $$;
CREATE FUNCTION purge_waiting_commands(days integer) RETURNS bigint LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Nobody has said for so long whose they are: that something was said stays, who said it is forgotten.
    WITH forgotten AS (
        UPDATE kiosk_command SET sealed = NULL WHERE sealed IS NOT NULL
            AND created_at < clock_timestamp() - make_interval(days => greatest(days, 30)) RETURNING 1)
    SELECT count(*) FROM forgotten $$;
REVOKE EXECUTE ON FUNCTION purge_waiting_commands, device_fair, device_by_token, enrol_device, count_device_number, fair_cards, invited_here,
    attending_here FROM PUBLIC;
GRANT EXECUTE ON FUNCTION purge_waiting_commands, device_fair, device_by_token, enrol_device, count_device_number, fair_cards, invited_here,
    attending_here TO wengang_app;

CREATE FUNCTION worker_home() RETURNS text LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT region::text FROM worker WHERE id = app_worker() $$;
CREATE FUNCTION my_dispatches() RETURNS SETOF bigint LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT dispatch_id FROM dispatch_member WHERE worker_id = app_worker() $$;
CREATE FUNCTION townspeople_of_mine(as_of date, fewest bigint) RETURNS TABLE (employer_id bigint, county text, people bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- How many of her county are at work where; a number so small that it could tell of somebody is not told.
    SELECT employer_id, left(origin_region, 6), count(DISTINCT worker_id) FROM employment_spell
        WHERE app_worker() IS NOT NULL AND left(origin_region, 6) = left(worker_home(), 6) AND length(origin_region) >= 6
        AND employer_id IS NOT NULL AND superseded_at IS NULL AND started_on <= as_of
        AND (ended_on IS NULL OR ended_on >= as_of) AND worker_id NOT IN (SELECT stored_people())
        GROUP BY 1, 2 HAVING count(DISTINCT worker_id) >= greatest(fewest, 3) $$;
CREATE FUNCTION open_wechat_account(mark bytea, key_id text, sealed bytea, told_name text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    found bigint;
BEGIN
    -- Two telephones of one person may log in for the first time at once.
    PERFORM pg_advisory_xact_lock(3, hashtext(mark::text));
    SELECT account_id INTO found FROM wechat_account WHERE openid_mark = mark;
    IF found IS NULL THEN
        INSERT INTO account (created_at, display_name, active, is_demo)
            VALUES (clock_timestamp(), told_name, true, false) RETURNING id INTO found;
        INSERT INTO account_binding (created_at, account_id, role) VALUES (clock_timestamp(), found, 'worker');
        INSERT INTO wechat_account (created_at, account_id, openid_mark, master_key_id, identity_sealed)
            VALUES (clock_timestamp(), found, mark, key_id, sealed);
    END IF;
    RETURN (SELECT id FROM account WHERE id = found AND active);
END $$;
CREATE FUNCTION keep_wechat_phone(key_id text, sealed bytea) RETURNS boolean LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE wechat_account SET master_key_id = key_id, identity_sealed = sealed, phone_verified_at = clock_timestamp()
        WHERE account_id = app_account();
    RETURN FOUND;
END $$;
CREATE FUNCTION bound_people() RETURNS TABLE (binding_id bigint, worker_id bigint, speaker text, state text, name text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Of whom she may speak for the name too; of whom she asked for, nothing.
    SELECT binding.id, kept.id, binding.speaker::text, binding.state::text,
        CASE WHEN binding.state = 'in_force' THEN kept.name::text END
        FROM worker_binding binding JOIN worker said ON said.id = binding.worker_id
        JOIN worker kept ON kept.id = coalesce(said.merged_into, said.id)
        WHERE binding.account_id = app_account() AND binding.state IN ('waiting', 'in_force') ORDER BY binding.id $$;
CREATE FUNCTION ask_binding(numbers bytea[], told_name text, told_speaker text, phones bytea[], today date)
    RETURNS TABLE (binding_id bigint, worker_id bigint, state text, fresh boolean) LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    person worker;
    shown text;
    by_itself boolean := false;
BEGIN
    SELECT kept.* INTO person FROM numbered(numbers) known JOIN worker kept ON kept.id = known.worker_id
        WHERE plain_name(kept.name) = told_name;
    IF person.id IS NULL OR app_account() IS NULL
        OR NOT EXISTS (SELECT FROM person_key WHERE person_key.worker_id = person.id) THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT binding.id, person.id, binding.state::text, false FROM worker_binding binding
        WHERE binding.account_id = app_account() AND binding.worker_id = person.id
        AND binding.state IN ('waiting', 'in_force');
    IF FOUND THEN
        RETURN;
    END IF;
    IF NOT person.restricted AND told_speaker = 'self'
        AND (person.phone_index = ANY (phones) OR person.phone_index_2 = ANY (phones)) THEN
        shown := 'telephone';
        -- What the bureau, or the person, has refused or ended asking again does not undo.
        by_itself := NOT EXISTS (SELECT FROM worker_binding before JOIN worker said ON said.id = before.worker_id
            WHERE before.account_id = app_account() AND coalesce(said.merged_into, said.id) = person.id
            AND (before.state = 'refused' OR before.state = 'ended' AND before.ended_by IS DISTINCT FROM before.account_id));
    -- Of somebody else a human decides, who is told what speaks for it; also of whose data is only stored.
    ELSIF NOT person.restricted AND told_speaker IN ('family', 'guardian') AND EXISTS (SELECT FROM worker member
        WHERE member.household_id = person.household_id AND member.id <> person.id AND NOT member.restricted
        AND member.merged_into IS NULL
        AND (member.phone_index = ANY (phones) OR member.phone_index_2 = ANY (phones))) THEN
        shown := 'household';
    END IF;
    RETURN QUERY INSERT INTO worker_binding AS made (created_at, account_id, worker_id, speaker, state, proof, asked_on, is_demo)
        VALUES (clock_timestamp(), app_account(), person.id, told_speaker,
            CASE WHEN by_itself THEN 'in_force' ELSE 'waiting' END, shown, today, person.is_demo)
        RETURNING made.id, person.id, made.state::text, true;
END $$;
CREATE FUNCTION asking_identities(wanted bigint[]) RETURNS TABLE (binding_id bigint, master_key_id text,
    identity_sealed bytea, active boolean) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- By whose WeChat a person of the caller's regions, or the person herself, is, or would be, spoken for.
    SELECT binding.id, known.master_key_id::text, known.identity_sealed, account.active
        FROM worker_binding binding JOIN worker ON worker.id = binding.worker_id
        JOIN wechat_account known ON known.account_id = binding.account_id JOIN account ON account.id = binding.account_id
        WHERE binding.id = ANY (wanted) AND (coalesce(worker.merged_into, worker.id) = app_worker()
            OR coalesce(region_number(worker.region) <@ app_scope(), false)) $$;
CREATE FUNCTION decide_binding(wanted bigint, told text, today date) RETURNS boolean LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE worker_binding SET state = told, decided_on = today, decided_by = app_account(),
        proof = CASE WHEN told = 'in_force' THEN 'checked' END
        FROM worker WHERE worker.id = worker_binding.worker_id AND worker_binding.id = wanted AND state = 'waiting'
        AND told IN ('in_force', 'refused') AND region_number(worker.region) <@ app_scope();
    RETURN FOUND;
END $$;
CREATE FUNCTION end_binding(wanted bigint, today date) RETURNS boolean LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- By who speaks, by the person herself, or by the bureau.
    UPDATE worker_binding SET state = 'ended', ended_on = today, ended_by = app_account()
        FROM worker WHERE worker.id = worker_binding.worker_id AND worker_binding.id = wanted
        AND state IN ('waiting', 'in_force') AND (account_id = app_account()
            OR coalesce(worker.merged_into, worker.id) = app_worker()
            OR coalesce(region_number(worker.region) <@ app_scope(), false));
    RETURN FOUND;
END $$;
CREATE FUNCTION speaking_for_me() RETURNS TABLE (account_id bigint, speaker text, master_key_id text,
    identity_sealed bytea) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- By whose WeChat the person of this transaction is reached, herself first, then who speaks with her own word.
    SELECT binding.account_id, binding.speaker::text, known.master_key_id::text, known.identity_sealed
        FROM worker_binding binding JOIN worker said ON said.id = binding.worker_id
        JOIN account ON account.id = binding.account_id AND account.active
        JOIN wechat_account known ON known.account_id = binding.account_id
        WHERE coalesce(said.merged_into, said.id) = app_worker() AND binding.state = 'in_force'
        ORDER BY array_position(ARRAY['self', 'guardian', 'family', 'informant'], binding.speaker::text), binding.id $$;
CREATE FUNCTION reserve_subscription(told_kind text, told_notice bigint) RETURNS TABLE (subscription_id bigint, account_id bigint)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- One that an attempt before has reserved for this very message is used again.
    RETURN QUERY SELECT kept.id, kept.account_id FROM message_subscription kept WHERE kept.notice_id = told_notice;
    IF NOT FOUND THEN
        RETURN QUERY UPDATE message_subscription taken SET spent_at = clock_timestamp(), notice_id = told_notice
            WHERE taken.id = (SELECT free.id FROM message_subscription free
                JOIN speaking_for_me() mine ON mine.account_id = free.account_id
                WHERE free.kind = told_kind AND free.spent_at IS NULL
                ORDER BY array_position(ARRAY['self', 'guardian', 'family', 'informant'], mine.speaker), free.id
                LIMIT 1 FOR UPDATE OF free SKIP LOCKED)
            RETURNING taken.id, taken.account_id;
    END IF;
END $$;
CREATE FUNCTION settle_subscription(told_notice bigint, spent boolean) RETURNS void LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- The message has left, or will not: its agreement is spent, or free again. It is reserved for nothing any more.
    UPDATE message_subscription SET notice_id = NULL, spent_at = CASE WHEN spent THEN spent_at END
        WHERE notice_id = told_notice AND EXISTS (SELECT FROM notice JOIN worker ON worker.id = notice.worker_id
            WHERE notice.id = told_notice AND coalesce(worker.merged_into, worker.id) = app_worker()) $$;
CREATE FUNCTION notice_of_mine(wanted bigint) RETURNS bigint LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Of whom a message tells, if the account that asks speaks for that person.
    SELECT kept.worker_id FROM bound_people() kept JOIN worker told ON kept.worker_id = coalesce(told.merged_into, told.id)
        JOIN notice ON notice.worker_id = told.id WHERE notice.id = wanted AND kept.state = 'in_force' LIMIT 1 $$;
CREATE FUNCTION wechat_homes(wanted bigint) RETURNS SETOF text LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- A WeChat account is kept nowhere: who looks after it are the bureaus of those for whom it speaks or spoke, else all
    -- the administrators above whom there is no other.
    WITH bound AS (SELECT DISTINCT bureau_of(region) AS home FROM worker_binding binding JOIN worker ON worker.id = binding.worker_id
            WHERE binding.account_id = wanted),
        highest AS (SELECT DISTINCT region::text AS home FROM account_binding mine WHERE role = 'administrator'
            AND region IS NOT NULL AND NOT EXISTS (SELECT FROM account_binding above WHERE above.role = 'administrator'
                AND mine.region <> above.region AND starts_with(mine.region, above.region)))
    SELECT home FROM bound WHERE app_account() IS NOT NULL AND home IS NOT NULL
    UNION ALL SELECT home FROM highest WHERE app_account() IS NOT NULL AND NOT EXISTS (SELECT FROM bound WHERE home IS NOT NULL)
        AND EXISTS (SELECT FROM wechat_account WHERE account_id = wanted) $$;
CREATE FUNCTION switch_wechat_account(of_binding bigint, told boolean) RETURNS bigint LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    wanted bigint;
BEGIN
    -- By a bureau for one of whose people it speaks, spoke or asks to: it has no administrator.
    SELECT known.account_id INTO wanted FROM worker_binding binding JOIN worker ON worker.id = binding.worker_id
        JOIN wechat_account known ON known.account_id = binding.account_id
        WHERE binding.id = of_binding AND region_number(worker.region) <@ app_scope();
    UPDATE account SET active = told WHERE id = wanted AND active <> told;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    UPDATE access_token SET revoked_at = clock_timestamp() WHERE account_id = wanted AND revoked_at IS NULL;
    RETURN wanted;
END $$;
CREATE FUNCTION forget_subscriptions(told_kind text, of_account bigint) RETURNS void LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- WeChat says that nothing is agreed to any more: none of what we believed to have is left.
    UPDATE message_subscription SET spent_at = clock_timestamp() WHERE account_id = of_account AND kind = told_kind
        AND spent_at IS NULL AND account_id IN (SELECT speaking_for_me.account_id FROM speaking_for_me()) $$;
CREATE FUNCTION remind_check_ins(today date) RETURNS bigint LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Who speaks by WeChat, is at work for a month and has not said so, nor been asked, for as long.
    WITH due AS (
        SELECT DISTINCT worker.id, worker.is_demo FROM worker_binding binding JOIN worker said ON said.id = binding.worker_id
            JOIN worker ON worker.id = coalesce(said.merged_into, said.id)
            JOIN employment_spell spell ON spell.worker_id = worker.id
            WHERE binding.state = 'in_force' AND NOT worker.restricted
            AND spell.superseded_at IS NULL AND spell.is_main AND spell.ended_on IS NULL
            AND greatest(spell.started_on, coalesce(spell.observed_until, spell.started_on)) <= today - 30
            AND NOT EXISTS (SELECT FROM contact WHERE contact.worker_id = worker.id AND contacted_on > today - 30
                AND found IN ('at_work', 'in_difficulty', 'wants_away'))
            AND NOT EXISTS (SELECT FROM notice WHERE notice.worker_id = worker.id AND notice.kind = 'follow_up'
                AND notice.subject > today - date '1970-01-01' - 30)),
    told AS (
        INSERT INTO notice (created_at, worker_id, kind, subject, state, is_demo)
            SELECT clock_timestamp(), due.id, 'follow_up', today - date '1970-01-01', 'waiting', due.is_demo FROM due
            ON CONFLICT DO NOTHING RETURNING worker_id, subject),
    sent AS (
        INSERT INTO outbox_message (created_at, topic, payload)
            SELECT clock_timestamp(), 'notice', jsonb_build_object('kind', 'follow_up', 'worker_id', worker_id,
                'subject', subject) FROM told RETURNING 1)
    SELECT count(*) FROM sent $$;
CREATE FUNCTION take_messages(topics text[], most integer, present timestamptz, busy bigint[] DEFAULT '{}')
    RETURNS TABLE (message_id bigint, topic text, payload jsonb, attempts integer, created_at timestamptz) LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Each attempt puts the next one off by twice as long, up to six hours; who dies in the midst of one needs no clearing up.
    -- The first pause is longer than any call takes: what one sender has in hand no other takes up.
    -- Of one receiver a few at a time, and none while it is spoken to (`busy`): who answers slowly keeps nobody else waiting.
    WITH few AS (SELECT id FROM (
            SELECT id, row_number() OVER (PARTITION BY mine.payload -> 'webhook_id' ORDER BY id) AS nth
                FROM outbox_message mine WHERE mine.topic = 'webhook' AND 'webhook' = ANY (topics)
                AND sent_at IS NULL AND given_up_at IS NULL AND coalesce(due_at <= present, true)
                AND (mine.payload ->> 'webhook_id')::bigint <> ALL (busy)) ranked WHERE nth <= 5),
    due AS MATERIALIZED (SELECT id FROM outbox_message waiting WHERE sent_at IS NULL AND given_up_at IS NULL
            AND coalesce(due_at <= present, true) AND waiting.topic = ANY (topics)
            AND (waiting.topic <> 'webhook' OR id IN (SELECT id FROM few))
            ORDER BY id LIMIT least(greatest(most, 1), 100) FOR UPDATE SKIP LOCKED)
    UPDATE outbox_message SET attempts = outbox_message.attempts + 1,
        due_at = least(present, clock_timestamp())
            + least(interval '6 hours', interval '2 minutes' * 2 ^ least(outbox_message.attempts, 12))
        WHERE id IN (SELECT id FROM due)
        RETURNING id, outbox_message.topic::text, outbox_message.payload, outbox_message.attempts, outbox_message.created_at $$;
CREATE FUNCTION settle_message(wanted bigint, told text, until timestamptz) RETURNS void LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE outbox_message SET sent_at = CASE WHEN told = 'sent' THEN clock_timestamp() END,
        given_up_at = CASE WHEN told = 'given_up' THEN clock_timestamp() END,
        -- What waits for the morning was not tried.
        attempts = CASE WHEN told = 'later' THEN greatest(attempts - 1, 0) ELSE attempts END,
        due_at = CASE WHEN told = 'later' THEN least(until, clock_timestamp() + interval '1 day') ELSE due_at END
        WHERE id = wanted AND sent_at IS NULL AND given_up_at IS NULL AND told IN ('sent', 'given_up', 'later') $$;
CREATE FUNCTION purge_messages(days integer) RETURNS bigint LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH gone AS (DELETE FROM outbox_message WHERE topic = 'notice'
        AND created_at < clock_timestamp() - make_interval(days => greatest(days, 7)) RETURNING 1)
    SELECT count(*) FROM gone $$;
REVOKE EXECUTE ON FUNCTION worker_home, my_dispatches, townspeople_of_mine, open_wechat_account, keep_wechat_phone,
    bound_people, ask_binding, asking_identities, decide_binding, end_binding, speaking_for_me, reserve_subscription, settle_subscription,
    forget_subscriptions, notice_of_mine, wechat_homes, switch_wechat_account,
    remind_check_ins, take_messages, settle_message, purge_messages FROM PUBLIC;
GRANT EXECUTE ON FUNCTION worker_home, my_dispatches, townspeople_of_mine, open_wechat_account, keep_wechat_phone,
    bound_people, ask_binding, asking_identities, decide_binding, end_binding, speaking_for_me, reserve_subscription, settle_subscription,
    forget_subscriptions, notice_of_mine, wechat_homes, switch_wechat_account,
    remind_check_ins, take_messages, settle_message, purge_messages TO wengang_app;

CREATE FUNCTION telephones_here(wanted bytea[]) RETURNS SETOF bigint LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Row security would be asked before an index on bytes could be used: the scope is looked at here.
    SELECT id FROM worker WHERE (phone_index = ANY (wanted) OR phone_index_2 = ANY (wanted))
        AND merged_into IS NULL AND region_number(region) <@ app_scope() ORDER BY id LIMIT 200 $$;
CREATE FUNCTION recent_changes() RETURNS TABLE (last bigint, many bigint, scope text, speaker text) LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Numbers are drawn before they are committed: how many of the last there are tells of one that comes late.
    SELECT coalesce(max(id), 0), count(*), current_setting('app.regions', true), current_setting('app.worker', true)
        FROM audit_event WHERE id > (SELECT coalesce(max(id), 0) - 5000 FROM audit_event)
        AND (region IS NULL OR region_number(region) <@ app_scope()) $$;
REVOKE EXECUTE ON FUNCTION telephones_here, recent_changes FROM PUBLIC;
GRANT EXECUTE ON FUNCTION telephones_here, recent_changes TO wengang_app;

CREATE FUNCTION my_employer() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- The employer of this transaction, if the account is bound to it: a setting alone opens nothing.
    SELECT employer_id FROM account_binding WHERE account_id = app_account() AND role = 'employer'
        AND employer_id = app_employer() $$;
CREATE FUNCTION my_applications() RETURNS SETOF bigint LANGUAGE sql STABLE PARALLEL SAFE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- At posts of mine, of people of whom I was told for it; of nobody whose data is only stored.
    SELECT DISTINCT application.id FROM disclosure JOIN application ON application.id = disclosure.application_id
        JOIN vacancy ON vacancy.id = application.vacancy_id AND vacancy.employer_id = disclosure.employer_id
        JOIN worker said ON said.id = application.worker_id
        JOIN worker kept ON kept.id = coalesce(said.merged_into, said.id)
        WHERE disclosure.employer_id = my_employer() AND NOT kept.restricted $$;
CREATE FUNCTION may_be_told_of(person bigint, today date) RETURNS boolean LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- As `ledger.consents.disclosing.disclose` decides it: usable, no child, and no no in force.
    SELECT coalesce((SELECT NOT restricted AND coalesce(birth_date <= today - interval '14 years', true)
        AND consent_stands(id, 'employer', my_employer(), today) NOT IN ('withdrawn', 'expired')
        FROM worker WHERE id = person AND merged_into IS NULL), false) $$;
CREATE FUNCTION people_for_roster(today date) RETURNS SETOF bigint LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Whoever is at work at mine and may be told of.
    SELECT DISTINCT worker.id FROM employment_spell spell JOIN worker ON worker.id = spell.worker_id
        WHERE spell.employer_id = my_employer() AND spell.superseded_at IS NULL AND spell.is_main
        AND spell.started_on <= today AND coalesce(spell.ended_on > today, true) AND may_be_told_of(worker.id, today) $$;
CREATE FUNCTION count_for_roster(today date) RETURNS bigint LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$ SELECT count(*) FROM people_for_roster(today) $$;
CREATE FUNCTION applicants_told(wanted bigint[], today date) RETURNS TABLE (application_id bigint, name text, sex text,
    age integer, home text, education text, skills jsonb, experience_months integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Of whom waits for an answer, has begun, or was refused so lately that it may be a slip; NULL wants all of them.
    WITH told AS (
        SELECT application.id, coalesce(said.merged_into, said.id) AS person, array_agg(DISTINCT field) AS fields
            FROM disclosure JOIN application ON application.id = disclosure.application_id
            JOIN worker said ON said.id = application.worker_id CROSS JOIN unnest(disclosure.fields) field
            WHERE coalesce(application.id = ANY (wanted), true) AND application.id IN (SELECT my_applications())
            AND disclosure.employer_id = my_employer() AND disclosure.reason = 'proposal'
            AND (application.state IN ('proposed', 'applied', 'shortlisted', 'offered', 'accepted', 'started')
                OR application.state = 'refused' AND application.decided_on > today - 30)
            GROUP BY 1, 2)
    SELECT told.id, CASE WHEN 'name' = ANY (fields) THEN worker.name::text END,
        CASE WHEN 'sex' = ANY (fields) THEN worker.sex::text END,
        CASE WHEN 'age' = ANY (fields) THEN extract(year FROM age(today, worker.birth_date))::integer END,
        CASE WHEN 'home' = ANY (fields) THEN left(worker.region, 6) END,
        CASE WHEN 'education' = ANY (fields) THEN worker.education::text END,
        CASE WHEN 'skills' = ANY (fields) THEN coalesce((SELECT jsonb_object_agg(skill, level) FROM worker_skill
            WHERE worker_skill.worker_id = worker.id), '{}') END,
        CASE WHEN 'experience' = ANY (fields) THEN worker.experience_months END
        FROM told JOIN worker ON worker.id = told.person WHERE may_be_told_of(worker.id, today) $$;
CREATE FUNCTION tell_telephone(wanted bigint, told_fields text[], today date) RETURNS TABLE (person bigint,
    master_key_id text, sealed_key bytea, phone_sealed bytea) LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    whose worker;
    yes bigint;
BEGIN
    SELECT kept.* INTO whose FROM application JOIN worker said ON said.id = application.worker_id
        JOIN worker kept ON kept.id = coalesce(said.merged_into, said.id)
        WHERE application.id = wanted AND application.id IN (SELECT my_applications())
        AND application.state = 'accepted';
    -- Not because nobody asked: a yes to being told of to this employer, in force today.
    IF whose.id IS NULL OR NOT may_be_told_of(whose.id, today)
        OR consent_stands(whose.id, 'employer', my_employer(), today) <> 'in_force' THEN
        RETURN;
    END IF;
    SELECT told.id INTO yes FROM consent told JOIN worker said ON said.id = told.worker_id
        WHERE coalesce(said.merged_into, said.id) = whose.id AND told.purpose = 'employer' AND told.given
        AND told.told_on <= today AND coalesce(told.until >= today, true)
        AND coalesce(told.employer_id = my_employer(), true) ORDER BY told.told_on DESC, told.id DESC LIMIT 1;
    INSERT INTO disclosure (created_at, worker_id, employer_id, fields, reason, basis, consent_id, application_id, told_on,
        account_id, is_demo) VALUES (clock_timestamp(), whose.id, my_employer(), told_fields, 'contact', 'consent', yes,
        wanted, today, app_account(), whose.is_demo);
    RETURN QUERY SELECT whose.id, known.master_key_id::text, known.sealed_key, whose.phone_sealed
        FROM person_key known WHERE known.worker_id = whose.id;
END $$;
CREATE FUNCTION open_roster(told_fields text[], today date) RETURNS bigint LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mine bigint := my_employer();
    opened bigint;
BEGIN
    IF mine IS NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'not an employer';
    END IF;
    INSERT INTO employer_roster (created_at, employer_id, month, opened_on, account_id, is_demo)
        SELECT clock_timestamp(), id, date_trunc('month', today)::date, today, app_account(), is_demo FROM employer
            WHERE id = mine ON CONFLICT (employer_id, month) DO NOTHING RETURNING id INTO opened;
    IF opened IS NULL THEN
        RETURN (SELECT id FROM employer_roster WHERE employer_id = mine AND month = date_trunc('month', today)::date);
    END IF;
    -- By opening it the employer is told of its own people: to carry out the contract that each of them has with it.
    INSERT INTO disclosure (created_at, worker_id, employer_id, fields, reason, basis, roster_id, told_on, account_id, is_demo)
        SELECT clock_timestamp(), worker.id, mine, told_fields, 'roster', 'contract', opened, today, app_account(),
            worker.is_demo FROM people_for_roster(today) person JOIN worker ON worker.id = person ORDER BY worker.id;
    RETURN opened;
END $$;
CREATE FUNCTION people_on_roster(wanted bigint, today date) RETURNS TABLE (spell_id bigint, name text, sex text, home text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Whoever was told of when it was opened and may be told of still, with the work that the record has now.
    SELECT DISTINCT ON (worker.id) spell.id, CASE WHEN 'name' = ANY (told.fields) THEN worker.name::text END,
        CASE WHEN 'sex' = ANY (told.fields) THEN worker.sex::text END,
        CASE WHEN 'home' = ANY (told.fields) THEN left(worker.region, 6) END
        FROM disclosure told JOIN employer_roster roster ON roster.id = told.roster_id
        JOIN worker said ON said.id = told.worker_id JOIN worker ON worker.id = coalesce(said.merged_into, said.id)
        JOIN employment_spell spell ON spell.worker_id = worker.id AND spell.employer_id = told.employer_id
        WHERE told.roster_id = wanted AND told.employer_id = my_employer() AND spell.superseded_at IS NULL AND spell.is_main
        AND spell.started_on <= roster.opened_on AND may_be_told_of(worker.id, today)
        ORDER BY worker.id, spell.started_on DESC $$;
CREATE FUNCTION employer_responsiveness(wanted bigint[], since date, today date)
    RETURNS TABLE (employer_id bigint, asked bigint, answered bigint, median_days double precision) LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT post.employer_id, count(*), count(answered_on),
            percentile_cont(0.5) WITHIN GROUP (ORDER BY (answered_on - applied_on)::double precision)
        FROM application JOIN vacancy post ON post.id = vacancy_id
        WHERE post.employer_id = ANY (wanted) AND applied_on BETWEEN since AND today
        AND (answered_on IS NOT NULL OR (application.state = 'expired'
            OR (application.state IN ('proposed', 'applied') AND applied_on < today - 14))
            -- Of whom it could not be told there was no answer to be had.
            AND worker_id NOT IN (SELECT stored_people()) AND NOT (worker_id IN (SELECT said.worker_id
                FROM consent said WHERE said.purpose = 'employer' AND (NOT said.given OR said.until < today))
                AND consent_stands(worker_id, 'employer', post.employer_id, today) IN ('withdrawn', 'expired')))
        GROUP BY post.employer_id $$;
CREATE FUNCTION staying_around_mine(today date, since date, days integer) RETURNS TABLE (month date, cases bigint,
    stayed bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- By month of start how many of the place's people were still with their employer after so many days, as
    -- `outcomes.benefits.staying` counts it; no number that tells of less than three people of others, or of fewer than
    -- three others: of two that know their own numbers each would know the other's.
    WITH here AS (SELECT id, left(region, 6) AS county FROM employer WHERE id = my_employer()),
    work AS (
        SELECT worker_id, employer_id, ended_on, observed_until,
            CASE precision WHEN 'day' THEN started_on ELSE date_trunc('month', started_on)::date END AS first
            FROM employment_spell, here WHERE superseded_at IS NULL AND is_main AND employer_id IS NOT NULL
            AND starts_with(region, county) AND worker_id NOT IN (SELECT stored_people())),
    hand AS (
        SELECT worker_id, employer_id, min(first) AS began, min(first) + days - 1 AS mark FROM work GROUP BY 1, 2),
    told AS (
        SELECT hand.employer_id, began, bool_or(coalesce(ended_on >= mark, observed_until >= mark, false)) AS there,
            bool_or(ended_on IS NULL) AS going
            FROM hand JOIN work USING (worker_id, employer_id) WHERE began >= since AND mark <= today AND first <= mark
            GROUP BY hand.worker_id, hand.employer_id, began)
    SELECT date_trunc('month', began)::date, count(*), count(*) FILTER (WHERE there) FROM told
        WHERE there OR NOT going GROUP BY 1
        HAVING count(*) FILTER (WHERE employer_id <> (SELECT id FROM here)) >= 3
            AND count(DISTINCT employer_id) FILTER (WHERE employer_id <> (SELECT id FROM here)) >= 3 $$;
CREATE FUNCTION undo_refusal(wanted bigint, today date) RETURNS text LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    refused application;
    said application_event;
    mine CONSTANT bigint := my_employer();
BEGIN
    -- By the account that refused, on that day, while nothing else has come to the person since.
    SELECT * INTO refused FROM application WHERE id = wanted AND id IN (SELECT my_applications()) FOR UPDATE;
    SELECT * INTO said FROM application_event WHERE application_id = wanted ORDER BY id DESC LIMIT 1;
    IF mine IS NULL OR refused.id IS NULL OR refused.state <> 'refused' OR refused.side IS DISTINCT FROM 'employer'
        OR refused.decided_on <> today OR said.account_id IS DISTINCT FROM app_account() OR said.to_state <> 'refused'
        OR (said.at AT TIME ZONE 'Asia/Shanghai')::date <> (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date
        OR EXISTS (SELECT FROM application_event later JOIN application other ON other.id = later.application_id
            WHERE later.id > said.id AND other.worker_id = refused.worker_id) THEN
        RETURN NULL;
    END IF;
    -- To take a no back is none of the steps that an employer has: the door takes it.
    PERFORM set_config('app.employer', '', true);
    UPDATE application SET state = said.from_state, reason = NULL, side = NULL,
        answered_on = CASE WHEN said.from_state IN ('proposed', 'applied') THEN NULL ELSE answered_on END,
        decided_on = (SELECT (before.at AT TIME ZONE 'Asia/Shanghai')::date FROM application_event before
            WHERE before.application_id = wanted AND before.id < said.id AND before.from_state IS NOT NULL
            ORDER BY before.id DESC LIMIT 1) WHERE id = wanted;
    PERFORM set_config('app.employer', mine::text, true);
    RETURN said.from_state;
END $$;
REVOKE EXECUTE ON FUNCTION employer_responsiveness, my_employer, my_applications, may_be_told_of, people_for_roster, count_for_roster, undo_refusal, applicants_told, tell_telephone, open_roster,
    people_on_roster, staying_around_mine FROM PUBLIC;
GRANT EXECUTE ON FUNCTION employer_responsiveness, my_employer, my_applications, count_for_roster, undo_refusal, applicants_told, tell_telephone, open_roster, people_on_roster,
    staying_around_mine TO wengang_app;
CREATE TRIGGER bump_version BEFORE UPDATE ON account FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON worker FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON application FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON benefit_claim FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON claim_audit FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON support_task FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON dispatch FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON doubt FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON employer FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON fair FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON employment_spell FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON household FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON possible_duplicate FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON handover FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON import FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON comparison_row FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON match_plan FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON worker_binding FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON call_request FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON public_post_placement FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON ranking_model FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON review_request FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON employer_roster FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON saved_search FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON service_station FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON work_plan FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON target FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON target_part FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON course FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON vacancy FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON webhook FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON workshop_recognition FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON workshop_rating FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "account" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "account_binding" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "access_token" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "token_use" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "worker" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "person_key" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "worker_skill" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "work_intention" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "consent" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "application" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "application_event" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "attachment" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "attachment_part" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "claim_batch" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "benefit_claim" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "claim_event" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "claim_audit" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "booth" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "booth_post" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "bulk_action" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "bulk_item" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "contact" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "support_task" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "caller_assignment" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "spell_confirmation" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "disclosure" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "dispatch" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "dispatch_member" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "doubt" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "doubt_run" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "employer" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "erasure" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "exchange_key" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "export" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "export_part" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "fair" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "employment_spell" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "evidence" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "frozen_report" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "frozen_person" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "handed_file" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "handed_person" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "household" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "hardship_period" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "household_key" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "former_number" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "possible_duplicate" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "worker_merge" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "handover" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "import" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "import_part" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "import_line" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "heading_memory" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "comparison_row" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "job" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "daily_run" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "fair_invitation" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "kiosk_device" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "kiosk_command" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "login_attempt" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "second_factor" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "number_lookup" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "match_plan" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "match_plan_kept" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "match_plan_post" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "match_plan_person" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "match_plan_decision" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "wechat_token" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "wechat_account" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "worker_binding" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "message_subscription" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "notice" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "check_in" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "call_request" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "pairing" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "public_post_placement" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "term_extension" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "job_offer" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "ranking" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "ranking_item" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "ranking_model" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "ranking_change" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "ranking_fault" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "audit_event" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "audit_seal" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "audit_check" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "outbox_message" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "idempotency_key" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "region" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "spell_report" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "report_decision" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "review_request" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "employer_roster" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "saved_search" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "service_key" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "service_station" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "station_staff" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "station_visit" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "stability_rule" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "work_plan" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "target" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "target_part" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "typed_figure" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "figure_file" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "industry" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "occupation" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "occupation_alias" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "course" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "enrolment" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "vacancy" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "visit" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "visit_intent" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "webhook" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "webhook_secret" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "webhook_delivery" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "workshop_recognition" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
CREATE TRIGGER same_revision BEFORE INSERT OR UPDATE OR DELETE ON "workshop_rating" FOR EACH STATEMENT EXECUTE FUNCTION same_revision();
GRANT USAGE ON SEQUENCE attachment_id_seq TO wengang_app;
GRANT USAGE ON SEQUENCE employer_id_seq TO wengang_app;
GRANT USAGE ON SEQUENCE employment_spell_id_seq TO wengang_app;
GRANT USAGE ON SEQUENCE evidence_id_seq TO wengang_app;
GRANT USAGE ON SEQUENCE household_id_seq TO wengang_app;
GRANT USAGE ON SEQUENCE report_decision_id_seq TO wengang_app;
GRANT USAGE ON SEQUENCE spell_report_id_seq TO wengang_app;
GRANT USAGE ON SEQUENCE worker_id_seq TO wengang_app;
GRANT SELECT ON audit_check TO wengang_app;
GRANT SELECT ON daily_run TO wengang_app;
GRANT SELECT ON industry TO wengang_app;
GRANT SELECT ON occupation TO wengang_app;
GRANT SELECT ON occupation_alias TO wengang_app;
GRANT SELECT ON pairing TO wengang_app;
GRANT SELECT ON region TO wengang_app;
GRANT SELECT ON stability_rule TO wengang_app;
ALTER TABLE "household" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "household" TO wengang_app;
CREATE POLICY read ON "household" FOR SELECT TO wengang_app USING (region_number(region) <@ (SELECT app_scope()));
GRANT INSERT ON "household" TO wengang_app;
CREATE POLICY written ON "household" FOR INSERT TO wengang_app WITH CHECK (region_number(region) <@ (SELECT app_scope()));
GRANT UPDATE (number, region, village, relocated, risks, measures, contacted_on, contact_note, is_demo) ON "household" TO wengang_app;
CREATE POLICY edited ON "household" FOR UPDATE TO wengang_app USING (region_number(region) <@ (SELECT app_scope())) WITH CHECK (region_number(region) <@ (SELECT app_scope()));
CREATE POLICY no_worker_insert ON "household" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "household" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "household" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "household" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "worker" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "worker" TO wengang_app;
CREATE POLICY read ON "worker" FOR SELECT TO wengang_app USING (region_number(region) <@ (SELECT app_scope()) OR (SELECT app_worker()) IN (id, merged_into));
GRANT INSERT ON "worker" TO wengang_app;
CREATE POLICY written ON "worker" FOR INSERT TO wengang_app WITH CHECK (region_number(region) <@ (SELECT app_scope()) OR (SELECT app_worker()) IN (id, merged_into));
GRANT UPDATE (region, household_id, village, national_number, name, name_pinyin, sex, birth_date, id_number_sealed, id_number_index, id_number_index_2, phone_sealed, phone_index, phone_index_2, ethnicity, political_status, at_school, health, education, labour_capability, relation_to_head, disability_grade, speaks_mandarin, experience_months, last_occupation, merged_into, restricted, is_demo, name_initials) ON "worker" TO wengang_app;
CREATE POLICY edited ON "worker" FOR UPDATE TO wengang_app USING (region_number(region) <@ (SELECT app_scope()) OR (SELECT app_worker()) IN (id, merged_into)) WITH CHECK (region_number(region) <@ (SELECT app_scope()) OR (SELECT app_worker()) IN (id, merged_into));
CREATE POLICY of_an_employer ON "worker" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "hardship_period" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "hardship_period" TO wengang_app;
CREATE POLICY read ON "hardship_period" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM household parent WHERE parent.id = household_id) OR EXISTS (SELECT 1 FROM worker member WHERE member.household_id = hardship_period.household_id));
GRANT INSERT ON "hardship_period" TO wengang_app;
CREATE POLICY written ON "hardship_period" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM household parent WHERE parent.id = household_id));
GRANT UPDATE (category, from_on, to_on, risk_cleared_on, begun) ON "hardship_period" TO wengang_app;
CREATE POLICY edited ON "hardship_period" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM household parent WHERE parent.id = household_id)) WITH CHECK (EXISTS (SELECT 1 FROM household parent WHERE parent.id = household_id));
CREATE POLICY no_worker_insert ON "hardship_period" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "hardship_period" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "hardship_period" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "hardship_period" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
GRANT DELETE ON "hardship_period" TO wengang_app;
CREATE POLICY removed ON "hardship_period" FOR DELETE TO wengang_app USING (EXISTS (SELECT 1 FROM household parent WHERE parent.id = household_id));
ALTER TABLE "household_key" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "household_key" TO wengang_app;
CREATE POLICY read ON "household_key" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM household parent WHERE parent.id = household_id));
GRANT INSERT ON "household_key" TO wengang_app;
CREATE POLICY written ON "household_key" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM household parent WHERE parent.id = household_id));
GRANT UPDATE (master_key_id, sealed_key) ON "household_key" TO wengang_app;
CREATE POLICY edited ON "household_key" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM household parent WHERE parent.id = household_id)) WITH CHECK (EXISTS (SELECT 1 FROM household parent WHERE parent.id = household_id));
CREATE POLICY no_worker_insert ON "household_key" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "household_key" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "household_key" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "household_key" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "person_key" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "person_key" TO wengang_app;
CREATE POLICY read ON "person_key" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
GRANT INSERT ON "person_key" TO wengang_app;
CREATE POLICY written ON "person_key" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
GRANT UPDATE (master_key_id, sealed_key) ON "person_key" TO wengang_app;
CREATE POLICY edited ON "person_key" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id)) WITH CHECK (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
CREATE POLICY no_worker_insert ON "person_key" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "person_key" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "person_key" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "person_key" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "worker_skill" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "worker_skill" TO wengang_app;
CREATE POLICY read ON "worker_skill" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
GRANT INSERT ON "worker_skill" TO wengang_app;
CREATE POLICY written ON "worker_skill" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
GRANT UPDATE (level) ON "worker_skill" TO wengang_app;
CREATE POLICY edited ON "worker_skill" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id)) WITH CHECK (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
CREATE POLICY no_worker_insert ON "worker_skill" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "worker_skill" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "worker_skill" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "worker_skill" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
GRANT DELETE ON "worker_skill" TO wengang_app;
CREATE POLICY removed ON "worker_skill" FOR DELETE TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
ALTER TABLE "work_intention" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "work_intention" TO wengang_app;
CREATE POLICY read ON "work_intention" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
GRANT INSERT ON "work_intention" TO wengang_app;
CREATE POLICY written ON "work_intention" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
GRANT UPDATE (wants, reason, accepted_regions, occupations, pay_floor, available_from, needs_lodging, companion_id) ON "work_intention" TO wengang_app;
CREATE POLICY edited ON "work_intention" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id)) WITH CHECK (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
CREATE POLICY no_worker_insert ON "work_intention" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "work_intention" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "work_intention" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "work_intention" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "application" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "application" TO wengang_app;
CREATE POLICY read ON "application" FOR SELECT TO wengang_app USING (region_number(worker_region) <@ (SELECT app_scope()) OR region_number(vacancy_region) <@ (SELECT app_scope()) OR worker_id = (SELECT app_worker()) OR id IN (SELECT my_applications()));
GRANT INSERT ON "application" TO wengang_app;
CREATE POLICY written ON "application" FOR INSERT TO wengang_app WITH CHECK (region_number(worker_region) <@ (SELECT app_scope()) OR worker_id = (SELECT app_worker()));
GRANT UPDATE (state, applied_on, decided_on, answered_on, start_told_on, reason, side) ON "application" TO wengang_app;
CREATE POLICY edited ON "application" FOR UPDATE TO wengang_app USING (region_number(worker_region) <@ (SELECT app_scope()) OR region_number(vacancy_region) <@ (SELECT app_scope()) OR worker_id = (SELECT app_worker()) OR id IN (SELECT my_applications())) WITH CHECK (region_number(worker_region) <@ (SELECT app_scope()) OR region_number(vacancy_region) <@ (SELECT app_scope()) OR worker_id = (SELECT app_worker()) OR id IN (SELECT my_applications()));
CREATE POLICY of_an_employer ON "application" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL OR id IN (SELECT my_applications())) WITH CHECK ((SELECT app_employer()) IS NULL OR id IN (SELECT my_applications()));
ALTER TABLE "application_event" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "application_event" TO wengang_app;
CREATE POLICY read ON "application_event" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM application parent WHERE parent.id = application_id));
GRANT INSERT ON "application_event" TO wengang_app;
CREATE POLICY written ON "application_event" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM application parent WHERE parent.id = application_id));
CREATE POLICY of_an_employer ON "application_event" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL OR account_id = (SELECT app_account())) WITH CHECK ((SELECT app_employer()) IS NULL OR account_id = (SELECT app_account()));
ALTER TABLE "employment_spell" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "employment_spell" TO wengang_app;
CREATE POLICY read ON "employment_spell" FOR SELECT TO wengang_app USING (region_number(origin_region) <@ (SELECT app_scope()) OR region_number(region) <@ (SELECT app_scope()) OR worker_id = (SELECT app_worker()) OR employer_id = (SELECT my_employer()) OR region_number(region) <@ (SELECT app_posted_at()) AND region_number(origin_region) <@ (SELECT app_posted_of()));
GRANT INSERT ON "employment_spell" TO wengang_app;
CREATE POLICY written ON "employment_spell" FOR INSERT TO wengang_app WITH CHECK (region_number(origin_region) <@ (SELECT app_scope()));
GRANT UPDATE (employer_id, vacancy_id, application_id, region, kind, arrangement, point_to_point, channel, industry, started_on, ended_on, observed_until, observed_before, precision, monthly_income, contract_months, post_kind, certificate, leave_reason, is_main, superseded_at, superseded_by, superseded_because, is_demo) ON "employment_spell" TO wengang_app;
CREATE POLICY edited ON "employment_spell" FOR UPDATE TO wengang_app USING (region_number(origin_region) <@ (SELECT app_scope())) WITH CHECK (region_number(origin_region) <@ (SELECT app_scope()));
CREATE POLICY no_worker_insert ON "employment_spell" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "employment_spell" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "employment_spell" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "employment_spell" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL OR employer_id = (SELECT my_employer()) AND worker_id NOT IN (SELECT stored_people())) WITH CHECK ((SELECT app_employer()) IS NULL OR employer_id = (SELECT my_employer()) AND worker_id NOT IN (SELECT stored_people()));
ALTER TABLE "employer_roster" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "employer_roster" TO wengang_app;
CREATE POLICY read ON "employer_roster" FOR SELECT TO wengang_app USING (employer_id = (SELECT my_employer()) OR EXISTS (SELECT 1 FROM employer kept WHERE kept.id = employer_id AND region_number(kept.kept_by) <@ (SELECT app_scope())));
GRANT INSERT ON "employer_roster" TO wengang_app;
CREATE POLICY written ON "employer_roster" FOR INSERT TO wengang_app WITH CHECK (account_id = (SELECT app_account()) AND employer_id = (SELECT my_employer()));
GRANT UPDATE (confirmed_on, confirmed_by) ON "employer_roster" TO wengang_app;
CREATE POLICY edited ON "employer_roster" FOR UPDATE TO wengang_app USING (employer_id = (SELECT my_employer())) WITH CHECK (employer_id = (SELECT my_employer()));
CREATE POLICY no_worker_insert ON "employer_roster" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "employer_roster" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "employer_roster" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "employer_roster" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL OR employer_id = (SELECT my_employer())) WITH CHECK ((SELECT app_employer()) IS NULL OR employer_id = (SELECT my_employer()));
ALTER TABLE "evidence" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "evidence" TO wengang_app;
CREATE POLICY read ON "evidence" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM employment_spell parent WHERE parent.id = spell_id));
GRANT INSERT ON "evidence" TO wengang_app;
CREATE POLICY written ON "evidence" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM employment_spell parent WHERE parent.id = spell_id));
GRANT UPDATE (observed_before, withdrawn_at, withdrawn_because, withdrawn_by) ON "evidence" TO wengang_app;
CREATE POLICY edited ON "evidence" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM employment_spell own WHERE own.id = spell_id AND region_number(own.origin_region) <@ (SELECT app_scope()))) WITH CHECK (EXISTS (SELECT 1 FROM employment_spell own WHERE own.id = spell_id AND region_number(own.origin_region) <@ (SELECT app_scope())));
CREATE POLICY of_an_employer ON "evidence" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL OR source = '用人单位网上核对名册（没有盖章）') WITH CHECK ((SELECT app_employer()) IS NULL OR source = '用人单位网上核对名册（没有盖章）');
GRANT DELETE ON "evidence" TO wengang_app;
CREATE POLICY removed ON "evidence" FOR DELETE TO wengang_app USING (EXISTS (SELECT 1 FROM "import" parent WHERE parent.id = import_id));
ALTER TABLE "attachment" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "attachment" TO wengang_app;
CREATE POLICY read ON "attachment" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
GRANT INSERT ON "attachment" TO wengang_app;
CREATE POLICY written ON "attachment" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id) AND EXISTS (SELECT 1 FROM evidence parent WHERE parent.id = evidence_id));
CREATE POLICY of_an_employer ON "attachment" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
GRANT DELETE ON "attachment" TO wengang_app;
CREATE POLICY removed ON "attachment" FOR DELETE TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id) AND EXISTS (SELECT 1 FROM evidence parent WHERE parent.id = evidence_id AND parent.import_id IS NOT NULL));
ALTER TABLE "attachment_part" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "attachment_part" TO wengang_app;
CREATE POLICY read ON "attachment_part" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM attachment parent WHERE parent.id = attachment_id));
GRANT INSERT ON "attachment_part" TO wengang_app;
CREATE POLICY written ON "attachment_part" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM attachment parent WHERE parent.id = attachment_id));
CREATE POLICY of_an_employer ON "attachment_part" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
GRANT DELETE ON "attachment_part" TO wengang_app;
CREATE POLICY removed ON "attachment_part" FOR DELETE TO wengang_app USING (EXISTS (SELECT 1 FROM attachment parent WHERE parent.id = attachment_id));
ALTER TABLE "spell_confirmation" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "spell_confirmation" TO wengang_app;
CREATE POLICY read ON "spell_confirmation" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM employment_spell parent WHERE parent.id = spell_id));
GRANT INSERT ON "spell_confirmation" TO wengang_app;
CREATE POLICY written ON "spell_confirmation" FOR INSERT TO wengang_app WITH CHECK (account_id = (SELECT app_account()) AND EXISTS (SELECT 1 FROM employment_spell parent WHERE parent.id = spell_id AND CASE side WHEN 'origin' THEN region_number(parent.origin_region) <@ (SELECT app_scope()) WHEN 'employer' THEN parent.employer_id = (SELECT my_employer()) WHEN 'station' THEN region_number(parent.region) <@ (SELECT app_posted_at()) AND region_number(parent.origin_region) <@ (SELECT app_posted_of()) ELSE region_number(parent.region) <@ (SELECT app_scope()) END));
CREATE POLICY no_worker_insert ON "spell_confirmation" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "spell_confirmation" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "spell_confirmation" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "spell_confirmation" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL OR side = 'employer') WITH CHECK ((SELECT app_employer()) IS NULL OR side = 'employer');
ALTER TABLE "ranking" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "ranking" TO wengang_app;
CREATE POLICY read ON "ranking" FOR SELECT TO wengang_app USING (account_id = (SELECT app_account()));
GRANT INSERT ON "ranking" TO wengang_app;
CREATE POLICY written ON "ranking" FOR INSERT TO wengang_app WITH CHECK (account_id = (SELECT app_account()));
CREATE POLICY of_an_employer ON "ranking" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "ranking_item" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "ranking_item" TO wengang_app;
CREATE POLICY read ON "ranking_item" FOR SELECT TO wengang_app USING (region_number(region) <@ (SELECT app_scope()) OR worker_id = (SELECT app_worker()));
GRANT INSERT ON "ranking_item" TO wengang_app;
CREATE POLICY written ON "ranking_item" FOR INSERT TO wengang_app WITH CHECK (region_number(region) <@ (SELECT app_scope()) OR worker_id = (SELECT app_worker()));
CREATE POLICY of_an_employer ON "ranking_item" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "ranking_model" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "ranking_model" TO wengang_app;
CREATE POLICY read ON "ranking_model" FOR SELECT TO wengang_app USING (((SELECT app_scope()) && regions_span(regions) OR region_number((SELECT worker_home())) <@ regions_span(regions)));
GRANT INSERT ON "ranking_model" TO wengang_app;
CREATE POLICY written ON "ranking_model" FOR INSERT TO wengang_app WITH CHECK (regions_span(regions) <@ (SELECT app_scope()));
CREATE POLICY no_worker_insert ON "ranking_model" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "ranking_model" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "ranking_model" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "ranking_model" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "ranking_change" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "ranking_change" TO wengang_app;
CREATE POLICY read ON "ranking_change" FOR SELECT TO wengang_app USING (((SELECT app_scope()) && regions_span(regions) OR region_number((SELECT worker_home())) <@ regions_span(regions)));
GRANT INSERT ON "ranking_change" TO wengang_app;
CREATE POLICY written ON "ranking_change" FOR INSERT TO wengang_app WITH CHECK (regions_span(regions) <@ (SELECT app_scope()));
CREATE POLICY no_worker_insert ON "ranking_change" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "ranking_change" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "ranking_change" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "ranking_change" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "ranking_fault" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "ranking_fault" TO wengang_app;
CREATE POLICY read ON "ranking_fault" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM ranking_model parent WHERE parent.id = model_id));
GRANT INSERT ON "ranking_fault" TO wengang_app;
CREATE POLICY written ON "ranking_fault" FOR INSERT TO wengang_app WITH CHECK (account_id = (SELECT app_account()) AND EXISTS (SELECT 1 FROM ranking_model parent WHERE parent.id = model_id));
CREATE POLICY of_an_employer ON "ranking_fault" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "job" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "job" TO wengang_app;
CREATE POLICY read ON "job" FOR SELECT TO wengang_app USING (account_id = (SELECT app_account()));
GRANT INSERT ON "job" TO wengang_app;
CREATE POLICY written ON "job" FOR INSERT TO wengang_app WITH CHECK (account_id = (SELECT app_account()));
GRANT UPDATE (state, attempts, done, total, message, result, cancel_asked, started_at, stage_at, finished_at) ON "job" TO wengang_app;
CREATE POLICY edited ON "job" FOR UPDATE TO wengang_app USING (account_id = (SELECT app_account())) WITH CHECK (account_id = (SELECT app_account()));
CREATE POLICY no_worker_insert ON "job" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "job" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "job" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "job" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "import" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "import" TO wengang_app;
CREATE POLICY read ON "import" FOR SELECT TO wengang_app USING (region_number(region) <@ (SELECT app_scope()));
GRANT INSERT ON "import" TO wengang_app;
CREATE POLICY written ON "import" FOR INSERT TO wengang_app WITH CHECK (region_number(region) <@ (SELECT app_scope()));
GRANT UPDATE (kind, purpose, state, file_name, job_id, as_of, shifted_days, message, sheets, counts, master_key_id, sealed_key, applied_at) ON "import" TO wengang_app;
CREATE POLICY edited ON "import" FOR UPDATE TO wengang_app USING (region_number(region) <@ (SELECT app_scope())) WITH CHECK (region_number(region) <@ (SELECT app_scope()));
CREATE POLICY no_worker_insert ON "import" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "import" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "import" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "import" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "import_part" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "import_part" TO wengang_app;
CREATE POLICY read ON "import_part" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM "import" parent WHERE parent.id = import_id));
GRANT INSERT ON "import_part" TO wengang_app;
CREATE POLICY written ON "import_part" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM "import" parent WHERE parent.id = import_id));
CREATE POLICY no_worker_insert ON "import_part" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "import_part" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "import_part" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "import_part" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
GRANT DELETE ON "import_part" TO wengang_app;
CREATE POLICY removed ON "import_part" FOR DELETE TO wengang_app USING (EXISTS (SELECT 1 FROM "import" parent WHERE parent.id = import_id));
ALTER TABLE "import_line" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "import_line" TO wengang_app;
CREATE POLICY read ON "import_line" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM "import" parent WHERE parent.id = import_id));
GRANT INSERT ON "import_line" TO wengang_app;
CREATE POLICY written ON "import_line" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM "import" parent WHERE parent.id = import_id));
GRANT UPDATE (status, reason, partial, reading, sealed_cells, sealed_judgement, content_mark, worker_id, household_id, settled_at) ON "import_line" TO wengang_app;
CREATE POLICY edited ON "import_line" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM "import" parent WHERE parent.id = import_id)) WITH CHECK (EXISTS (SELECT 1 FROM "import" parent WHERE parent.id = import_id));
CREATE POLICY no_worker_insert ON "import_line" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "import_line" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "import_line" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "import_line" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "heading_memory" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "heading_memory" TO wengang_app;
CREATE POLICY read ON "heading_memory" FOR SELECT TO wengang_app USING (region_number(region) <@ (SELECT app_scope()));
GRANT INSERT ON "heading_memory" TO wengang_app;
CREATE POLICY written ON "heading_memory" FOR INSERT TO wengang_app WITH CHECK (region_number(region) <@ (SELECT app_scope()));
GRANT UPDATE (field) ON "heading_memory" TO wengang_app;
CREATE POLICY edited ON "heading_memory" FOR UPDATE TO wengang_app USING (region_number(region) <@ (SELECT app_scope())) WITH CHECK (region_number(region) <@ (SELECT app_scope()));
CREATE POLICY no_worker_insert ON "heading_memory" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "heading_memory" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "heading_memory" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "heading_memory" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "exchange_key" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "exchange_key" TO wengang_app;
CREATE POLICY read ON "exchange_key" FOR SELECT TO wengang_app USING (region_number(region) <@ (SELECT app_scope()));
GRANT INSERT ON "exchange_key" TO wengang_app;
CREATE POLICY written ON "exchange_key" FOR INSERT TO wengang_app WITH CHECK (region_number(region) <@ (SELECT app_scope()));
GRANT UPDATE (employer_id, vacancy_id, told, import_id) ON "exchange_key" TO wengang_app;
CREATE POLICY edited ON "exchange_key" FOR UPDATE TO wengang_app USING (region_number(region) <@ (SELECT app_scope())) WITH CHECK (region_number(region) <@ (SELECT app_scope()));
CREATE POLICY no_worker_insert ON "exchange_key" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "exchange_key" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "exchange_key" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "exchange_key" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
GRANT DELETE ON "exchange_key" TO wengang_app;
CREATE POLICY removed ON "exchange_key" FOR DELETE TO wengang_app USING (region_number(region) <@ (SELECT app_scope()));
ALTER TABLE "comparison_row" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "comparison_row" TO wengang_app;
CREATE POLICY read ON "comparison_row" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM "import" parent WHERE parent.id = import_id));
GRANT INSERT ON "comparison_row" TO wengang_app;
CREATE POLICY written ON "comparison_row" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM "import" parent WHERE parent.id = import_id));
GRANT UPDATE (worker_id, fields, sealed_differences, taken, settlement, note, settled_by, settled_at) ON "comparison_row" TO wengang_app;
CREATE POLICY edited ON "comparison_row" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM "import" parent WHERE parent.id = import_id)) WITH CHECK (EXISTS (SELECT 1 FROM "import" parent WHERE parent.id = import_id));
CREATE POLICY no_worker_insert ON "comparison_row" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "comparison_row" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "comparison_row" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "comparison_row" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
GRANT DELETE ON "comparison_row" TO wengang_app;
CREATE POLICY removed ON "comparison_row" FOR DELETE TO wengang_app USING (settlement IS NULL AND EXISTS (SELECT 1 FROM "import" parent WHERE parent.id = import_id));
ALTER TABLE "spell_report" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "spell_report" TO wengang_app;
CREATE POLICY read ON "spell_report" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
GRANT INSERT ON "spell_report" TO wengang_app;
CREATE POLICY written ON "spell_report" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
GRANT UPDATE (superseded_at) ON "spell_report" TO wengang_app;
CREATE POLICY edited ON "spell_report" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id)) WITH CHECK (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
CREATE POLICY no_worker_insert ON "spell_report" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "spell_report" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "spell_report" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "spell_report" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "report_decision" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "report_decision" TO wengang_app;
CREATE POLICY read ON "report_decision" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM spell_report parent WHERE parent.id = report_id));
GRANT INSERT ON "report_decision" TO wengang_app;
CREATE POLICY written ON "report_decision" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM spell_report parent WHERE parent.id = report_id));
GRANT UPDATE (reversed_at, reversed_by) ON "report_decision" TO wengang_app;
CREATE POLICY edited ON "report_decision" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM spell_report parent WHERE parent.id = report_id)) WITH CHECK (EXISTS (SELECT 1 FROM spell_report parent WHERE parent.id = report_id));
CREATE POLICY no_worker_insert ON "report_decision" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "report_decision" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "report_decision" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "report_decision" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "former_number" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "former_number" TO wengang_app;
CREATE POLICY read ON "former_number" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
GRANT INSERT ON "former_number" TO wengang_app;
CREATE POLICY written ON "former_number" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
CREATE POLICY no_worker_insert ON "former_number" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "former_number" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "former_number" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "former_number" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
GRANT DELETE ON "former_number" TO wengang_app;
CREATE POLICY removed ON "former_number" FOR DELETE TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
ALTER TABLE "possible_duplicate" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "possible_duplicate" TO wengang_app;
CREATE POLICY read ON "possible_duplicate" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
GRANT INSERT ON "possible_duplicate" TO wengang_app;
CREATE POLICY written ON "possible_duplicate" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
GRANT UPDATE (verdict, decided_by, decided_at, note) ON "possible_duplicate" TO wengang_app;
CREATE POLICY edited ON "possible_duplicate" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id)) WITH CHECK (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
CREATE POLICY no_worker_insert ON "possible_duplicate" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "possible_duplicate" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "possible_duplicate" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "possible_duplicate" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "worker_merge" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "worker_merge" TO wengang_app;
CREATE POLICY read ON "worker_merge" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = kept_id));
GRANT INSERT ON "worker_merge" TO wengang_app;
CREATE POLICY written ON "worker_merge" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = kept_id));
GRANT UPDATE (undone_at, undone_by) ON "worker_merge" TO wengang_app;
CREATE POLICY edited ON "worker_merge" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = kept_id)) WITH CHECK (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = kept_id));
CREATE POLICY no_worker_insert ON "worker_merge" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "worker_merge" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "worker_merge" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "worker_merge" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "handover" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "handover" TO wengang_app;
CREATE POLICY read ON "handover" FOR SELECT TO wengang_app USING (region_number(from_region) <@ (SELECT app_scope()) OR region_number(to_region) <@ (SELECT app_scope()) OR account_id = (SELECT app_account()));
CREATE POLICY of_an_employer ON "handover" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "doubt" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "doubt" TO wengang_app;
CREATE POLICY read ON "doubt" FOR SELECT TO wengang_app USING (region_number(region) <@ (SELECT app_scope()));
GRANT INSERT ON "doubt" TO wengang_app;
CREATE POLICY written ON "doubt" FOR INSERT TO wengang_app WITH CHECK (region_number(region) <@ (SELECT app_scope()));
GRANT UPDATE (severity, region, worker_id, household_id, import_id, import_line, what, statistics, state, found_on, seen_on, mended_on, explanation, explained_by, explained_at) ON "doubt" TO wengang_app;
CREATE POLICY edited ON "doubt" FOR UPDATE TO wengang_app USING (region_number(region) <@ (SELECT app_scope())) WITH CHECK (region_number(region) <@ (SELECT app_scope()));
CREATE POLICY no_worker_insert ON "doubt" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "doubt" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "doubt" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "doubt" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "doubt_run" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "doubt_run" TO wengang_app;
CREATE POLICY read ON "doubt_run" FOR SELECT TO wengang_app USING (region_number(region) <@ (SELECT app_scope()));
GRANT INSERT ON "doubt_run" TO wengang_app;
CREATE POLICY written ON "doubt_run" FOR INSERT TO wengang_app WITH CHECK (region_number(region) <@ (SELECT app_scope()));
CREATE POLICY no_worker_insert ON "doubt_run" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "doubt_run" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "doubt_run" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "doubt_run" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "export" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "export" TO wengang_app;
CREATE POLICY read ON "export" FOR SELECT TO wengang_app USING (account_id = (SELECT app_account()));
GRANT INSERT ON "export" TO wengang_app;
CREATE POLICY written ON "export" FOR INSERT TO wengang_app WITH CHECK (account_id = (SELECT app_account()));
GRANT UPDATE (job_id, as_of, options, file_name, rows, size, expires_at) ON "export" TO wengang_app;
CREATE POLICY edited ON "export" FOR UPDATE TO wengang_app USING (account_id = (SELECT app_account())) WITH CHECK (account_id = (SELECT app_account()));
CREATE POLICY no_worker_insert ON "export" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "export" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "export" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "export" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "handed_file" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "handed_file" TO wengang_app;
CREATE POLICY read ON "handed_file" FOR SELECT TO wengang_app USING (account_id = (SELECT app_account()) OR region_number(region) <@ (SELECT app_scope()) OR id IN (SELECT file_id FROM handed_person));
GRANT INSERT ON "handed_file" TO wengang_app;
CREATE POLICY written ON "handed_file" FOR INSERT TO wengang_app WITH CHECK (account_id = (SELECT app_account()));
CREATE POLICY no_worker_insert ON "handed_file" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "handed_file" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "handed_file" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "handed_file" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "handed_person" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "handed_person" TO wengang_app;
CREATE POLICY read ON "handed_person" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
CREATE POLICY of_an_employer ON "handed_person" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "export_part" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "export_part" TO wengang_app;
CREATE POLICY read ON "export_part" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM export parent WHERE parent.id = export_id));
GRANT INSERT ON "export_part" TO wengang_app;
CREATE POLICY written ON "export_part" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM export parent WHERE parent.id = export_id));
CREATE POLICY no_worker_insert ON "export_part" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "export_part" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "export_part" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "export_part" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
GRANT DELETE ON "export_part" TO wengang_app;
CREATE POLICY removed ON "export_part" FOR DELETE TO wengang_app USING (EXISTS (SELECT 1 FROM export parent WHERE parent.id = export_id));
ALTER TABLE "dispatch" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "dispatch" TO wengang_app;
CREATE POLICY read ON "dispatch" FOR SELECT TO wengang_app USING (region_number(region) <@ (SELECT app_scope()) OR id IN (SELECT my_dispatches()));
GRANT INSERT ON "dispatch" TO wengang_app;
CREATE POLICY written ON "dispatch" FOR INSERT TO wengang_app WITH CHECK (region_number(region) <@ (SELECT app_scope()) OR id IN (SELECT my_dispatches()));
GRANT UPDATE (region, name, departs_on, destination, transport, point_to_point, note) ON "dispatch" TO wengang_app;
CREATE POLICY edited ON "dispatch" FOR UPDATE TO wengang_app USING (region_number(region) <@ (SELECT app_scope()) OR id IN (SELECT my_dispatches())) WITH CHECK (region_number(region) <@ (SELECT app_scope()) OR id IN (SELECT my_dispatches()));
CREATE POLICY no_worker_insert ON "dispatch" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "dispatch" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "dispatch" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "dispatch" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "dispatch_member" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "dispatch_member" TO wengang_app;
CREATE POLICY read ON "dispatch_member" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM dispatch kept WHERE kept.id = dispatch_id AND region_number(kept.region) <@ (SELECT app_scope())) OR worker_id = (SELECT app_worker()));
GRANT INSERT ON "dispatch_member" TO wengang_app;
CREATE POLICY written ON "dispatch_member" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM dispatch kept WHERE kept.id = dispatch_id AND region_number(kept.region) <@ (SELECT app_scope())) OR worker_id = (SELECT app_worker()));
GRANT UPDATE (vacancy_id, departed) ON "dispatch_member" TO wengang_app;
CREATE POLICY edited ON "dispatch_member" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM dispatch kept WHERE kept.id = dispatch_id AND region_number(kept.region) <@ (SELECT app_scope())) OR worker_id = (SELECT app_worker())) WITH CHECK (EXISTS (SELECT 1 FROM dispatch kept WHERE kept.id = dispatch_id AND region_number(kept.region) <@ (SELECT app_scope())) OR worker_id = (SELECT app_worker()));
CREATE POLICY of_an_employer ON "dispatch_member" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
GRANT DELETE ON "dispatch_member" TO wengang_app;
CREATE POLICY removed ON "dispatch_member" FOR DELETE TO wengang_app USING (EXISTS (SELECT 1 FROM dispatch kept WHERE kept.id = dispatch_id AND region_number(kept.region) <@ (SELECT app_scope())) OR worker_id = (SELECT app_worker()));
ALTER TABLE "course" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "course" TO wengang_app;
CREATE POLICY read ON "course" FOR SELECT TO wengang_app USING (region_number(region) <@ (SELECT app_scope()));
GRANT INSERT ON "course" TO wengang_app;
CREATE POLICY written ON "course" FOR INSERT TO wengang_app WITH CHECK (region_number(region) <@ (SELECT app_scope()));
GRANT UPDATE (region, name, kind, organiser, occupation, vacancy_id, skill, skill_level, started_on, ended_on, is_demo) ON "course" TO wengang_app;
CREATE POLICY edited ON "course" FOR UPDATE TO wengang_app USING (region_number(region) <@ (SELECT app_scope())) WITH CHECK (region_number(region) <@ (SELECT app_scope()));
CREATE POLICY no_worker_insert ON "course" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "course" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "course" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "course" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "enrolment" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "enrolment" TO wengang_app;
CREATE POLICY read ON "enrolment" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
GRANT INSERT ON "enrolment" TO wengang_app;
CREATE POLICY written ON "enrolment" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
GRANT UPDATE (completed, certificate) ON "enrolment" TO wengang_app;
CREATE POLICY edited ON "enrolment" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id)) WITH CHECK (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
CREATE POLICY no_worker_insert ON "enrolment" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "enrolment" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "enrolment" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "enrolment" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
GRANT DELETE ON "enrolment" TO wengang_app;
CREATE POLICY removed ON "enrolment" FOR DELETE TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
ALTER TABLE "claim_batch" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "claim_batch" TO wengang_app;
CREATE POLICY read ON "claim_batch" FOR SELECT TO wengang_app USING (region_number(region) <@ (SELECT app_scope()));
GRANT INSERT ON "claim_batch" TO wengang_app;
CREATE POLICY written ON "claim_batch" FOR INSERT TO wengang_app WITH CHECK (region_number(region) <@ (SELECT app_scope()));
CREATE POLICY no_worker_insert ON "claim_batch" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "claim_batch" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "claim_batch" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "claim_batch" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "benefit_claim" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "benefit_claim" TO wengang_app;
CREATE POLICY read ON "benefit_claim" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id) OR EXISTS (SELECT 1 FROM employer kept WHERE kept.id = employer_id AND region_number(kept.kept_by) <@ (SELECT app_scope())));
GRANT INSERT ON "benefit_claim" TO wengang_app;
CREATE POLICY written ON "benefit_claim" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id) OR EXISTS (SELECT 1 FROM employer kept WHERE kept.id = employer_id AND region_number(kept.kept_by) <@ (SELECT app_scope())));
GRANT UPDATE (amount, heads, costs, state, reason, notice_on, approved_on, approved_by, paid_on, is_demo) ON "benefit_claim" TO wengang_app;
CREATE POLICY edited ON "benefit_claim" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id) OR EXISTS (SELECT 1 FROM employer kept WHERE kept.id = employer_id AND region_number(kept.kept_by) <@ (SELECT app_scope()))) WITH CHECK (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id) OR EXISTS (SELECT 1 FROM employer kept WHERE kept.id = employer_id AND region_number(kept.kept_by) <@ (SELECT app_scope())));
CREATE POLICY no_worker_insert ON "benefit_claim" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "benefit_claim" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "benefit_claim" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "benefit_claim" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "claim_event" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "claim_event" TO wengang_app;
CREATE POLICY read ON "claim_event" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM benefit_claim parent WHERE parent.id = claim_id));
GRANT INSERT ON "claim_event" TO wengang_app;
CREATE POLICY written ON "claim_event" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM benefit_claim parent WHERE parent.id = claim_id));
CREATE POLICY no_worker_insert ON "claim_event" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "claim_event" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "claim_event" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "claim_event" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "claim_audit" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "claim_audit" TO wengang_app;
CREATE POLICY read ON "claim_audit" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM benefit_claim parent WHERE parent.id = claim_id));
GRANT INSERT ON "claim_audit" TO wengang_app;
CREATE POLICY written ON "claim_audit" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM benefit_claim parent WHERE parent.id = claim_id));
GRANT UPDATE (state, finding, found_by, found_on, reply, replied_by, replied_on, conclusion, concluded_by, concluded_on) ON "claim_audit" TO wengang_app;
CREATE POLICY edited ON "claim_audit" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM benefit_claim parent WHERE parent.id = claim_id)) WITH CHECK (EXISTS (SELECT 1 FROM benefit_claim parent WHERE parent.id = claim_id));
CREATE POLICY no_worker_insert ON "claim_audit" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "claim_audit" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "claim_audit" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "claim_audit" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "contact" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "contact" TO wengang_app;
CREATE POLICY read ON "contact" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
GRANT INSERT ON "contact" TO wengang_app;
CREATE POLICY written ON "contact" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
CREATE POLICY of_an_employer ON "contact" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "consent" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "consent" TO wengang_app;
CREATE POLICY read ON "consent" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
GRANT INSERT ON "consent" TO wengang_app;
CREATE POLICY written ON "consent" FOR INSERT TO wengang_app WITH CHECK (account_id = (SELECT app_account()) AND EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
CREATE POLICY of_an_employer ON "consent" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "disclosure" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "disclosure" TO wengang_app;
CREATE POLICY read ON "disclosure" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
GRANT INSERT ON "disclosure" TO wengang_app;
CREATE POLICY written ON "disclosure" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
CREATE POLICY of_an_employer ON "disclosure" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "review_request" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "review_request" TO wengang_app;
CREATE POLICY read ON "review_request" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
GRANT INSERT ON "review_request" TO wengang_app;
CREATE POLICY written ON "review_request" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
GRANT UPDATE (outcome, answer_sealed, answered_on, answered_by, is_demo) ON "review_request" TO wengang_app;
CREATE POLICY edited ON "review_request" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id)) WITH CHECK (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
CREATE POLICY of_an_employer ON "review_request" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "erasure" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "erasure" TO wengang_app;
CREATE POLICY read ON "erasure" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
GRANT INSERT ON "erasure" TO wengang_app;
CREATE POLICY written ON "erasure" FOR INSERT TO wengang_app WITH CHECK (approved_by = (SELECT app_account()) AND EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
CREATE POLICY no_worker_insert ON "erasure" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "erasure" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "erasure" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "erasure" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "support_task" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "support_task" TO wengang_app;
CREATE POLICY read ON "support_task" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id) OR station_id IN (SELECT posted_stations()));
GRANT INSERT ON "support_task" TO wengang_app;
CREATE POLICY written ON "support_task" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
GRANT UPDATE (due_on, state, done_on, done_by, outcome, station_id, handed_on, answer) ON "support_task" TO wengang_app;
CREATE POLICY edited ON "support_task" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id) OR (station_id IN (SELECT posted_stations()) AND (handed_on IS NOT NULL OR done_on IS NOT NULL OR answer <> ''))) WITH CHECK (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id) OR (station_id IN (SELECT posted_stations()) AND (handed_on IS NOT NULL OR done_on IS NOT NULL OR answer <> '')));
CREATE POLICY of_an_employer ON "support_task" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "caller_assignment" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "caller_assignment" TO wengang_app;
CREATE POLICY read ON "caller_assignment" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
GRANT INSERT ON "caller_assignment" TO wengang_app;
CREATE POLICY written ON "caller_assignment" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
GRANT UPDATE (account_id, assigned_by, previous_id) ON "caller_assignment" TO wengang_app;
CREATE POLICY edited ON "caller_assignment" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id)) WITH CHECK (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
CREATE POLICY no_worker_insert ON "caller_assignment" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "caller_assignment" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "caller_assignment" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "caller_assignment" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
GRANT DELETE ON "caller_assignment" TO wengang_app;
CREATE POLICY removed ON "caller_assignment" FOR DELETE TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
ALTER TABLE "target_part" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "target_part" TO wengang_app;
CREATE POLICY read ON "target_part" FOR SELECT TO wengang_app USING (region_number(region) <@ (SELECT app_scope()) OR region_number(whole_region) <@ (SELECT app_scope()));
GRANT INSERT ON "target_part" TO wengang_app;
CREATE POLICY written ON "target_part" FOR INSERT TO wengang_app WITH CHECK (region_number(whole_region) <@ (SELECT app_scope()));
GRANT UPDATE (number, withdrawn_at) ON "target_part" TO wengang_app;
CREATE POLICY edited ON "target_part" FOR UPDATE TO wengang_app USING (region_number(whole_region) <@ (SELECT app_scope())) WITH CHECK (region_number(whole_region) <@ (SELECT app_scope()));
CREATE POLICY no_worker_insert ON "target_part" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "target_part" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "target_part" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "target_part" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "typed_figure" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "typed_figure" TO wengang_app;
CREATE POLICY read ON "typed_figure" FOR SELECT TO wengang_app USING (region_number(region) <@ (SELECT app_scope()));
GRANT INSERT ON "typed_figure" TO wengang_app;
CREATE POLICY written ON "typed_figure" FOR INSERT TO wengang_app WITH CHECK (region_number(region) <@ (SELECT app_scope()));
GRANT UPDATE (superseded_at, superseded_by, superseded_because) ON "typed_figure" TO wengang_app;
CREATE POLICY edited ON "typed_figure" FOR UPDATE TO wengang_app USING (region_number(region) <@ (SELECT app_scope())) WITH CHECK (region_number(region) <@ (SELECT app_scope()));
CREATE POLICY no_worker_insert ON "typed_figure" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "typed_figure" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "typed_figure" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "typed_figure" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "figure_file" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "figure_file" TO wengang_app;
CREATE POLICY read ON "figure_file" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM typed_figure parent WHERE parent.id = figure_id));
GRANT INSERT ON "figure_file" TO wengang_app;
CREATE POLICY written ON "figure_file" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM typed_figure parent WHERE parent.id = figure_id));
CREATE POLICY no_worker_insert ON "figure_file" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "figure_file" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "figure_file" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "figure_file" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "frozen_report" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "frozen_report" TO wengang_app;
CREATE POLICY read ON "frozen_report" FOR SELECT TO wengang_app USING (region_number(region) <@ (SELECT app_scope()));
GRANT INSERT ON "frozen_report" TO wengang_app;
CREATE POLICY written ON "frozen_report" FOR INSERT TO wengang_app WITH CHECK (region_number(region) <@ (SELECT app_scope()));
CREATE POLICY no_worker_insert ON "frozen_report" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "frozen_report" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "frozen_report" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "frozen_report" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "frozen_person" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "frozen_person" TO wengang_app;
CREATE POLICY read ON "frozen_person" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM frozen_report parent WHERE parent.id = report_id));
GRANT INSERT ON "frozen_person" TO wengang_app;
CREATE POLICY written ON "frozen_person" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM frozen_report parent WHERE parent.id = report_id));
CREATE POLICY no_worker_insert ON "frozen_person" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "frozen_person" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "frozen_person" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "frozen_person" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "public_post_placement" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "public_post_placement" TO wengang_app;
CREATE POLICY read ON "public_post_placement" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM employment_spell parent WHERE parent.id = spell_id));
GRANT INSERT ON "public_post_placement" TO wengang_app;
CREATE POLICY written ON "public_post_placement" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM employment_spell own WHERE own.id = spell_id AND region_number(own.origin_region) <@ (SELECT app_scope())));
GRANT UPDATE (cadre_relation, declared_on, account_id, is_demo) ON "public_post_placement" TO wengang_app;
CREATE POLICY edited ON "public_post_placement" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM employment_spell own WHERE own.id = spell_id AND region_number(own.origin_region) <@ (SELECT app_scope()))) WITH CHECK (EXISTS (SELECT 1 FROM employment_spell own WHERE own.id = spell_id AND region_number(own.origin_region) <@ (SELECT app_scope())));
CREATE POLICY no_worker_insert ON "public_post_placement" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "public_post_placement" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "public_post_placement" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "public_post_placement" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "term_extension" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "term_extension" TO wengang_app;
CREATE POLICY read ON "term_extension" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM employment_spell parent WHERE parent.id = spell_id));
GRANT INSERT ON "term_extension" TO wengang_app;
CREATE POLICY written ON "term_extension" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM employment_spell own WHERE own.id = spell_id AND region_number(own.origin_region) <@ (SELECT app_scope())));
CREATE POLICY no_worker_insert ON "term_extension" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "term_extension" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "term_extension" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "term_extension" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "job_offer" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "job_offer" TO wengang_app;
CREATE POLICY read ON "job_offer" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
GRANT INSERT ON "job_offer" TO wengang_app;
CREATE POLICY written ON "job_offer" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
CREATE POLICY no_worker_insert ON "job_offer" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "job_offer" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "job_offer" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "job_offer" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "workshop_recognition" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "workshop_recognition" TO wengang_app;
CREATE POLICY read ON "workshop_recognition" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM employer kept WHERE kept.id = employer_id AND region_number(kept.kept_by) <@ (SELECT app_scope())));
GRANT INSERT ON "workshop_recognition" TO wengang_app;
CREATE POLICY written ON "workshop_recognition" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM employer kept WHERE kept.id = employer_id AND region_number(kept.kept_by) <@ (SELECT app_scope())));
GRANT UPDATE (revoked_on, revoked_because, is_demo) ON "workshop_recognition" TO wengang_app;
CREATE POLICY edited ON "workshop_recognition" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM employer kept WHERE kept.id = employer_id AND region_number(kept.kept_by) <@ (SELECT app_scope()))) WITH CHECK (EXISTS (SELECT 1 FROM employer kept WHERE kept.id = employer_id AND region_number(kept.kept_by) <@ (SELECT app_scope())));
CREATE POLICY no_worker_insert ON "workshop_recognition" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "workshop_recognition" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "workshop_recognition" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "workshop_recognition" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "workshop_rating" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "workshop_rating" TO wengang_app;
CREATE POLICY read ON "workshop_rating" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM employer kept WHERE kept.id = employer_id AND region_number(kept.kept_by) <@ (SELECT app_scope())));
GRANT INSERT ON "workshop_rating" TO wengang_app;
CREATE POLICY written ON "workshop_rating" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM employer kept WHERE kept.id = employer_id AND region_number(kept.kept_by) <@ (SELECT app_scope())));
GRANT UPDATE (grade, rated_on, workers, relieved, note, account_id, is_demo) ON "workshop_rating" TO wengang_app;
CREATE POLICY edited ON "workshop_rating" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM employer kept WHERE kept.id = employer_id AND region_number(kept.kept_by) <@ (SELECT app_scope()))) WITH CHECK (EXISTS (SELECT 1 FROM employer kept WHERE kept.id = employer_id AND region_number(kept.kept_by) <@ (SELECT app_scope())));
CREATE POLICY no_worker_insert ON "workshop_rating" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "workshop_rating" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "workshop_rating" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "workshop_rating" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "fair" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "fair" TO wengang_app;
CREATE POLICY read ON "fair" FOR SELECT TO wengang_app USING (region_number(region) <@ (SELECT app_scope()) OR id = (SELECT device_fair()));
GRANT INSERT ON "fair" TO wengang_app;
CREATE POLICY written ON "fair" FOR INSERT TO wengang_app WITH CHECK (region_number(region) <@ (SELECT app_scope()));
GRANT UPDATE (region, partner, name, kind, held_on, place, employers, seats, attended, agreed, called_off, is_demo) ON "fair" TO wengang_app;
CREATE POLICY edited ON "fair" FOR UPDATE TO wengang_app USING (region_number(region) <@ (SELECT app_scope())) WITH CHECK (region_number(region) <@ (SELECT app_scope()));
CREATE POLICY no_worker_insert ON "fair" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "fair" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "fair" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "fair" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "booth" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "booth" TO wengang_app;
CREATE POLICY read ON "booth" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM fair parent WHERE parent.id = fair_id));
GRANT INSERT ON "booth" TO wengang_app;
CREATE POLICY written ON "booth" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM fair held WHERE held.id = fair_id AND region_number(held.region) <@ (SELECT app_scope())));
GRANT UPDATE (withdrawn_at) ON "booth" TO wengang_app;
CREATE POLICY edited ON "booth" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM fair held WHERE held.id = fair_id AND region_number(held.region) <@ (SELECT app_scope()))) WITH CHECK (EXISTS (SELECT 1 FROM fair held WHERE held.id = fair_id AND region_number(held.region) <@ (SELECT app_scope())));
CREATE POLICY no_worker_insert ON "booth" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "booth" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "booth" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "booth" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "booth_post" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "booth_post" TO wengang_app;
CREATE POLICY read ON "booth_post" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM fair parent WHERE parent.id = fair_id));
GRANT INSERT ON "booth_post" TO wengang_app;
CREATE POLICY written ON "booth_post" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM fair held WHERE held.id = fair_id AND region_number(held.region) <@ (SELECT app_scope())));
CREATE POLICY no_worker_insert ON "booth_post" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "booth_post" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "booth_post" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "booth_post" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "fair_invitation" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "fair_invitation" TO wengang_app;
CREATE POLICY read ON "fair_invitation" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
GRANT INSERT ON "fair_invitation" TO wengang_app;
CREATE POLICY written ON "fair_invitation" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM fair held WHERE held.id = fair_id AND region_number(held.region) <@ (SELECT app_scope())) AND EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
GRANT UPDATE (card_sealed, card_made_at, revoked_at) ON "fair_invitation" TO wengang_app;
CREATE POLICY edited ON "fair_invitation" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id)) WITH CHECK (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
CREATE POLICY no_worker_insert ON "fair_invitation" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "fair_invitation" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "fair_invitation" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "fair_invitation" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "kiosk_device" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "kiosk_device" TO wengang_app;
CREATE POLICY read ON "kiosk_device" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM fair held WHERE held.id = fair_id AND region_number(held.region) <@ (SELECT app_scope())) OR id = (SELECT app_device()));
GRANT INSERT ON "kiosk_device" TO wengang_app;
CREATE POLICY written ON "kiosk_device" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM fair held WHERE held.id = fair_id AND region_number(held.region) <@ (SELECT app_scope())));
GRANT UPDATE (revoked_at, master_key_id, sealed_key) ON "kiosk_device" TO wengang_app;
CREATE POLICY edited ON "kiosk_device" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM fair held WHERE held.id = fair_id AND region_number(held.region) <@ (SELECT app_scope()))) WITH CHECK (EXISTS (SELECT 1 FROM fair held WHERE held.id = fair_id AND region_number(held.region) <@ (SELECT app_scope())));
CREATE POLICY no_worker_insert ON "kiosk_device" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "kiosk_device" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "kiosk_device" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "kiosk_device" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "kiosk_command" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "kiosk_command" TO wengang_app;
CREATE POLICY read ON "kiosk_command" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM fair parent WHERE parent.id = fair_id));
GRANT INSERT ON "kiosk_command" TO wengang_app;
CREATE POLICY written ON "kiosk_command" FOR INSERT TO wengang_app WITH CHECK (fair_id = (SELECT device_fair()) AND device_id = (SELECT app_device()));
GRANT UPDATE (visit_id, discarded_at, sealed) ON "kiosk_command" TO wengang_app;
CREATE POLICY edited ON "kiosk_command" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM fair parent WHERE parent.id = fair_id)) WITH CHECK (EXISTS (SELECT 1 FROM fair parent WHERE parent.id = fair_id));
CREATE POLICY no_worker_insert ON "kiosk_command" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "kiosk_command" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "kiosk_command" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "kiosk_command" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "visit" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "visit" TO wengang_app;
CREATE POLICY read ON "visit" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id) OR fair_id = (SELECT device_fair()));
GRANT INSERT ON "visit" TO wengang_app;
CREATE POLICY written ON "visit" FOR INSERT TO wengang_app WITH CHECK (fair_id = (SELECT device_fair()) OR EXISTS (SELECT 1 FROM fair held WHERE held.id = fair_id AND region_number(held.region) <@ (SELECT app_scope())));
GRANT UPDATE (arrived_at) ON "visit" TO wengang_app;
CREATE POLICY edited ON "visit" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id) OR fair_id = (SELECT device_fair())) WITH CHECK (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id) OR fair_id = (SELECT device_fair()));
CREATE POLICY no_worker_insert ON "visit" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "visit" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "visit" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "visit" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "visit_intent" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "visit_intent" TO wengang_app;
CREATE POLICY read ON "visit_intent" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM visit parent WHERE parent.id = visit_id));
GRANT INSERT ON "visit_intent" TO wengang_app;
CREATE POLICY written ON "visit_intent" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM visit parent WHERE parent.id = visit_id));
GRANT UPDATE (wanted, said_at, ticket, ticket_at, called_at, application_id, not_carried_over) ON "visit_intent" TO wengang_app;
CREATE POLICY edited ON "visit_intent" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM visit parent WHERE parent.id = visit_id)) WITH CHECK (EXISTS (SELECT 1 FROM visit parent WHERE parent.id = visit_id));
CREATE POLICY no_worker_insert ON "visit_intent" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "visit_intent" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "visit_intent" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "visit_intent" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "service_station" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "service_station" TO wengang_app;
CREATE POLICY read ON "service_station" FOR SELECT TO wengang_app USING (region_number(kept_by) <@ (SELECT app_scope()) OR region_number(region) <@ (SELECT app_scope()) OR id IN (SELECT staffed_stations()));
GRANT INSERT ON "service_station" TO wengang_app;
CREATE POLICY written ON "service_station" FOR INSERT TO wengang_app WITH CHECK (region_number(kept_by) <@ (SELECT app_scope()));
GRANT UPDATE (name, region, kept_by, address, opened_on, closed_on, is_demo) ON "service_station" TO wengang_app;
CREATE POLICY edited ON "service_station" FOR UPDATE TO wengang_app USING (region_number(kept_by) <@ (SELECT app_scope())) WITH CHECK (region_number(kept_by) <@ (SELECT app_scope()));
CREATE POLICY no_worker_insert ON "service_station" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "service_station" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "service_station" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "service_station" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "station_staff" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "station_staff" TO wengang_app;
CREATE POLICY read ON "station_staff" FOR SELECT TO wengang_app USING (account_id = (SELECT app_account()) OR EXISTS (SELECT 1 FROM service_station parent WHERE parent.id = station_id));
CREATE POLICY of_an_employer ON "station_staff" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "station_visit" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "station_visit" TO wengang_app;
CREATE POLICY read ON "station_visit" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM service_station parent WHERE parent.id = station_id));
GRANT INSERT ON "station_visit" TO wengang_app;
CREATE POLICY written ON "station_visit" FOR INSERT TO wengang_app WITH CHECK (station_id IN (SELECT staffed_stations()) OR EXISTS (SELECT 1 FROM service_station kept WHERE kept.id = station_id AND region_number(kept.kept_by) <@ (SELECT app_scope())));
CREATE POLICY no_worker_insert ON "station_visit" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "station_visit" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "station_visit" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "station_visit" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "idempotency_key" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "idempotency_key" TO wengang_app;
CREATE POLICY read ON "idempotency_key" FOR SELECT TO wengang_app USING (account_id = (SELECT app_account()));
GRANT INSERT ON "idempotency_key" TO wengang_app;
CREATE POLICY written ON "idempotency_key" FOR INSERT TO wengang_app WITH CHECK (account_id = (SELECT app_account()));
GRANT UPDATE (status, sealed_answer, master_key_id, worker_id, told_of) ON "idempotency_key" TO wengang_app;
CREATE POLICY edited ON "idempotency_key" FOR UPDATE TO wengang_app USING (account_id = (SELECT app_account())) WITH CHECK (account_id = (SELECT app_account()));
ALTER TABLE "wechat_account" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "wechat_account" TO wengang_app;
CREATE POLICY read ON "wechat_account" FOR SELECT TO wengang_app USING (account_id = (SELECT app_account()));
CREATE POLICY of_an_employer ON "wechat_account" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "worker_binding" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "worker_binding" TO wengang_app;
CREATE POLICY read ON "worker_binding" FOR SELECT TO wengang_app USING (account_id = (SELECT app_account()) OR EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
CREATE POLICY of_an_employer ON "worker_binding" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "message_subscription" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "message_subscription" TO wengang_app;
CREATE POLICY read ON "message_subscription" FOR SELECT TO wengang_app USING (account_id = (SELECT app_account()));
GRANT INSERT ON "message_subscription" TO wengang_app;
CREATE POLICY written ON "message_subscription" FOR INSERT TO wengang_app WITH CHECK (account_id = (SELECT app_account()));
CREATE POLICY of_an_employer ON "message_subscription" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "notice" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "notice" TO wengang_app;
CREATE POLICY read ON "notice" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
GRANT INSERT ON "notice" TO wengang_app;
CREATE POLICY written ON "notice" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
GRANT UPDATE (state, channel, sent_at, code, round, beside_at, is_demo) ON "notice" TO wengang_app;
CREATE POLICY edited ON "notice" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id)) WITH CHECK (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
CREATE POLICY of_an_employer ON "notice" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "webhook" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "webhook" TO wengang_app;
CREATE POLICY read ON "webhook" FOR SELECT TO wengang_app USING (region_number(region) <@ (SELECT app_scope()));
GRANT INSERT ON "webhook" TO wengang_app;
CREATE POLICY written ON "webhook" FOR INSERT TO wengang_app WITH CHECK (region_number(region) <@ (SELECT app_scope()));
GRANT UPDATE (name, url, events, failing_since, switched_off_at) ON "webhook" TO wengang_app;
CREATE POLICY edited ON "webhook" FOR UPDATE TO wengang_app USING (region_number(region) <@ (SELECT app_scope())) WITH CHECK (region_number(region) <@ (SELECT app_scope()));
CREATE POLICY no_worker_insert ON "webhook" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "webhook" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "webhook" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "webhook" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
GRANT DELETE ON "webhook" TO wengang_app;
CREATE POLICY removed ON "webhook" FOR DELETE TO wengang_app USING (region_number(region) <@ (SELECT app_scope()));
ALTER TABLE "webhook_secret" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "webhook_secret" TO wengang_app;
CREATE POLICY read ON "webhook_secret" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM webhook parent WHERE parent.id = webhook_id));
GRANT INSERT ON "webhook_secret" TO wengang_app;
CREATE POLICY written ON "webhook_secret" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM webhook parent WHERE parent.id = webhook_id));
GRANT UPDATE (master_key_id, secret_sealed, good_until) ON "webhook_secret" TO wengang_app;
CREATE POLICY edited ON "webhook_secret" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM webhook parent WHERE parent.id = webhook_id)) WITH CHECK (EXISTS (SELECT 1 FROM webhook parent WHERE parent.id = webhook_id));
CREATE POLICY no_worker_insert ON "webhook_secret" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "webhook_secret" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "webhook_secret" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "webhook_secret" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "webhook_delivery" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "webhook_delivery" TO wengang_app;
CREATE POLICY read ON "webhook_delivery" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM webhook parent WHERE parent.id = webhook_id));
GRANT INSERT ON "webhook_delivery" TO wengang_app;
CREATE POLICY written ON "webhook_delivery" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM webhook parent WHERE parent.id = webhook_id));
GRANT UPDATE (state, code, error) ON "webhook_delivery" TO wengang_app;
CREATE POLICY edited ON "webhook_delivery" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM webhook parent WHERE parent.id = webhook_id)) WITH CHECK (EXISTS (SELECT 1 FROM webhook parent WHERE parent.id = webhook_id));
CREATE POLICY no_worker_insert ON "webhook_delivery" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "webhook_delivery" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "webhook_delivery" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "webhook_delivery" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "check_in" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "check_in" TO wengang_app;
CREATE POLICY read ON "check_in" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
GRANT INSERT ON "check_in" TO wengang_app;
CREATE POLICY written ON "check_in" FOR INSERT TO wengang_app WITH CHECK (account_id = (SELECT app_account()) AND worker_id = (SELECT app_worker()));
CREATE POLICY of_an_employer ON "check_in" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "call_request" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "call_request" TO wengang_app;
CREATE POLICY read ON "call_request" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
GRANT INSERT ON "call_request" TO wengang_app;
CREATE POLICY written ON "call_request" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
GRANT UPDATE (due_on, done_on, done_by, is_demo) ON "call_request" TO wengang_app;
CREATE POLICY edited ON "call_request" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id)) WITH CHECK (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
CREATE POLICY of_an_employer ON "call_request" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
GRANT DELETE ON "call_request" TO wengang_app;
CREATE POLICY removed ON "call_request" FOR DELETE TO wengang_app USING (why = 'arranged' AND done_on IS NULL AND (SELECT app_worker()) IS NULL AND EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
ALTER TABLE "bulk_action" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "bulk_action" TO wengang_app;
CREATE POLICY read ON "bulk_action" FOR SELECT TO wengang_app USING (account_id = (SELECT app_account()) OR region_number(region) <@ (SELECT app_scope()));
GRANT INSERT ON "bulk_action" TO wengang_app;
CREATE POLICY written ON "bulk_action" FOR INSERT TO wengang_app WITH CHECK (account_id = (SELECT app_account()) AND region_number(region) <@ (SELECT app_scope()));
GRANT UPDATE (job_id, finished_at, stopped_at, stopped_why, undone_at, undone_by, undo_job_id) ON "bulk_action" TO wengang_app;
CREATE POLICY edited ON "bulk_action" FOR UPDATE TO wengang_app USING (account_id = (SELECT app_account()) OR region_number(region) <@ (SELECT app_scope())) WITH CHECK (account_id = (SELECT app_account()) OR region_number(region) <@ (SELECT app_scope()));
CREATE POLICY no_worker_insert ON "bulk_action" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "bulk_action" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "bulk_action" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "bulk_action" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "bulk_item" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "bulk_item" TO wengang_app;
CREATE POLICY read ON "bulk_item" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
GRANT INSERT ON "bulk_item" TO wengang_app;
CREATE POLICY written ON "bulk_item" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM bulk_action parent WHERE parent.id = bulk_id) AND EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
GRANT UPDATE (state, reason, made_id, made_version) ON "bulk_item" TO wengang_app;
CREATE POLICY edited ON "bulk_item" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id)) WITH CHECK (EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id));
CREATE POLICY no_worker_insert ON "bulk_item" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "bulk_item" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "bulk_item" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "bulk_item" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "saved_search" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "saved_search" TO wengang_app;
CREATE POLICY read ON "saved_search" FOR SELECT TO wengang_app USING (account_id = (SELECT app_account()) OR (shared AND region_number(region) <@ (SELECT app_scope())));
GRANT INSERT ON "saved_search" TO wengang_app;
CREATE POLICY written ON "saved_search" FOR INSERT TO wengang_app WITH CHECK (account_id = (SELECT app_account()) AND region_number(region) <@ (SELECT app_scope()));
GRANT UPDATE (name, wanted, shared, removed_at) ON "saved_search" TO wengang_app;
CREATE POLICY edited ON "saved_search" FOR UPDATE TO wengang_app USING (account_id = (SELECT app_account()) OR (shared AND region_number(region) <@ (SELECT app_scope()))) WITH CHECK (account_id = (SELECT app_account()) OR (shared AND region_number(region) <@ (SELECT app_scope())));
CREATE POLICY no_worker_insert ON "saved_search" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "saved_search" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "saved_search" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "saved_search" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "account" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "account" TO wengang_app;
CREATE POLICY read ON "account" FOR SELECT TO wengang_app USING (id = (SELECT app_account()) OR region_number(kept_by) <@ (SELECT administered()) OR id IN (SELECT accounts_bound_here()));
GRANT INSERT ON "account" TO wengang_app;
CREATE POLICY written ON "account" FOR INSERT TO wengang_app WITH CHECK (region_number(kept_by) <@ (SELECT administered()));
CREATE POLICY no_worker_insert ON "account" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "account" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "account" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
ALTER TABLE "account_binding" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "account_binding" TO wengang_app;
CREATE POLICY read ON "account_binding" FOR SELECT TO wengang_app USING (account_id = (SELECT app_account()) OR region_number(binding_home(region, station_id, employer_id)) <@ (SELECT administered()));
GRANT INSERT ON "account_binding" TO wengang_app;
CREATE POLICY written ON "account_binding" FOR INSERT TO wengang_app WITH CHECK (account_id IN (SELECT administered_accounts()) AND region_number(binding_home(region, station_id, employer_id)) <@ (SELECT administered()));
CREATE POLICY no_worker_insert ON "account_binding" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "account_binding" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "account_binding" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
GRANT DELETE ON "account_binding" TO wengang_app;
CREATE POLICY removed ON "account_binding" FOR DELETE TO wengang_app USING (account_id <> (SELECT app_account()) AND region_number(binding_home(region, station_id, employer_id)) <@ (SELECT administered()));
ALTER TABLE "access_token" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "access_token" TO wengang_app;
CREATE POLICY read ON "access_token" FOR SELECT TO wengang_app USING (account_id = (SELECT app_account()) OR account_id IN (SELECT administered_accounts()));
GRANT INSERT ON "access_token" TO wengang_app;
CREATE POLICY written ON "access_token" FOR INSERT TO wengang_app WITH CHECK (account_id = (SELECT app_account()) OR (kind = 'invitation' AND account_id IN (SELECT administered_accounts())));
GRANT UPDATE (used_at, revoked_at) ON "access_token" TO wengang_app;
CREATE POLICY edited ON "access_token" FOR UPDATE TO wengang_app USING (account_id = (SELECT app_account()) OR account_id IN (SELECT administered_accounts())) WITH CHECK (account_id = (SELECT app_account()) OR account_id IN (SELECT administered_accounts()));
ALTER TABLE "token_use" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "token_use" TO wengang_app;
CREATE POLICY read ON "token_use" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM access_token parent WHERE parent.id = token_id));
ALTER TABLE "login_attempt" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "login_attempt" TO wengang_app;
CREATE POLICY read ON "login_attempt" FOR SELECT TO wengang_app USING (account_id = (SELECT app_account()) OR account_id IN (SELECT administered_accounts()));
ALTER TABLE "second_factor" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "second_factor" TO wengang_app;
CREATE POLICY read ON "second_factor" FOR SELECT TO wengang_app USING (account_id = (SELECT app_account()) OR account_id IN (SELECT administered_accounts()));
GRANT INSERT ON "second_factor" TO wengang_app;
CREATE POLICY written ON "second_factor" FOR INSERT TO wengang_app WITH CHECK (account_id = (SELECT app_account()));
GRANT UPDATE (master_key_id, secret_sealed, confirmed_at, last_step, recovery_hashes) ON "second_factor" TO wengang_app;
CREATE POLICY edited ON "second_factor" FOR UPDATE TO wengang_app USING (account_id = (SELECT app_account())) WITH CHECK (account_id = (SELECT app_account()));
CREATE POLICY no_worker_insert ON "second_factor" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "second_factor" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "second_factor" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
GRANT DELETE ON "second_factor" TO wengang_app;
CREATE POLICY removed ON "second_factor" FOR DELETE TO wengang_app USING (account_id = (SELECT app_account()) OR account_id IN (SELECT administered_accounts()));
ALTER TABLE "number_lookup" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "number_lookup" TO wengang_app;
CREATE POLICY read ON "number_lookup" FOR SELECT TO wengang_app USING (account_id = (SELECT app_account()) OR account_id IN (SELECT administered_accounts()));
ALTER TABLE "match_plan" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "match_plan" TO wengang_app;
CREATE POLICY read ON "match_plan" FOR SELECT TO wengang_app USING (region_number(region) <@ (SELECT app_scope()));
GRANT INSERT ON "match_plan" TO wengang_app;
CREATE POLICY written ON "match_plan" FOR INSERT TO wengang_app WITH CHECK (region_number(region) <@ (SELECT app_scope()));
GRANT UPDATE (name, job_id, state, ranker, ranker_version, sums, dispatch_id) ON "match_plan" TO wengang_app;
CREATE POLICY edited ON "match_plan" FOR UPDATE TO wengang_app USING (region_number(region) <@ (SELECT app_scope())) WITH CHECK (region_number(region) <@ (SELECT app_scope()));
CREATE POLICY no_worker_insert ON "match_plan" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "match_plan" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "match_plan" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "match_plan" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "match_plan_kept" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "match_plan_kept" TO wengang_app;
CREATE POLICY read ON "match_plan_kept" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM match_plan parent WHERE parent.id = plan_id));
GRANT INSERT ON "match_plan_kept" TO wengang_app;
CREATE POLICY written ON "match_plan_kept" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM match_plan parent WHERE parent.id = plan_id));
CREATE POLICY no_worker_insert ON "match_plan_kept" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "match_plan_kept" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "match_plan_kept" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "match_plan_kept" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "match_plan_post" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "match_plan_post" TO wengang_app;
CREATE POLICY read ON "match_plan_post" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM match_plan parent WHERE parent.id = plan_id));
GRANT INSERT ON "match_plan_post" TO wengang_app;
CREATE POLICY written ON "match_plan_post" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM match_plan parent WHERE parent.id = plan_id));
GRANT UPDATE (seats, filled, stable, price, seat_worth) ON "match_plan_post" TO wengang_app;
CREATE POLICY edited ON "match_plan_post" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM match_plan parent WHERE parent.id = plan_id)) WITH CHECK (EXISTS (SELECT 1 FROM match_plan parent WHERE parent.id = plan_id));
CREATE POLICY no_worker_insert ON "match_plan_post" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "match_plan_post" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "match_plan_post" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "match_plan_post" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "match_plan_person" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "match_plan_person" TO wengang_app;
CREATE POLICY read ON "match_plan_person" FOR SELECT TO wengang_app USING (region_number(region) <@ (SELECT app_scope()));
GRANT INSERT ON "match_plan_person" TO wengang_app;
CREATE POLICY written ON "match_plan_person" FOR INSERT TO wengang_app WITH CHECK (region_number(region) <@ (SELECT app_scope()));
GRANT UPDATE (vacancy_id, p_hire, p_stay_90, p_stay_180, score, reasons, state, together, application_id, decided_by, decided_at) ON "match_plan_person" TO wengang_app;
CREATE POLICY edited ON "match_plan_person" FOR UPDATE TO wengang_app USING (region_number(region) <@ (SELECT app_scope())) WITH CHECK (region_number(region) <@ (SELECT app_scope()));
CREATE POLICY no_worker_insert ON "match_plan_person" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "match_plan_person" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "match_plan_person" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "match_plan_person" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "match_plan_decision" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "match_plan_decision" TO wengang_app;
CREATE POLICY read ON "match_plan_decision" FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM match_plan parent WHERE parent.id = plan_id));
GRANT INSERT ON "match_plan_decision" TO wengang_app;
CREATE POLICY written ON "match_plan_decision" FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT 1 FROM match_plan parent WHERE parent.id = plan_id));
GRANT UPDATE (undone_at, undone_by) ON "match_plan_decision" TO wengang_app;
CREATE POLICY edited ON "match_plan_decision" FOR UPDATE TO wengang_app USING (EXISTS (SELECT 1 FROM match_plan parent WHERE parent.id = plan_id)) WITH CHECK (EXISTS (SELECT 1 FROM match_plan parent WHERE parent.id = plan_id));
CREATE POLICY no_worker_insert ON "match_plan_decision" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "match_plan_decision" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "match_plan_decision" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "match_plan_decision" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "employer" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "employer" TO wengang_app;
CREATE POLICY read ON "employer" FOR SELECT TO wengang_app USING (true);
GRANT INSERT ON "employer" TO wengang_app;
CREATE POLICY written ON "employer" FOR INSERT TO wengang_app WITH CHECK (region_number(kept_by) <@ (SELECT app_scope()));
GRANT UPDATE (name, uscc, kind, region, kept_by, industry, size, opened_on, is_demo) ON "employer" TO wengang_app;
CREATE POLICY edited ON "employer" FOR UPDATE TO wengang_app USING (region_number(kept_by) <@ (SELECT app_scope())) WITH CHECK (region_number(kept_by) <@ (SELECT app_scope()));
CREATE POLICY no_worker_insert ON "employer" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "employer" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "employer" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "employer" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL OR id = (SELECT my_employer())) WITH CHECK ((SELECT app_employer()) IS NULL OR id = (SELECT my_employer()));
ALTER TABLE "target" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "target" TO wengang_app;
CREATE POLICY read ON "target" FOR SELECT TO wengang_app USING (true);
GRANT INSERT ON "target" TO wengang_app;
CREATE POLICY written ON "target" FOR INSERT TO wengang_app WITH CHECK (region_number(region) <@ (SELECT app_scope()));
GRANT UPDATE (sequence, parent_id, label, sentence, indicator, population, kinds, rule_id, number, at_least, unit, measure, from_on, to_on) ON "target" TO wengang_app;
CREATE POLICY edited ON "target" FOR UPDATE TO wengang_app USING (region_number(region) <@ (SELECT app_scope())) WITH CHECK (region_number(region) <@ (SELECT app_scope()));
CREATE POLICY no_worker_insert ON "target" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "target" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "target" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "target" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "vacancy" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "vacancy" TO wengang_app;
CREATE POLICY read ON "vacancy" FOR SELECT TO wengang_app USING (state IN ('published', 'closed') OR region_number(kept_by) <@ (SELECT app_scope()) OR EXISTS (SELECT 1 FROM application mine WHERE mine.vacancy_id = vacancy.id) OR employer_id = (SELECT my_employer()));
GRANT INSERT ON "vacancy" TO wengang_app;
CREATE POLICY written ON "vacancy" FOR INSERT TO wengang_app WITH CHECK (region_number(kept_by) <@ (SELECT app_scope()) OR (employer_id = (SELECT my_employer()) AND by_employer));
GRANT UPDATE (employer_id, kept_by, region, title, occupation, seats, pay_min, pay_max, hours_per_week, min_age, max_age, min_education, required_skills, preferred_skills, lodging, meals, social_insurance, shift, posted_on, valid_from, valid_until, refreshed_on, state, missing, unlawful_demands, text, import_id, import_line, is_demo) ON "vacancy" TO wengang_app;
CREATE POLICY edited ON "vacancy" FOR UPDATE TO wengang_app USING (region_number(kept_by) <@ (SELECT app_scope()) OR employer_id = (SELECT my_employer())) WITH CHECK (region_number(kept_by) <@ (SELECT app_scope()) OR employer_id = (SELECT my_employer()));
CREATE POLICY no_worker_insert ON "vacancy" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "vacancy" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "vacancy" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "vacancy" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL OR employer_id = (SELECT my_employer())) WITH CHECK ((SELECT app_employer()) IS NULL OR employer_id = (SELECT my_employer()));
ALTER TABLE "work_plan" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "work_plan" TO wengang_app;
CREATE POLICY read ON "work_plan" FOR SELECT TO wengang_app USING (true);
GRANT INSERT ON "work_plan" TO wengang_app;
CREATE POLICY written ON "work_plan" FOR INSERT TO wengang_app WITH CHECK (region_number(region) <@ (SELECT app_scope()));
GRANT UPDATE (title, issuer, document_number, published_on, pairing_id) ON "work_plan" TO wengang_app;
CREATE POLICY edited ON "work_plan" FOR UPDATE TO wengang_app USING (region_number(region) <@ (SELECT app_scope())) WITH CHECK (region_number(region) <@ (SELECT app_scope()));
CREATE POLICY no_worker_insert ON "work_plan" AS RESTRICTIVE FOR INSERT TO wengang_app WITH CHECK ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_update ON "work_plan" AS RESTRICTIVE FOR UPDATE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY no_worker_delete ON "work_plan" AS RESTRICTIVE FOR DELETE TO wengang_app USING ((SELECT app_worker()) IS NULL);
CREATE POLICY of_an_employer ON "work_plan" AS RESTRICTIVE FOR ALL TO wengang_app USING ((SELECT app_employer()) IS NULL) WITH CHECK ((SELECT app_employer()) IS NULL);
ALTER TABLE "audit_event" ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON audit_event TO wengang_app;
CREATE POLICY written ON audit_event FOR INSERT TO wengang_app WITH CHECK (true);
CREATE POLICY read ON audit_event FOR SELECT TO wengang_app USING (region_number(region) <@ (SELECT app_scope()) OR EXISTS (SELECT 1 FROM worker parent WHERE parent.id = worker_id) OR EXISTS (SELECT 1 FROM household parent WHERE parent.id = household_id));
ALTER TABLE "audit_seal" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON audit_event TO wengang_sealer;
GRANT SELECT ON SEQUENCE audit_event_id_seq TO wengang_sealer;
GRANT SELECT, INSERT ON audit_seal TO wengang_sealer;
CREATE POLICY sealed ON audit_event FOR SELECT TO wengang_sealer USING (true);
CREATE POLICY read ON audit_seal FOR SELECT TO wengang_sealer USING (true);
CREATE POLICY appended ON audit_seal FOR INSERT TO wengang_sealer WITH CHECK (true);
ALTER TABLE "wechat_token" ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON wechat_token TO wengang_app;
CREATE POLICY shared ON wechat_token TO wengang_app USING (true) WITH CHECK (true);
ALTER TABLE "service_key" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON service_key TO wengang_app;
CREATE POLICY read ON service_key FOR SELECT TO wengang_app USING (true);
ALTER TABLE "outbox_message" ENABLE ROW LEVEL SECURITY;
GRANT INSERT ON outbox_message TO wengang_app;
CREATE POLICY written ON outbox_message FOR INSERT TO wengang_app WITH CHECK (true);
