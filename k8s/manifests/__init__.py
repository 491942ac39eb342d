"""Kubernetes objects from the one table of the mesh: `python -m k8s.manifests`.

`places` says where the settings of a process come from, `objects` are the building blocks,
`workloads`, `schedules`, `migrations`, `policies`, `certificates`, `databases` and `scaling` make
the files of one folder each. What they write is committed, so that it can be read and applied
without Python; a test compares.
"""
