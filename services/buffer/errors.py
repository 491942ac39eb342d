"""What the buffer refuses: no more than every service does. What cannot be read is
`InvalidArgument`, and a store that is away is `StoreUnavailable`, as everywhere."""
