-- Takes away every policy, trigger, function and grant of ours: each revision declares all of them anew.
DO $$
DECLARE
    found record;
BEGIN
    FOR found IN SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'public' LOOP
        EXECUTE format('DROP POLICY %I ON %I', found.policyname, found.tablename);
    END LOOP;
    FOR found IN
        SELECT tgname, tgrelid::regclass AS on_table FROM pg_trigger
        JOIN pg_class ON pg_class.oid = tgrelid
        WHERE NOT tgisinternal AND relnamespace = 'public'::regnamespace
    LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', found.tgname, found.on_table);
    END LOOP;
    FOR found IN
        SELECT pg_proc.oid::regprocedure AS name FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND proowner IN (SELECT oid FROM pg_roles WHERE rolname IN (current_user, 'wengang_sealer'))
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
        ORDER BY pg_proc.oid DESC
    LOOP
        EXECUTE format('DROP FUNCTION %s', found.name);
    END LOOP;
    FOR found IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relrowsecurity LOOP
        EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY', found.relname);
    END LOOP;
    FOR found IN
        SELECT relname, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace AND attacl IS NOT NULL
    LOOP
        EXECUTE format('REVOKE ALL (%I) ON %I FROM wengang_app', found.attname, found.relname);
    END LOOP;
    REVOKE ALL ON ALL TABLES IN SCHEMA public FROM wengang_app, wengang_sealer;
    REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM wengang_app, wengang_sealer;
END $$;
