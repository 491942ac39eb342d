"""The services that the buffer needs: identification knows what became of a number, audit writes
down who read."""
