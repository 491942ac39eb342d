"""The job that puts persons into the store: `python -m services.identification.load FILE...`."""
