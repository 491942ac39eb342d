"""Pure decisions of coding: plans, lives, codes, and what may be released."""
