"""How long a change of the service's key takes, and what the service is like meanwhile.

    python -m benchmarks.rotating --people 100000

A demonstration of so many people in a cluster of its own; a clerk registers people and asks for them again, before and
while the key is changed.
"""

import argparse
import tempfile
import threading
import time
from pathlib import Path
from statistics import median, quantiles

from sqlalchemy import create_engine, text
from sqlmodel import Session

from api.audit import audited
from api.database import Sessions, migrate, owner_connection, service_engine, sessions_of
from api.postgres import embedded
from api.runtime import draw_secret, fitting_keyring
from api.seeding.demo import load_demo
from api.seeding.reference import load_reference
from api.seeding.work_plans import load_work_plans
from api.service_keys.rotating import rotate
from api.settings import DEMONSTRATION_DATE, Settings
from ledger.gazetteer import Gazetteer
from ledger.identity.matching import find_people
from ledger.people import NewWorker, register
from models.id_number import demo_id_number
from models.sealing import Keyring
from models.worker import Sex

_SCOPE = text("SELECT set_config('app.regions', '{[1,900000000000)}', true)")


class Clerk(threading.Thread):
    """Registers somebody and looks for them again, as often as it goes."""

    def __init__(self, sessions: Sessions, keyring: Keyring) -> None:
        super().__init__(daemon=True)
        self.sessions, self.keyring = sessions, keyring
        self.took: list[float] = []
        self.lost = 0
        self.ending = threading.Event()

    def run(self) -> None:
        born, sequence = DEMONSTRATION_DATE.replace(year=1985), 300_000
        while not self.ending.is_set():
            sequence += 1
            number = demo_id_number(born, sequence, Sex.MALE)
            began = time.monotonic()
            with self.sessions() as session, session.begin():
                made = self._register(session, number)
            with self.sessions() as session, session.begin():
                session.connection().execute(_SCOPE)
                self.lost += find_people(session, self.keyring, [number]) != {number: made}
            self.took.append(time.monotonic() - began)

    def _register(self, session: Session, number: str) -> int:
        session.connection().execute(_SCOPE)
        new = NewWorker(name="某人", region="610728001", id_number=number)
        known = Gazetteer.national().ever_assigned
        return register(session, self.keyring, new, ever_assigned=known, demonstration=True).identity


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--people", type=int, default=100_000)
    people = asked.parse_args().people
    with embedded.temporary_cluster() as cluster, tempfile.TemporaryDirectory() as folder:
        cluster.ensure_database("rotating")
        settings = Settings(
            data_folder=Path(folder),
            database_url=cluster.service_url("rotating"),
            owner_database_url=cluster.owner_url("rotating"),
        )
        draw_secret(settings)
        with owner_connection(settings.owner_database_url or "") as owner:
            migrate(owner)
            keyring = fitting_keyring(owner, settings)
            load_reference(owner)
            load_work_plans(owner)
            load_demo(owner, keyring, business_date=settings.today(), scale=people / 10_000)
        engine = service_engine(settings.database_url or "")
        clerk = Clerk(audited(sessions_of(engine), keyring), keyring)
        clerk.start()
        time.sleep(10)
        before, clerk.took = clerk.took, []
        began = time.monotonic()
        done = rotate(settings, lambda *_: None)
        seconds = time.monotonic() - began
        during, clerk.took = clerk.took, []
        clerk.ending.set()
        clerk.join()
        counted = create_engine(settings.owner_database_url or "")
        with counted.connect() as connection:
            there = connection.scalar(text("SELECT count(*) FROM worker")) or 0
        print(
            f"{there} people: {done.moved} values in {seconds:.1f} s, {seconds / there * 100_000:.1f} s per 100,000"
        )
        for name, took in (("before", before), ("meanwhile", during)):
            worst = quantiles(took, n=100)[-1]
            print(
                f"{name}: registered and found again in {median(took) * 1000:.0f} ms, 1 in 100 {worst * 1000:.0f} ms"
            )
        print(f"not found again: {clerk.lost} of {len(before) + len(during)}")
        engine.dispose()


if __name__ == "__main__":
    main()
