"""Doors of lists: people found by their telephone, as `registered_here` does by their number, and whether anything has changed."""

SEARCH_DOORS = """
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
"""
