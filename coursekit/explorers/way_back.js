// Gradients flow back through pooling, an activation and a convolution: what each number gets, and from where.
import { ORANGE, SKY, hatch, panel } from "./canvas.js";
import { frame } from "./frame.js";
import { CELL, mark, numbers, spoken } from "./number_grid.js";
import { choice, h, note, numberTable, shown, slider, tick } from "./page.js";
import { outputSize, paddingAmounts } from "./shapes.js";
import { fromArray, toArray, update } from "./state.js";

const TRAITS = ["picture", "kernel", "bias", "stride", "padding", "relu", "pool", "pool_stride", "loss", "stage", "row", "column"];
const STAGES = ["input", "kernel", "convolution", "activation", "pooling"];
const NAMES = { input: "input x", kernel: "kernel w", convolution: "z = x ⋆ w + b", activation: "a = ReLU(z)", pooling: "p = max pooling" };
const SHORT = { input: "x", kernel: "w", convolution: "z", activation: "a", pooling: "p" };
const GAP = 26, TOP = 18;

/** Grids of values and gradients, {input: {rows, columns, values, gradient}, …}, and where the chosen gradient comes from. */
export function compute(state) {
  const { stride, padding, pool, pool_stride: jump } = state;
  const [height, width] = state.picture.shape, [tall, wide] = state.kernel.shape;
  const rows = outputSize(height, tall, stride, padding), columns = outputSize(width, wide, stride, padding);
  const pooledRows = rows && outputSize(rows, pool, jump, "valid"), pooledColumns = columns && outputSize(columns, pool, jump, "valid");
  if (!rows || !columns || !pooledRows || !pooledColumns) return { fits: false };
  const above = paddingAmounts(height, tall, stride, padding)[0], aside = paddingAmounts(width, wide, stride, padding)[0];
  const grid = (r, c, values = new Float64Array(r * c)) => ({ rows: r, columns: c, values, gradient: new Float64Array(r * c) });
  const stages = { input: grid(height, width, Float64Array.from(state.picture.values)), kernel: grid(tall, wide, Float64Array.from(state.kernel.values)),
    convolution: grid(rows, columns), activation: grid(rows, columns), pooling: grid(pooledRows, pooledColumns) };
  const { input: x, kernel: w, convolution: z, activation: a, pooling: p } = stages;
  // Each product of the convolution once: [place in x, place in w, place in z].
  const products = [];
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) for (let u = 0; u < tall; u++) for (let v = 0; v < wide; v++) {
    const r = i * stride - above + u, c = j * stride - aside + v;
    if (r >= 0 && r < height && c >= 0 && c < width) products.push([r * width + c, u * wide + v, i * columns + j]);
  }
  z.values.fill(state.bias);
  for (const [from, weight, to] of products) z.values[to] += x.values[from] * w.values[weight];
  z.values.forEach((value, at) => { a.values[at] = state.relu ? Math.max(0, value) : value; });
  const winners = Array.from(p.values, (_, at) => winner(a, Math.floor(at / p.columns) * jump, (at % p.columns) * jump, pool));
  winners.forEach((at, to) => { p.values[to] = a.values[at]; });
  // The way back, each step the transpose of the step forward.
  const chosen = inside(stages, state);
  const start = STAGES.indexOf(state.loss === "one" ? chosen.stage : "pooling");
  if (state.loss === "one") stages[STAGES[start]].gradient[chosen.at] = 1;
  else p.values.forEach((value, at) => { p.gradient[at] = state.loss === "sum" ? 1 : value - 1; });
  if (start >= 4) winners.forEach((at, from) => { a.gradient[at] += p.gradient[from]; });
  if (start >= 3) z.values.forEach((value, at) => { z.gradient[at] += !state.relu || value > 0 ? a.gradient[at] : 0; });
  for (const [from, weight, to] of start >= 2 ? products : []) {
    x.gradient[from] += w.values[weight] * z.gradient[to];
    w.gradient[weight] += x.values[from] * z.gradient[to];
  }
  const bias = z.gradient.reduce((sum, value) => sum + value, 0);
  return { fits: true, stages, winners, bias, start: STAGES[start], chosen, ...origin(state, stages, products, winners, chosen, start) };
}

/** The place of the largest value of a pooling window; of equal ones the first, as in Keras. */
function winner(a, top, left, pool) {
  let best = top * a.columns + left;
  for (let u = 0; u < pool; u++) for (let v = 0; v < pool; v++) {
    const at = (top + u) * a.columns + left + v;
    if (a.values[at] > a.values[best]) best = at;
  }
  return best;
}

/** The chosen number: its stage, and its nearest place inside. */
function inside(stages, { stage, row, column }) {
  const grid = stages[stage], r = Math.min(row, grid.rows - 1), c = Math.min(column, grid.columns - 1);
  return { stage, row: r, column: c, at: r * grid.columns + c };
}

/** Which gradients the chosen one is made of: terms {at, factor, gradient} in the stage `source`, and how to say it. */
function origin(state, { input: x, kernel: w, convolution: z, activation: a, pooling: p }, products, winners, { stage, at }, start) {
  if (start < 4 && STAGES.indexOf(stage) >= start) return { source: null, terms: [] };
  if (stage === "input") return { source: "convolution", terms: products.filter((one) => one[0] === at).map(([, weight, to]) => ({ at: to, weight, factor: w.values[weight], gradient: z.gradient[to] })) };
  if (stage === "kernel") return { source: "convolution", terms: products.filter((one) => one[1] === at).map(([from, , to]) => ({ at: to, from, factor: x.values[from], gradient: z.gradient[to] })) };
  if (stage === "convolution") return { source: "activation", terms: [{ at, factor: !state.relu || z.values[at] > 0 ? 1 : 0, gradient: a.gradient[at] }] };
  if (stage === "activation") return { source: "pooling", terms: winners.flatMap((won, to) => (won === at ? [{ at: to, factor: 1, gradient: p.gradient[to] }] : [])) };
  return { source: null, terms: [] };
}

function render({ model, el }) {
  const state = () => ({ ...Object.fromEntries(TRAITS.map((name) => [name, model.get(name)])), picture: toArray(model.get("picture")), kernel: toArray(model.get("kernel")) });
  const controls = [
    choice(model, "loss", "gradient of", [["one", "the chosen number"], ["sum", "the sum of all p"], ["squares", "½ Σ (p − 1)²"]]),
    slider(model, "stride", "stride", { min: 1, max: 3 }),
    choice(model, "padding", "padding", ["valid", "same"]),
    tick(model, "relu", "ReLU"),
    slider(model, "pool", "pooling window", { min: 1, max: 3 }),
    slider(model, "pool_stride", "its stride", { min: 1, max: 3 }),
    slider(model, "bias", "bias b", { min: -2, max: 2, step: 0.25, show: shown }),
  ];
  const page = frame(model, el, TRAITS, controls);
  const choose = (stage, row, column) => {
    const now = compute(state());
    const grid = now.fits && now.stages[stage];
    if (!grid || row < 0 || column < 0 || row >= grid.rows || column >= grid.columns) return;
    update(model, { stage, row, column });
  };
  const views = Object.fromEntries(STAGES.map((stage) => [stage, view(stage, model, choose)]));
  const fields = numberTable("kernel", (i, j, value) => {
    const { shape, values } = toArray(model.get("kernel"));
    values[i * shape[1] + j] = value;
    update(model, { kernel: fromArray(values, shape) });
  });
  const how = note("where the chosen gradient comes from"), edit = note("weights", fields.element);
  page.panels.append(...STAGES.map((stage) => views[stage].element), h("div", { class: "ck-column" }, how.element, edit.element));
  page.panels.before(h("p", { class: "ck-help ck-long" }, "Above: values, forwards. Below: gradients, backwards. Press a number, or move with the arrow keys: "
    + "an orange frame marks it, blue frames the gradients it is made of."));

  function draw() {
    const now = state(), result = compute(now);
    for (const control of controls) control.show();
    const [tall, wide] = now.kernel.shape;
    fields.show(Array.from({ length: tall }, (_, i) => Array.from(now.kernel.values.slice(i * wide, (i + 1) * wide))));
    if (!result.fits) {
      for (const stage of STAGES) views[stage].empty();
      how.body.replaceChildren("—");
      page.say("The windows do not fit: take a smaller stride, kernel or pooling window, or padding “same”.");
      return;
    }
    const hidden = page.ask(question(now, result));
    for (const stage of STAGES) views[stage].draw(result, now, hidden);
    how.body.replaceChildren(...explanation(result, now));
    const { chosen, stages } = result, grid = stages[chosen.stage];
    if (!hidden) page.say(`${SHORT[chosen.stage]}, row ${chosen.row}, column ${chosen.column}: value ${shown(grid.values[chosen.at])}, gradient ${shown(grid.gradient[chosen.at])}`);
  }
  how.element.classList.add("ck-answer");
  return page.follow(TRAITS, draw);
}

/** What predict mode asks: the gradient of the chosen number. */
function question(now, { stages, chosen: { stage, row, column, at } }) {
  const words = `which gradient has ${SHORT[stage]} in row ${row}, column ${column}?`;
  const settings = TRAITS.slice(2).map((name) => now[name]);
  return { key: [...settings, ...now.picture.values, "w", ...now.kernel.values].join(), words, answer: Number(stages[stage].gradient[at].toFixed(6)) };
}

/** One stage: its values above, its gradients below, each cell with its number. */
function view(stage, model, choose) {
  const keys = (event) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (step && model.get("stage") === stage) choose(stage, model.get("row") + step[0], model.get("column") + step[1]);
    else if (step || event.key === "Enter" || event.key === " ") choose(stage, 0, 0);
    return Boolean(step) || event.key === "Enter" || event.key === " ";
  };
  let rows = 1;
  const press = (x, y) => {
    const below = y > TOP + rows * CELL + GAP / 2;
    choose(stage, Math.floor((y - TOP - (below ? rows * CELL + GAP : 0)) / CELL), Math.floor(x / CELL));
  };
  const target = panel(NAMES[stage], { width: CELL, height: CELL, keys, press });
  return {
    element: target.element,
    empty() { target.begin(); target.describe(`${NAMES[stage]}: nothing, the windows do not fit`); },
    draw(result, now, hidden) {
      const grid = result.stages[stage];
      rows = grid.rows;
      if (stage === "activation") target.heading(now.relu ? NAMES[stage] : "a = z");
      target.resize(Math.max(grid.columns * CELL, 104) + 2, TOP + GAP + 2 * grid.rows * CELL + 2);
      const { context, ink, faint } = target.begin(), below = TOP + grid.rows * CELL + GAP;
      context.textBaseline = "alphabetic"; context.textAlign = "left"; context.fillStyle = ink;
      context.fillText("value", 0, TOP - 5);
      context.fillText("gradient", 0, below - 5);
      numbers(context, grid, grid.values, TOP);
      const secret = hidden && result.chosen.stage === stage ? result.chosen.at : -1;
      numbers(context, grid, grid.gradient, below, secret);
      const dead = stage === "convolution" && now.relu ? Array.from(grid.values.keys()).filter((at) => grid.values[at] <= 0) : [];
      for (const at of dead) hatch(context, (at % grid.columns) * CELL, below + Math.floor(at / grid.columns) * CELL, CELL, CELL, faint);
      if (stage === "activation") for (const at of result.winners) mark(context, grid, at, TOP, "#000", 1);
      marks(context, stage, grid, result, below);
      const { chosen } = result, here = chosen.stage === stage ? `; chosen: row ${chosen.row}, column ${chosen.column}` : "";
      target.describe(`${NAMES[stage]}, ${grid.rows} by ${grid.columns}: values ${spoken(grid.values)}; gradients ${spoken(grid.gradient, secret)}${here}`);
    },
  };
}

/** Frames: orange around the chosen number, blue around what its gradient is made of. */
function marks(context, stage, grid, { chosen, source, terms }, below) {
  const partner = { input: "from", kernel: "weight" }[stage];
  const used = stage === source ? terms.map((term) => term.at) : [];
  for (const at of used) mark(context, grid, at, below, SKY);
  for (const term of partner && chosen.stage !== stage ? terms : []) if (term[partner] !== undefined) mark(context, grid, term[partner], TOP, SKY);
  if (chosen.stage === stage) for (const top of [TOP, below]) mark(context, grid, chosen.at, top, ORANGE);
}

/** The chosen gradient as a sum, laid out where its terms lie: for an input, the kernel appears turned by 180°. */
function explanation({ chosen, stages, source, terms, start, bias }, now) {
  const gradient = stages[chosen.stage].gradient[chosen.at], total = h("p", { class: "ck-heading" }, `together ${shown(gradient)}`);
  if (source === null) {
    const why = now.loss === "one" ? (start === chosen.stage ? "It is asked about itself: d(itself)/d(itself) = 1." : "It comes later than the number asked about: gradient 0.")
      : now.loss === "sum" ? "The loss is the sum of all p: each counts once." : `The loss is ½ Σ (p − 1)²: p − 1 = ${shown(gradient)}.`;
    return [h("p", {}, why)];
  }
  if (!terms.length) return [h("p", {}, chosen.stage === "activation" ? "It won in no pooling window: no gradient arrives." : "No window uses it: its gradient is 0."), total];
  const factor = { input: "weight", kernel: "input", convolution: "1(z > 0)", activation: "won" }[chosen.stage];
  if (!now.relu && chosen.stage === "convolution") return [h("p", {}, "Without ReLU the gradient passes as it is."), total];
  const columns = stages[source].columns, lines = new Map();
  for (const term of terms) {
    const row = Math.floor(term.at / columns);
    lines.set(row, [...(lines.get(row) ?? []), h("td", { title: `row ${row}, column ${term.at % columns}` }, `${shown(term.factor)} · ${shown(term.gradient)}`)]);
  }
  const table = h("table", { class: "ck-numbers ck-plain", "aria-label": "terms of the gradient" }, ...[...lines.values()].map((cells) => h("tr", {}, ...cells)));
  const turned = chosen.stage === "input" ? [h("p", { class: "ck-help" }, "Read the weights row by row: it is the kernel, turned by 180°.")] : [];
  const biases = chosen.stage === "kernel" ? [h("p", {}, `bias: the sum of all gradients of z, ${shown(bias)}`)] : [];
  return [h("p", {}, `${factor} · gradient of ${SHORT[source]}, each at its place`), table, total, ...turned, ...biases];
}

export default { render };
