"""Jobs on dossiers by the million: load, export, compare with an institution's list, count."""
