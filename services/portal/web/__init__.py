"""What browsers ask and are answered, in HTTP."""
