"""佐证 as it is answered, each piece with the files that are attached to it."""

from collections.abc import Sequence

from sqlmodel import Session

from api.presenting import DELETED
from api.schemas.placement import AttachmentPublic, EvidencePublic
from ledger.attachments import attachments_of, names_of
from models.sealing import Keyring
from models.spell import Evidence


def evidence_public(session: Session, keyring: Keyring, rows: Sequence[Evidence]) -> list[EvidencePublic]:
    """Pieces of evidence in their order."""
    files = attachments_of(session, rows)
    names = names_of(session, keyring, [file for theirs in files.values() for file in theirs])
    return [
        EvidencePublic(
            **row.model_dump(exclude={"spell_id", "observed_before", "copy_of"}),
            attachments=[
                AttachmentPublic(
                    id=file.identity,
                    name=names.get(file.identity, DELETED),
                    sort=file.sort,
                    size=file.size,
                    excerpt=file.excerpt,
                    sealed_sha256=file.sealed_sha256.hex(),
                    created_at=file.created_at,
                    link=f"/v1/spells/{row.spell_id}/evidence/{row.identity}/attachments/{file.identity}",
                )
                for file in files.get(row.identity, [])
            ],
        )
        for row in rows
    ]
