"""The services of the mesh; README.md beside this file shows the anatomy they share."""
