"""Doors of lists: people found by their telephone, as `registered_here` does by their number, and whether anything has changed."""

SEARCH_DOORS = """
CREATE FUNCTION telephones_here(wanted bytea[]) RETURNS SETOF bigint LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Row security would be asked before an index on bytes could be used: the scope is looked at here.
    SELECT id FROM worker WHERE (phone_index = ANY (wanted) OR phone_index_2 = ANY (wanted))
        AND merged_into IS NULL AND region_number(region) <@ app_scope() ORDER BY id LIMIT 200 $$;
CREATE FUNCTION recent_changes(since bigint) RETURNS TABLE (last bigint, many bigint, before bigint, fresh bigint,
    workers bigint[], households bigint[], others text[]) LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Numbers are drawn before they are committed: how many of the last there are tells of one that comes late.
    WITH scope AS MATERIALIZED (SELECT app_scope() AS regions),
    head AS MATERIALIZED (SELECT coalesce(max(id), 0) AS last FROM audit_event),
    seen AS (
        SELECT event.id, event.noun, event.worker_id, event.household_id FROM audit_event event
        WHERE event.id > (SELECT least(coalesce(since, last), last) - 5000 FROM head)
        -- Who logs in, looks or takes a file away changes nothing.
        AND event.action NOT IN ('login', 'lock', 'export', 'download', 'reveal', 'read', 'print', 'disclose', 'copy')
        AND (region_number(event.region) <@ (SELECT regions FROM scope)
            OR event.region IS NULL AND event.noun NOT IN ('account', 'account_binding', 'access_token')
            -- Who has moved away is told of where she went.
            OR event.noun = 'worker' AND event.action = 'update')
    )
    SELECT head.last, count(seen.id) FILTER (WHERE seen.id > head.last - 5000),
        count(seen.id) FILTER (WHERE seen.id <= since AND seen.id > since - 5000), count(seen.id) FILTER (WHERE seen.id > since),
        coalesce(array_agg(DISTINCT seen.worker_id) FILTER (WHERE seen.id > since AND seen.worker_id IS NOT NULL), '{}'),
        coalesce(array_agg(DISTINCT seen.household_id)
            FILTER (WHERE seen.id > since AND seen.household_id IS NOT NULL AND seen.worker_id IS NULL), '{}'),
        coalesce(array_agg(DISTINCT seen.noun::text)
            FILTER (WHERE seen.id > since AND seen.worker_id IS NULL AND seen.household_id IS NULL), '{}')
        FROM head LEFT JOIN seen ON true GROUP BY head.last $$;
REVOKE EXECUTE ON FUNCTION telephones_here, recent_changes FROM PUBLIC;
GRANT EXECUTE ON FUNCTION telephones_here, recent_changes TO wengang_app;
"""
