"""限制使用, door by door: where people are listed, and those who are only stored are not; where they are still read, and
why the law lets that be. A test walks every door, and fails for one that is not here."""

_OWN = "本人的档案：本人查阅、更正、恢复同意或要求删除时用（《个人信息保护法》第44至47条）"
_ONE = "按编号打开的一条记录，属于保存；不列入任何名单"
_MONEY = "公款发放的核查，依法必须能查到每一笔"
_FILE = "单位送来的文件本身的行，等待更正，不是台账的使用"
_HOME = "户的组成，属于保存：看得到是家庭成员，标明限制使用，不计入劳动力和就业"

_OF_A_PERSON = (
    "", "/as-of/{day}", "/benefits", "/consents", "/contacts", "/copy", "/disclosures", "/history", "/job-offers", "/matches",
    "/public-post-check", "/review-requests", "/timeline",
)  # fmt: skip
STORED: dict[str, str] = {
    **{f"/v1/workers/{{worker_id}}{part}": _OWN for part in _OF_A_PERSON},
    **{
        f"/workers/{{worker_id}}{part}": _OWN
        for part in ("", "/copy", "/history", "/household", "/rights", "/timeline")
    },
    **dict.fromkeys(
        (
            "/v1/applications/{application_id}", "/v1/applications/{application_id}/events",
            "/applications/{application_id}", "/v1/claims/{claim_id}", "/v1/claims/{claim_id}/events",
            "/v1/doubts/{doubt_id}", "/v1/duplicates/{duplicate_id}", "/duplicates/{duplicate_id}",
            "/v1/handovers/{handover_id}", "/handovers/{handover_id}", "/v1/merges/{merge_id}", "/v1/reports/{report_id}",
            "/v1/spells/{spell_id}", "/v1/spells/{spell_id}/confirmations", "/v1/spells/{spell_id}/evidence",
            "/v1/support-tasks/{task_id}", "/v1/targets/{target_id}/persons/{worker_id}",
            "/targets/{target_id}/persons/{person_id}",
        ),
        _ONE,
    ),
    **dict.fromkeys(("/v1/households/{household_id}", "/households/{household_id}"), _HOME),
    **dict.fromkeys(
        ("/v1/households/{household_id}/history", "/v1/households/{household_id}/as-of/{day}"),
        "户的变更记录，属于保存",
    ),
    **dict.fromkeys(("/v1/claim-audits", "/v1/claim-audits/{audit_id}"), _MONEY),
    **dict.fromkeys(
        ("/v1/review-requests", "/v1/review-requests/{review_id}", "/reviews"), "本人的权利请求，限制使用后也要答复"
    ),
    **dict.fromkeys(("/v1/erasures/due", "/v1/erasures", "/erasures"), "到期删除，正是为了不再保存"),
    **dict.fromkeys(
        (
            "/v1/imports/{import_id}/lines", "/v1/imports/{import_id}/errors.xlsx", "/imports/{import_id}",
            "/imports/{import_id}/errors.xlsx", "/imports/{import_id}/lines.csv",
        ),
        _FILE,
    ),
    "/v1/spells/{spell_id}/evidence/{evidence_id}/attachments/{attachment_id}": "限制使用后不再打开（409）",
    "/spells/{spell_id}/evidence/{evidence_id}/attachments/{attachment_id}": "限制使用后不再打开（409）",
    "/record": "操作记录的核验，不列人",
    **dict.fromkeys(
        ("/v1/bindings", "/bindings"), "本人要用微信办事的申请，限制使用后也要核对：想恢复同意的人要用它"
    ),
    **dict.fromkeys(("/v1/call-requests", "/call-requests"), "本人要求回电的，限制使用后也要回；别的不列"),
    **dict.fromkeys(
        (
            "/mp/v1/me", "/mp/v1/people/{worker_id}", "/mp/v1/people/{worker_id}/applications",
            "/mp/v1/people/{worker_id}/calls", "/mp/v1/people/{worker_id}/check-ins",
            "/mp/v1/people/{worker_id}/consents", "/mp/v1/people/{worker_id}/notices",
            "/mp/v1/people/{worker_id}/payslips", "/mp/v1/people/{worker_id}/problems",
            "/mp/v1/people/{worker_id}/spells",
        ),
        _OWN,
    ),
}  # fmt: skip
"""Where somebody whose data is only stored may still be read, and why."""

DOORS = frozenset(
    {
        "/v1/applications", "/applications", "/v1/benefits/employers/{employer_id}/workers",
        "/benefits/employers/{employer_id}", "/v1/benefits/{code}/entitled", "/benefits/{code}", "/v1/claims",
        "/benefits/claims", "/benefits/batches/{batch_id}", "/v1/claims/to-recover", "/benefits/claims/to-recover",
        "/v1/claims/batches/{batch_id}/payment-file", "/benefits/batches/{batch_id}/payment-file",
        "/v1/comparisons/{import_id}/rows", "/comparisons/{import_id}",
        "/v1/confirmations", "/confirmations", "/v1/courses/{course_id}/enrolments", "/courses/{course_id}",
        "/v1/dispatches/{dispatch_id}/members", "/dispatches/{dispatch_id}",
        "/v1/doubts", "/v1/doubts.csv", "/doubts/list", "/doubts/file", "/doubts/services", "/v1/duplicates", "/duplicates",
        "/v1/entrepreneurs", "/entrepreneurs", "/v1/fairs/{fair_id}/invitations", "/fairs/{fair_id}/invitations",
        "/fairs/{fair_id}/invitations/print", "/v1/fairs/{fair_id}/visits", "/fairs/{fair_id}/visits", "/v1/exports/{export_id}/file", "/exports/{export_id}/file",
        "/v1/follow-ups", "/follow-ups", "/v1/leavers", "/follow-ups/leavers", "/v1/support-tasks", "/follow-ups/tasks",
        "/v1/frozen-reports/{frozen_id}/lines/{line}/persons", "/frozen-reports/{frozen_id}/lines/{line}",
        "/v1/frozen-reports/{frozen_id}/workbook.xlsx", "/frozen-reports/{frozen_id}/workbook.xlsx", "/v1/handovers",
        "/handovers", "/households", "/households/idle", "/v1/match-plans/{match_plan_id}/decisions",
        "/v1/match-plans/{match_plan_id}/persons", "/v1/match-plans/{match_plan_id}/workbook.xlsx",
        "/match-plans/{match_plan_id}", "/match-plans/{match_plan_id}/workbook.xlsx",
        "/v1/match-plans/{match_plan_id}/persons/{worker_id}/options",
        "/v1/match-plans/{match_plan_id}/persons/{worker_id}/options/{vacancy_id}",
        "/match-plans/{match_plan_id}/persons/{worker_id}",
        "/match-plans/{match_plan_id}/persons/{worker_id}/posts/{vacancy_id}", "/v1/merges", "/v1/public-posts",
        "/v1/public-posts.xlsx", "/public-posts", "/public-posts/file", "/v1/registers/{code}", "/registers/{code}",
        "/registers/{code}/print", "/v1/reports", "/reports", "/v1/spells", "/v1/targets/{target_id}/persons",
        "/targets/{target_id}", "/targets/{target_id}/calls", "/v1/vacancies/{vacancy_id}/matches",
        "/vacancies/{vacancy_id}", "/v1/workers", "/workers", "/v1/workshops/{employer_id}/workers",
        "/workshops/{employer_id}", "/v1/payslips", "/payslips", "/mp/v1/people/{worker_id}/benefits",
        "/mp/v1/people/{worker_id}/matches",
    }
)  # fmt: skip
"""Where people are listed, or one of them is handed on: of those who are only stored nobody. `GET /v1/workers` lists them
where they are asked for as such (`restricted=true`), which is how their own files are found."""

POSTED: dict[str, str] = {
    "/workers/{worker_id}/numbers": "打电话和办补贴的用途不再显示（409）；核对证件时可以，本人前来查阅、更正要用",
    "/dispatches/{dispatch_id}/rosters/{employer_id}": "限制使用的人不列入给单位的名单",
    "/v1/dispatches/{dispatch_id}/rosters/{employer_id}": "限制使用的人不列入给单位的名单",
    "/v1/claims/{claim_id}/roster": "限制使用的人不列入给单位的名单",
}
"""What is sent and answered by people, not by what became of a record: numbers in full, and files."""

NOBODY = frozenset(
    {
        "/", "/accounts", "/accounts/events", "/accounts/{account_id}", "/benefits", "/benefits/employers", "/comparisons",
        "/comparisons/{import_id}/progress", "/courses", "/dispatches", "/docs", "/doubts", "/doubts/integrity",
        "/doubts/progress/{job_id}", "/duplicates/progress/{job_id}", "/employers", "/employers/{employer_id}", "/fairs", "/fairs/{fair_id}", "/fairs/{fair_id}/board",
        "/fairs/{fair_id}/progress/{job_id}", "/kiosk", "/kiosk/sw.js", "/kiosk/words.json", "/kiosk/v1/bundle", "/kiosk/v1/cards",
        "/figures/{figure_id}/file", "/follow-ups/leavers/progress/{job_id}", "/frozen-reports",
        "/frozen-reports/{frozen_id}", "/frozen-reports/{frozen_id}/print", "/health", "/metrics", "/ready", "/status", "/households/new", "/imports",
        "/imports/list", "/imports/templates/{kind}.xlsx", "/imports/{import_id}/progress", "/invitation/{code}", "/login",
        "/login/{token}", "/match-plans", "/match-plans/new", "/match-plans/{match_plan_id}/progress", "/me", "/plans",
        "/plans/{plan_id}", "/ranking-models", "/ranking-models/progress/{job_id}", "/ranking-models/{model_id}",
        "/registers", "/registers/files", "/stations", "/stations/visits-due", "/stations/{station_id}", "/today",
        "/v1/accounts", "/v1/accounts/events", "/v1/accounts/{account_id}", "/v1/accounts/{account_id}/sessions", "/v1/accounts/{account_id}/keys", "/v1/me/events",
        "/v1/benefits", "/v1/benefits/employers", "/v1/benefits/unclaimed", "/v1/claims/batches",
        "/v1/claims/batches/{batch_id}", "/v1/comparisons", "/v1/comparisons/{import_id}", "/v1/courses",
        "/v1/courses/{course_id}", "/v1/dispatches", "/v1/dispatches/{dispatch_id}", "/v1/doubts/integrity",
        "/v1/doubts/rules", "/v1/doubts/summary", "/v1/doubts/trend", "/v1/employers", "/v1/employers/{employer_id}",
        "/v1/employers/{employer_id}/benefits", "/v1/exports", "/v1/exports/{export_id}", "/v1/fairs",
        "/v1/fairs/{fair_id}", "/v1/fairs/{fair_id}/board", "/v1/fairs/{fair_id}/booths", "/v1/fairs/{fair_id}/devices", "/v1/figures/{figure_id}", "/v1/figures/{figure_id}/file", "/v1/follow-ups/callers",
        "/v1/frozen-reports", "/v1/frozen-reports/{frozen_id}", "/v1/households", "/v1/imports",
        "/v1/imports/templates/{kind}.xlsx", "/v1/imports/{import_id}", "/v1/indicators", "/v1/jobs", "/v1/jobs/{job_id}",
        "/v1/jobs/{job_id}/events", "/v1/match-plans", "/v1/match-plans/{match_plan_id}",
        "/v1/match-plans/{match_plan_id}/posts", "/v1/me", "/v1/me/keys", "/v1/me/second-factor", "/v1/me/sessions",
        "/v1/occupations", "/v1/pairings", "/v1/plans", "/v1/plans/{plan_id}", "/v1/ranking-models",
        "/v1/ranking-models/serving", "/v1/ranking-models/{model_id}", "/v1/regions", "/v1/regions/{code}", "/v1/registers",
        "/v1/stations", "/v1/stations/visits-due", "/v1/stations/{station_id}", "/v1/stations/{station_id}/staff",
        "/v1/stations/{station_id}/visits", "/v1/targets", "/v1/targets/{target_id}", "/v1/targets/{target_id}/figures",
        "/v1/targets/{target_id}/parts", "/v1/targets/{target_id}/parts/{part_id}", "/v1/targets/{target_id}/progress",
        "/v1/targets/{target_id}/things", "/v1/vacancies", "/v1/vacancies/{vacancy_id}", "/v1/workshops",
        "/v1/workshops/{employer_id}", "/vacancies", "/workers/new", "/workshops", "/v1/impact-assessment", "/impact-assessment", "/v1/vacancies/{vacancy_id}/poster-code.png",
        "/mp/docs", "/mp/v1/openapi.json", "/mp/v1/people/{worker_id}/vacancies",
        "/mp/v1/people/{worker_id}/vacancies/{vacancy_id}",
    }
)  # fmt: skip
"""Where nobody is named: sums, posts, places, one's own account, what programs ask for."""
