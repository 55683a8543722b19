"""The doors of those who run the service: they count what the service may not read, and the schema guards itself."""

JOB_SECONDS = (1, 5, 30, 120, 600, 3600)
"""Up to how many seconds a job took, as it is counted."""

_within = ", ".join(
    f"count(*) FILTER (WHERE finished_at - started_at <= interval '{seconds} seconds')"
    for seconds in JOB_SECONDS
)

OBSERVING_DOORS = """
CREATE FUNCTION schema_revision() RETURNS text LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$ SELECT min(version_num)::text FROM alembic_version $$;
CREATE FUNCTION same_revision() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    told CONSTANT text := nullif(current_setting('app.revision', true), '');
BEGIN
    -- A program says with its connection which schema it was made for. The statement holds its table by now: a
    -- migration of that table has ended, or waits for us.
    IF told IS NOT NULL AND told NOT IN (SELECT version_num FROM alembic_version) THEN
        RAISE object_not_in_prerequisite_state
            USING CONSTRAINT = 'same_revision', MESSAGE = 'written for another revision of the schema';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION job_figures() RETURNS TABLE (kind text, state text, jobs bigint, seconds double precision,
    within bigint[], oldest timestamptz) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT kind, state, count(*), coalesce(sum(extract(epoch FROM finished_at - started_at)), 0)::double precision,
        ARRAY[:within], min(created_at) FROM job GROUP BY kind, state $$;
CREATE FUNCTION models_in_force() RETURNS TABLE (model_id bigint, as_of date, file_sha256 text, intact boolean,
    faulty boolean) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT ranking_model.id, ranking_model.as_of, ranking_model.file_sha256::text,
        coalesce(encode(sha256(file), 'hex') = ranking_model.file_sha256, false),
        EXISTS (SELECT FROM ranking_fault WHERE ranking_fault.model_id = ranking_model.id)
        FROM (SELECT DISTINCT ON (regions) ranking_change.model_id FROM ranking_change ORDER BY regions, id DESC) latest
        JOIN ranking_model ON ranking_model.id = latest.model_id $$;
REVOKE EXECUTE ON FUNCTION schema_revision, same_revision, job_figures, models_in_force FROM PUBLIC;
GRANT EXECUTE ON FUNCTION schema_revision, job_figures, models_in_force TO wengang_app;
"""
OBSERVING_DOORS = OBSERVING_DOORS.replace(":within", _within)
"""Numbers of jobs by kind, and which models are in force, over all regions: no row of them, and nobody's name."""
