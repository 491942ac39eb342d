"""The bulk job that brings reviewed files into the registry, as an act like any other."""
