"""What rights refuses: no more than every service does. A question that makes no sense is answered
with a status, and what cannot be read is `InvalidArgument`, as everywhere."""
