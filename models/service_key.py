"""The service's own keys as the database knows them: their ids, how far each is, and never a key that opens itself."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import CheckConstraint, Connection, Index, Integer, LargeBinary, cast, select, text
from sqlmodel import Field, SQLModel

from models.base import INSTANT, coded, now
from models.sealing import Keyring, KeyState, KnownKey

LOCK = 7365
"""The first number of the advisory locks that have to do with keys: of the second, 1 is held by whoever knows them as
they stand, 2 by who changes them."""


_HOLD = text("SELECT hold_keys()")


class ServiceKey(SQLModel, table=True):
    """One of the service's keys.

    `slot` is the column, of two, in which its look-up index stands. `sealed_key`, under `master_key_id`, is of a coming
    key its secret under the key that it follows, which leads running processes to it; of one that left its look-up key
    under the key in use, where it `marks` content or still `remembers` the numbers of people whose data was deleted.
    """

    __tablename__ = "service_key"
    __table_args__ = (
        CheckConstraint("slot IN (1, 2)", "slot_of_two"),
        CheckConstraint("(sealed_key IS NULL) = (master_key_id IS NULL)", "sealed_under_a_key"),
        CheckConstraint("id ~ '^[1-9][0-9]*$'", "id_counted"),
        Index("uq_service_key_state", "state", unique=True, postgresql_where=text("state <> 'retired'")),
        Index("uq_service_key_marks", "marks", unique=True, postgresql_where=text("marks")),
    )

    id: str = Field(primary_key=True, max_length=9)
    created_at: datetime = Field(default_factory=now, sa_type=INSTANT, nullable=False)
    retired_at: datetime | None = Field(default=None, sa_type=INSTANT)
    state: KeyState = Field(sa_type=coded(KeyState), nullable=False)
    slot: int
    marks: bool = False
    remembers: bool = False
    master_key_id: str | None = None
    sealed_key: bytes | None = Field(default=None, sa_type=LargeBinary)


def follow(connection: Connection, keyring: Keyring) -> None:
    """Know the keys as they stand, until the transaction's end: whoever changes them waits for those that know less."""
    seen = connection.scalar(_HOLD)
    if seen not in (keyring.seen, None):
        # One thread at a time, each looking anew: what was seen first must not be taken last.
        with keyring.adopting:
            seen = connection.scalar(_HOLD)
            keyring.adopt(known_keys(connection), seen or "")


def known_keys(connection: Connection) -> Sequence[KnownKey]:
    """The keys, the oldest first."""
    columns = [getattr(ServiceKey, each.name) for each in fields(KnownKey)]
    rows = connection.execute(select(*columns).order_by(cast(ServiceKey.id, Integer)))
    return [KnownKey(*row) for row in rows]


KEY_DOORS = """
CREATE FUNCTION hold_keys() RETURNS text LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- First the lock, then the look, each with an eye of its own: who changes the keys sees who looked before.
    PERFORM pg_advisory_xact_lock_shared(:lock, 1);
    RETURN (SELECT string_agg(concat_ws(' ', id, state, remembers, sealed_key IS NULL), ',' ORDER BY id)
        FROM service_key);
END $$;
CREATE FUNCTION numbered(wanted bytea[]) RETURNS TABLE (number bytea, worker_id bigint) LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Whose number each is, by either of the two index columns.
    SELECT id_number_index::bytea, coalesce(merged_into, id) FROM worker WHERE id_number_index = ANY (wanted)
    UNION
    SELECT id_number_index_2::bytea, coalesce(merged_into, id) FROM worker WHERE id_number_index_2 = ANY (wanted)
    UNION
    SELECT former.id_number_index::bytea, coalesce(worker.merged_into, worker.id)
        FROM former_number former JOIN worker ON worker.id = former.worker_id
        WHERE former.id_number_index = ANY (wanted)
    UNION
    SELECT former.id_number_index_2::bytea, coalesce(worker.merged_into, worker.id)
        FROM former_number former JOIN worker ON worker.id = former.worker_id
        WHERE former.id_number_index_2 = ANY (wanted) $$;
REVOKE EXECUTE ON FUNCTION hold_keys, numbered FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hold_keys TO wengang_app;
"""
KEY_DOORS = KEY_DOORS.replace(":lock", str(LOCK))
"""Every transaction of the service's begins with the first; the other is for the doors that look for a number."""

KEY_TRIGGERS = """
CREATE FUNCTION keep_indexes_true() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Who does not know yet that there are two keys tells one index: the other one's is another number's by then.
    IF NEW.id_number_sealed IS NULL THEN
        NEW.id_number_index := NULL;
        NEW.id_number_index_2 := NULL;
    ELSIF NEW.id_number_index <> OLD.id_number_index AND NEW.id_number_index_2 = OLD.id_number_index_2 THEN
        NEW.id_number_index_2 := NULL;
    ELSIF NEW.id_number_index_2 <> OLD.id_number_index_2 AND NEW.id_number_index = OLD.id_number_index THEN
        NEW.id_number_index := NULL;
    END IF;
    IF NEW.phone_sealed IS NULL THEN
        NEW.phone_index := NULL;
        NEW.phone_index_2 := NULL;
    ELSIF NEW.phone_index <> OLD.phone_index AND NEW.phone_index_2 = OLD.phone_index_2 THEN
        NEW.phone_index_2 := NULL;
    ELSIF NEW.phone_index_2 <> OLD.phone_index_2 AND NEW.phone_index = OLD.phone_index THEN
        NEW.phone_index := NULL;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_indexes_true BEFORE UPDATE OF id_number_sealed, id_number_index, id_number_index_2, phone_sealed,
    phone_index, phone_index_2 ON worker FOR EACH ROW EXECUTE FUNCTION keep_indexes_true();
"""
