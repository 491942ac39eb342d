"""A country on one machine: real servers, real certificates, every process of the mesh, simulated
institutions with mock personas. And the `cbss` command that runs it.
"""
