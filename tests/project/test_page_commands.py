"""Whatever a page can do a program can do: every command of the pages, and the operations that do the same over REST."""

from fastapi.routing import APIRoute
from sqlalchemy.orm import sessionmaker

from api import pages
from api.app import create_app
from api.settings import Environment, Settings
from models.sealing import Keyring

DOES: dict[str, tuple[str, ...]] = {
    "/accounts": ("invite_account",),
    "/accounts/{account_id}/invite": ("reinvite_account",),
    "/accounts/{account_id}/bindings": ("bind_account",),
    "/accounts/{account_id}/bindings/{binding_id}/remove": ("unbind_account",),
    "/accounts/{account_id}/switch": ("switch_off_account", "switch_on_account"),
    "/accounts/{account_id}/sessions/{token_id}/end": ("end_account_session",),
    "/accounts/{account_id}/keys/{key_id}/revoke": ("revoke_account_key",),
    "/accounts/{account_id}/{command_name}": (
        "withdraw_invitation", "unlock_account", "reset_second_factor", "end_account_sessions",
    ),
    "/accounts/webhooks": ("create_webhook",),
    "/accounts/webhooks/{webhook_id}": ("update_webhook",),
    "/accounts/webhooks/{webhook_id}/switch": ("update_webhook",),
    "/accounts/webhooks/{webhook_id}/secret": ("renew_webhook_secret",),
    "/accounts/webhooks/{webhook_id}/test": ("test_webhook",),
    "/accounts/webhooks/{webhook_id}/replay": ("replay_webhook",),
    "/accounts/webhooks/{webhook_id}/deliveries/{delivery_id}/replay": ("replay_webhook_delivery",),
    "/accounts/webhooks/{webhook_id}/delete": ("delete_webhook",),
    "/applications": ("create_application", "propose_from_pool"),
    "/applications/{application_id}/{step}": (
        "shortlist_application", "offer_application", "accept_application", "start_application", "refuse_application",
        "withdraw_application", "pool_application",
    ),
    "/benefits/batches/{batch_id}/audit": ("draw_claim_audit",),
    "/benefits/batches/{batch_id}/audits/{audit_id}/{step}": (
        "find_claim_audit", "reply_claim_audit", "conclude_claim_audit",
    ),
    "/benefits/batches/{batch_id}/amounts": ("update_claim",),
    "/benefits/batches/{batch_id}/{step}": (
        "notice_claims", "approve_claims", "pay_claims", "refuse_claims", "recover_claims",
    ),
    "/benefits/{code}": ("create_claims",),
    "/benefits/employers": ("create_claims",),
    "/benefits/claims/to-recover": ("recover_claims",),
    "/bindings/{binding_id}/account": ("switch_wechat_account",),
    "/bindings/{binding_id}/decide": ("decide_binding",),
    "/bindings/{binding_id}/end": ("end_binding",),
    "/bulk-actions": ("create_bulk_action",),
    "/bulk-actions/{bulk_id}/undo": ("undo_bulk_action",),
    "/call-requests/{call_id}/done": ("finish_call_request",),
    "/comparisons": ("create_comparison",),
    "/comparisons/{import_id}/rows/{row_id}/settle": ("settle_comparison_row",),
    "/comparisons/{import_id}/rows/{row_id}/reopen": ("reopen_comparison_row",),
    "/comparisons/{import_id}/settle": ("settle_comparison",),
    "/comparisons/{import_id}/evidence": ("preview_comparison_evidence", "create_comparison_evidence"),
    "/comparisons/{import_id}/evidence/undo": ("undo_comparison_evidence",),
    "/confirmations": ("confirm_spell",),
    "/courses": ("create_course",),
    "/courses/{course_id}/{step}": ("add_enrolments", "remove_enrolments", "complete_course"),
    "/dispatches": ("create_dispatch",),
    "/dispatches/{dispatch_id}/members": ("add_dispatch_members",),
    "/dispatches/{dispatch_id}/rosters/{employer_id}": ("create_dispatch_roster",),
    "/dispatches/{dispatch_id}/{step}": ("remove_dispatch_members", "depart_dispatch"),
    "/doubts/check": ("check_doubts",),
    "/doubts/explain": ("explain_doubts",),
    "/doubts/{doubt_id}/explain": ("explain_doubt",),
    "/doubts/{doubt_id}/reopen": ("reopen_doubt",),
    "/duplicates/search": ("search_duplicates",),
    "/duplicates/{duplicate_id}/decide": ("decide_duplicate",),
    "/duplicates/{duplicate_id}/reopen": ("reopen_duplicate",),
    "/employer/applicants/{application_id}/telephone": ("employer_ask_telephone",),
    "/employer/applicants/{application_id}/{step}": (
        "employer_shortlist_applicant", "employer_offer_applicant", "employer_refuse_applicant",
    ),
    "/employer/people": ("employer_open_roster",),
    "/employer/people/{roster_id}/confirm": ("employer_confirm_roster",),
    "/employer/posts": ("employer_create_vacancy",),
    "/employer/posts/lint": ("employer_lint_vacancy",),
    "/employer/posts/{vacancy_id}/save": ("employer_update_vacancy",),
    "/employer/posts/{vacancy_id}/{command}": (
        "employer_publish_vacancy", "employer_refresh_vacancy", "employer_close_vacancy",
    ),
    "/fairs": ("create_fair",),
    "/fairs/{fair_id}": ("update_fair",),
    "/fairs/{fair_id}/booths": ("create_fair_booth",),
    "/fairs/{fair_id}/booths/{booth_id}/{step}": ("withdraw_fair_booth", "call_fair_queue"),
    "/fairs/{fair_id}/cards": ("make_fair_cards",),
    "/fairs/{fair_id}/devices": ("create_kiosk_device",),
    "/fairs/{fair_id}/devices/{device_id}/revoke": ("revoke_kiosk_device",),
    "/fairs/{fair_id}/invitations": ("invite_to_fair",),
    "/fairs/{fair_id}/invitations/{invitation_id}/revoke": ("revoke_fair_invitation",),
    "/fairs/{fair_id}/settle": ("settle_fair",),
    "/fairs/{fair_id}/waiting/{command_id}/person": ("attribute_fair_commands",),
    "/follow-ups/take": ("take_follow_ups",),
    "/follow-ups/release": ("release_follow_ups",),
    "/follow-ups/give": ("give_follow_ups",),
    "/follow-ups/take-back": ("take_back_follow_ups",),
    "/follow-ups/leavers/propose": ("propose_to_leavers",),
    "/follow-ups/tasks/{task_id}/done": ("finish_support_task",),
    "/follow-ups/tasks/{task_id}/hand": ("hand_support_task",),
    "/frozen-reports": ("create_frozen_report",),
    "/handovers/{handover_id}": (
        "agree_handover", "refuse_handover", "withdraw_handover", "decide_handover",
    ),
    "/households": ("create_household",),
    "/households/{household_id}/facts": ("update_household",),
    "/households/{household_id}/hardship": ("update_household",),
    "/households/{household_id}/hardship/close": ("update_household",),
    "/households/{household_id}/hardship/remove": ("update_household",),
    "/households/{household_id}/contact": ("contact_household",),
    "/households/{household_id}/members": ("update_worker",),
    "/households/{household_id}/members/{worker_id}/leave": ("update_worker",),
    "/imports": ("create_import",),
    "/imports/{import_id}/mapping": ("map_import_headings",),
    "/imports/{import_id}/apply": ("apply_import",),
    "/imports/{import_id}/cancel": ("cancel_import",),
    "/imports/{import_id}/revert": ("revert_import",),
    "/imports/{import_id}/lines/{line}": ("mend_import_line", "skip_import_line"),
    "/invitation/{code}": ("accept_invitation",),
    "/login": ("create_token",),
    "/login/code": ("create_token",),
    "/logout": ("end_session",),
    "/match-plans/new": ("preview_match_plan", "create_match_plan"),
    "/match-plans/{match_plan_id}/cancel": ("cancel_job",),
    "/match-plans/{match_plan_id}/decisions": ("decide_match_plan",),
    "/match-plans/{match_plan_id}/decisions/{decision_id}/undo": ("undo_match_plan_decision",),
    "/match-plans/{match_plan_id}/approve": ("approve_match_plan_persons",),
    "/match-plans/{match_plan_id}/approve-all": ("approve_match_plan",),
    "/match-plans/{match_plan_id}/discard": ("discard_match_plan",),
    "/me/keys": ("create_key",),
    "/me/keys/{key_id}/revoke": ("revoke_key",),
    "/me/password": ("change_password",),
    "/me/second-factor": ("enrol_second_factor",),
    "/me/second-factor/confirm": ("confirm_second_factor",),
    "/me/second-factor/remove": ("remove_second_factor",),
    "/me/sessions/end": ("end_other_sessions",),
    "/me/sessions/{token_id}/end": ("end_session",),
    "/merges/{merge_id}/undo": ("undo_merge",),
    "/payslips/{evidence_id}/decide": ("decide_payslip",),
    "/public-posts/{spell_id}/{step}": (
        "declare_public_post", "extend_public_post", "withdraw_extension", "end_spell",
    ),
    "/ranking-models/train": ("train_ranking_model",),
    "/ranking-models/stop/{job_id}": ("cancel_job",),
    "/ranking-models/back": ("back_ranking_model",),
    "/registers/{code}/export": ("create_export",),
    "/reports/{report_id}/accept": ("accept_report",),
    "/reports/{report_id}/refuse": ("refuse_report",),
    "/reports/{report_id}/reverse": ("reverse_report",),
    "/reviews/{review_id}/answer": ("answer_review",),
    "/spells/{spell_id}/confirm": ("confirm_spell",),
    "/spells/{spell_id}/end": ("end_spell",),
    "/spells/{spell_id}/evidence": ("create_spell_evidence",),
    "/spells/{spell_id}/evidence/{evidence_id}/attachments": ("create_attachment",),
    "/spells/{spell_id}/evidence/{evidence_id}/restore": ("restore_evidence",),
    "/spells/{spell_id}/evidence/{evidence_id}/withdraw": ("withdraw_evidence",),
    "/stations": ("create_station",),
    "/stations/{station_id}/staff": ("add_station_staff", "end_station_staff"),
    "/stations/{station_id}/visits": ("create_station_visit",),
    "/stations/firms/{employer_id}": ("confirm_spell",),
    "/stations/firms/{employer_id}/undo/{confirmation_id}": ("undo_confirmation",),
    "/stations/people/{spell_id}/problem": ("note_spell_problem",),
    "/stations/problems/{task_id}/finish": ("finish_station_problem",),
    "/stations/problems/{task_id}/return": ("return_station_problem",),
    "/targets/{target_id}/figures": ("create_figure", "attach_figure_file"),
    "/targets/{target_id}/figures/{figure_id}/withdraw": ("withdraw_figure",),
    "/targets/{target_id}/parts": ("create_target_part",),
    "/targets/{target_id}/parts/{part_id}": ("update_target_part",),
    "/targets/{target_id}/parts/{part_id}/withdraw": ("withdraw_target_part",),
    "/vacancies": ("create_vacancy",),
    "/vacancies/refresh": ("refresh_vacancies",),
    "/vacancies/{vacancy_id}/save": ("update_vacancy",),
    "/vacancies/{vacancy_id}/{command}": ("publish_vacancy", "refresh_vacancy", "close_vacancy"),
    "/workers": ("create_worker",),
    "/workers/find": ("find_workers",),
    "/workers/searches": ("create_worker_search",),
    "/workers/searches/{search_id}/{step}": (
        "update_worker_search", "remove_worker_search", "restore_worker_search",
    ),
    "/workers/{worker_id}/consents": ("create_consent", "withdraw_consent"),
    "/workers/{worker_id}/contacts": ("create_contact",),
    "/workers/{worker_id}/erase": ("erase_worker",),
    "/workers/{worker_id}/facts": ("update_worker",),
    "/workers/{worker_id}/household": ("update_worker", "create_household"),
    "/workers/{worker_id}/id-number": ("correct_worker_id_number",),
    "/workers/{worker_id}/intention": ("update_worker",),
    "/workers/{worker_id}/job-offers": ("create_job_offer",),
    "/workers/{worker_id}/numbers": ("reveal_worker_numbers",),
    "/workers/{worker_id}/public-posts": ("check_public_post", "create_public_post"),
    "/workers/{worker_id}/reports": ("create_report",),
    "/workers/{worker_id}/reviews": ("create_review",),
    "/workers/{worker_id}/skills": ("update_worker",),
    "/workshops/{employer_id}/{step}": ("recognise_workshop", "rate_workshop", "revoke_workshop"),
}  # fmt: skip
"""By the page's command the operations that do, together or each in its case, what it does."""

NOT_BY_REST: dict[str, str] = {
    "/login/{token}": "the demonstration's link, or one that was asked for on the server, logs a browser in by cookie",
    "/bulk-actions/choose": "shows who is chosen before anything is done; a program names them",
    "/fairs/{fair_id}/waiting/{command_id}/number": "shows one number to whoever looks a person up by it; a program has the ledger's masked one",
    "/lists/file": "a list as the page shows it; a program asks for it with Accept: text/csv",
    "/vacancies/lint": "looks at a text while it is typed and keeps nothing; saved, the post says what is wrong",
}
"""Commands of the pages that no program needs, and why."""


def operations() -> set[str]:
    settings = Settings(environment=Environment.DEMONSTRATION)
    app = create_app(
        settings,
        sessions=sessionmaker(),
        keyring=Keyring.of_secret(b"a secret of the tests, of no other use"),
    )
    return {
        route.operation_id or ""
        for route in app.router.routes
        if isinstance(route, APIRoute) and "/v1/" in route.path
    }


def test_every_command_of_the_pages_has_its_operation() -> None:
    commands = {
        route.path
        for router in pages.ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute) and route.methods - {"GET", "HEAD"}
    }
    assert commands - DOES.keys() - NOT_BY_REST.keys() == set(), "say which operation does the same over REST"
    assert (DOES.keys() | NOT_BY_REST.keys()) - commands == set(), "no such command any more"
    assert not DOES.keys() & NOT_BY_REST.keys() and all(NOT_BY_REST.values())
    known = operations()
    assert {name for names in DOES.values() for name in names} - known == set()
