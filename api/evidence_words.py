"""The words of 佐证 and 双向核实: their constraints and fields."""

from api.words import Words

OF_EVIDENCE = {
    "uq_attachment_once": Words(
        409, "already-attached", "附件已经上传过", "这条佐证下已有同样的文件，不用再传。", "file"
    ),
    "uq_spell_confirmation_once": Words(
        409,
        "already-confirmed",
        "已经登记过这次核实",
        "这一方当天已登记过同样的结果，没有重复登记。结果有变的，请选择新的结果。",
    ),
    "ck_spell_confirmation_in_force": Words(
        409, "already-corrected", "这条务工记录已被更正", "请刷新页面，在更正后的记录上办理。"
    ),
    "ck_spell_confirmation_usable": Words(
        409, "restricted", "该劳动力信息已限制使用", "本人已撤回同意或申请删除，信息只保存，不再核实。"
    ),
    "ck_spell_confirmation_after_start": Words(
        422, "before-start", "核实日期有误", "核实的日期不能早于开始务工的日期。", "found_on"
    ),
}

FIELDS_OF_EVIDENCE = {
    "proof": "佐证材料",
    "covers_from": "佐证开始日期",
    "covers_to": "佐证结束日期",
    "marks": "证明要件",
    "found_on": "核实日期",
    "against_evidence": "与佐证不一致",
    "against_because": "与佐证不一致的原因",
    "spells": "务工记录",
    "stable_on": "稳定日期",
    "possible_on": "最早稳定日期",
}
