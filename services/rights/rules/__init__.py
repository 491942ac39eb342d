"""Pure decisions: what the law files may say, what they mean on a day, and for whom."""
