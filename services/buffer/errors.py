"""What the buffer refuses. Nothing of its own yet: what cannot be read is `InvalidArgument`, and a
store that is away is `StoreUnavailable`, as everywhere."""
