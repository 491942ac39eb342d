"""The decisions of the directory, pure: who is located, who may register whom, what merges."""
