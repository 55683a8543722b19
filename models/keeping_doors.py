"""The doors of what is kept for a time only: answers to commands, and of whom a file told."""

from models.handed import MASKED_DAYS, UNMASKED_YEARS

KEEPING_DOORS = """
CREATE FUNCTION purge_answers(days integer) RETURNS bigint LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH gone AS (
        -- A device, a person's telephone among them, sends its commands again after months without a line: its keys stay.
        DELETE FROM idempotency_key WHERE created_at < clock_timestamp() - make_interval(days => greatest(days, 30))
            AND NOT EXISTS (SELECT FROM account_binding bound
                WHERE bound.account_id = idempotency_key.account_id AND bound.role IN ('kiosk', 'worker')) RETURNING 1)
    SELECT count(*) FROM gone $$;
CREATE FUNCTION answer_deleted(wanted bigint) RETURNS boolean LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Of an answer of the caller's that can't be opened: because somebody was deleted, or only because they are elsewhere.
    SELECT kept.sealed_answer IS NULL OR NOT EXISTS (
        SELECT FROM person_key WHERE person_key.worker_id = kept.worker_id AND length(sealed_key) > 0)
        FROM idempotency_key kept WHERE kept.id = wanted AND kept.account_id = app_account() $$;
CREATE FUNCTION note_handed(file bigint, people bigint[]) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM handed_file WHERE id = file AND account_id = app_account()) THEN
        RAISE insufficient_privilege USING MESSAGE = 'not a file of the caller''s';
    END IF;
    INSERT INTO handed_person (file_id, worker_id) SELECT file, worker.id FROM worker WHERE worker.id = ANY (people)
        ON CONFLICT DO NOTHING;
END $$;
CREATE FUNCTION purge_handed() RETURNS bigint LANGUAGE plpgsql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    over bigint[];
BEGIN
    SELECT array_agg(id) INTO over FROM handed_file WHERE created_at < clock_timestamp()
        - CASE WHEN masked THEN interval '{masked} days' ELSE interval '{whole} years' END;
    DELETE FROM handed_person WHERE file_id = ANY (over);
    DELETE FROM handed_file WHERE id = ANY (over);
    RETURN coalesce(cardinality(over), 0);
END $$;
REVOKE EXECUTE ON FUNCTION purge_answers, answer_deleted, note_handed, purge_handed FROM PUBLIC;
GRANT EXECUTE ON FUNCTION purge_answers, answer_deleted, note_handed, purge_handed TO wengang_app;
"""
KEEPING_DOORS = KEEPING_DOORS.replace("{masked}", str(MASKED_DAYS)).replace("{whole}", str(UNMASKED_YEARS))
"""A file may tell of people whom the caller does not see by themselves (a batch with a neighbour in it): who is in it is
written down all the same."""
