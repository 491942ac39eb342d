"""What the trail does: it adds, it shows to who says why, and it proves that nothing was bent."""
