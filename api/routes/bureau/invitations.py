"""/v1/invitations: whoever was invited comes by the code, before anybody knows them."""

from api.deps import SessionDep
from api.errors import PROBLEMS
from api.laying import bureau_router
from api.own_account import accept
from api.schemas.account import Accepted, InvitationAccept

router = bureau_router("/invitations", tag="account", responses=PROBLEMS)


@router.post("/accept", operation_id="accept_invitation")
def accept_invitation(body: InvitationAccept, session: SessionDep) -> Accepted:
    """Take a name and a password; who has a name already sets a new password."""
    return Accepted(username=accept(session, body).username or "")
