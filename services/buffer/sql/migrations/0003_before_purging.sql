-- The service forgets by itself whom no right can concern, and counts its feeds anew as it does.
grant update, delete on feed to buffer;
