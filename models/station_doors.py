"""The doors of a service station: where the caller works, of whom its problems tell, and a look that is taken back."""

STATION_DOORS = """
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
"""
