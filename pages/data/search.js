// Narrows the list while one types. Without it the page is whole, and the browser's own search works.
const box = document.querySelector(".search");
const rows = [...document.querySelectorAll("tbody tr")];
const count = document.querySelector(".count");
// As names are compared when a person is looked for: letters that are none of a to z with a sign.
const letters = new Map((
  "ß:ss æ:ae ð:d ø:o þ:th đ:d ħ:h ı:i ĸ:k ł:l ŋ:ng œ:oe ŧ:t ƀ:b ƃ:b ƈ:c ƌ:d ƒ:f ƙ:k ƚ:l ƞ:n " +
  "ƣ:oi ƥ:p ƫ:t ƭ:t ƴ:y ƶ:z ƿ:w ǝ:e ǥ:g ȝ:g ȡ:d ȣ:ou ȥ:z ȴ:l ȵ:n ȶ:t ȷ:j ȼ:c ȿ:s ɀ:z ɇ:e ɉ:j " +
  "ɋ:q ɍ:r ɏ:y ɓ:b ɔ:o ɖ:d ɗ:d ə:e ɛ:e ɠ:g ɣ:g ɨ:i ɩ:i ɲ:n ɵ:o ʀ:r ʃ:sh ʈ:t ʉ:u ʊ:u ʋ:v ʒ:z " +
  "ẜ:s ẝ:s ỿ:y ⱥ:a ⱦ:t"
).split(" ").map((pair) => pair.split(":")));
const beside = /[\p{M}\p{Lm}\p{Sk}\p{Cf}'\u00b7\u2018\u2019\u201b\u2032]/gu;
const plain = (text) => text.toLowerCase().normalize("NFKD").replace(beside, "")
  .replace(/[^\x00-\x7f]/gu, (letter) => letters.get(letter) ?? letter);
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
