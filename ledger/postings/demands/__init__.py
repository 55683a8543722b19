"""违法限制: demands in an advertisement that the law forbids, and milder ones that need a reason.

The rules lie beside, one file a family of grounds. A stated preference counts as a restriction. Age,
身体健康 and a preference for veterans are no grounds.
"""

from collections.abc import Iterator
from dataclasses import replace

from ledger.postings.demands import sex
from ledger.postings.demands.body import BODY
from ledger.postings.demands.family import FAMILY
from ledger.postings.demands.origin import ETHNICITY, HUKOU_REGION, RELIGION
from ledger.postings.demands.standing import STANDING
from ledger.postings.demands.written import as_written
from ledger.postings.findings import Finding, Ground
from ledger.postings.wording import plain

_RULES = (*FAMILY, *ETHNICITY, *RELIGION, *HUKOU_REGION, *BODY, *STANDING)


def find_demands(*, gender: str, title: str, text: str, occupation: str = "") -> tuple[Finding, ...]:
    """The unlawful and the doubtful demands, field by field, each phrase once.

    Parameters
    ----------
    gender : the source's own field of the wanted sex, empty where it has none.
    occupation : the occupation's name, where the source has one; with the title it tells posts closed to women.
    """
    found = [
        *sex.in_gender_field(plain(gender)),
        *_in_words("title", plain(title)),
        *_in_words("text", plain(text)),
    ]
    kept: dict[tuple[Ground, str, str], Finding] = {}
    for finding in found:
        if not sex.lawful_for(f"{title} {occupation}", finding):
            kept.setdefault((finding.ground, finding.field, finding.phrase), finding)
    sources = {"title": title, "text": text}
    return tuple(
        replace(finding, phrase=as_written(finding.phrase, sources.get(finding.field, "")))
        for finding in kept.values()
    )


def _in_words(field: str, words: str) -> Iterator[Finding]:
    yield from sex.in_words(field, words)
    for rule in _RULES:
        yield from rule.find(field, words)
