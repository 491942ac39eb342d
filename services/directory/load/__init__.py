"""Load jobs: organizations, data contracts and dossiers from reviewed files, checked as a whole."""
