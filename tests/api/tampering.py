"""A copy of the record and its chain in memory, and all that somebody might do to it who may write everything."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ledger.chain.checking import Anchor, Link, digest

Content = dict[str, Any]


@dataclass(frozen=True)
class Seal:
    """One row of `audit_seal`."""

    sequence: int
    event_id: int
    sealed_at: int
    hash: bytes


@dataclass
class Copy:
    """Rows by number, and links by their places."""

    rows: dict[int, Content]
    seals: list[Seal]

    @classmethod
    def of(cls, links: list[Link]) -> "Copy":
        seals = [Seal(link.sequence, link.event_id, link.sealed_at, link.hash) for link in links]
        return cls({link.event_id: json.loads(link.content or "") for link in links}, seals)

    def copy(self) -> "Copy":
        return Copy(dict(self.rows), list(self.seals))

    def links(self) -> list[Link]:
        """As the database would tell them: each link with the row of its number, if there is one."""
        told = []
        for seal in sorted(self.seals, key=lambda seal: seal.sequence):
            row = self.rows.get(seal.event_id)
            told.append(
                Link(
                    seal.sequence,
                    seal.event_id,
                    seal.sealed_at,
                    seal.hash,
                    int(row["created_at"]) if row else None,
                    as_text(row) if row else None,
                )
            )
        return told

    def anchor(self) -> Anchor:
        return Anchor(self.seals[-1].sequence, self.seals[-1].hash, "锚点")

    def renumber(self) -> None:
        """Close the gaps, as if nothing had ever been there."""
        self.seals = [replace(seal, sequence=place) for place, seal in enumerate(self.seals, 1)]

    def hash_again(self, first: int) -> None:
        """What somebody does who knows how it is done: every hash from this place on is made anew."""
        previous = self.seals[first - 1].hash if first else b""
        for place in range(first, len(self.seals)):
            seal = self.seals[place]
            made = digest(
                previous, seal.sequence, seal.event_id, seal.sealed_at, as_text(self.rows[seal.event_id])
            )
            self.seals[place] = replace(seal, hash=made)
            previous = made


_texts: dict[int, tuple[Content, str]] = {}


def as_text(row: Content) -> str:
    """As jsonb prints it: shorter names first. Rows are replaced, never changed, so each is printed once."""
    known = _texts.get(id(row))
    if known is None or known[0] is not row:
        _texts[id(row)] = known = (row, _printed(row))
    return known[1]


def _printed(row: Content) -> str:
    return json.dumps(
        {name: row[name] for name in sorted(row, key=lambda name: (len(name), name))}, ensure_ascii=False
    )


def edit_row(copy: Copy, draw: random.Random) -> None:
    seal = draw.choice(copy.seals)
    row = dict(copy.rows[seal.event_id])
    column = draw.choice(sorted(row))
    value = row[column]
    if column == "id":
        moved = value + "0"
        copy.rows[int(moved)] = row | {"id": moved}
        del copy.rows[seal.event_id]
        return
    if value.isdigit():
        value = str(int(value) + draw.choice((-1, 1, 7, 86_400_000_000)))
    else:
        at = draw.randrange(len(value))
        value = value[:at] + draw.choice([c for c in "abcdef019甲 " if c != value[at]]) + value[at + 1 :]
    row[column] = value
    copy.rows[seal.event_id] = row


def empty_column(copy: Copy, draw: random.Random) -> None:
    seal = draw.choice(copy.seals)
    row = dict(copy.rows[seal.event_id])
    del row[draw.choice(sorted(row.keys() - {"id", "created_at"}))]
    copy.rows[seal.event_id] = row


def fill_column(copy: Copy, draw: random.Random) -> None:
    columns = {"request_id", "row_id", "worker_id", "household_id", "import_id", "import_line", "region"}
    seal = draw.choice(copy.seals)
    row = copy.rows[seal.event_id]
    copy.rows[seal.event_id] = row | {draw.choice(sorted(columns - row.keys())): "1"}


def edit_link(copy: Copy, draw: random.Random) -> None:
    place = draw.randrange(len(copy.seals))
    seal = copy.seals[place]
    what = draw.choice(("hash", "sealed_at", "event_id"))
    if what == "hash":
        at = draw.randrange(32)
        hashed = bytearray(seal.hash)
        hashed[at] ^= 1 << draw.randrange(8)
        copy.seals[place] = replace(seal, hash=bytes(hashed))
    elif what == "sealed_at":
        copy.seals[place] = replace(seal, sealed_at=seal.sealed_at + draw.choice((-1, 1, 10**6)))
    else:
        other = draw.choice([each for each in copy.seals if each is not seal])
        copy.seals[place] = replace(seal, event_id=other.event_id)


def delete_rows(copy: Copy, draw: random.Random) -> None:
    for seal in draw.sample(copy.seals, draw.randint(1, 3)):
        del copy.rows[seal.event_id]


def delete_both(copy: Copy, draw: random.Random) -> None:
    gone = draw.sample(copy.seals[:-1], draw.randint(1, 3))
    for seal in gone:
        del copy.rows[seal.event_id]
        copy.seals.remove(seal)


def delete_and_close_up(copy: Copy, draw: random.Random) -> None:
    delete_both(copy, draw)
    copy.renumber()


def delete_links(copy: Copy, draw: random.Random) -> None:
    for seal in draw.sample(copy.seals[:-1], draw.randint(1, 3)):
        copy.seals.remove(seal)


def swap_rows(copy: Copy, draw: random.Random) -> None:
    one, other = (seal.event_id for seal in draw.sample(copy.seals, 2))
    here, there = copy.rows[one], copy.rows[other]
    copy.rows[one], copy.rows[other] = there | {"id": str(one)}, here | {"id": str(other)}


def swap_links(copy: Copy, draw: random.Random) -> None:
    one, other = draw.sample(range(len(copy.seals)), 2)
    here, there = copy.seals[one], copy.seals[other]
    for name in draw.sample(("hash", "event_id", "sequence"), draw.randint(1, 2)):
        copy.seals[one] = replace(copy.seals[one], **{name: getattr(there, name)})
        copy.seals[other] = replace(copy.seals[other], **{name: getattr(here, name)})
    if {(seal.sequence, seal.event_id, seal.hash) for seal in copy.seals} >= {
        (here.sequence, here.event_id, here.hash),
        (there.sequence, there.event_id, there.hash),
    }:
        edit_link(copy, draw)


def move_a_stretch(copy: Copy, draw: random.Random) -> None:
    count = len(copy.seals)
    first = draw.randrange(count - 3)
    length = draw.randint(1, min(10, count - first - 1))
    stretch = copy.seals[first : first + length]
    rest = copy.seals[:first] + copy.seals[first + length :]
    to = draw.choice([place for place in range(len(rest) + 1) if place != first])
    copy.seals = rest[:to] + stretch + rest[to:]
    copy.renumber()


def insert(copy: Copy, draw: random.Random) -> None:
    place = draw.randrange(len(copy.seals))
    model = copy.seals[place]
    number = max(copy.rows) + draw.randint(1, 100)
    copy.rows[number] = copy.rows[model.event_id] | {"id": str(number), "action": "update"}
    before = copy.seals[place - 1].hash if place else b""
    made = digest(before, place + 1, number, model.sealed_at, as_text(copy.rows[number]))
    copy.seals.insert(place, Seal(place + 1, number, model.sealed_at, made))
    copy.renumber()


def insert_twice_the_place(copy: Copy, draw: random.Random) -> None:
    model = draw.choice(copy.seals)
    number = max(copy.rows) + 1
    copy.rows[number] = copy.rows[model.event_id] | {"id": str(number)}
    copy.seals.append(replace(model, event_id=number))


def truncate(copy: Copy, draw: random.Random) -> None:
    keep = draw.randrange(len(copy.seals))
    for seal in copy.seals[keep:]:
        del copy.rows[seal.event_id]
    del copy.seals[keep:]


def truncate_and_grow(copy: Copy, draw: random.Random) -> None:
    """The end is taken away and as many new rows, or more, are sealed in their places, with fitting hashes."""
    keep = draw.randrange(len(copy.seals))
    gone = copy.seals[keep:]
    del copy.seals[keep:]
    for sequence in range(keep + 1, keep + len(gone) + draw.randint(1, 3)):
        model = draw.choice(gone)
        number = max(copy.rows) + 1
        copy.rows[number] = copy.rows[model.event_id] | {"id": str(number)}
        copy.seals.append(Seal(sequence, number, model.sealed_at, b""))
    for seal in gone:
        del copy.rows[seal.event_id]
    copy.hash_again(keep)


def rewrite(copy: Copy, draw: random.Random) -> None:
    """One row is edited and the chain hashed anew from there: only what is kept elsewhere can tell."""
    place = draw.randrange(len(copy.seals))
    seal = copy.seals[place]
    copy.rows[seal.event_id] = copy.rows[seal.event_id] | {"action": "never"}
    copy.hash_again(place)


TAMPERINGS: tuple[Callable[[Copy, random.Random], None], ...] = (
    edit_row,
    empty_column,
    fill_column,
    edit_link,
    delete_rows,
    delete_both,
    delete_and_close_up,
    delete_links,
    swap_rows,
    swap_links,
    move_a_stretch,
    insert,
    insert_twice_the_place,
    truncate,
    truncate_and_grow,
    rewrite,
)
