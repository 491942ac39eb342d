// Narrows the list while one types. Without it the page is whole, and the browser's own search works.
const box = document.querySelector(".search");
const rows = [...document.querySelectorAll("tbody tr")];
const count = document.querySelector(".count");
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const texts = rows.map((row) => plain(row.textContent + " " + (row.dataset.words || "")));
box.hidden = false;
box.querySelector("input").addEventListener("input", (event) => {
  const words = plain(event.target.value).split(/\s+/).filter(Boolean);
  let shown = 0;
  rows.forEach((row, at) => {
    row.hidden = !words.every((word) => texts[at].includes(word));
    shown += row.hidden ? 0 : 1;
  });
  count.textContent = shown;
});
