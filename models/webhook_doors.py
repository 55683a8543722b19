"""The doors of the messages that leave for other systems: whoever does something need not see who is told of it."""

WEBHOOK_DOORS = """
CREATE FUNCTION announce(told_event text, regions text[], told jsonb) RETURNS void LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- To each address whose region holds one of these; what one that is switched off misses can be sent later.
    WITH made AS (
        INSERT INTO webhook_delivery (created_at, webhook_id, event, payload, happened_at, state, error)
            SELECT clock_timestamp(), hook.id, told_event, told, clock_timestamp(),
                CASE WHEN hook.switched_off_at IS NULL THEN 'waiting' ELSE 'failed' END,
                CASE WHEN hook.switched_off_at IS NULL THEN NULL ELSE 'off' END
            FROM webhook hook WHERE told_event = ANY (hook.events)
            AND EXISTS (SELECT FROM unnest(regions) region WHERE starts_with(region, hook.region))
            RETURNING id, webhook_id, state)
    INSERT INTO outbox_message (created_at, topic, payload, due_at)
        SELECT clock_timestamp(), 'webhook', jsonb_build_object('delivery_id', made.id, 'webhook_id', webhook_id),
            -- One that takes nothing just now is not tried anew for each thing that happens: it waits with the others.
            CASE WHEN hook.failing_since IS NOT NULL THEN (SELECT min(due_at) FROM outbox_message waiting
                WHERE waiting.topic = 'webhook' AND sent_at IS NULL AND given_up_at IS NULL AND due_at > clock_timestamp()
                AND waiting.payload -> 'webhook_id' = to_jsonb(webhook_id)) END
        FROM made JOIN webhook hook ON hook.id = webhook_id WHERE state = 'waiting' $$;
CREATE FUNCTION put_off_others(wanted bigint) RETURNS void LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Who did not take one message is asked nothing else before that is tried again; but one message that it never takes
    -- keeps the others waiting for no more than a quarter of an hour.
    UPDATE outbox_message other SET due_at = least(tried.due_at, clock_timestamp() + interval '15 minutes')
        FROM outbox_message tried WHERE tried.id = wanted AND tried.topic = 'webhook' AND other.topic = 'webhook'
        AND other.payload -> 'webhook_id' = tried.payload -> 'webhook_id' AND other.id <> wanted
        AND other.sent_at IS NULL AND other.given_up_at IS NULL
        AND coalesce(other.due_at < least(tried.due_at, clock_timestamp() + interval '15 minutes'), true) $$;
CREATE FUNCTION delivery_to_send(wanted bigint) RETURNS TABLE (url text, event text, payload jsonb, happened_at timestamptz,
    state text, is_off boolean, master_key_ids text[], secrets bytea[]) LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT hook.url::text, message.event::text, message.payload, message.happened_at, message.state::text,
        hook.switched_off_at IS NOT NULL, ARRAY_AGG(secret.master_key_id::text ORDER BY secret.id DESC),
        ARRAY_AGG(secret.secret_sealed ORDER BY secret.id DESC)
        FROM webhook_delivery message JOIN webhook hook ON hook.id = message.webhook_id
        JOIN webhook_secret secret ON secret.webhook_id = hook.id
            AND coalesce(secret.good_until > clock_timestamp(), true)
        WHERE message.id = wanted GROUP BY hook.id, message.id $$;
CREATE FUNCTION note_delivery(wanted bigint, told_state text, told_code integer, told_error text, off_after interval)
    RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    hook bigint;
BEGIN
    UPDATE webhook_delivery SET state = told_state, code = told_code, error = told_error,
        attempts = attempts + (coalesce(told_error, '') <> 'off')::int, tried_at = clock_timestamp()
        WHERE id = wanted RETURNING webhook_id INTO hook;
    IF told_state = 'delivered' THEN
        UPDATE webhook SET failing_since = NULL WHERE id = hook AND failing_since IS NOT NULL;
    ELSIF coalesce(told_error, '') <> 'off' THEN
        UPDATE webhook SET failing_since = clock_timestamp() WHERE id = hook AND failing_since IS NULL;
        UPDATE webhook SET switched_off_at = clock_timestamp()
            WHERE id = hook AND switched_off_at IS NULL AND failing_since < clock_timestamp() - off_after;
    END IF;
END $$;
CREATE FUNCTION purge_deliveries(days integer) RETURNS bigint LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH gone AS (DELETE FROM webhook_delivery
            WHERE created_at < clock_timestamp() - make_interval(days => greatest(days, 7)) RETURNING 1),
    sent AS (DELETE FROM outbox_message WHERE topic = 'webhook'
            AND created_at < clock_timestamp() - make_interval(days => greatest(days, 7))),
    old AS (DELETE FROM webhook_secret WHERE good_until < clock_timestamp())
    SELECT count(*) FROM gone $$;
REVOKE EXECUTE ON FUNCTION announce, put_off_others, delivery_to_send, note_delivery, purge_deliveries FROM PUBLIC;
GRANT EXECUTE ON FUNCTION announce, put_off_others, delivery_to_send, note_delivery, purge_deliveries TO wengang_app;
"""
"""A message is written down by whoever gives rise to it, in the same transaction, without seeing whose system is told."""
