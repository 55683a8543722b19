"""Every column of bytes, declared: what seals it, or what it is. A column that is not here fails a test."""

from dataclasses import dataclass

from models.sealing import INDEX_CONTEXT


@dataclass(frozen=True, slots=True)
class ByServiceKey:
    """A column sealed under the service's key that the row's `master_key_id` names: what a change of that key writes
    anew. `rows`: those of the table that it seals; `least`: what comes before every primary key."""

    table: str
    column: str
    context: str
    primary: str = "id"
    rows: str = "true"
    least: int | str = 0


BY_SERVICE_KEY = (
    ByServiceKey("person_key", "sealed_key", "person_key", primary="worker_id"),
    ByServiceKey("household_key", "sealed_key", "person_key", primary="household_id"),
    ByServiceKey("import", "sealed_key", "person_key"),
    ByServiceKey("export", "sealed_key", "person_key"),
    ByServiceKey("handover", "sealed_key", "person_key"),
    ByServiceKey("figure_file", "sealed_key", "person_key"),
    ByServiceKey("kiosk_device", "sealed_key", "kiosk_device.key"),
    ByServiceKey("second_factor", "secret_sealed", "second_factor.secret"),
    ByServiceKey("wechat_account", "identity_sealed", "wechat_account.identity"),
    ByServiceKey("wechat_token", "token_sealed", "wechat_token.token"),
    ByServiceKey(
        "idempotency_key",
        "sealed_answer",
        "idempotency_key.answer",
        rows="worker_id IS NULL AND sealed_answer IS NOT NULL",
    ),
    ByServiceKey(
        "service_key", "sealed_key", INDEX_CONTEXT, rows="state IN ('leaving', 'retired')", least=""
    ),
)

BY_OWN_KEY = {
    "attachment.name_sealed": "person_key",
    "attachment_part.sealed": "person_key",
    "audit_event.sealed_change": "person_key, household_key",
    "call_request.wish_sealed": "person_key",
    "comparison_row.sealed_differences": "import",
    "contact.note_sealed": "person_key",
    "export_part.sealed": "export",
    "fair_invitation.card_sealed": "person_key",
    "fair_invitation.secret_sealed": "person_key",
    "figure_file.sealed": "figure_file",
    "former_number.id_number_sealed": "person_key",
    "frozen_person.sealed": "person_key",
    "handover.sealed_claim": "handover",
    "import_line.sealed_cells": "import",
    "import_line.sealed_judgement": "import",
    "import_part.sealed": "import",
    "kiosk_command.sealed": "kiosk_device",
    "review_request.answer_sealed": "person_key",
    "review_request.wish_sealed": "person_key",
    "spell_report.sealed_record": "person_key",
    "worker.id_number_sealed": "person_key",
    "worker.phone_sealed": "person_key",
    "worker_merge.sealed_before": "person_key",
}
"""Sealed under keys that are themselves sealed, in these tables: they stay as they are when the service's key is changed."""

INDEXED = {"worker": ("id_number", "phone"), "former_number": ("id_number",)}
"""By table what is looked up by a keyed digest, in `…_index` or `…_index_2`: a change of the key fills the one that is
empty, and empties the other then."""

MARKED = frozenset(
    {
        "attachment.digest",
        "doubt.subject",
        "import_line.content_mark",
        "login_attempt.address_index",
        "login_attempt.name_index",
        "spell_report.digest",
        "wechat_account.openid_mark",
    }
)
"""Keyed digests of content, by the key that marks: a change leaves it as it is, so that the same is known again."""

PLAIN = frozenset(
    {
        "access_token.token_hash",
        "attachment.sealed_sha256",
        "audit_seal.hash",
        "exchange_key.told",
        "fair_invitation.code_hash",
        "idempotency_key.request_hash",
        "kiosk_command.request_hash",
        "kiosk_device.code_hash",
        "kiosk_device.public_key",
        "kiosk_device.token_hash",
        "match_plan_kept.content",
        "ranking_model.file",
        "second_factor.recovery_hashes",
    }
)
"""Hashes of what nobody can guess or of what is sealed, and bytes of nobody's person."""
