"""The chain over the audit rows: what of a row is hashed, and the one function that appends to it.

A link's hash is SHA-256 over the hash before it and ``sequence event_id sealed_at\\ncontent``, times in microseconds.
"""

from sqlalchemy import DateTime, LargeBinary

from models.record import AuditEvent


def _content() -> str:
    """SQL of the canonical text of a row `e`.

    Every column as text under its name, in the order of jsonb; empty ones are left out, so that a column that is added
    later changes no row of before. Nothing in it depends on a session's settings.
    """
    told = []
    for column in AuditEvent.__table__.columns:  # type: ignore[attr-defined]
        value = f'e."{column.name}"'
        if isinstance(column.type, DateTime):
            value = microseconds(value)
        elif isinstance(column.type, LargeBinary):
            value = f"encode({value}, 'hex')"
        told.append(f"'{column.name}', {value}::text")
    return f"jsonb_strip_nulls(jsonb_build_object({', '.join(told)}))::text"


def microseconds(instant: str) -> str:
    """SQL of an instant as whole microseconds since 1970, whatever the session's time zone is."""
    return f"(extract(epoch FROM {instant}) * 1000000)::bigint"


CONTENT = _content()

CHAIN_TRIGGERS = """
CREATE FUNCTION stay_as_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE insufficient_privilege USING MESSAGE = TG_TABLE_NAME || ' stays as it was written';
END $$;
CREATE TRIGGER stay BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION stay_as_written();
CREATE TRIGGER stay BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seal
    FOR EACH STATEMENT EXECUTE FUNCTION stay_as_written();
CREATE FUNCTION append_seals() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    first bigint;
    last bigint;
    many bigint;
BEGIN
    SELECT min(sequence), max(sequence), count(*) INTO first, last, many FROM added;
    IF last - first + 1 <> many OR last <> (SELECT max(sequence) FROM audit_seal)
        OR first <> 1 + coalesce((SELECT max(sequence) FROM audit_seal WHERE sequence < first), 0) THEN
        RAISE check_violation USING CONSTRAINT = 'ck_audit_seal_appended', MESSAGE = 'not behind the last link';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER append AFTER INSERT ON audit_seal REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION append_seals();
REVOKE EXECUTE ON FUNCTION stay_as_written, append_seals FROM PUBLIC;
"""
"""Not even the tables' owner changes the record, unless it takes these away first, and then the chain tells of it."""

CHAIN_DOORS = """
CREATE FUNCTION seal_audit(after bigint, at_most integer)
    RETURNS TABLE (sealed integer, reached bigint, drawn bigint, running bigint, ours bigint)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    link bigint;
    previous bytea;
    waiting record;
    events bigint[];
    hashes bytea[];
    at_once CONSTANT timestamptz := clock_timestamp();
BEGIN
    -- One at a time: a second sealer has nothing to do.
    IF NOT pg_try_advisory_xact_lock(hashtext('seal audit')) THEN
        RETURN;
    END IF;
    -- The numbers that are drawn by now belong to transactions that began before ours writes its first link; the
    -- oldest one at work says which have ended.
    SELECT last_value INTO drawn FROM audit_event_id_seq;
    running := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
    SELECT sequence, hash INTO link, previous FROM audit_seal ORDER BY sequence DESC LIMIT 1;
    link := coalesce(link, 0);
    previous := coalesce(previous, '');
    sealed := 0;
    FOR waiting IN SELECT e.id, :content AS content FROM audit_event e WHERE e.id > after
        AND NOT EXISTS (SELECT FROM audit_seal WHERE event_id = e.id) ORDER BY e.id LIMIT at_most
    LOOP
        sealed := sealed + 1;
        previous := sha256(previous || convert_to(
            link + sealed || ' ' || waiting.id || ' ' || :instant || E'\\n' || waiting.content, 'UTF8'));
        events[sealed] := waiting.id;
        hashes[sealed] := previous;
    END LOOP;
    reached := events[sealed];
    INSERT INTO audit_seal (sequence, event_id, sealed_at, hash)
        SELECT link + place, event_id, at_once, hash
        FROM unnest(events, hashes) WITH ORDINALITY AS made (event_id, hash, place) ORDER BY place;
    ours := CASE WHEN sealed > 0 THEN pg_current_xact_id()::text::bigint END;
    RETURN NEXT;
END $$;
CREATE FUNCTION audit_head() RETURNS TABLE (sequence bigint, hash bytea, sealed_at timestamptz) LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT sequence, hash, sealed_at FROM audit_seal ORDER BY sequence DESC LIMIT 1 $$;
CREATE FUNCTION audit_waiting_since() RETURNS timestamptz LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp
    RETURN (SELECT min(created_at) FROM audit_event
        WHERE id > (SELECT coalesce(max(event_id), 0) FROM audit_seal));
REVOKE EXECUTE ON FUNCTION seal_audit, audit_head, audit_waiting_since FROM PUBLIC;
GRANT EXECUTE ON FUNCTION seal_audit, audit_head, audit_waiting_since TO wengang_app;
-- To own a function one must be able to create it, for that moment.
GRANT CREATE ON SCHEMA public TO wengang_sealer;
ALTER FUNCTION seal_audit OWNER TO wengang_sealer;
REVOKE CREATE ON SCHEMA public FROM wengang_sealer;
"""
CHAIN_DOORS = CHAIN_DOORS.replace(":content", CONTENT).replace(":instant", microseconds("at_once"))
"""The service may ask that the record be sealed, how far it is, and since when something waits; it reads no row by that and appends none itself."""

CHAIN_RIGHTS = (
    "GRANT SELECT ON audit_event TO wengang_sealer",
    "GRANT SELECT ON SEQUENCE audit_event_id_seq TO wengang_sealer",
    "GRANT SELECT, INSERT ON audit_seal TO wengang_sealer",
    "CREATE POLICY sealed ON audit_event FOR SELECT TO wengang_sealer USING (true)",
    "CREATE POLICY read ON audit_seal FOR SELECT TO wengang_sealer USING (true)",
    "CREATE POLICY appended ON audit_seal FOR INSERT TO wengang_sealer WITH CHECK (true)",
)
