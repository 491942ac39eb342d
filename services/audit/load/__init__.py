"""The job that tells the trail which organizations there are, from the reviewed file of all."""
