// Exercises answered on the page, with the verdicts of the notebook's check. `edition/exercises.py` writes their banks:
// what is said of an answer is found by a digest of the grid cell that the answer lies in, and opened with its name.

const TRIES_BEFORE_HINT = 2;
const MARKS = { true: ["right", "✓ right"], false: ["wrong", "✗ not yet"], null: ["open", "… open"] };

/** 16 hexadecimal digits of a text: FNV-1a twice, since a page opened from a folder lacks crypto.subtle. */
const digest = (text) => {
  let one = 0x811c9dc5, other = 0x9747b28c;
  for (const byte of new TextEncoder().encode(text)) {
    one = Math.imul(one ^ byte, 0x01000193) >>> 0;
    other = Math.imul(other ^ byte ^ (one >>> 13), 0x01000193) >>> 0;
  }
  return [one, other].map((half) => half.toString(16).padStart(8, "0")).join("");
};

/** The text that was sealed with a key. */
const opened = (sealed, key) => {
  const bytes = (digits) => digits.match(/../g).map((pair) => parseInt(pair, 16));
  let stream = [];
  for (let number = 0; 16 * number < sealed.length; number += 1) stream = stream.concat(bytes(digest(`${key} ${number}`)));
  return new TextDecoder().decode(Uint8Array.from(bytes(sealed), (byte, i) => byte ^ stream[i]));
};

const place = (value, bank) => {
  if (Array.isArray(value)) return `[${value.map((one) => place(one, bank)).join(",")}]`;
  if (typeof value === "string") return `text ${value}`;
  return String(Math.floor((Number(value) - bank.offset) / bank.width));
};

/** Whether an answer is the one that the bank knows, number by number, as `numpy.allclose` compares. */
const same = (known, answer, tolerance) => known.every(([value, whole], i) => {
  if (typeof value === "string") return value === answer[i];
  const got = Number(answer[i]);
  return Math.abs(Number(value) - got) <= tolerance + (whole ? 0 : tolerance) * Math.abs(got);
});

/** What the notebook's check says: whether the value has passed, and why. */
const verdict = (value, bank) => {
  if (value === undefined) return [null, "not answered yet"];
  const cell = place(value, bank), sealed = bank.locked[digest(`${bank.name} ${cell}`)];
  const known = sealed ? JSON.parse(opened(sealed, `${cell} ${bank.name}`)) : [];
  const leaves = [value].flat(Infinity);
  const [, likely] = known.find(([one]) => same(one, leaves, bank.tolerance)) ?? [null, ""];
  if (likely === null) return [true, "right"];
  const came = kind(value), other = came === bank.wanted ? "" : ` (expected ${bank.wanted}, received ${came})`;
  const plain = bank.wanted === "a number" && came !== "a number";
  const fault = plain ? `expected a number, received ${shown(value)}` : `${shown(value)} is not it${other}`;
  return [false, likely ? `${fault}\nLikely: ${likely}` : fault];
};

/** What the check says of a text that was typed or chosen: passed, why, and whether it counts as a try. */
const checked = (text, bank) => {
  if (bank.choices) return verdict(text === "" ? undefined : bank.wanted === "a text" ? text : text === "True", bank);
  try {
    const value = read(text, bank.form === "number");
    if (value !== undefined && shown(value).length > 300) throw new Unreadable("The answer is too long");
    return verdict(value, bank);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return [null, `${error.message}.`];
  }
};

const ready = (form) => {
  const bank = JSON.parse(form.dataset.bank), result = form.querySelector("[role=status]");
  const field = form.querySelector("input[type=text]");
  let failed = 0;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field ? field.value : (form.querySelector("input:checked")?.value ?? "");
    let [passed, message] = checked(text, bank);
    failed += passed === false;
    if (passed === false && bank.hint && failed >= TRIES_BEFORE_HINT) message += `\nHint: ${opened(bank.hint, bank.name)}`;
    field?.setAttribute("aria-invalid", String(passed === false));
    const [name, words] = MARKS[passed];
    const badge = Object.assign(document.createElement("b"), { textContent: words });
    result.className = name;
    result.replaceChildren(badge, Object.assign(document.createElement("p"), { textContent: message }));
  });
};
document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("form.exercise").forEach(ready));
