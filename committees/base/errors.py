"""The ways in which the domain says no. Http404 (not for you) and PermissionDenied are Django's own."""


class Refused(Exception):
    """A rule of the domain said no, in words the person who asked may read. Views show it in the form, with status 422."""

    def __init__(self, why: object, *, field: str | None = None) -> None:
        super().__init__(why)
        self.field = field
