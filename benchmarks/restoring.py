"""A province's worth of people backed up and restored: seconds of each, and of asking whether everything holds.

    python -m benchmarks.restoring --people 1000000

The people are rows without a name of anybody: each with a key, a stretch of work, two sealed audit rows; three make a
household. They are made by the database itself, past its triggers, which takes longer than what is measured.
"""

import argparse
import tempfile
import time
from pathlib import Path

from sqlalchemy import make_url

from api.cli.keeping import make, put_back
from api.postgres.roles import connect
from api.runtime import DATABASE, own_cluster, prepared
from api.seeding.copying import silent
from api.settings import Environment, Settings
from api.worker.sealing import Sealer
from models.sealing import new_person_key

_KEYS = """
INSERT INTO person_key (worker_id, master_key_id, sealed_key) SELECT n, %s, %s FROM generate_series(1, %s) n
"""
_ROWS = """
SET LOCAL session_replication_role = replica;
INSERT INTO household (id, created_at, number, region, risks, measures, is_demo)
    SELECT n, now(), 'H' || n, '610728001', '{{}}', '{{}}', true FROM generate_series(1, {people} / 3 + 1) n;
INSERT INTO worker (id, created_at, region, household_id, name, name_pinyin, birth_date, health, restricted, is_demo,
    id_number_sealed, id_number_index, phone_sealed, phone_index)
    SELECT n, now(), '610728001', n / 3 + 1, '甲' || n, 'jia', date '1960-01-01' + n % 15000, '{{}}', false, true,
    sha512(n::text::bytea), sha256(n::text::bytea), sha512(n::text::bytea), sha256(n::text::bytea)
    FROM generate_series(1, {people}) n;
INSERT INTO employment_spell (id, created_at, worker_id, origin_region, kind, started_on, precision, is_main, is_demo)
    SELECT n, now(), n, '610728001', 'flexible', date '2020-01-01' + n % 600, 'day', true, true FROM generate_series(1, {people}) n;
INSERT INTO audit_event (created_at, action, noun, row_id, worker_id, region, sealed_change)
    SELECT now(), 'create', 'worker', n % {people}, n % {people} + 1, '610728001', sha512(n::text::bytea) || sha512(n::text::bytea)
    FROM generate_series(1, {people} * 2) n;
SELECT setval(name || '_id_seq', {people}) FROM unnest(ARRAY['household', 'worker', 'employment_spell']) name;
"""


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--people", type=int, default=1_000_000)
    people = asked.parse_args().people
    with tempfile.TemporaryDirectory(prefix="wengang-") as folder:
        place = Path(folder)
        settings = Settings(
            environment=Environment.DEVELOPMENT, data_folder=place / "data", archive_folder=None
        )
        with prepared(settings, silent) as ready, own_cluster(settings) as cluster:
            began = time.monotonic()
            with connect(cluster.administrator().set(database=DATABASE)) as superuser:
                superuser.execute(_ROWS.format(people=people))  # type: ignore[call-overload]
                _, key_id, sealed_key = new_person_key(settings.keyring())
                superuser.execute(_KEYS, (key_id, sealed_key, people))
            print(f"made {people} people in {time.monotonic() - began:.0f} s")
            began = time.monotonic()
            with connect(make_url(ready.database_url or ""), autocommit=True) as service:
                sealed = Sealer().round(service)
            print(f"sealed {sealed} audit rows in {time.monotonic() - began:.0f} s")
            make(settings, place / "backup", keys=None, jobs=2, as_json=True)
        put_back(
            settings.model_copy(update={"data_folder": place / "again"}),
            place / "backup", key=None, until=None, jobs=2, as_json=True,
        )  # fmt: skip


if __name__ == "__main__":
    main()
