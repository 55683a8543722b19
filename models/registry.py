"""Every table, so that the metadata is whole whoever asks for it."""

from models import (
    account,
    application,
    employer,
    household,
    intake,
    pairing,
    ranking,
    record,
    region,
    spell,
    target,
    taxonomy,
    vacancy,
    worker,
)
from models.base import metadata

__all__ = [
    "account",
    "application",
    "employer",
    "household",
    "intake",
    "metadata",
    "pairing",
    "ranking",
    "record",
    "region",
    "spell",
    "target",
    "taxonomy",
    "vacancy",
    "worker",
]
