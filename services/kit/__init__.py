"""The plumbing that every service shares and that knows nothing of social security: settings,
mutual TLS, servers, channels, coalescing, PostgreSQL, migrations, telemetry, clocks.
"""
