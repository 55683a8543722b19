"""What a device is given to go on without the service."""

from datetime import date
from hashlib import sha256

from sqlalchemy import text
from sqlmodel import Session

from api.errors import Problem
from api.fairs.board import waiting_at
from api.fairs.codes import CARD, SECRET, opened_card
from api.fairs.devices import Device
from api.fairs.envelopes import to_text
from api.fairs.posts import filters_of, offered_at, read_aloud, told_post
from api.fairs.taking import visitor_of_number
from api.places import Places
from api.schemas.kiosk import Bundle, CardFound, KioskBooth, KioskCard, KioskCards
from api.settings import Settings
from models.base import now
from models.fair import Fair
from models.sealing import Keyring, Unsealable, open_person_key, unseal

LOOKUPS_AN_HOUR = 120
_CARDS = text(
    "SELECT code_hash, card_sealed, secret_sealed, master_key_id, sealed_key FROM fair_cards(CAST(:name AS bytea))"
)


def bundle(session: Session, places: Places, settings: Settings, device: Device) -> Bundle:
    """The fair and its posts in the order of the booths."""
    fair = session.get_one(Fair, device.fair_id)
    posts, waiting = offered_at(session, fair, settings), waiting_at(session, fair.identity)
    booths = {post.booth.identity: post for post in posts}
    told = [told_post(session, places, post) | {"filters": filters_of(post, fair.region)} for post in posts]
    texts = {value for post in told for value in post.values() if isinstance(value, str)}
    texts |= {fair.name, fair.place}
    return Bundle(
        fair_id=fair.identity,
        fair=fair.name,
        place=fair.place,
        region=fair.region,
        held_on=fair.held_on.isoformat(),
        made_at=now(),
        booths=[
            KioskBooth(
                id=number, number=post.booth.number, employer=post.employer, waiting=waiting.get(number, 0)
            )
            for number, post in booths.items()
        ],
        posts=told,
        ruby=dict(read_aloud(sorted(texts))),
    )


def cards_given(session: Session, device: Device, today: date) -> bool:
    """Whether cards are still given out: until the end of the fair's day. What was said at the device may come later."""
    fair = session.get_one(Fair, device.fair_id)
    return not fair.called_off and today <= fair.held_on


def find_card(session: Session, keyring: Keyring, device: Device, number: str, today: date) -> CardFound:
    """The card of whoever the number belongs to, opened; so many an hour and no more, and none after the fair.

    Raises
    ------
    Problem
        429 beyond that.
    """
    told = text("SELECT count_device_lookup(:most)")
    if not session.connection().scalar(told, {"most": LOOKUPS_AN_HOUR}):
        raise Problem(
            429,
            "too-many-lookups",
            "查询太多",
            "这台终端一小时内查询的证件号码太多，请改用邀请码，或请工作人员帮助。",
            headers={"Retry-After": "600"},
        )
    who = visitor_of_number(session, keyring, number) if cards_given(session, device, today) else None
    if who is None or who.card is None:
        return CardFound(found=False)
    row = session.connection().execute(_CARDS, {"name": who.card}).first()
    if row is None:
        return CardFound(found=False)
    key = open_person_key(keyring, row.master_key_id, bytes(row.sealed_key))
    secret = unseal(key, bytes(row.secret_sealed), SECRET)
    card = opened_card(secret, unseal(key, bytes(row.card_sealed), CARD))
    return CardFound(found=True, name=to_text(bytes(row.code_hash)), card=card)


def cards(
    session: Session, keyring: Keyring, device: Device, known: str, today: date
) -> tuple[str, KioskCards | None]:
    """The cards that only their codes open, under a tag of theirs; None where the device, which has those of `known`, has these.
    After the fair there are none, and the device forgets those that it has."""
    given = cards_given(session, device, today)
    rows = session.connection().execute(_CARDS, {"name": None}).all() if given else []
    digest = sha256()
    for row in sorted(rows, key=lambda row: bytes(row.code_hash)):
        digest.update(bytes(row.code_hash) + bytes(row.card_sealed))
    tag = f'"{digest.hexdigest()[:32]}"'
    if tag == known:
        return tag, None
    found = []
    for row in rows:
        try:
            key = open_person_key(keyring, row.master_key_id, bytes(row.sealed_key))
            sealed = unseal(key, bytes(row.card_sealed), CARD)
        except Unsealable:
            continue
        found.append(KioskCard(name=to_text(bytes(row.code_hash)), sealed=to_text(sealed)))
    return tag, KioskCards(cards=found)
