"""The mesh in a cluster: manifests made from the table of processes, and how it is operated."""
