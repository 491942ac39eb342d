"""What a long run needs: calls at a steady pace, samples of every process, a picture of them."""
