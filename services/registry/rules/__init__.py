"""The decisions of the registry, pure: what a change may be, who decides it, what it makes."""
