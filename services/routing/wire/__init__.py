"""Between messages and model: total functions, one module for each direction."""
