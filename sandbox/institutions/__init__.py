"""Simulated authentic sources: what an institution would run to supply data to the mesh.

One program, started once for each place of the network, answers about mock persons: those of the
personas file, and those of a folder of answers in the official XML form. It owns no database, never
decides who may ask, and answers whatever the mesh asks it, as a real source does.
"""
