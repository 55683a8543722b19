"""What the database does by itself: how regions are compared, and what its triggers keep."""

from models.account_doors import ACCOUNT_TRIGGERS
from models.chain import CHAIN_TRIGGERS
from models.consent_doors import CONSENT_TRIGGERS
from models.mini_doors import MINI_TRIGGERS
from models.service_key import KEY_TRIGGERS

FUNCTIONS = """
CREATE FUNCTION region_number(code text) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN rpad(code, 12, '0')::bigint;
CREATE FUNCTION app_scope() RETURNS int8multirange LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.regions', true), '')::int8multirange;
CREATE FUNCTION app_account() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.account', true), '')::bigint;
CREATE FUNCTION app_worker() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.worker', true), '')::bigint;
CREATE FUNCTION regions_span(codes text[]) RETURNS int8multirange LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (SELECT coalesce(range_agg(int8range(region_number(code), rpad((code::bigint + 1)::text, 12, '0')::bigint)), '{}')
        FROM unnest(codes) code);
CREATE FUNCTION job_lock(number bigint) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN hashtextextended('job ' || number, 0);
"""

TRIGGERS = """
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
REVOKE EXECUTE ON FUNCTION serve_where_learned, take_confirmation, fill_application_regions, fill_spell_origin, follow_worker, follow_vacancy,
    follow_spell, keep_household_together, place_target_part FROM PUBLIC;
"""
TRIGGERS += CHAIN_TRIGGERS + ACCOUNT_TRIGGERS + KEY_TRIGGERS + CONSENT_TRIGGERS + MINI_TRIGGERS
"""The regions by which a row is seen are the database's to fill in: a person's applications and spells are seen
where the person is registered, and follow when that changes. A household is of the county of its members, so that
everybody who may see a county judges their hardship alike. What somebody found of a spell is taken only of one in
force, and carries the day until which it is observed: the place of work may not write a spell itself. What a public
post needs besides follows to the spell that stands in its spell's place. A model ranks nobody's people but theirs whose past it knows."""
