"""The doors of those who look after accounts: whom an administrator may administer, and what may be done to an account."""

ACCOUNT_DOORS = """
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
"""
"""An account is its home's to administer, and only while all that it may do lies there; nobody administers themselves."""

ACCOUNT_TRIGGERS = """
CREATE FUNCTION place_binding() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- Who keeps a station gives rights where it stands, and nowhere else.
    SELECT region INTO NEW.region FROM service_station WHERE id = NEW.station_id;
    RETURN NEW;
END $$;
CREATE TRIGGER place BEFORE INSERT ON account_binding FOR EACH ROW
    WHEN (NEW.station_id IS NOT NULL) EXECUTE FUNCTION place_binding();
CREATE FUNCTION follow_token() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO token_use (token_id) VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER follow AFTER INSERT ON access_token FOR EACH ROW EXECUTE FUNCTION follow_token();
REVOKE EXECUTE ON FUNCTION place_binding, follow_token FROM PUBLIC;
"""
