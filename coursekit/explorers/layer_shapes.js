// What a convolutional layer gives out and costs, the formula with its numbers, and a cut through its windows.
import { drawCut, HEIGHT } from "./cross_section.js";
import { panel } from "./canvas.js";
import { frame } from "./frame.js";
import { choice, h, note, number, shown, slider, tick } from "./page.js";
import { update } from "./state.js";
import { effectiveKernel, outputSize, paddingAmounts } from "./shapes.js";

const TRAITS = ["height", "width", "channels", "kernel_height", "kernel_width", "stride", "padding", "dilation", "filters",
  "bias", "axis", "position"];
const CUT = 500, LEAST = 400, TABLES = 520, GAP = 18;

/** What the explorer shows, from its traits: both axes, the shape (null where the kernel does not fit), the counts. */
export function compute(state) {
  const axes = { height: along(state, "height"), width: along(state, "width") };
  const { height, width } = axes, cut = axes[state.axis];
  const position = Math.max(0, Math.min(state.position, cut.outputs - 1));
  const weights = state.kernel_height * state.kernel_width * state.channels;
  const parameters = (weights + (state.bias ? 1 : 0)) * state.filters;
  const inside = `${state.kernel_height}·${state.kernel_width}·${state.channels}`;
  const formula = `${state.bias ? `(${inside} + 1)` : inside}·${state.filters} = ${grouped(parameters)}`;
  if (!height.outputs || !width.outputs) return { axes, shape: null, parameters, formula, inside, position };
  const shape = [height.outputs, width.outputs, state.filters], multiplyAdds = shape[0] * shape[1] * shape[2] * weights;
  return { axes, shape, parameters, formula, multiplyAdds, inside, position, taps: reads(cut, position) };
}

/** One axis: its sizes, and the pixels that no output reads. */
function along(state, axis) {
  const { stride, padding, dilation } = state, size = state[axis], kernel = state[`kernel_${axis}`];
  const span = effectiveKernel(kernel, dilation), [before, after] = paddingAmounts(size, kernel, stride, padding, dilation);
  const padded = size + before + after, outputs = outputSize(size, kernel, stride, padding, dilation);
  const found = { size, kernel, stride, dilation, span, before, after, padded, outputs, missing: Math.max(0, span - padded) };
  const seen = new Uint8Array(size);
  for (let i = 0; i < outputs; i++) for (const pixel of reads(found, i)) if (pixel >= 0 && pixel < size) seen[pixel] = 1;
  const unseen = outputs ? Array.from(seen.keys()).filter((pixel) => !seen[pixel]) : [];
  return { ...found, unseen, leftover: outputs ? (padded - span) % stride : 0 };
}

/** The pixels that an output reads; those below 0 or beyond the picture are padding. */
function reads({ kernel, stride, dilation, before }, place) {
  return Array.from({ length: kernel }, (_, u) => place * stride - before + u * dilation);
}

const grouped = (value) => value.toLocaleString("en-US");

function render({ model, el }) {
  const state = () => Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const rows = controls(model), page = frame(model, el, TRAITS, rows[0]);
  page.controls.after(...rows.slice(1).map((row) => h("div", { class: "ck-controls" }, ...row.map((one) => one.element))));
  let placeAt = () => -1;
  const move = mover(model, () => compute(state()));
  const cut = panel("one row of pixels", {
    width: CUT, height: HEIGHT, keys: move.keys, pin: page.pin, spot: () => String(model.get("position")),
    help: "Press ← → or point at an output to see what it reads. A click holds it; another click there, or Esc, lets it go.",
    point: (x) => { const place = placeAt(x); if (place >= 0) move.go(place); },
  });
  const counts = note("what comes out, and what it costs"), sizes = note("how large: ⌊(n + 2p − k) / s⌋ + 1");
  sizes.element.append(h("p", { class: "ck-help ck-long" }, "n pixels of input, p zeros on each side (or before + after), a kernel of k pixels, stride s; with dilation d the kernel spans d(k − 1) + 1 pixels, which then stand in place of k. ⌊ ⌋ rounds down."));
  const words = h("div", { class: "ck-column" }, counts.element, sizes.element);
  page.panels.append(cut.element, words);
  page.panels.classList.add("ck-answer");
  function draw() {
    const now = state(), result = compute(now);
    for (const control of rows.flat()) control.show();
    layout(cut, words, page.panels.clientWidth);
    placeAt = drawCut(cut, now.axis, result);
    counts.body.replaceChildren(costs(now, result));
    sizes.body.replaceChildren(formulas(result));
    cut.heading(now.axis === "width" ? "one row of pixels" : "one column of pixels");
    cut.describe(reading(now, result));
    if (!page.ask(question(now, result))) page.say(verdict(now, result));
  }
  return page.follow(TRAITS, draw);
}

/** What predict mode asks: the shape of the output. */
function question(now, { shape }) {
  const key = TRAITS.filter((name) => !["axis", "position", "bias"].includes(name)).map((name) => now[name]).join();
  return { key, words: "what shape comes out? Rows × columns × channels", answer: shape ?? NaN };
}

/** Going to an output, at once or by keys. */
function mover(model, computed) {
  const go = (place) => {
    const last = computed().axes[model.get("axis")].outputs - 1, position = Math.max(0, Math.min(last, place));
    if (position !== model.get("position")) update(model, { position });
  };
  const keys = (event) => {
    const { axes, position } = computed(), far = event.shiftKey ? 10 : 1;
    const places = { ArrowLeft: position - far, ArrowRight: position + far, Home: 0, End: axes[model.get("axis")].outputs - 1 };
    if (event.key in places) go(places[event.key]);
    return event.key in places;
  };
  return { go, keys };
}

/** The tables stand beside the cut where there is room, else below a cut as wide as the page. */
function layout(cut, words, room) {
  const beside = !room || room >= LEAST + GAP + TABLES, left = room ? room - GAP - TABLES : CUT;
  cut.resize(beside ? Math.min(CUT, left) : Math.max(280, Math.min(1020, room)), HEIGHT);
  words.style.width = beside ? `${TABLES}px` : "100%"; // reserved: numbers may grow without moving anything
}

// ---------------------------------------------------------------- words and numbers

/** What the layer does, in a few sentences. */
function verdict(now, { axes, shape }) {
  const named = Object.entries(axes), short = named.filter(([, { missing }]) => missing);
  if (short.length) {
    const words = ({ span, padded, missing }) => `it spans ${span}, the padded input has ${padded}: ${missing} too few`;
    const same = short.length === 2 && words(axes.height) === words(axes.width);
    const both = same && `along height and width ${words(axes.height)}`;
    return `The kernel does not fit: ${both || short.map(([name, axis]) => `along the ${name} ${words(axis)}`).join("; ")}.`;
  }
  const rest = named.map(([name, axis]) => leftOver(name, axis)).filter(Boolean).join(" and ");
  const gaps = named.map(([name, axis]) => skipped(name, axis)).filter(Boolean).join(" and ");
  const all = named.every(([, { unseen }]) => !unseen.length);
  return `The output is ${shape.join(" × ")}.${rest ? ` The steps do not come out even and never reach ${rest}.` : ""}`
    + `${gaps ? ` No weight ever falls on ${gaps} in between.` : ""}${all ? " Every pixel is seen." : ""}`;
}

const some = (count, one) => `${count} ${one}${count === 1 ? "" : "s"}`;

/** Pixels at the end of an axis, or only zeros of its padding, that the last step does not reach. */
function leftOver(name, { leftover, after }) {
  const [one, end] = name === "height" ? ["row", "at the bottom"] : ["column", "at the right"];
  const pixels = Math.max(0, leftover - after);
  return leftover && `${some(pixels || leftover, one)}${pixels ? "" : " of zeros"} ${end}`;
}

/** Pixels that lie between the weights of every window. */
function skipped(name, { unseen, leftover, after }) {
  const count = unseen.length - Math.max(0, leftover - after);
  return count && some(count, name === "height" ? "row" : "column");
}

function reading({ axis }, { axes, taps, position }) {
  const cut = axes[axis];
  if (!taps) return "no window fits";
  return `${cut.size} pixels along the ${axis}, ${cut.before} and ${cut.after} zeros of padding, ${cut.outputs} outputs; `
    + `output ${position} reads the places ${taps.join(", ")}; ${cut.unseen.length} pixels are never seen`;
}

function table(...rows) {
  const line = ([name, ...cells]) => h("tr", {}, h("th", { class: "ck-left", scope: "row" }, name),
    ...cells.map((text) => h("td", { class: "ck-left" }, text)));
  return h("table", { class: "ck-numbers ck-plain" }, ...rows.map(line));
}

function costs(now, { shape, formula, multiplyAdds, inside }) {
  const size = shape ? shape.join(" × ") : "none: it does not fit";
  const work = shape ? `${shape.join("·")} · ${inside} = ${grouped(multiplyAdds)}` : "—";
  const input = `${now.height} × ${now.width} × ${now.channels}`;
  return table(["input", input], ["output", size], ["parameters", formula], ["multiply-adds", work]);
}

/** For both axes: what the kernel spans, and the formula with its numbers. */
function formulas({ axes }) {
  return table(["", "kernel spans", "output"], ...Object.entries(axes).map(([name, axis]) => {
    const { size, kernel, dilation, span, before, after, padded, stride, outputs, missing } = axis;
    const reach = dilation === 1 ? `${span}` : `${dilation}·(${kernel} − 1) + 1 = ${span}`;
    const room = `${size} + ${before === after ? `2·${before}` : `${before} + ${after}`} − ${span}`;
    if (missing) return [name, reach, `${room} = −${missing}: ${missing} too few`];
    return [name, reach, `⌊(${room}) / ${stride}⌋ + 1 = ⌊${shown((padded - span) / stride)}⌋ + 1 = ${outputs}`];
  }));
}

// ---------------------------------------------------------------- controls

/** Three rows: the input, the kernels, how they step. */
function controls(model) {
  const count = (name, text) => number(model, name, text, { min: 1, max: 4096 });
  const input = [count("height", "input height"), count("width", "width"), count("channels", "channels")];
  const steps = ["stride", "dilation"].map((name, i) => slider(model, name, name, { min: 1, max: [8, 4][i] }));
  return [
    [...input, choice(model, "axis", "cut along the", ["width", "height"])],
    [...kernels(model), count("filters", "filters"), tick(model, "bias", "bias")],
    [...steps, ...paddings(model)],
  ];
}

/** What a control takes for a model: what it shows, and which traits it sets. */
function lens(model, read, write) {
  const set = (_, value) => { for (const [name, one] of Object.entries(write(value))) model.set(name, one); };
  return { get: read, set, save_changes: () => model.save_changes() };
}

/** One slider for a square kernel, or two; a kernel that is not square shows two. */
function kernels(model) {
  const side = { min: 1, max: 11 }, tall = () => model.get("kernel_height");
  const equal = () => tall() === model.get("kernel_width");
  let square = equal();
  const both = slider(lens(model, tall, (size) => ({ kernel_height: size, kernel_width: size })), "", "kernel", side);
  const two = [slider(model, "kernel_height", "kernel height", side), slider(model, "kernel_width", "kernel width", side)];
  const box = tick(lens(model, () => square, (value) => {
    const change = value && !equal() ? { kernel_width: tall() } : {};
    square = value;
    if (!change.kernel_width) show();
    return change;
  }), "", "square");
  function show() {
    if (!equal()) square = false;
    for (const control of [both, ...two, box]) control.show();
    both.element.hidden = !square;
    for (const control of two) control.element.hidden = square;
  }
  return [{ element: both.element, show }, ...two, box];
}

/** A list of the kinds of padding, and a slider for the number of zeros. */
function paddings(model) {
  const padding = () => model.get("padding"), named = () => typeof padding() === "string";
  const kinds = lens(model, () => (named() ? padding() : "number"), (kind) => ({ padding: kind === "number" ? 1 : kind }));
  const amounts = lens(model, () => (named() ? 0 : padding()), (zeros) => ({ padding: zeros }));
  const kind = choice(kinds, "", "padding", ["valid", "same", ["number", "number of zeros"]]);
  const zeros = slider(amounts, "", "zeros on each side", { min: 0, max: 12, show: (value) => (named() ? "–" : String(value)) });
  const show = () => { zeros.show(); zeros.element.querySelector("input").disabled = named(); };
  return [kind, { element: zeros.element, show }];
}

export default { render };
