"""Alerts and monthly reports, as they travel."""
