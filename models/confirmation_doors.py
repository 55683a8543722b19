"""The door through which the place of work knows whom it is to look for."""

CONFIRMATION_DOORS = """
CREATE FUNCTION names_at_work(wanted bigint[]) RETURNS TABLE (spell_id bigint, name text, sex text) LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Whom the place of work is to look for at an employer of its own; of nobody whose data is only stored.
    SELECT spell.id, worker.name::text, worker.sex::text
        FROM employment_spell spell JOIN worker ON worker.id = spell.worker_id
        WHERE spell.id = ANY (wanted) AND spell.superseded_at IS NULL AND NOT worker.restricted
        AND (region_number(spell.region) <@ app_scope() OR region_number(spell.origin_region) <@ app_scope()) $$;
REVOKE EXECUTE ON FUNCTION names_at_work FROM PUBLIC;
GRANT EXECUTE ON FUNCTION names_at_work TO wengang_app;
"""
"""By name and sex, of those alone who work there now by the record; of nobody whose data is only stored."""
