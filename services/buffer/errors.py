"""What the buffer refuses. What cannot be read is `InvalidArgument`, and a store that is away is
`StoreUnavailable`, as everywhere."""

from services.concepts.failures import Unauthenticated


class CitizenUnknown(Unauthenticated):
    """The certificate is of no citizen."""
