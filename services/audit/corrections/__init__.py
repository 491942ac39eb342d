"""Reports of suspected errors, and notices of what was corrected."""
