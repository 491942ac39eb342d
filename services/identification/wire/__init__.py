"""Between the messages of the contract and the values of identification."""
