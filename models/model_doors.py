"""The door through which the calendar asks for the monthly training."""

MODEL_DOORS = """
CREATE FUNCTION ask_for_trainings() RETURNS bigint LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH bureau AS (
        -- One of those who may train there; the job has no other rights than that account has when it runs.
        SELECT DISTINCT ON (regions) to_jsonb(regions) AS regions, account_id FROM (
            SELECT account_id, array_agg(DISTINCT binding.region ORDER BY binding.region) AS regions
                FROM account_binding binding JOIN account ON account.id = account_id AND active
                WHERE role IN ('county', 'city') AND binding.region IS NOT NULL GROUP BY account_id) AS bound
            ORDER BY regions, account_id),
    asked AS (
        INSERT INTO job (created_at, account_id, kind, argument, state, attempts, done, total, message, result,
            cancel_asked)
        SELECT clock_timestamp(), account_id, 'models.train',
            jsonb_build_object('regions', bureau.regions, 'monthly', true), 'queued', 0, 0, 0, '', '{}', false
            FROM bureau WHERE NOT EXISTS (SELECT FROM job WHERE kind = 'models.train'
                AND argument -> 'regions' = bureau.regions AND (state IN ('queued', 'running')
                OR created_at >= date_trunc('month', clock_timestamp(), 'Asia/Shanghai')))
        RETURNING 1)
    SELECT count(*) FROM asked $$;
REVOKE EXECUTE ON FUNCTION ask_for_trainings FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ask_for_trainings TO wengang_app;
"""
"""It asks at most once a month for the same regions, however often it is called."""
