"""What makes an exchange covered, and what makes a deliberation fit to be decided on."""
