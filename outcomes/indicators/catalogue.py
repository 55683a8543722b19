"""Every indicator. A new one is an entry here; what the ledger learns to count gets its `things` or `kinds` here."""

from models.destination import HOME_COUNTY, OTHER_PROVINCE, PAIRED_EAST, WITHIN_PROVINCE
from models.fair import FairKind
from models.spell import MARKET_TRANSFER, TRANSFER, SpellKind
from models.target import Indicator, Measure, Target
from models.training import TO_ORDER
from outcomes.indicators.indicator import AddsUp, IndicatorClass
from outcomes.indicators.things import community_factories, held, trained

_ALL = (
    IndicatorClass(
        code=Indicator.TRANSFER,
        unit="人",
        about="期内新上岗的农村劳动力，不论远近；公益性岗位、以工代赈、自主创业不在内。",
        kinds=TRANSFER,
    ),
    IndicatorClass(
        code=Indicator.PAIRED_EAST,
        unit="人",
        about="期内到结对东部地区新上岗的人，结对关系须在上岗当天有效。",
        kinds=MARKET_TRANSFER,
        where=PAIRED_EAST,
    ),
    IndicatorClass(
        code=Indicator.OTHER_PROVINCE,
        unit="人",
        about="期内到结对地区以外的其他省份新上岗的人。",
        kinds=MARKET_TRANSFER,
        where=OTHER_PROVINCE,
    ),
    IndicatorClass(
        code=Indicator.WITHIN_PROVINCE,
        unit="人",
        about="期内在本省（含本县）新上岗的人。",
        kinds=MARKET_TRANSFER,
        where=WITHIN_PROVINCE,
    ),
    IndicatorClass(
        code=Indicator.NEAR_HOME,
        unit="人",
        about="期内在户籍所在县新上岗的人；务工地没有写到县的，另外列出，不计入。",
        kinds=TRANSFER,
        where=HOME_COUNTY,
        at_home=True,
    ),
    IndicatorClass(
        code=Indicator.WORKSHOP_JOBS,
        unit="人",
        about="期内在就业帮扶车间新上岗的人，其中脱贫劳动力另列一项任务。",
        kinds=frozenset({SpellKind.WORKSHOP}),
    ),
    IndicatorClass(
        code=Indicator.COMMUNITY_FACTORY_JOBS,
        unit="个",
        about="期内在户籍所在县的新社区工厂新上岗的人，一人一个岗位。",
        kinds=frozenset({SpellKind.COMMUNITY_FACTORY}),
        where=HOME_COUNTY,
        at_home=True,
    ),
    IndicatorClass(
        code=Indicator.COMMUNITY_FACTORIES,
        unit="家",
        about="到期末已开办的新社区工厂，由本地登记；同一家登记两次只计一家。",
        measure=Measure.STOCK,
        adds_up=AddsUp.LAST,
        by_population=False,
        things=community_factories,
    ),
    IndicatorClass(
        code=Indicator.FAIRS,
        unit="次",
        about="期内举办、没有取消的招聘会，不论类型。",
        adds_up=AddsUp.SUM,
        by_population=False,
        things=held(),
    ),
    IndicatorClass(
        code=Indicator.SPECIAL_FAIRS,
        unit="次",
        about="期内举办、没有取消的专题招聘。",
        adds_up=AddsUp.SUM,
        by_population=False,
        things=held(FairKind.SPECIAL),
    ),
    IndicatorClass(
        code=Indicator.TRAINING,
        unit="人次",
        about="期内开班的培训，每人每班计1人次。",
        adds_up=AddsUp.SUM,
        by_population=False,
        things=trained(),
    ),
    IndicatorClass(
        code=Indicator.TO_ORDER,
        unit="人次",
        about="期内开班的订单班、委培班和“1+2”联合培养，每人每班计1人次。",
        adds_up=AddsUp.SUM,
        by_population=False,
        things=trained(*TO_ORDER),
    ),
    IndicatorClass(
        code=Indicator.SPONSORED_STUDENTS,
        unit="人次",
        about="期内委托培养的学生；学生不一定在劳动力台账里。",
        adds_up=AddsUp.SUM,
        by_population=False,
    ),
    IndicatorClass(
        code=Indicator.STABLE,
        unit="人",
        about="期内新上岗、并且达到稳定就业口径的人；任务没有写明口径的，用本局参考口径。",
        kinds=TRANSFER,
        stable=True,
    ),
    IndicatorClass(
        code=Indicator.TASK,
        unit="项",
        about="计划里没有写明数量的工作任务。",
        adds_up=AddsUp.SUM,
        by_population=False,
    ),
)

INDICATORS = {each.code: each for each in _ALL}


def indicator_of(target: Target) -> IndicatorClass:
    """The indicator that a target counts."""
    return INDICATORS[target.indicator]
