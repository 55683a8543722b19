"""What an account must still be allowed to do while its job runs: asked anew in every transaction of the job."""

from api.rights import Action

NEEDING: dict[str, tuple[Action, ...]] = {
    "import.stage": (Action.IMPORT,),
    "import.check": (Action.IMPORT,),
    "import.apply": (Action.IMPORT,),
    "doubts": (Action.MEND_DOUBTS,),
    "duplicates": (Action.DECIDE_IDENTITY,),
    "export": (Action.EXPORT,),
    "fair.cards": (Action.PLACE,),
    "fair.settle": (Action.PLACE,),
    "leavers.propose": (Action.PLACE,),
    "models.train": (Action.MANAGE_MODELS,),
    "plan.make": (Action.PLACE,),
    "plan.approve": (Action.PLACE,),
    "compare": (Action.IMPORT, Action.READ_LEDGER),
    "compare.evidence": (Action.WRITE_LEDGER,),
    "compare.settle": (Action.WRITE_LEDGER,),
}
"""By the kind of the job; one that is not here is not begun. What else a job needs (full numbers, a file of people) it asks itself."""
