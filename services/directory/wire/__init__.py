"""Between the contract's messages and the directory's values; what arrives is parsed here."""
