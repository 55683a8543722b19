"""The doors of the mini-program and of what leaves the service: who somebody is by WeChat, for whom she may speak, and
messages taken up, whoever they are for."""

MINI_DOORS = """
CREATE FUNCTION worker_home() RETURNS text LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT region::text FROM worker WHERE id = app_worker() $$;
CREATE FUNCTION my_dispatches() RETURNS SETOF bigint LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT dispatch_id FROM dispatch_member WHERE worker_id = app_worker() $$;
CREATE FUNCTION townspeople_of_mine(as_of date, fewest bigint) RETURNS TABLE (employer_id bigint, county text, people bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- How many of her county are at work where; a number so small that it could tell of somebody is not told.
    SELECT employer_id, left(origin_region, 6), count(DISTINCT worker_id) FROM employment_spell
        WHERE app_worker() IS NOT NULL AND left(origin_region, 6) = left(worker_home(), 6) AND length(origin_region) >= 6
        AND employer_id IS NOT NULL AND superseded_at IS NULL AND started_on <= as_of
        AND (ended_on IS NULL OR ended_on >= as_of) AND worker_id NOT IN (SELECT stored_people())
        GROUP BY 1, 2 HAVING count(DISTINCT worker_id) >= greatest(fewest, 3) $$;
CREATE FUNCTION open_wechat_account(mark bytea, key_id text, sealed bytea, told_name text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    found bigint;
BEGIN
    -- Two telephones of one person may log in for the first time at once.
    PERFORM pg_advisory_xact_lock(3, hashtext(mark::text));
    SELECT account_id INTO found FROM wechat_account WHERE openid_mark = mark;
    IF found IS NULL THEN
        INSERT INTO account (created_at, display_name, active, is_demo)
            VALUES (clock_timestamp(), told_name, true, false) RETURNING id INTO found;
        INSERT INTO account_binding (created_at, account_id, role) VALUES (clock_timestamp(), found, 'worker');
        INSERT INTO wechat_account (created_at, account_id, openid_mark, master_key_id, identity_sealed)
            VALUES (clock_timestamp(), found, mark, key_id, sealed);
    END IF;
    RETURN (SELECT id FROM account WHERE id = found AND active);
END $$;
CREATE FUNCTION keep_wechat_phone(key_id text, sealed bytea) RETURNS boolean LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE wechat_account SET master_key_id = key_id, identity_sealed = sealed, phone_verified_at = clock_timestamp()
        WHERE account_id = app_account();
    RETURN FOUND;
END $$;
CREATE FUNCTION bound_people() RETURNS TABLE (binding_id bigint, worker_id bigint, speaker text, state text, name text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Of whom she may speak for the name too; of whom she asked for, nothing.
    SELECT binding.id, kept.id, binding.speaker::text, binding.state::text,
        CASE WHEN binding.state = 'in_force' THEN kept.name::text END
        FROM worker_binding binding JOIN worker said ON said.id = binding.worker_id
        JOIN worker kept ON kept.id = coalesce(said.merged_into, said.id)
        WHERE binding.account_id = app_account() AND binding.state IN ('waiting', 'in_force') ORDER BY binding.id $$;
CREATE FUNCTION ask_binding(numbers bytea[], told_name text, told_speaker text, phones bytea[], today date)
    RETURNS TABLE (binding_id bigint, worker_id bigint, state text, fresh boolean) LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    person worker;
    shown text;
BEGIN
    SELECT kept.* INTO person FROM numbered(numbers) known JOIN worker kept ON kept.id = known.worker_id
        WHERE regexp_replace(lower(normalize(kept.name, NFKC)), '[^[:alnum:]]', '', 'g') = told_name;
    IF person.id IS NULL OR app_account() IS NULL
        OR NOT EXISTS (SELECT FROM person_key WHERE person_key.worker_id = person.id) THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT binding.id, person.id, binding.state::text, false FROM worker_binding binding
        WHERE binding.account_id = app_account() AND binding.worker_id = person.id
        AND binding.state IN ('waiting', 'in_force');
    IF FOUND THEN
        RETURN;
    END IF;
    -- Whose data is only stored a human looks at first.
    IF NOT person.restricted AND told_speaker = 'self'
        AND (person.phone_index = ANY (phones) OR person.phone_index_2 = ANY (phones)) THEN
        shown := 'telephone';
    ELSIF NOT person.restricted AND told_speaker IN ('family', 'guardian') AND EXISTS (SELECT FROM worker member
        WHERE member.household_id = person.household_id AND member.id <> person.id AND NOT member.restricted
        AND member.merged_into IS NULL
        AND (member.phone_index = ANY (phones) OR member.phone_index_2 = ANY (phones))) THEN
        shown := 'household';
    END IF;
    RETURN QUERY INSERT INTO worker_binding AS made (created_at, account_id, worker_id, speaker, state, proof, asked_on, is_demo)
        VALUES (clock_timestamp(), app_account(), person.id, told_speaker,
            CASE WHEN shown IS NULL THEN 'waiting' ELSE 'in_force' END, shown, today, person.is_demo)
        RETURNING made.id, person.id, made.state::text, true;
END $$;
CREATE FUNCTION asking_identities(wanted bigint[]) RETURNS TABLE (binding_id bigint, master_key_id text,
    identity_sealed bytea) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- By whose WeChat a person of the caller's regions is, or would be, spoken for.
    SELECT binding.id, known.master_key_id::text, known.identity_sealed
        FROM worker_binding binding JOIN worker ON worker.id = binding.worker_id
        JOIN wechat_account known ON known.account_id = binding.account_id
        WHERE binding.id = ANY (wanted) AND region_number(worker.region) <@ app_scope() $$;
CREATE FUNCTION decide_binding(wanted bigint, told text, today date) RETURNS boolean LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE worker_binding SET state = told, decided_on = today, decided_by = app_account(),
        proof = CASE WHEN told = 'in_force' THEN 'checked' END
        FROM worker WHERE worker.id = worker_binding.worker_id AND worker_binding.id = wanted AND state = 'waiting'
        AND told IN ('in_force', 'refused') AND region_number(worker.region) <@ app_scope();
    RETURN FOUND;
END $$;
CREATE FUNCTION end_binding(wanted bigint, today date) RETURNS boolean LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- By who speaks, by the person herself, or by the bureau.
    UPDATE worker_binding SET state = 'ended', ended_on = today
        FROM worker WHERE worker.id = worker_binding.worker_id AND worker_binding.id = wanted
        AND state IN ('waiting', 'in_force') AND (account_id = app_account()
            OR coalesce(worker.merged_into, worker.id) = app_worker()
            OR coalesce(region_number(worker.region) <@ app_scope(), false));
    RETURN FOUND;
END $$;
CREATE FUNCTION speaking_for_me() RETURNS TABLE (account_id bigint, speaker text, master_key_id text,
    identity_sealed bytea) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- By whose WeChat the person of this transaction is reached, herself first.
    SELECT binding.account_id, binding.speaker::text, known.master_key_id::text, known.identity_sealed
        FROM worker_binding binding JOIN worker said ON said.id = binding.worker_id
        JOIN account ON account.id = binding.account_id AND account.active
        JOIN wechat_account known ON known.account_id = binding.account_id
        WHERE coalesce(said.merged_into, said.id) = app_worker() AND binding.state = 'in_force'
        ORDER BY binding.speaker <> 'self', binding.id $$;
CREATE FUNCTION reserve_subscription(told_kind text, told_notice bigint) RETURNS TABLE (subscription_id bigint, account_id bigint)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- One that an attempt before has reserved for this very message is used again.
    RETURN QUERY SELECT kept.id, kept.account_id FROM message_subscription kept WHERE kept.notice_id = told_notice;
    IF NOT FOUND THEN
        RETURN QUERY UPDATE message_subscription taken SET spent_at = clock_timestamp(), notice_id = told_notice
            WHERE taken.id = (SELECT free.id FROM message_subscription free
                JOIN speaking_for_me() mine ON mine.account_id = free.account_id
                WHERE free.kind = told_kind AND free.spent_at IS NULL
                ORDER BY mine.speaker <> 'self', free.id LIMIT 1 FOR UPDATE OF free SKIP LOCKED)
            RETURNING taken.id, taken.account_id;
    END IF;
END $$;
CREATE FUNCTION forget_subscriptions(told_kind text, of_account bigint) RETURNS void LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- WeChat says that nothing is agreed to any more: none of what we believed to have is left.
    UPDATE message_subscription SET spent_at = clock_timestamp() WHERE account_id = of_account AND kind = told_kind
        AND spent_at IS NULL AND account_id IN (SELECT speaking_for_me.account_id FROM speaking_for_me()) $$;
CREATE FUNCTION remind_check_ins(today date) RETURNS bigint LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Who speaks by WeChat, is at work for a month and has not said so, nor been asked, for as long.
    WITH due AS (
        SELECT DISTINCT worker.id, worker.is_demo FROM worker_binding binding JOIN worker said ON said.id = binding.worker_id
            JOIN worker ON worker.id = coalesce(said.merged_into, said.id)
            JOIN employment_spell spell ON spell.worker_id = worker.id
            WHERE binding.state = 'in_force' AND NOT worker.restricted
            AND spell.superseded_at IS NULL AND spell.is_main AND spell.ended_on IS NULL
            AND greatest(spell.started_on, coalesce(spell.observed_until, spell.started_on)) <= today - 30
            AND NOT EXISTS (SELECT FROM contact WHERE contact.worker_id = worker.id AND contacted_on > today - 30
                AND found IN ('at_work', 'in_difficulty', 'wants_away'))
            AND NOT EXISTS (SELECT FROM notice WHERE notice.worker_id = worker.id AND notice.kind = 'follow_up'
                AND notice.subject > today - date '1970-01-01' - 30)),
    told AS (
        INSERT INTO notice (created_at, worker_id, kind, subject, state, is_demo)
            SELECT clock_timestamp(), due.id, 'follow_up', today - date '1970-01-01', 'waiting', due.is_demo FROM due
            ON CONFLICT DO NOTHING RETURNING worker_id, subject),
    sent AS (
        INSERT INTO outbox_message (created_at, topic, payload)
            SELECT clock_timestamp(), 'notice', jsonb_build_object('kind', 'follow_up', 'worker_id', worker_id,
                'subject', subject) FROM told RETURNING 1)
    SELECT count(*) FROM sent $$;
CREATE FUNCTION take_messages(topics text[], most integer, present timestamptz) RETURNS TABLE (message_id bigint, topic text, payload jsonb,
    attempts integer, created_at timestamptz) LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Each attempt puts the next one off by twice as long, up to six hours; who dies in the midst of one needs no clearing up.
    UPDATE outbox_message SET attempts = outbox_message.attempts + 1,
        due_at = least(present, clock_timestamp())
            + least(interval '6 hours', interval '30 seconds' * 2 ^ least(outbox_message.attempts, 12))
        WHERE id IN (SELECT id FROM outbox_message waiting WHERE sent_at IS NULL AND given_up_at IS NULL
            AND coalesce(due_at <= present, true) AND waiting.topic = ANY (topics)
            ORDER BY id LIMIT least(greatest(most, 1), 100) FOR UPDATE SKIP LOCKED)
        RETURNING id, outbox_message.topic::text, outbox_message.payload, outbox_message.attempts, outbox_message.created_at $$;
CREATE FUNCTION settle_message(wanted bigint, told text, until timestamptz) RETURNS void LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE outbox_message SET sent_at = CASE WHEN told = 'sent' THEN clock_timestamp() END,
        given_up_at = CASE WHEN told = 'given_up' THEN clock_timestamp() END,
        -- What waits for the morning was not tried.
        attempts = CASE WHEN told = 'later' THEN greatest(attempts - 1, 0) ELSE attempts END,
        due_at = CASE WHEN told = 'later' THEN least(until, clock_timestamp() + interval '1 day') ELSE due_at END
        WHERE id = wanted AND sent_at IS NULL AND given_up_at IS NULL AND told IN ('sent', 'given_up', 'later') $$;
CREATE FUNCTION purge_messages(days integer) RETURNS bigint LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH gone AS (DELETE FROM outbox_message WHERE topic = 'notice'
        AND created_at < clock_timestamp() - make_interval(days => greatest(days, 7)) RETURNING 1)
    SELECT count(*) FROM gone $$;
REVOKE EXECUTE ON FUNCTION worker_home, my_dispatches, townspeople_of_mine, open_wechat_account, keep_wechat_phone,
    bound_people, ask_binding, asking_identities, decide_binding, end_binding, speaking_for_me, reserve_subscription, forget_subscriptions,
    remind_check_ins, take_messages, settle_message, purge_messages FROM PUBLIC;
GRANT EXECUTE ON FUNCTION worker_home, my_dispatches, townspeople_of_mine, open_wechat_account, keep_wechat_phone,
    bound_people, ask_binding, asking_identities, decide_binding, end_binding, speaking_for_me, reserve_subscription, forget_subscriptions,
    remind_check_ins, take_messages, settle_message, purge_messages TO wengang_app;
"""

MINI_TRIGGERS = """
CREATE FUNCTION keep_to_own_word() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    hers CONSTANT text[] := ARRAY['restricted', 'phone_sealed', 'phone_index', 'phone_index_2', 'version'];
BEGIN
    -- Of her record a person changes by herself the telephone, and whether it may be used.
    IF to_jsonb(NEW) - hers <> to_jsonb(OLD) - hers THEN
        RAISE insufficient_privilege USING MESSAGE = 'not a person''s own to change';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER own_word BEFORE UPDATE ON worker FOR EACH ROW
    WHEN (app_worker() IS NOT NULL) EXECUTE FUNCTION keep_to_own_word();
CREATE FUNCTION take_check_in() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    spell employment_spell;
BEGIN
    SELECT * INTO spell FROM employment_spell WHERE id = NEW.spell_id FOR UPDATE;
    IF spell.worker_id <> NEW.worker_id OR spell.superseded_at IS NOT NULL OR NEW.told_on < spell.started_on
        OR EXISTS (SELECT FROM worker WHERE id = spell.worker_id AND restricted) THEN
        RAISE check_violation USING CONSTRAINT = 'ck_check_in_of_own_work', MESSAGE = 'not at this work';
    END IF;
    -- Said to be there: the work is observed until that day, as after a call.
    IF spell.ended_on IS NULL AND NEW.told_on > coalesce(spell.observed_until, spell.started_on - 1) THEN
        UPDATE employment_spell SET observed_until = NEW.told_on WHERE id = NEW.spell_id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER take BEFORE INSERT ON check_in FOR EACH ROW EXECUTE FUNCTION take_check_in();
REVOKE EXECUTE ON FUNCTION keep_to_own_word, take_check_in FROM PUBLIC;
"""
