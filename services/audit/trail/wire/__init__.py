"""Between the contract's messages and the trail's values; what arrives is parsed here."""
