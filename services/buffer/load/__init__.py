"""The job that feeds facts into the buffer: `python -m services.buffer.load FILE...`."""
