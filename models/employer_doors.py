"""The employer's door in the database: for whom an account speaks, the little that it is told of people, and what it may change.

An account of an employer reads no row of a person. What it is told comes through functions that give out the fields of
a disclosure and no others, of those alone whose data may be used and who have not refused.
"""

EMPLOYER_DOORS = """
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
"""

EMPLOYER_TRIGGERS = """
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
"""
