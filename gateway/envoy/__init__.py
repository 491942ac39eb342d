"""From the table of routes to Envoy's configuration, as plain data that is written as JSON."""
