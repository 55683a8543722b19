"""The doors of devices: which fair a device stands at, and the little that it may know of people there."""

KIOSK_DOORS = """
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
CREATE FUNCTION count_device_lookup(most integer) RETURNS boolean LANGUAGE plpgsql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- So many numbers an hour: a device that is stolen and not yet revoked is no directory.
    UPDATE kiosk_device SET
        lookups = CASE WHEN lookups_since > clock_timestamp() - interval '1 hour' THEN lookups + 1 ELSE 1 END,
        lookups_since = CASE WHEN lookups_since > clock_timestamp() - interval '1 hour' THEN lookups_since
            ELSE clock_timestamp() END
        WHERE id = app_device() AND (lookups < most OR coalesce(lookups_since, '-infinity')
            <= clock_timestamp() - interval '1 hour');
    RETURN FOUND;
END $$;
CREATE FUNCTION fair_cards(wanted bytea) RETURNS TABLE (code_hash bytea, card_sealed bytea, secret_sealed bytea,
    master_key_id text, sealed_key bytea) LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- The cards of the device's fair, or the one asked for; of nobody whose data is only stored or was deleted.
    SELECT card.code_hash::bytea, card.card_sealed::bytea, card.secret_sealed::bytea,
            person_key.master_key_id::text, person_key.sealed_key::bytea
        FROM fair_invitation card JOIN person_key ON person_key.worker_id = card.worker_id
        WHERE card.fair_id = device_fair() AND card.revoked_at IS NULL AND card.card_sealed IS NOT NULL
        AND (wanted IS NULL OR card.code_hash = wanted) AND length(person_key.sealed_key) > 0
        AND card.worker_id NOT IN (SELECT stored_people()) $$;
CREATE FUNCTION invited_here(wanted bytea) RETURNS TABLE (worker_id bigint, is_demo boolean) LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT kept.id, kept.is_demo FROM fair_invitation card JOIN worker said ON said.id = card.worker_id
        JOIN worker kept ON kept.id = coalesce(said.merged_into, said.id)
        WHERE card.code_hash = wanted AND card.fair_id = device_fair() AND card.revoked_at IS NULL
        AND NOT kept.restricted $$;
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
REVOKE EXECUTE ON FUNCTION purge_waiting_commands, device_fair, device_by_token, enrol_device, count_device_lookup, fair_cards, invited_here,
    attending_here FROM PUBLIC;
GRANT EXECUTE ON FUNCTION purge_waiting_commands, device_fair, device_by_token, enrol_device, count_device_lookup, fair_cards, invited_here,
    attending_here TO wengang_app;
"""
"""A device has no region: it sees its fair's booths and what was said there. Who a number or a code belongs to, a door
says, and only of people of that fair's region whose data may be used."""
