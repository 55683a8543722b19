"""The demonstration: eleven home counties, their paired cities' vacancies, and a year of work, all generated.

The same seed and business date give the same content, whenever it is run: nothing here looks at a clock.
"""

from datetime import date
from random import Random

from sqlalchemy import Connection, text

from api.seeding.applications import apply_all
from api.seeding.calls import call_all
from api.seeding.copying import Progress, analyse, copy_rows, silent, upsert_rows
from api.seeding.firms import establish, fill_up
from api.seeding.history import Market, live_through
from api.seeding.ladder import climb
from api.seeding.looks import look_all
from api.seeding.people import populate
from api.seeding.person import Family, Person
from api.seeding.places import HOMES, villages
from api.seeding.rows import STEPS, World, tables
from models.sealing import Keyring

BUSINESS_DATE = date(2021, 9, 20)


def generate(seed: int, business_date: date, scale: float) -> World:
    """The demonstration's world; `scale` multiplies the people, and less strongly the firms."""
    families: list[Family] = []
    people: list[Person] = []
    for home in HOMES:
        random = _draws(seed, home.code)
        count = max(12, round(home.workers * scale))
        more_families, more_people = populate(random, home, count, business_date, len(families), len(people))
        families += more_families
        people += more_people
    firms, posts = establish(_draws(seed, "firms"), HOMES, scale**0.6, business_date)
    market = Market(firms, posts)
    spells = live_through(_draws(seed, "history"), people, families, market, business_date)
    applications = apply_all(_draws(seed, "applications"), people, market, spells, business_date)
    fill_up(_draws(seed, "full"), firms, posts)
    calls = call_all(_draws(seed, "calls"), spells, business_date)
    ladder = climb(_draws(seed, "ladder"), HOMES, people, families, firms, posts, spells, business_date)
    homes = [person.region for person in people]
    looks = look_all(_draws(seed, "looks"), spells, homes, business_date)
    return World(families, people, firms, posts, spells, applications, calls, ladder, looks)


def _draws(seed: int, what: str) -> Random:
    """One sequence for each part, so that changing a part leaves the others as they were."""
    return Random(f"{seed}:{what}")  # noqa: S311 - made-up people need no secrecy


def load_demo(
    connection: Connection,
    keyring: Keyring,
    *,
    seed: int = 2021,
    business_date: date = BUSINESS_DATE,
    scale: float = 1.0,
    progress: Progress = silent,
) -> dict[str, int]:
    """Write the demonstration's data; the number of rows written, by table. Does nothing where it is there already.

    The code tables have to be loaded before.
    """
    if connection.scalar(text("SELECT EXISTS (SELECT FROM worker WHERE is_demo)")):
        return {}
    progress(0, STEPS, "生成演示数据")
    world = generate(seed, business_date, scale)
    counts = {"region": upsert_rows(connection, "region", [row for home in HOMES for row in villages(home)])}
    for done, (table, rows) in enumerate(tables(connection, world, keyring, business_date), start=1):
        progress(done, STEPS, "写入演示数据")
        counts[table] = counts.get(table, 0) + copy_rows(connection, table, rows)
    analyse(connection, counts)
    progress(STEPS, STEPS, "演示数据已就绪")
    return counts
