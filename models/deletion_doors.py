"""The doors that know of people whose data was deleted: what is kept of their numbers, and how it is given up."""

DELETION_DOORS = """
CREATE FUNCTION deleted_numbers(wanted bytea[]) RETURNS SETOF bytea LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Which of these numbers is that of somebody, wherever, whose data was deleted: the key is gone. Nothing else is told.
    SELECT known.number FROM numbered(wanted) known WHERE NOT isempty(app_scope())
    AND NOT EXISTS (SELECT FROM person_key WHERE person_key.worker_id = known.worker_id AND length(sealed_key) > 0) $$;
CREATE FUNCTION release_deleted_number(wanted bytea[]) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- Somebody whose data was deleted registers again: the number is the new record's, what is left is used no more.
    IF isempty(coalesce(app_scope(), '{}')) OR NOT EXISTS (SELECT FROM deleted_numbers(wanted)) THEN
        RAISE insufficient_privilege USING MESSAGE = 'not the number of somebody who was deleted';
    END IF;
    UPDATE worker SET restricted = true WHERE id IN (SELECT worker_id FROM numbered(wanted)
        UNION SELECT worker_id FROM former_number
            WHERE id_number_index = ANY (wanted) OR id_number_index_2 = ANY (wanted));
    UPDATE worker SET id_number_sealed = NULL WHERE id_number_index = ANY (wanted) OR id_number_index_2 = ANY (wanted);
    DELETE FROM former_number WHERE id_number_index = ANY (wanted) OR id_number_index_2 = ANY (wanted);
END $$;
REVOKE EXECUTE ON FUNCTION deleted_numbers, release_deleted_number FROM PUBLIC;
GRANT EXECUTE ON FUNCTION deleted_numbers, release_deleted_number TO wengang_app;
"""
"""Of a number only that it is one of these; it is released for nobody whose key is there."""
