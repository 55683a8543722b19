"""The door that knows at which stations the caller works: its own answer would otherwise wait for the station's policy."""

STATION_DOORS = """
CREATE FUNCTION staffed_stations() RETURNS SETOF bigint LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT station_id FROM station_staff WHERE account_id = app_account() AND until IS NULL $$;
REVOKE EXECUTE ON FUNCTION staffed_stations FROM PUBLIC;
GRANT EXECUTE ON FUNCTION staffed_stations TO wengang_app;
"""
