"""A rule of the linter: the words that make a demand, those that only look like one, and what is said of it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ledger.postings.findings import Finding, Ground, Severity

NOTICE_2026 = "人社部等五部门《关于规范网络平台招聘类信息发布的通知》（2026年1月）"
# Words after a kind of people that shut it out or put it first, and words before one; the rules share them.
BARRED = r"[者的]?(?:请?勿(?:扰|投递?|进|来|试|应聘|报名)|慎投|请?绕[道行]|除外|免谈|免投|不招|不要|不收|不录用?|不予(?:录用|考虑|接收)|不考虑|不接受|谢绝|止步)"
PREFERRED = r"(?:均?优先|优考|为佳|最佳|尤佳|更佳|为主)"
REFUSED = r"(?:暂?不(?:招[聘收]?|要|收|录用?|考虑|接[受收]|允许)|谢绝|拒绝|拒[收招]|禁止)"
# No rule knows this sign: it keeps what stands left and right of a harmless word apart.
_BLANK = "○"


@dataclass(frozen=True)
class Rule:
    """A demand that the law forbids, or of which it must be asked why.

    Attributes
    ----------
    demand : what is looked for, in text of one width (`ledger.postings.wording.plain`).
    harmless : what is taken out before; it is looked for first, so it wins.
    rule : law and article, in Chinese.
    rewording : what to write instead: a text, or a function of the phrase.
    holds : a last look at what was found and the words that it stands in; False lets it pass.
    """

    ground: Ground
    severity: Severity
    demand: re.Pattern[str]
    harmless: re.Pattern[str] | None
    rule: str
    rewording: str | Callable[[str], str]
    holds: Callable[[re.Match[str]], bool] | None = None

    def find(self, field: str, words: str) -> Iterator[Finding]:
        """The findings in `words`, each with the phrase as it is written there."""
        open_words = without(self.harmless, words)
        position = 0
        while found := self.demand.search(open_words, position):
            holds = self.holds is None or self.holds(found)
            if holds:
                yield self.finding(field, words[found.start() : found.end()])
            # What does not hold may cover something that does.
            position = found.end() if holds else found.start() + 1

    def finding(self, field: str, phrase: str) -> Finding:
        """What is said of one phrase."""
        phrase = phrase.strip(" \t\n,。;:、)")
        rewording = self.rewording if isinstance(self.rewording, str) else self.rewording(phrase)
        return Finding(self.ground, self.severity, field, phrase, self.rule, rewording)


def without(harmless: re.Pattern[str] | None, words: str) -> str:
    """`words` of the same length, with what is harmless blanked out."""
    return harmless.sub(lambda found: _BLANK * len(found[0]), words) if harmless else words
