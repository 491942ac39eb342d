// A page that the browser kept is asked for again: after somebody signed out it shows nothing.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
