"""佐证 as it is answered, each piece with the files that are attached to it."""

from collections.abc import Sequence

from sqlmodel import Session, select

from api.accounts import account_names
from api.presenting import DELETED
from api.schemas.placement import AttachmentPublic, EvidencePublic, WithdrawnPublic
from ledger.attachments import attachments_of, names_of
from models.bulk import among
from models.sealing import Keyring
from models.spell import EmploymentSpell, Evidence
from outcomes.beyond import is_beyond
from outcomes.confirming import days_of

_TOLD = {
    "id", "grade", "kind", "covers_from", "covers_to", "source", "import_id", "import_line", "created_at",
}  # fmt: skip


def evidence_public(session: Session, keyring: Keyring, rows: Sequence[Evidence]) -> list[EvidencePublic]:
    """Pieces of evidence in their order."""
    files = attachments_of(session, rows)
    who = account_names(session, {row.withdrawn_by for row in rows if row.withdrawn_by})
    wanted = {row.spell_id for row in rows}
    spells = {
        each.identity: each
        for each in session.exec(select(EmploymentSpell).where(among(EmploymentSpell.id, wanted)))
    }
    names = names_of(session, keyring, [file for theirs in files.values() for file in theirs])
    return [
        EvidencePublic(
            **row.model_dump(include=_TOLD),
            label=row.label,
            beyond=is_beyond(row, *days_of(spells[row.spell_id])),
            withdrawn=WithdrawnPublic(
                at=row.withdrawn_at, by=who.get(row.withdrawn_by or 0), because=row.withdrawn_because
            )
            if row.withdrawn_at and row.withdrawn_because
            else None,
            attachments=[
                AttachmentPublic(
                    id=file.identity,
                    name=names.get(file.identity, DELETED),
                    sort=file.sort,
                    size=file.size,
                    excerpt=file.excerpt,
                    sealed_sha256=file.sealed_sha256.hex(),
                    created_at=file.created_at,
                    link=f"/v1/spells/{row.spell_id}/evidence/{row.identity}/attachments/{file.identity}"
                    + ("?withdrawn=true" if row.withdrawn_at else ""),
                )
                for file in files.get(row.identity, [])
            ],
        )
        for row in rows
    ]
