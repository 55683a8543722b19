"""The chain held against the rows: every link's hash made anew, and what is said of those that do not fit.

How a link is hashed is told here once more, apart from `models.chain`: whoever checks does not ask who sealed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from models.coded import Coded

DAY = 24 * 60 * 60 * 1_000_000
"""In microseconds. No transaction lasts that long: what was written a day before its neighbours was put in later."""

MOST_PAIRED = 200
"""So many links that do not fit are tried in each other's places; of more nobody wants to know which is which."""


class Fault(Coded):
    """What was done to the record."""

    ALTERED = "altered", "被改动"
    MOVED = "moved", "次序被调换"
    DELETED = "deleted", "记录被删除"
    MISSING = "missing", "封存链被删去一段"
    INSERTED = "inserted", "事后插入"
    UNSEALED = "unsealed", "超过一小时没有封存"
    TRUNCATED = "truncated", "末尾被截断"
    REWRITTEN = "rewritten", "与锚点不符，封存链被整体改写"
    UNGUARDED = "unguarded", "防改动的触发器被停用"


@dataclass(frozen=True, slots=True)
class Link:
    """One link with the row that it seals; instants in microseconds. A row that is gone has no content."""

    sequence: int
    event_id: int
    sealed_at: int
    hash: bytes
    written_at: int | None
    content: str | None


@dataclass(frozen=True, slots=True)
class Anchor:
    """The head of the chain as it was told at some time and kept elsewhere."""

    sequence: int
    hash: bytes
    name: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, and where: links from `first` to `last`, a row, the anchor that tells of it."""

    fault: Fault
    first: int | None = None
    last: int | None = None
    event_id: int | None = None
    anchor: str = ""


@dataclass(slots=True)
class Checked:
    """What the whole chain told."""

    links: int = 0
    head: bytes = b""
    sealed_at: int = 0
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Place:
    """A link that does not fit, and the hash before its place."""

    link: Link
    previous: bytes


def digest(previous: bytes, sequence: int, event_id: int, sealed_at: int, content: str) -> bytes:
    """The hash of a link."""
    return sha256(previous + f"{sequence} {event_id} {sealed_at}\n{content}".encode()).digest()


def check(links: Iterable[Link], *, anchors: Sequence[Anchor] = ()) -> Checked:
    """Whether `links`, by their sequence, are whole, fit their rows, and are those that the anchors tell of."""
    told = Checked()
    findings, misfits = told.findings, list[_Place]()
    held = {anchor.sequence: [a for a in anchors if a.sequence == anchor.sequence] for anchor in anchors}
    previous: bytes | None = b""
    latest = 0
    for link in links:
        if link.sequence <= told.links:
            findings.append(Finding(Fault.INSERTED, link.sequence, event_id=link.event_id))
            continue
        if link.sequence > told.links + 1:
            findings.append(Finding(Fault.MISSING, told.links + 1, link.sequence - 1))
            previous = None  # whatever it was, it is gone: this one link can't be checked
        if link.content is None:
            findings.append(Finding(Fault.DELETED, link.sequence, event_id=link.event_id))
        elif previous is not None:
            if _of(link, previous) != link.hash:
                misfits.append(_Place(link, previous))
            elif link.written_at is not None:
                if link.written_at < latest - DAY:
                    findings.append(Finding(Fault.INSERTED, link.sequence, event_id=link.event_id))
                latest = max(latest, min(link.written_at, link.sealed_at))
        for anchor in held.get(link.sequence, ()):
            if anchor.hash != link.hash:
                findings.append(Finding(Fault.REWRITTEN, link.sequence, anchor=anchor.name))
        previous, told.links, told.head, told.sealed_at = link.hash, link.sequence, link.hash, link.sealed_at
    findings += _explained(misfits)
    findings += [
        Finding(Fault.TRUNCATED, told.links + 1, anchor.sequence, anchor=anchor.name)
        for anchor in anchors
        if anchor.sequence > told.links
    ]
    findings.sort(key=lambda finding: (finding.first or 0, finding.fault.value))
    return told


def _of(link: Link, previous: bytes) -> bytes:
    return digest(previous, link.sequence, link.event_id, link.sealed_at, link.content or "")


def _explained(misfits: list[_Place]) -> Iterator[Finding]:
    """Each link that does not fit: out of place where it, or its row, fits the place of another one; else altered."""
    few = misfits if len(misfits) <= MOST_PAIRED else []
    for place in misfits:
        moved = any(_exchanged(place, other) for other in few if other is not place)
        link = place.link
        yield Finding(Fault.MOVED if moved else Fault.ALTERED, link.sequence, event_id=link.event_id)


def _exchanged(place: _Place, other: _Place) -> bool:
    """Whether the two links, their rows, or what stands in these, were put in each other's places."""
    here, there = place.link, other.link
    content = there.content or ""
    return (
        digest(
            place.previous, here.sequence, here.event_id, here.sealed_at, _numbered(content, here.event_id)
        )
        == here.hash
        or digest(place.previous, here.sequence, there.event_id, here.sealed_at, content) == here.hash
        or digest(other.previous, there.sequence, here.event_id, here.sealed_at, here.content or "")
        == here.hash
    )


def _numbered(content: str, event_id: int) -> str:
    """The content as that of the row with this number: the number stands first, its name being the shortest."""
    _, comma, rest = content.partition(", ")
    return f'{{"id": "{event_id}"{comma}{rest}'
