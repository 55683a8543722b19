"""The door that knows to whom people may be given who are to be called: accounts know only themselves."""

CALLER_DOORS = """
CREATE FUNCTION accounts_within(wanted text[]) RETURNS TABLE (account_id bigint, display_name text, region text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- The bureau of the caller and those below it, by what one of these roles makes of them there.
    SELECT DISTINCT account.id, account.display_name::text, binding.region::text
        FROM account JOIN account_binding binding ON binding.account_id = account.id
        WHERE account.active AND binding.role = ANY (wanted) AND region_number(binding.region) <@ app_scope() $$;
REVOKE EXECUTE ON FUNCTION accounts_within FROM PUBLIC;
GRANT EXECUTE ON FUNCTION accounts_within TO wengang_app;
"""
