"""文化程度: how far somebody went to school, in order."""

from models.coded import Coded


class Education(Coded):
    """文化程度. Declared from lowest to highest; `rank` compares."""

    ILLITERATE = "illiterate", "文盲或半文盲"
    PRIMARY = "primary", "小学"
    JUNIOR_HIGH = "junior_high", "初中"
    SENIOR_HIGH = "senior_high", "高中"
    SECONDARY_VOCATIONAL = "secondary_vocational", "中专"
    COLLEGE = "college", "大专"
    BACHELOR = "bachelor", "本科"
    POSTGRADUATE = "postgraduate", "研究生"

    @property
    def rank(self) -> int:
        """0 for no schooling up to 6; 高中 and 中专 are the same step of schooling."""
        return _RANK[self]


_RANK = {
    Education.ILLITERATE: 0,
    Education.PRIMARY: 1,
    Education.JUNIOR_HIGH: 2,
    Education.SENIOR_HIGH: 3,
    Education.SECONDARY_VOCATIONAL: 3,
    Education.COLLEGE: 4,
    Education.BACHELOR: 5,
    Education.POSTGRADUATE: 6,
}
