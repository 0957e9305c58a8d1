// A game: label images as real or fake, then compare with the truth and with a classifier.
import { BLUE, GREY, ORANGE, outline, paint, panel } from "./canvas.js";
import { frame } from "./frame.js";
import { button, h } from "./page.js";
import { computeClass, renderClass } from "./show_of_hands.js";
import { toArray, update } from "./state.js";

const SIDE = 300, THUMB = 46, WORDS = ["real", "fake"];

/** The result so far: {answered, right, accuracy, classifier, luck, disputed}, and that of a class. */
export function compute({ labels, guesses, probabilities, hands, voters }) {
  const answered = guesses.filter((guess) => guess >= 0).length;
  const right = guesses.filter((guess, i) => guess === labels[i]).length;
  const known = probabilities.length > 0;
  const hits = probabilities.filter((p, i) => Number(p > 0.5) === labels[i]).length;
  const sure = labels.map((_, i) => (known ? Math.abs(probabilities[i] - 0.5) : 0.5));
  const differ = labels.map((label, i) => guesses[i] >= 0 && guesses[i] !== (known ? Number(probabilities[i] > 0.5) : label));
  const disputed = labels.map((_, i) => i).sort((a, b) => differ[b] - differ[a] || (differ[a] ? sure[b] - sure[a] : sure[a] - sure[b]) || a - b);
  return { answered, right, accuracy: answered ? right / answered : null, classifier: known ? hits / labels.length : null, luck: luck(answered, right), disputed, class: computeClass({ labels, hands, voters }) };
}

/** The probability that a coin gets `right` or more of `n`. */
function luck(n, right) {
  let way = 1, sum = 0; // way: the number of ways to get k right
  for (let k = 0; k <= n; k++) {
    if (k >= right) sum += way;
    way = (way * (n - k)) / (k + 1);
  }
  return sum / 2 ** n;
}

/** Each image with the 1st and 99.5th percentile of its values as its scale, as in the lecture's figures. */
function pictures({ shape: [n, rows, columns], values }) {
  return Array.from({ length: n }, (_, i) => {
    const own = values.slice(i * rows * columns, (i + 1) * rows * columns), sorted = Float32Array.from(own).sort();
    const low = sorted[Math.floor(0.01 * (own.length - 1))], high = sorted[Math.floor(0.995 * (own.length - 1))];
    return { rows, columns, values: own, scale: ["viridis", low, high > low ? high : low + 1] };
  });
}

function render({ model, el }) {
  const state = () => Object.fromEntries(["labels", "guesses", "probabilities", "place", "hands", "voters"].map((name) => [name, model.get(name)]));
  let kept = {};
  const all = () => {
    if (kept.trait !== model.get("images")) kept = { trait: model.get("images"), pictures: pictures(toArray(model.get("images"))) };
    return kept.pictures;
  };
  if (model.get("whole_class")) return renderClass({ model, el }, all, luck);
  const page = frame(model, el, ["guesses", "place"]);
  const here = () => Math.min(model.get("place"), all().length - 1);
  const finished = () => model.get("guesses").every((guess) => guess >= 0);
  const guess = (label) => {
    if (finished()) return;
    const guesses = model.get("guesses").slice(), at = here();
    guesses[at] = label;
    const after = [...guesses.keys()].map((i) => (at + 1 + i) % guesses.length).find((i) => guesses[i] < 0);
    update(model, { guesses, place: after ?? at });
  };
  const go = (step) => update(model, { place: (here() + step + all().length) % all().length });
  const keys = (event) => {
    const act = { r: () => guess(0), f: () => guess(1), ArrowLeft: () => go(-1), ArrowRight: () => go(1) }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act && !event.ctrlKey && !event.metaKey) act();
    return Boolean(act) && !event.ctrlKey && !event.metaKey;
  };
  const large = panel("image", { width: SIDE, height: SIDE, keys, help: "Press R for real, F for fake; the arrow keys turn the pages." });
  const real = button("real (R)", () => guess(0)), fake = button("fake (F)", () => guess(1));
  const again = button("play again", () => update(model, { guesses: model.get("labels").map(() => -1), place: 0 }));
  const strip = h("div", { class: "ck-strip" }), results = h("div", { class: "ck-panel ck-results" });
  const caption = h("p", { class: "ck-help" });
  large.element.append(h("div", { class: "ck-controls" }, real, fake, again), caption);
  page.panels.append(large.element, h("div", { class: "ck-panel ck-grow" }, strip, results));

  function draw() {
    const now = state(), at = here(), done = finished(), result = compute(now);
    drawLarge(large, all()[at], at, now, done);
    caption.textContent = model.get("caption");
    real.disabled = fake.disabled = done;
    again.hidden = !result.answered;
    strip.replaceChildren(...thumbnails(all(), now, at, (place) => update(model, { place })));
    results.replaceChildren(...(done ? verdict(result, now, all(), (place) => update(model, { place })) : []));
    page.say(done ? summary(result, now.labels.length) : `Image ${at + 1} of ${now.labels.length}; ${result.answered} labelled.`);
  }
  return page.follow(["images", "labels", "probabilities", "guesses", "place", "caption"], draw);
}

function drawLarge(target, picture, at, { labels, guesses }, done) {
  const { context } = target.begin(), zoom = SIDE / Math.max(picture.rows, picture.columns);
  paint(context, picture.values, picture.rows, picture.columns, picture.scale, 0, 0, picture.columns * zoom, picture.rows * zoom);
  target.heading(`image ${at + 1} of ${labels.length}${done ? `: ${WORDS[labels[at]]}, you said ${WORDS[guesses[at]]}` : ""}`);
  target.describe(`image ${at + 1} of ${labels.length}, ${guesses[at] < 0 ? "not labelled yet" : `labelled ${WORDS[guesses[at]]}`}`);
}

/** One small button for each image: its number, and what you said. */
function thumbnails(all, { guesses }, at, go) {
  return all.map((picture, i) => {
    const said = guesses[i] < 0 ? "·" : WORDS[guesses[i]];
    return button(`${i + 1} ${said}`, () => go(i), { class: "ck-button ck-thumb", "aria-pressed": String(i === at), "aria-label": `image ${i + 1}, ${guesses[i] < 0 ? "not labelled" : said}` });
  });
}

function summary({ right, classifier, luck }, n) {
  const machine = classifier === null ? "" : `, the classifier ${Math.round(classifier * n)}`;
  return `You got ${right} of ${n}${machine}. A coin gets ${right} or more in ${(100 * luck).toFixed(luck < 0.1 ? 1 : 0)}% of rounds.`;
}

/** Accuracies as bars, and the most disputed images with truth and opinions. */
function verdict({ accuracy, classifier, disputed }, { labels, guesses, probabilities }, all, go) {
  const rows = [["you", accuracy, ORANGE], ["classifier", classifier, BLUE], ["a coin, on average", 0.5, GREY]].filter(([, value]) => value !== null);
  const table = h("table", { class: "ck-numbers ck-plain", "aria-label": "accuracies" }, ...rows.map(([name, value, colour]) => {
    const bar = h("span", { class: "ck-bar" });
    bar.style.width = `${160 * value}px`;
    bar.style.background = colour;
    return h("tr", {}, h("td", { class: "ck-left" }, name), h("td", {}, `${Math.round(100 * value)}%`), h("td", { class: "ck-left" }, bar));
  }));
  const cards = disputed.slice(0, 6).map((i) => card(all[i], i, labels[i], guesses[i], probabilities[i], go));
  return [h("p", { class: "ck-heading" }, "accuracy"), table, h("p", { class: "ck-heading" }, "the most disputed images"), h("div", { class: "ck-strip" }, ...cards)];
}

function card(picture, i, truth, guess, probability, go) {
  const size = 2 * THUMB, small = panel(`image ${i + 1}`, { width: size, height: size });
  small.describe(`image ${i + 1}: ${WORDS[truth]}`);
  queueMicrotask(() => {
    const { context } = small.begin();
    paint(context, picture.values, picture.rows, picture.columns, picture.scale, 0, 0, size, size);
    if (guess !== truth) outline(context, 2, 2, size - 4, size - 4);
  });
  const opinion = probability === undefined ? [] : [h("br"), `it: ${probability > 0.5 ? "fake" : "real"}, ${Math.round(100 * Math.max(probability, 1 - probability))}%`];
  small.element.append(h("p", { class: "ck-help ck-card" }, h("b", {}, WORDS[truth]), h("br"), `you: ${WORDS[guess]}`, ...opinion), button("look", () => go(i), { "aria-label": `look at image ${i + 1}` }));
  return small.element;
}

export default { render };
