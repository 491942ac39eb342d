"""Between messages and the model of coding; what cannot be read ends here."""
