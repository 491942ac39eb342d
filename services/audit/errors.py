"""What the trail refuses. Nothing of its own: what cannot be read is `InvalidArgument`, and a store
that is away is `StoreUnavailable`, as everywhere."""
