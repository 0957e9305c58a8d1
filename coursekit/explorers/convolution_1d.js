// A kernel slides along a signal: the window, its products and their sum, and the matrix of which each place is a row.
import { outputSize, paddingAmounts } from "./shapes.js";
import { panel } from "./canvas.js";
import { frame } from "./frame.js";
import { choice, h, numberTable, own, shown, slider, sumOf, tick } from "./page.js";
import { player } from "./play.js";
import { fromArray, toArray, update } from "./state.js";
import { hands } from "./signal_hands.js";
import { columns, drawMatrix, drawSignal, HEIGHT, matrixHeight } from "./signals.js";

const WIDE = 540, MATRIX = 400, GAP = 18; // side by side; both may shrink to LEAST of that before they are stacked
const LEAST = 0.86;
const PAUSE = 600; // milliseconds at each place while it plays

/** What the explorer shows, from its traits; `places` are the samples below which the outputs stand. */
export function compute({ signal, kernel, position, padding, stride, flip }) {
  const samples = signal.shape[0], size = kernel.shape[0], outputs = outputSize(samples, size, stride, padding);
  if (!outputs) return { outputs: 0 };
  const amounts = paddingAmounts(samples, size, stride, padding);
  const weights = Array.from(kernel.values);
  if (flip) { weights.reverse(); amounts.reverse(); } // a flipped even kernel has its extra zero before
  const [before, after] = amounts, middle = flip ? Math.floor(size / 2) : Math.floor((size - 1) / 2);
  const matrix = new Float32Array(outputs * samples), values = [], places = [];
  for (let i = 0; i < outputs; i++) {
    const first = i * stride - before;
    weights.forEach((weight, u) => { if (first + u >= 0 && first + u < samples) matrix[i * samples + first + u] = weight; });
    values.push(signal.values.reduce((sum, value, j) => sum + matrix[i * samples + j] * value, 0));
    places.push(first + middle);
  }
  const row = Math.min(position, outputs - 1), start = row * stride - before;
  const window = weights.map((_, u) => signal.values[start + u] ?? 0);
  const products = window.map((value, u) => value * weights[u]);
  const total = sumOf(products.reduce((sum, product) => sum + product, 0), products);
  return { outputs, samples, matrix, values, places, row, start, window, products, total, weights, before, after };
}

const TRAITS = ["signal", "kernel", "position", "padding", "stride", "flip"];

function render({ model, el }) {
  const state = () => Object.fromEntries(TRAITS.map((name, i) => [name, i < 2 ? toArray(model.get(name)) : model.get(name)]));
  const controls = [
    presets(model, "signal", model.get("_own_signals")),
    choice(model, "padding", "padding", ["valid", "same", "full"]),
    slider(model, "stride", "stride", { min: 1, max: 4 }),
    tick(model, "flip", "flip the kernel (convolution)"),
  ];
  const page = frame(model, el, TRAITS, controls, () => play.stop()), weights = kernelEditor(model);
  page.controls.after(weights.element);
  const play = player(page, {
    step: () => update(model, { position: compute(state()).row + 1 }), again: () => update(model, { position: 0 }),
    over: () => { const { outputs, row } = compute(state()); return !outputs || row === outputs - 1; },
    pause: () => PAUSE, changed: () => draw(),
  });
  const hand = hands(model, state, compute, draw), views = panels(page, hand, play);
  function draw() {
    const now = state(), result = compute(now);
    if (model.get("predict")) play.stop();
    play.element.hidden = model.get("predict") || !result.outputs;
    if (play.on()) result.last = result.row; // while it plays, outputs appear one after another
    for (const control of [...controls, weights]) control.show();
    layout(views, page.panels.clientWidth, now);
    const hidden = page.ask(question(now, result));
    hand.layout = drawSignal(views.left, now, result, hand.held, hidden);
    if (!result.outputs) return nothing(views, page, now);
    drawMatrix(views.right, now, result, views.beneath ? hand.layout : null);
    tell(views, page, now, result, hidden);
  }
  const letGo = [hand.dragSignal(views.left), hand.dragMatrix(views.right)];
  return page.follow(TRAITS, draw, ...letGo);
}

/** What predict mode asks: the chosen output. */
function question({ signal, kernel, padding, stride, flip }, { row, total = NaN }) {
  const key = [row, padding, stride, flip, ...signal.values, "k", ...kernel.values].join();
  return { key, words: `what is output ${row}?`, answer: total };
}

/** The panels: the signal with the sum written out, and the matrix. */
function panels(page, hand, play) {
  const byHand = (keys) => (event) => {
    if (event.key === " " && !play.element.hidden) { play.toggle(); return true; }
    const used = keys(event);
    if (used) play.stop();
    return used;
  };
  const left = panel("signal and output", {
    width: WIDE, height: HEIGHT, keys: byHand(hand.keys),
    help: "Drag the window or press ← →; space plays. Drag a dot up or down, or press ↑ ↓ for the ringed one, to change the signal.",
  });
  const right = panel("matrix", {
    width: MATRIX, height: 100, keys: byHand(hand.rowKeys),
    help: "An empty place is a weight of 0. Press on a row, or ↑ ↓, to choose it.",
  });
  const sum = h("p", { class: "ck-body ck-sum ck-answer" });
  left.canvas.after(sum);
  left.element.append(h("div", { class: "ck-controls ck-more" }, play.element));
  for (const { canvas } of [left, right]) canvas.addEventListener("pointerdown", play.stop);
  right.element.classList.add("ck-answer"); // it shows all outputs
  page.panels.append(left.element, right.element);
  return { left, right, sum, beneath: false };
}

/** Side by side where there is room; else the matrix lies below the signal, column under sample. */
function layout(views, room, now) {
  const size = now.kernel.shape[0];
  const share = Math.min(1, ((room || Infinity) - GAP) / (WIDE + MATRIX));
  views.beneath = share < LEAST;
  const width = views.beneath ? Math.min(WIDE, room) : Math.floor(share * WIDE);
  views.left.resize(width, HEIGHT);
  views.left.element.style.width = `${width}px`; // a long sum must not push the matrix aside
  views.right.resize(views.beneath ? width : Math.floor(share * MATRIX), matrixHeight(now));
  const lines = size <= 3 ? 2 : width < WIDE ? 5 : size <= 5 ? 2 : 3;
  views.sum.style.minHeight = `${1.4 * lines}em`; // kept free, so that nothing below it jumps
}

function tell({ left, right, sum }, page, { flip, signal, kernel }, { row, outputs, samples, start, total, ...result }, hidden) {
  const factor = (value) => (value < 0 ? `(${shown(value)})` : shown(value));
  const terms = result.window.map((value, u) => `${factor(value)} · ${factor(result.weights[u])}`).join(" + ");
  const products = result.products.map((value) => shown(value)).join(" + ").replaceAll("+ −", "− ");
  sum.replaceChildren(terms, h("br"), `= ${products}${result.products.length > 1 ? ` = ${shown(total)}` : ""}`);
  const kind = flip ? "convolution" : "correlation", weights = result.weights.map((weight) => shown(weight)).join(", ");
  left.heading(`signal and output: ${kind} (kernel ${flip ? "flipped" : "as it is"})`);
  right.heading(`matrix of this ${kind}: ${outputs} rows × ${samples} samples`);
  const makes = `row ${row} of the matrix, times the signal${flip ? "; the kernel is flipped" : ""}`;
  if (!hidden) page.say(`Output ${row} is ${shown(total)}: ${makes}.`);
  const window = `window of ${kernel.shape[0]} from sample ${start}`;
  left.describe(`Signal of ${signal.shape[0]} samples, ${window}; output ${row} of ${outputs} is ${hidden ? "to be predicted" : shown(total)}`);
  right.describe(`Matrix of ${outputs} rows and ${samples} columns; row ${row} holds ${weights} from column ${start}`);
}

function nothing({ left, right, sum }, page, { kernel, signal }) {
  right.begin(); right.heading("matrix"); right.describe("no matrix: the kernel does not fit");
  left.heading("signal and output"); left.describe("no output: the kernel does not fit");
  sum.replaceChildren();
  const fit = `The kernel has ${kernel.shape[0]} weights and does not fit into ${signal.shape[0]} samples`;
  page.say(`${fit}: choose padding "same" or "full".`);
}

// ---------------------------------------------------------------- where signal and kernel come from

/** A list of named arrays for a trait; it shows the name of the present one, or "own". */
function presets(model, trait, arrays) {
  const named = Object.entries(arrays), options = ["own", ...Object.keys(arrays)].map((name) => h("option", {}, name));
  const list = own(h("select", { "aria-label": `${trait} by name` }, ...options));
  const show = () => {
    const { values } = toArray(model.get(trait));
    const equal = (array) => array.length === values.length && array.every((value, i) => Math.abs(value - values[i]) < 1e-5);
    list.selectedIndex = 1 + named.findIndex(([, array]) => equal(array));
  };
  list.addEventListener("change", () => {
    if (!list.selectedIndex) return show();
    const [, array] = named[list.selectedIndex - 1];
    update(model, { [trait]: fromArray(array, [array.length]) });
  });
  return { element: h("div", { class: "ck-control" }, h("span", {}, trait), list), show };
}

/** The kernel: by name, its number of weights, and each weight; a new size keeps weights around the middle. */
function kernelEditor(model) {
  const named = presets(model, "kernel", model.get("_own_kernels"));
  const list = own(h("select", { "aria-label": "number of weights" }, ...columns(7).map((i) => h("option", {}, i + 1))));
  list.addEventListener("change", () => {
    const { values } = toArray(model.get("kernel")), size = list.selectedIndex + 1;
    const shift = Math.floor((values.length - 1) / 2) - Math.floor((size - 1) / 2);
    update(model, { kernel: fromArray(columns(size).map((u) => values[u + shift] ?? 0), [size]) });
  });
  const table = numberTable("kernel", (_, u, value) => {
    const { values, shape } = toArray(model.get("kernel"));
    values[u] = value;
    update(model, { kernel: fromArray(values, shape) });
  });
  const show = () => {
    const { values } = toArray(model.get("kernel"));
    named.show(); list.selectedIndex = values.length - 1; table.show([Array.from(values)]);
  };
  const size = h("div", { class: "ck-control" }, h("span", {}, "weights"), list);
  return { element: h("div", { class: "ck-controls" }, named.element, size, table.element), show };
}

export default { render };
