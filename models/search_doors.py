"""The door that finds people by their telephone, as `registered_here` does by their number."""

SEARCH_DOORS = """
CREATE FUNCTION telephones_here(wanted bytea[]) RETURNS SETOF bigint LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Row security would be asked before an index on bytes could be used: the scope is looked at here.
    SELECT id FROM worker WHERE (phone_index = ANY (wanted) OR phone_index_2 = ANY (wanted))
        AND merged_into IS NULL AND region_number(region) <@ app_scope() ORDER BY id LIMIT 200 $$;
REVOKE EXECUTE ON FUNCTION telephones_here FROM PUBLIC;
GRANT EXECUTE ON FUNCTION telephones_here TO wengang_app;
"""
