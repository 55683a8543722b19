"""Sealing of personal values under a key of the person, which is itself sealed under the service's key.

A sealed value is one byte of algorithm, twelve of nonce, then ciphertext and tag; what the service's own key seals has
that key's id beside it. What a value is (its `context`, such as ``worker.phone``) is authenticated with it, so a sealed
telephone can't be passed off as an ID number. Destroying a person's key makes every value sealed under it unreadable,
wherever it was kept.
"""

import hmac
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from models.coded import Coded

_NONCE, _TAG = 12, 16
SECRET_BYTES = 32


class Unsealable(Exception):
    """The value was altered, or sealed under another key; it can't be read."""


class UnknownKey(Exception):
    """The service has no key of this id. It is no `Unsealable`: whoever is sealed under it was not deleted."""

    def __init__(self, key_id: str) -> None:
        super().__init__(f"no service key {key_id}")
        self.key_id = key_id


class Algorithm(Coded):
    """What values are sealed with."""

    AES_256_GCM = "aes-256-gcm", "AES-256-GCM"
    SM4_GCM = "sm4-gcm", "SM4-GCM"


MARKS = {Algorithm.AES_256_GCM: 1, Algorithm.SM4_GCM: 2}
"""The first byte of a sealed value."""


class Key(bytes):
    """32 bytes, and what they seal with. What they open says itself what it was sealed with."""

    algorithm: Algorithm = Algorithm.AES_256_GCM

    @classmethod
    def of(cls, value: bytes, algorithm: Algorithm) -> "Key":
        """The same bytes, sealing with `algorithm`."""
        key = cls(value)
        key.algorithm = algorithm
        return key


def seal(key: bytes, value: bytes, context: str) -> bytes:
    """`value` sealed under a 32-byte `key`."""
    algorithm = key.algorithm if isinstance(key, Key) else Algorithm.AES_256_GCM
    nonce, mark = secrets.token_bytes(_NONCE), bytes([MARKS[algorithm]])
    if algorithm is Algorithm.AES_256_GCM:
        return mark + nonce + AESGCM(key).encrypt(nonce, value, context.encode())
    writing = Cipher(SM4(_short(key)), GCM(nonce)).encryptor()
    writing.authenticate_additional_data(context.encode())
    return mark + nonce + writing.update(value) + writing.finalize() + writing.tag


def unseal(key: bytes, sealed: bytes, context: str) -> bytes:
    """What `seal` was given.

    Raises
    ------
    Unsealable
        when the value, the key or the context is not the same.
    """
    mark, nonce, rest = sealed[:1], sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
    try:
        if mark == bytes([MARKS[Algorithm.AES_256_GCM]]):
            return AESGCM(key).decrypt(nonce, rest, context.encode())
        if mark == bytes([MARKS[Algorithm.SM4_GCM]]):
            reading = Cipher(SM4(_short(key)), GCM(nonce, rest[-_TAG:])).decryptor()
            reading.authenticate_additional_data(context.encode())
            return reading.update(rest[:-_TAG]) + reading.finalize()
    except (InvalidTag, ValueError) as error:
        raise Unsealable("altered, or another key") from error
    raise Unsealable("unknown algorithm")


def _short(key: bytes) -> bytes:
    """SM4's sixteen bytes: made of the key, so that no two algorithms share one."""
    return hmac.digest(key, b"wengang/sm4", "sha256")[:16]


class KeyState(Coded):
    """How far a key of the service's is."""

    COMING = "coming", "正在换用"
    IN_USE = "in_use", "使用中"
    LEAVING = "leaving", "正在退出"
    RETIRED = "retired", "已停用"


_WRITING = (KeyState.IN_USE, KeyState.COMING)


@dataclass(frozen=True, slots=True)
class KnownKey:
    """What the database tells of a key of the service's (`models.service_key.ServiceKey`)."""

    id: str
    state: KeyState
    slot: int
    marks: bool
    remembers: bool
    master_key_id: str | None
    sealed_key: bytes | None


SECRET_CONTEXT, INDEX_CONTEXT = "service_key.secret", "service_key.index"


@dataclass(frozen=True, slots=True)
class _Held:
    """The keys as they stand at one moment; put in the place of the last whole, so that no thread sees half of it.

    Attributes
    ----------
    masters : that seal, by id; one that was had once is kept, for rows that were read before they moved on.
    current : the id of the one that seals what is new.
    written : the index keys of the two columns, None for a column that is left empty.
    found_by : the index keys by one of which a number that is on record is found.
    marks : what content is marked with; it is never changed.
    """

    masters: Mapping[str, Key]
    current: str
    written: tuple[bytes | None, bytes | None]
    found_by: tuple[bytes, ...]
    marks: bytes


class Keyring:
    """The service's own keys. It follows what the database tells of them (`models.service_key.follow`), also while
    they are changed for others; whoever has it has it for as long as the process lives."""

    def __init__(
        self,
        own: Mapping[str, bytes],
        algorithm: Algorithm = Algorithm.AES_256_GCM,
        again: Callable[[], Mapping[str, bytes]] = dict,
    ) -> None:
        """`own`: the secrets at hand by id; `again` reads them anew."""
        if any(len(secret) < SECRET_BYTES for secret in own.values()):
            raise ValueError(f"a secret has fewer than {SECRET_BYTES} bytes")
        self.algorithm = algorithm
        self.seen: str | None = None
        self.look_again: Callable[[], object] = lambda: None
        self.adopting = Lock()
        self._own, self._again = dict(own), again
        newest = max(own, key=int)
        index = _derived(own[newest], b"index")
        masters = {key_id: self._master(secret) for key_id, secret in own.items()}
        self._held = _Held(masters, newest, (index, None), (index,), index)

    @classmethod
    def of_secret(cls, secret: bytes, key_id: str = "1") -> "Keyring":
        """The keys that one secret of at least 32 bytes stands for."""
        return cls({key_id: secret})

    def __getstate__(self) -> dict[str, Any]:
        """For a process beside, which asks nothing of the database."""
        return {"algorithm": self.algorithm, "seen": self.seen, "_own": self._own, "_held": self._held}

    @property
    def current(self) -> str:
        """The id of the key that seals what is new."""
        return self._held.current

    def master(self, key_id: str | None) -> Key:
        """The key of this id; where it is new, the database is asked.

        Raises
        ------
        UnknownKey
            when the database leads to none either.
        Unsealable
            when none is named: the person's key was destroyed.
        """
        if not key_id:
            raise Unsealable("no key is named")
        if key_id not in self._held.masters:
            self.look_again()
        if key_id not in self._held.masters:
            raise UnknownKey(key_id)
        return self._held.masters[key_id]

    def written(self) -> tuple[bytes | None, bytes | None]:
        """The index keys of the two columns."""
        return self._held.written

    def found_by(self) -> tuple[bytes, ...]:
        """The index keys by one of which whoever is on record is found."""
        return self._held.found_by

    @property
    def marks(self) -> bytes:
        """What content is marked with."""
        return self._held.marks

    def secret_of(self, key_id: str) -> bytes | None:
        """The secret of a key, if it is at hand."""
        return self._own.get(key_id)

    def adopt(self, known: Sequence[KnownKey], seen: str) -> None:
        """Take the keys as the database tells of them, the oldest first.

        Raises
        ------
        UnknownKey
            when one that is in use is neither at hand nor led to by another; nothing is changed then.
        """
        if any(each.id not in self._own for each in known if each.state is not KeyState.RETIRED):
            self._own |= self._again()
        own, masters = dict(self._own), dict(self._held.masters)
        for each in known:
            if each.id not in own and each.state in _WRITING:
                master = masters.get(each.master_key_id or "")
                if each.sealed_key is None or master is None:
                    raise UnknownKey(each.id)
                own[each.id] = unseal(master, each.sealed_key, SECRET_CONTEXT)
            if each.id in own:
                masters[each.id] = self._master(own[each.id])
        indexes = {each.id: index for each in known if (index := self._index(each, own, masters))}
        written: list[bytes | None] = [None, None]
        for each in known:
            if each.state in _WRITING:
                written[each.slot - 1] = indexes[each.id]
        self._own = own
        self._held = _Held(
            masters,
            [each.id for each in known if each.state in _WRITING][-1],
            (written[0], written[1]),
            tuple(indexes[each.id] for each in known if each.state is not KeyState.RETIRED or each.remembers),
            next(indexes[each.id] for each in known if each.marks),
        )
        # Last: another thread takes it that the keys are those.
        self.seen = seen

    def _master(self, secret: bytes) -> Key:
        return Key.of(_derived(secret, b"master"), self.algorithm)

    @staticmethod
    def _index(known: KnownKey, own: Mapping[str, bytes], masters: Mapping[str, Key]) -> bytes | None:
        if known.id in own:
            return _derived(own[known.id], b"index")
        if known.sealed_key is None or known.master_key_id is None:
            return None
        if known.master_key_id not in masters:
            raise UnknownKey(known.master_key_id)
        return unseal(masters[known.master_key_id], known.sealed_key, INDEX_CONTEXT)


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"wengang/" + purpose).derive(secret)


def index_key_of(secret: bytes) -> bytes:
    """The look-up key that a secret stands for."""
    return _derived(secret, b"index")


def new_person_key(keyring: Keyring) -> tuple[Key, str, bytes]:
    """A fresh key for one person: the key, the id of the service's key, and the key sealed under that."""
    key_id = keyring.current
    key = Key.of(AESGCM.generate_key(256), keyring.algorithm)
    return key, key_id, seal(keyring.master(key_id), key, "person_key")


def open_person_key(keyring: Keyring, master_key_id: str, sealed_key: bytes) -> Key:
    """The person's key again.

    Raises
    ------
    UnknownKey
        when the service does not have the key named.
    Unsealable
        when the sealed key was altered.
    """
    return Key.of(unseal(keyring.master(master_key_id), sealed_key, "person_key"), keyring.algorithm)


def index_columns(keyring: Keyring, kind: str, value: str | None) -> dict[str, bytes | None]:
    """What the two index columns of an ID number (`id_number`) or a telephone (`phone`) hold.

    One of them is empty but while the look-up key is changed: then both are told, each by its own key.
    """
    return {
        index_column(kind, slot): _digest(key, kind, value) if key and value else None
        for slot, key in enumerate(keyring.written(), 1)
    }


def index_column(kind: str, slot: int) -> str:
    """The first or second column of the look-ups of `kind`."""
    return f"{kind}_index" if slot == 1 else f"{kind}_index_{slot}"


def look_ups(keyring: Keyring, kind: str, value: str) -> list[bytes]:
    """What an index column holds where the value is on record: one of these, in either column."""
    return [_digest(key, kind, value) for key in keyring.found_by()]


def content_mark(keyring: Keyring, kind: str, value: str) -> bytes:
    """A keyed digest by which the same content is known again, whatever key seals it by now."""
    return _digest(keyring.marks, kind, value)


def person_digest(keyring: Keyring, kind: str, worker_id: int, content: bytes) -> bytes:
    """A keyed digest of something of one person: the same of the same person, the same 32 bytes."""
    return hmac.digest(keyring.marks, f"{kind}:{worker_id}:".encode() + content, "sha256")


def _digest(key: bytes, kind: str, value: str) -> bytes:
    """The same value, the same 32 bytes."""
    return hmac.digest(key, f"{kind}:{value}".encode("utf-8", "surrogatepass"), "sha256")
