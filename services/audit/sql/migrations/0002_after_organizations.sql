-- Which organizations there are is the registry's to know, and everybody else reads it there.

drop table organization;
