"""Alerts and monthly reports in PostgreSQL."""
