"""Between the contracts' messages and the values of the buffer; what arrives is parsed here."""
