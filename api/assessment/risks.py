"""风险和措施: what could go wrong, what is done, by what that is shown, and what is left."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Risk:
    """One risk; `shown` names the test that shows the measure at work."""

    what: str
    measure: str
    shown: str
    left: str


RISKS = (
    Risk(
        "数据库或备份被拿走，证件号码和电话泄露",
        "每人一把密钥加密，密钥再由主密钥加密；主密钥不在备份里",
        "tests/models/test_sealing.py",
        "主密钥和备份放在一起时等于没有加密，要分开保管",
    ),
    Risk(
        "别的县、别的单位看到不该看的人",
        "数据库按辖区逐行控制，看不到的和不存在的一样是404",
        "tests/api/test_ownership.py",
        "同一辖区内有权限的人都能看，靠记录和抽查",
    ),
    Risk(
        "管理员重设别人的密码和动态口令，冒充经办人登录",
        "发链接、重设密码、解除动态口令，本人和其他管理员都看得到是谁办的，列在账号记录要留意的里面",
        "tests/api/test_own_account.py",
        "系统拦不住：管理员和经办人要由不同的人担任，上级管理员要定期查看账号记录",
    ),
    Risk(
        "招聘会的自助终端被偷，或后面的人看到前面的人",
        "岗位卡用本人邀请上的码加密，终端上没有码；说过的话当场加密给服务器；只称呼姓，60秒无人操作就清除；停用立即生效",
        "tests/browser/test_kiosk.py",
        "没有停用以前，知道某人证件号码的人还能在终端上查到其岗位卡，每小时有次数限制",
    ),
    Risk(
        "随意查看完整号码",
        "默认遮盖；查看要选用途，谁看的都记下来，本人的副本里列出",
        "tests/api/test_pages.py",
        "看到以后抄走，系统拦不住",
    ),
    Risk(
        "用人单位知道帮扶类别、残疾、户信息",
        "只有一处决定给单位什么，数据库再核一遍；敏感的只在补贴申领需要并有本人单独同意时提供",
        "tests/api/test_employer_rosters.py",
        "工作人员口头告诉单位，系统不知道",
    ),
    Risk(
        "不再同意以后还在用",
        "登记的当时就停：撤回推荐、取下名单、不再打分；逐个出口核对过",
        "tests/api/test_restricted_everywhere.py",
        "已经下载到电脑里的文件收不回；过期的同意在当天零点后由后台办理",
    ),
    Risk(
        "排序对某些人不公平，或者没有人管",
        "受保护的特征不进模型，分群比较；可以不要打分，可以要求人工复核，上岗都由人确认",
        "tests/api/test_unranked.py",
        "分群人数少时看不出差别",
    ),
    Risk(
        "该删的没有删，或者删了又被导入找回",
        "到期名单由人批准，删除即销毁密钥；号码只留摘要，导入时认得出并跳过",
        "tests/api/test_erasing.py",
        "备份里的旧密钥要等备份过期",
    ),
    Risk(
        "改了记录不留痕迹",
        "变更记录只能增加，逐条相连，另存锚点后可以核验",
        "tests/api/test_chain.py",
        "锚点要存到管理员改不到的地方",
    ),
    Risk(
        "不满14周岁的家庭成员",
        "由监护人表示同意；没有监护人同意不显示完整号码；不推荐、不提供给单位",
        "tests/api/test_erasing.py",
        "随户导入的未成年成员，登记监护人同意以前已经保存",
    ),
)
