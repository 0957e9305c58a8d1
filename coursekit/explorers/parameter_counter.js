// A network is put together; each layer's parameters, multiply-adds and memory are counted, and Keras code is written.
import { outputSize } from "./shapes.js";
import { layerTable, namesOf, numberField, presetChoice, showResults } from "./layers.js";
import { frame } from "./frame.js";
import { button, h, own } from "./page.js";
import { update } from "./state.js";

const HEADS = ["output", "parameters", "multiply-adds", "bytes"], COSTS = ["parameters", "multiply_adds", "memory"];
const MOST = 16, BYTES = 4; // of one number, float32

/** What the explorer shows, from its traits: {rows, error, totals, other: {rows, error, totals}, code}. */
export function compute(state) {
  const counted = countNetwork(state.layers, state.input_shape);
  return { ...counted, other: countNetwork(state.other, state.input_shape), code: keras(state, counted) };
}

const product = (sizes) => sizes.reduce((result, size) => result * size, 1);
/** A whole number with commas; what is too large to be exact is rounded and says so. */
function people(number) {
  return number > Number.MAX_SAFE_INTEGER ? `≈ ${number.toExponential(3)}` : number.toLocaleString("en-US");
}

const shape = (sizes) => sizes.map(people).join("×");

/** All layers up to the first that does not fit, counted; rows[0] is the input. */
function countNetwork(layers, inputShape) {
  const names = namesOf(layers), sizes = Array.from(inputShape);
  const memory = BYTES * product(sizes);
  const rows = [{ name: "input", shape: sizes, parameters: 0, formula: "0", multiply_adds: 0, memory }];
  let error = null;
  for (const [index, layer] of layers.entries()) {
    const text = unfit(layer, rows[index]);
    if (text) { error = { index, name: names[index], text }; break; }
    rows.push({ name: names[index], ...countLayer(layer, rows[index].shape) });
  }
  const sum = (cost) => rows.reduce((total, row) => total + row[cost], 0);
  return { rows, error, totals: Object.fromEntries(COSTS.map((cost) => [cost, sum(cost)])) };
}

/** Why a layer cannot read what the one before it puts out, or nothing. */
function unfit({ kind, kernel, size, stride, padding }, { name, shape: source }) {
  if (kind === "flatten" || kind === "dense") return "";
  const window = kernel ?? size, vector = `a vector of ${people(source[0])} numbers`;
  if (source.length === 1) return `needs rows, columns and channels, but ${name} gives ${vector}`;
  if (!window || source.slice(0, 2).every((pixels) => outputSize(pixels, window, stride, padding))) return "";
  return `does not fit: its window is ${shape([window, window])}, but ${name} is ${shape(source.slice(0, 2))}`;
}

/** Shape, parameters with their formula, multiply-adds and memory of one layer that reads `source`. */
function countLayer(layer, source) {
  const channels = source.at(-1), size = outputShape(layer, source), outputs = layer.filters ?? layer.units, { kernel } = layer;
  const memory = layer.kind === "flatten" ? 0 : BYTES * product(size);
  if (!outputs) return { shape: size, parameters: 0, formula: "0", multiply_adds: 0, memory };
  const inputs = kernel ? kernel * kernel * channels : channels;
  const words = kernel ? `${kernel}·${kernel}·${channels}` : `${channels}`;
  const parameters = (inputs + (layer.bias ? 1 : 0)) * outputs;
  const formula = `${layer.bias ? `(${words} + 1)` : words}·${outputs} = ${people(parameters)}`;
  return { shape: size, parameters, formula, multiply_adds: product(size) * inputs, memory };
}

function outputShape({ kind, filters, units, kernel, size, stride, padding }, source) {
  if (kind === "flatten") return [product(source)];
  if (kind === "dense") return [...source.slice(0, -1), units];
  if (kind.startsWith("global")) return source.slice(-1);
  const sizes = source.slice(0, 2).map((pixels) => outputSize(pixels, kernel ?? size, stride, padding));
  return [...sizes, filters ?? source.at(-1)];
}

// ---------------------------------------------------------------- Keras

const CLASSES = {
  "convolution": "Conv2D", "max pooling": "MaxPooling2D", "average pooling": "AveragePooling2D", "flatten": "Flatten",
  "dense": "Dense", "global average pooling": "GlobalAveragePooling2D", "global max pooling": "GlobalMaxPooling2D",
};

/** Python code that builds the network in Keras. */
function keras({ layers, input_shape: inputShape }, { rows, error, totals }) {
  if (error) return `# This network cannot be built: ${error.name} ${error.text}.\n`.replaceAll("\u00a0", " ");
  const lines = layers.map((layer, i) => `    layers.${kerasCall(layer, rows[i + 1].name)},`);
  return [
    "import keras", "from keras import layers", "", "model = keras.Sequential([",
    `    keras.Input((${inputShape.join(", ")})),`, ...lines, "])",
    `print(f"{model.count_params():,} parameters")  # ${people(totals.parameters)}`, "",
  ].join("\n");
}

function kerasCall(layer, name) {
  const given = ["filters", "kernel", "size", "units"].filter((key) => key in layer).map((key) => layer[key]);
  if ((layer.stride ?? 1) !== (layer.size ?? 1)) given.push(`strides=${layer.stride}`);
  for (const key of ["padding", "activation"]) if (layer[key] && layer[key] !== "valid") given.push(`${key}="${layer[key]}"`);
  if (layer.bias === false) given.push("use_bias=False");
  return `${CLASSES[layer.kind]}(${[...given, `name="${name}"`].join(", ")})`;
}

// ---------------------------------------------------------------- the page

const TRAITS = ["input_shape", "layers", "other"];

function render({ model, el }) {
  const state = () => Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const presets = model.get("_own_presets"), change = (layers) => update(model, { layers });
  const current = () => ({ input_shape: Array.from(model.get("input_shape")), layers: model.get("layers") });
  const preset = presetChoice("network", presets, current, (chosen) => update(model, chosen));
  const others = { none: [], ...Object.fromEntries(Object.entries(presets).map(([name, { layers }]) => [name, layers])) };
  const compare = (other) => update(model, { other });
  const rival = presetChoice("compare with", others, () => model.get("other"), compare);
  const keep = { element: button("compare with this one", () => compare(model.get("layers"))) };
  const page = frame(model, el, TRAITS, [preset, rival, keep]);
  const input = inputRow(model, page.say), foot = h("tfoot");
  const table = layerTable(model, {
    kinds: model.get("_own_kinds"), most: MOST, heads: HEADS, label: "layers and what they cost",
    change, say: page.say, first: input.element, foot,
  });
  const code = codeBox(page.say);
  page.panels.append(table.element);
  page.root.append(howCounted(), code.element);
  function draw() {
    const now = state(), result = compute(now);
    for (const control of [preset, rival, input]) control.show();
    const name = now.other.length ? rivalName(others, now.other) : "";
    showResults(input.element, resultCells(result.rows[0], result.totals), HEADS);
    table.show(now.layers, now.layers.map((layer, i) => layerCells(result, layer, i + 1)));
    foot.replaceChildren(...footRows(result, name));
    code.show(result.code);
    if (!page.ask(question(now, result))) page.say(sentence(result, name));
  }
  code.element.classList.add("ck-answer"); // its comment says how many
  return page.follow(TRAITS, draw);
}

/** What predict mode asks: the parameters of the last layer that learns. */
function question(now, { rows, error }) {
  const last = rows.findLast((row) => row.parameters), key = JSON.stringify([now.input_shape, now.layers]);
  return { key, words: `how many parameters has ${last?.name}?`, answer: error || !last ? NaN : last.parameters };
}

/** What the table says of layer number `at`: its cells, or why there are none. */
function layerCells({ rows, error, totals }, layer, at) {
  if (at < rows.length) return resultCells(rows[at], totals, hint(layer, rows[at - 1].shape));
  return at === error.index + 1 ? error.text : `not counted, because ${error.name} does not fit`;
}

/** What is allowed, but seldom meant. */
function hint({ kind }, source) {
  return kind === "dense" && source.length > 1 ? "reads each place by itself; behind a flatten it reads the whole picture" : "";
}

const share = (part, whole) => (whole ? part / whole : 0);
const percent = (fraction) => `${(100 * fraction).toFixed(1)}%`;

/** Output shape, and for each cost its number, its share of the whole, and a bar of that length. */
function resultCells(row, totals, remark = "") {
  const costs = COSTS.map((cost) => {
    if (!row[cost]) return "0";
    const fraction = share(row[cost], totals[cost]), bar = h("div", { class: "ck-share" }, h("div"));
    bar.firstChild.style.width = percent(fraction);
    const formula = cost === "parameters" && row.parameters ? h("div", { class: "ck-faint" }, row.formula.split(" = ")[0]) : "";
    const number = h("div", { class: "ck-part" }, h("span", { class: "ck-faint" }, percent(fraction)), people(row[cost]));
    return h("div", { class: "ck-cost" }, number, bar, formula);
  });
  return Object.assign([shape(row.shape), ...costs], { remark });
}

/** The first row: the shape of the picture. */
function inputRow(model, say) {
  const names = ["rows", "columns", "channels"], limits = [1024, 1024, 4096];
  const sizes = () => Array.from(model.get("input_shape"));
  const fields = names.map((name, axis) => {
    const put = (value) => update(model, { input_shape: sizes().map((old, i) => (i === axis ? value : old)) });
    const field = numberField(name, { least: 1, largest: limits[axis] }, say, put);
    own(field.element).setAttribute("aria-label", `${name} of the input`);
    return { ...field, label: h("label", {}, name, field.element) };
  });
  const settings = h("td", {}, h("div", { class: "ck-settings" }, ...fields.map((field) => field.label)));
  const element = h("tr", {}, h("th", { scope: "row" }, "input"), settings);
  return { element, show: () => fields.forEach((field, axis) => field.show(sizes()[axis])) };
}

function rivalName(others, layers) {
  return Object.keys(others).find((name) => JSON.stringify(others[name]) === JSON.stringify(layers)) ?? "the other network";
}

/** The totals, and below them those of the other network with the ratio of the two. */
function footRows({ totals, error, other }, name) {
  const row = (text, contents) => h("tr", {}, h("th", { scope: "row", colspan: 3 }, text),
    ...contents.map((content, i) => h("td", { class: "ck-right ck-answer", "data-head": HEADS[i + 1] }, content)));
  const rows = [row(error ? "all that could be counted" : "all layers", COSTS.map((cost) => people(totals[cost])))];
  if (!name) return rows;
  if (other.error) return [...rows, row(`${name}: ${other.error.name} ${other.error.text}`, ["", "", ""])];
  const compared = COSTS.map((cost) => {
    const words = h("div", { class: "ck-faint" }, ratio(other.totals[cost], totals[cost]));
    return h("div", {}, people(other.totals[cost]), words);
  });
  return [...rows, row(`${name}, for the same input`, compared)];
}

function ratio(one, two) {
  if (!two) return "";
  const times = (one / two).toLocaleString("en-US", { maximumSignificantDigits: 3 });
  return one >= two ? `${times} times` : percent(one / two);
}

/** The totals in words, what holds most of them, and how the other network compares. */
function sentence({ rows, totals, error, other }, name) {
  const most = rows.reduce((best, row) => (row.parameters > best.parameters ? row : best));
  const { parameters, multiply_adds: products, memory } = totals;
  const where = parameters ? `, ${percent(share(most.parameters, parameters))} of them in ${most.name}` : "";
  const work = `${people(products)} multiply-adds and ${people(memory)} bytes for one picture`;
  const whole = `${people(parameters)} parameters${where}; ${work}.`;
  if (error) return `${error.name} ${error.text}. Up to there: ${whole}`;
  if (!name || other.error || !parameters) return whole;
  return `${whole} ${name}: ${people(other.totals.parameters)} parameters, ${ratio(other.totals.parameters, parameters)} as many.`;
}

const RULES = [
  "Parameters of a convolution: (kernel rows · kernel columns · channels that come in + 1 for the bias) · filters. Of a dense "
  + "layer: (numbers that come in + 1 for the bias) · units. Pooling and flatten learn nothing.",
  "Multiply-adds: for each number that a convolution or dense layer puts out, one for each weight that it is made with. "
  + "Memory: 4 bytes for each number that a layer puts out, for one picture.",
];

function howCounted() {
  return h("div", { class: "ck-wide" }, ...RULES.map((line) => h("p", { class: "ck-help ck-long" }, line)));
}

/** The code, to read and to copy. */
function codeBox(say) {
  const label = "Keras code of this network";
  const text = own(h("textarea", { class: "ck-code", readonly: true, spellcheck: "false", "aria-label": label }));
  const copy = async () => {
    text.select();
    try { await navigator.clipboard.writeText(text.value); } catch { document.execCommand("copy"); } // where a page may not
    say("The code is copied.");
  };
  const head = h("p", { class: "ck-heading" }, "The same network in Keras ");
  head.append(button("copy", copy, { "aria-label": "copy the Keras code" }));
  const show = (code) => {
    if (text.value !== code) text.value = code;
    text.rows = code.split("\n").length;
  };
  return { element: h("div", { class: "ck-wide" }, head, text), show };
}

export default { render };
