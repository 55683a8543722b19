"""What a linter says about an advertisement: the ground, how grave it is, the words, the rule and a lawful rewording."""

from dataclasses import dataclass

from models.coded import Coded


class Ground(Coded):
    """What an advertisement must not restrict by, or must carry."""

    SEX = "sex", "性别"
    MARRIAGE_OR_CHILDBIRTH = "marriage_or_childbirth", "婚育"
    ETHNICITY = "ethnicity", "民族"
    RELIGION = "religion", "宗教信仰"
    HUKOU_REGION = "hukou_region", "户籍地域"
    CARRIER_OR_HEALTH = "carrier_or_health", "健康状况"
    DISABILITY = "disability", "残疾"
    OTHER_IDENTITY = "other_identity", "其他身份"
    MISSING_PAY = "missing_pay", "缺薪酬"
    MISSING_VALIDITY = "missing_validity", "缺有效期"
    MISSING_SEATS = "missing_seats", "缺招聘人数"
    MISSING_EMPLOYER = "missing_employer", "缺用人单位"
    MISSING_DUTIES = "missing_duties", "缺岗位职责"
    MISSING_PLACE = "missing_place", "缺工作地点"


class Severity(Coded):
    """How grave a finding is."""

    UNLAWFUL = "unlawful", "违法"
    ASK = "ask", "需说明理由"
    MISSING = "missing", "缺项"


@dataclass(frozen=True)
class Finding:
    """One thing wrong with an advertisement. `field` is title, text or the source's own field; all words Chinese."""

    ground: Ground
    severity: Severity
    field: str
    phrase: str
    rule: str
    rewording: str
