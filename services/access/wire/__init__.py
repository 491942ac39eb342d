"""Between the contract's messages and the model; parsing happens here and nowhere else."""
