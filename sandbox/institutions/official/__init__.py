"""Answers in the official XML form, read into the messages of the data contracts without loss."""
