"""The one base of everything that went wrong for a reason the user can mend."""


class UserError(Exception):
    """Its message is for the user: it names the place and the cure, and holds no personal data."""


class NotPermitted(UserError):
    """The user's role does not allow the action."""
