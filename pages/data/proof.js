// Checks, in the browser of who reads, that each use of his data stands in the signed log: the hash of
// its record leads to the root of the checkpoint (RFC 9162, 2.1.3), which the log signed (Ed25519).
const held = document.getElementById("proofs");
const place = document.getElementById("check");
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const utf8 = (text) => new TextEncoder().encode(text);
const same = (one, other) => one.length === other.length && one.every((part, at) => part === other[at]);

async function hash(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
}

// The root and the size of a checkpoint, if the log's key signed it; else it throws.
async function checkpoint(note, key) {
  const end = note.indexOf("\n\n") + 1;
  const text = note.slice(0, end);
  // <origin>+<identification>+<base64 of a byte for the kind, and the key>
  const name = key.slice(0, key.indexOf("+"));
  const publicBytes = bytes(key.slice(key.indexOf("+", name.length + 1) + 1)).slice(1);
  const imported = await crypto.subtle.importKey("raw", publicBytes, "Ed25519", false, ["verify"]);
  for (const line of note.slice(end + 1).split("\n")) {
    const [dash, signer, signature] = line.split(" ");
    if (dash !== "—" || signer !== name) continue;
    const signed = bytes(signature).slice(4);
    if (!(await crypto.subtle.verify("Ed25519", imported, signed, utf8(text)))) continue;
    const [origin, size, root] = text.split("\n");
    if (origin === name) return { size: Number(size), root: bytes(root) };
  }
  throw new Error("not signed");
}

// The largest power of two below a size.
function split(size) {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

async function isIn(tree, proof) {
  const sides = [];
  let begin = 0;
  let end = tree.size;
  if (!(proof.index >= 0 && proof.index < end)) return false;
  while (end - begin > 1) {
    const middle = begin + split(end - begin);
    sides.push(proof.index < middle);
    if (proof.index < middle) end = middle;
    else begin = middle;
  }
  if (sides.length !== proof.hashes.length) return false;
  let found = await hash(Uint8Array.of(0), bytes(proof.leaf));
  for (const beside of proof.hashes.map(bytes)) {
    const left = sides.pop();
    const pair = left ? [found, beside] : [beside, found];
    found = await hash(Uint8Array.of(1), ...pair);
  }
  return same(found, tree.root);
}

async function check() {
  const told = JSON.parse(held.textContent);
  const trees = new Map();
  let good = 0;
  for (const proof of told.proofs) {
    let proven = false;
    try {
      if (!trees.has(proof.checkpoint)) {
        trees.set(proof.checkpoint, await checkpoint(told.checkpoints[proof.checkpoint], told.key));
      }
      proven = await isIn(trees.get(proof.checkpoint), proof);
    } catch {
      proven = false;
    }
    good += proven ? 1 : 0;
    const cell = document.getElementById(`proof-${proof.record}`);
    if (cell) {
      cell.textContent = proven ? place.dataset.proven : place.dataset.unproven;
      cell.className = proven ? "proven" : "unproven";
    }
  }
  const all = good === told.proofs.length;
  document.getElementById("checked").textContent = all ? place.dataset.all : place.dataset.some;
}

if (held && place && globalThis.crypto?.subtle) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = place.dataset.label;
  button.addEventListener("click", check);
  place.prepend(button);
}
