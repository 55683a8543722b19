"""The doors before which nobody is known yet: names, tokens, and how often one may try."""

LOGIN_DOORS = """
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
"""
"""An attempt counts as failed until it is settled, whether or not there is such an account: nothing that is told differs."""
