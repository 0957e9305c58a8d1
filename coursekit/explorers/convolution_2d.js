// A kernel slides over a picture: the window, its products and their sum, the map of all sums.
import { pictureControls } from "./pictures.js";
import { outputSize, paddingAmounts } from "./shapes.js";
import { colourOf, kept, legend, outline, paintOnce, panel, scaleOf, writeValues } from "./canvas.js";
import { frame } from "./frame.js";
import { choice, h, note, numberTable, own, shown, slider, sumOf, tick } from "./page.js";
import { player } from "./play.js";
import { fromArray, toArray, update } from "./state.js";

const TRAITS = ["picture", "kernel", "row", "column", "stride", "dilation", "padding", "flip"];
const SIDE = 264; // the three columns fit into a notebook's page
const STOPS = 12, SWEEP = 12_000; // playing: so many places along an axis at most, and milliseconds for all of them

/** What the explorer shows, from its traits: {rows, columns, values, row, column, top, left, window, products, total}. */
export function compute(state) {
  const [height, width] = state.picture.shape, [tall, wide] = state.kernel.shape;
  const { stride, dilation, padding, flip } = state;
  const rows = outputSize(height, tall, stride, padding, dilation);
  const columns = outputSize(width, wide, stride, padding, dilation);
  if (!rows || !columns) return { rows: 0, columns: 0 };
  const end = flip && padding === "same" ? 1 : 0; // a flipped even kernel has its extra pixel before
  const above = paddingAmounts(height, tall, stride, padding, dilation)[end];
  const aside = paddingAmounts(width, wide, stride, padding, dilation)[end];
  const weights = Array.from(state.kernel.values);
  if (flip) weights.reverse();
  const values = state.values ?? correlate(state.picture.values, height, width, weights, tall, wide, rows, columns, stride, dilation, above, aside);
  const row = Math.min(state.row, rows - 1), column = Math.min(state.column, columns - 1);
  const top = row * stride - above, left = column * stride - aside;
  const window = [], products = [];
  for (let u = 0; u < tall; u++) {
    for (let v = 0; v < wide; v++) {
      const y = top + u * dilation, x = left + v * dilation;
      const inside = y >= 0 && y < height && x >= 0 && x < width;
      window.push(inside ? state.picture.values[y * width + x] : 0);
      products.push(window.at(-1) * weights[u * wide + v]);
    }
  }
  const total = sumOf(products.reduce((sum, product) => sum + product, 0), products);
  return { rows, columns, values, row, column, top, left, window, products, total, weights };
}

/** One pass over the picture for each weight: neighbours in memory are used together. What rounding leaves is 0, as in `sumOf`. */
function correlate(picture, height, width, weights, tall, wide, rows, columns, stride, dilation, above, aside) {
  const values = new Float32Array(rows * columns), largest = new Float32Array(rows * columns); // sums, and of each the largest term
  for (let u = 0; u < tall; u++) {
    for (let v = 0; v < wide; v++) {
      const weight = weights[u * wide + v];
      if (weight === 0) continue;
      const first = Math.max(0, Math.ceil((aside - v * dilation) / stride));
      const last = Math.min(columns - 1, Math.floor((width - 1 + aside - v * dilation) / stride));
      for (let i = 0; i < rows; i++) {
        const y = i * stride - above + u * dilation;
        if (y < 0 || y >= height) continue;
        let from = y * width + first * stride - aside + v * dilation;
        for (let j = first, at = i * columns + first; j <= last; j++, at++, from += stride) {
          const term = weight * picture[from], size = Math.abs(term);
          values[at] += term;
          if (size > largest[at]) largest[at] = size;
        }
      }
    }
  }
  return values.map((value, at) => (Math.abs(value) < 1e-6 * largest[at] ? 0 : value));
}

function render({ model, el }) {
  const state = () => ({
    picture: picture(), kernel: toArray(model.get("kernel")),
    ...Object.fromEntries(TRAITS.slice(2).map((name) => [name, model.get(name)])),
  });
  let kept = {}; // results that moving the window does not change
  function picture() {
    if (kept.trait !== model.get("picture")) kept = { trait: model.get("picture"), array: toArray(model.get("picture")) };
    return kept.array;
  }
  let known = [], latest = null;
  /** The state and its result; moving the window keeps the map of all sums. */
  function settle() {
    const now = state(), key = ["picture", "kernel", "stride", "dilation", "padding", "flip"].map((name) => model.get(name));
    if (latest?.rows && key.every((one, i) => one === known[i])) now.values = latest.values;
    known = key; latest = compute(now);
    return [now, latest];
  }

  const controls = [
    choice(model, "padding", "padding", ["valid", "same", "full"]),
    slider(model, "stride", "stride", { min: 1, max: 4 }),
    slider(model, "dilation", "dilation", { min: 1, max: 4 }),
    tick(model, "flip", "flip the kernel (convolution)"),
  ];
  const page = frame(model, el, [...TRAITS, "_own_wanted"], [...pictureControls(model, (text) => page.say(text)), ...controls], () => play.stop());
  const { pin } = page, spot = () => `${model.get("row")},${model.get("column")}`;
  const preset = presets(model), size = sizes(model);
  const move = (down, right) => {
    const [, now] = settle();
    if (!now.rows) return;
    const row = Math.max(0, Math.min(now.rows - 1, now.row + down)), column = Math.max(0, Math.min(now.columns - 1, now.column + right));
    if (row !== model.get("row") || column !== model.get("column")) update(model, { row, column });
  };
  const play = player(page, {
    step: () => { const [, now] = settle(); if (now.rows) update(model, following(now)); },
    over: () => { const [, { rows, columns, row, column }] = settle(); return !rows || (row === rows - 1 && column === columns - 1); },
    again: () => update(model, { row: 0, column: 0 }),
    pause: () => { const [, { rows, columns }] = settle(); return Math.max(60, Math.min(600, SWEEP / (Math.min(rows, STOPS) * Math.min(columns, STOPS)))); },
    changed: () => { if (play.on()) pin.hold(); draw(); },
  });
  const keys = (event) => {
    if (event.key === " " && !play.element.hidden) { play.toggle(); return true; }
    const far = event.shiftKey ? 10 : 1;
    const step = { ArrowUp: [-far, 0], ArrowDown: [far, 0], ArrowLeft: [0, -far], ArrowRight: [0, far] }[event.key];
    if (step) { play.stop(); move(...step); }
    return Boolean(step);
  };
  const left = panel("picture", { width: SIDE, height: SIDE, keys, pin, spot, help: "Point, or press arrow keys (with Shift: ten pixels), to move the window; space plays. A click holds it; another click there, or Esc, lets it go. 0 is black, and 1, or the largest value above it, is white.",
    point: (x, y) => {
      const { shape } = picture(), zoom = SIDE / Math.max(...shape), [, now] = settle();
      if (!now.rows) return;
      const { shape: [tall, wide] } = toArray(model.get("kernel")), { stride, dilation } = state();
      const centre = (place, kernel) => Math.floor(place / zoom) - Math.floor(((kernel - 1) * dilation) / 2);
      const above = now.row * stride - now.top, aside = now.column * stride - now.left;
      const row = Math.round((centre(y, tall) + above) / stride), column = Math.round((centre(x, wide) + aside) / stride);
      move(row - now.row, column - now.column);
    } });
  const right = panel("output", { width: SIDE, height: SIDE + 26, keys, pin, spot, help: "Every sum at its place.",
    point: (x, y) => {
      const [, now] = settle();
      if (!now.rows) return;
      const zoom = SIDE / Math.max(now.rows, now.columns);
      move(Math.floor(y / zoom) - now.row, Math.floor(x / zoom) - now.column);
    } });
  const editor = numberTable("kernel", (i, j, value) => {
    const { shape, values } = toArray(model.get("kernel"));
    values[i * shape[1] + j] = value;
    update(model, { kernel: fromArray(values, shape) });
  });
  const lens = panel("window, magnified", { width: 168, height: 168 });
  const productBox = h("div", { class: "ck-body ck-answer" });
  right.element.classList.add("ck-answer");
  const kernelBox = note("kernel", preset.element, size.element, editor.element, h("p", { class: "ck-heading" }, "value · weight"), productBox);
  left.element.append(h("div", { class: "ck-controls ck-more" }, play.element));
  for (const { canvas } of [left, right]) canvas.addEventListener("pointerdown", play.stop);
  page.panels.append(left.element, h("div", { class: "ck-column" }, lens.element, kernelBox.element), right.element);

  function draw() {
    const [now, result] = settle(), { shape: [tall, wide], values } = now.kernel;
    if (model.get("predict")) play.stop();
    play.element.hidden = model.get("predict") || !result.rows;
    for (const control of [...controls, preset, size]) control.show();
    editor.show(Array.from({ length: tall }, (_, i) => Array.from(values.slice(i * wide, (i + 1) * wide))));
    const hidden = page.ask(question(now, result));
    drawPicture(left, now, result);
    drawLens(lens, now, result);
    if (!result.rows) {
      right.begin(); right.describe("no output: the kernel does not fit"); productBox.replaceChildren("—");
      page.say(`The kernel spans ${(tall - 1) * now.dilation + 1} × ${(wide - 1) * now.dilation + 1} pixels and does not fit into ${now.picture.shape.join(" × ")}.`);
      return;
    }
    drawOutput(right, result, play.on());
    productBox.replaceChildren(products(result, tall, wide));
    const words = `row ${result.row}, column ${result.column}: sum ${shown(result.total)}`;
    const place = hidden ? `row ${result.row}, column ${result.column}` : words;
    left.describe(`Picture of ${now.picture.shape.join(" by ")} pixels, window at ${place}`);
    right.describe(`Output of ${result.rows} by ${result.columns}, ${words}`);
    right.heading(`output, ${result.rows} × ${result.columns}`);
    if (!hidden) page.say(`Output ${words}`);
  }
  return page.follow(TRAITS, draw);
}

/** Where the window stands next while it plays: in reading order, in a large picture with some places left out. */
function following({ rows, columns, row, column }) {
  const along = Math.ceil(columns / STOPS), down = Math.ceil(rows / STOPS);
  return column < columns - 1 ? { row, column: Math.min(column + along, columns - 1) } : { row: Math.min(row + down, rows - 1), column: 0 };
}

/** What predict mode asks: the size of the output. */
function question({ picture, kernel, stride, dilation, padding }, { rows, columns }) {
  const key = [picture.shape, kernel.shape, stride, dilation, padding].join();
  return { key, words: `how large is the output of ${picture.shape.join(" × ")} pixels under a kernel of ${kernel.shape.join(" × ")}? Rows × columns`, answer: [rows, columns] };
}

/** What is drawn white: 1, or the largest value above it; looked for once in each picture. */
const brightest = ({ values }) => kept(values, "brightest", () => Math.max(1, ...scaleOf(values).slice(2)));

function drawPicture(target, { picture, kernel, dilation }, { rows, top, left }) {
  const [height, width] = picture.shape, zoom = SIDE / Math.max(height, width);
  target.resize(width * zoom, height * zoom);
  const { context } = target.begin(), scale = ["gray", 0, brightest(picture)];
  paintOnce(context, picture.values, height, width, scale, 0, 0, width * zoom, height * zoom);
  writeValues(context, picture.values, width, scale, zoom);
  if (!rows) return;
  const [tall, wide] = kernel.shape;
  outline(context, left * zoom, top * zoom, ((wide - 1) * dilation + 1) * zoom, ((tall - 1) * dilation + 1) * zoom);
}

/** The window and two pixels around it; a dot marks each pixel that the kernel uses, hatching the padding. */
function drawLens(target, { picture, kernel, dilation }, { rows, top, left }) {
  const { context, faint } = target.begin(), side = target.size.width;
  target.describe("the window, magnified");
  if (!rows) return;
  const [height, width] = picture.shape, [tall, wide] = kernel.shape, around = 2;
  const span = Math.max((tall - 1) * dilation, (wide - 1) * dilation) + 1 + 2 * around, zoom = side / span;
  const high = brightest(picture);
  for (let i = 0; i < span; i++) {
    for (let j = 0; j < span; j++) {
      const y = top - around + i, x = left - around + j, inside = y >= 0 && y < height && x >= 0 && x < width;
      context.fillStyle = inside ? colourOf(picture.values[y * width + x], ["gray", 0, high]) : faint;
      context.fillRect(j * zoom, i * zoom, zoom + 0.3, zoom + 0.3);
      if (!inside) { context.fillStyle = "#fff"; context.fillRect((j + 0.42) * zoom, (i + 0.42) * zoom, zoom * 0.16, zoom * 0.16); }
    }
  }
  for (let u = 0; u < tall; u++) {
    for (let v = 0; v < wide; v++) outline(context, (around + v * dilation + 0.5) * zoom - 2, (around + u * dilation + 0.5) * zoom - 2, 4, 4);
  }
  outline(context, around * zoom, around * zoom, ((wide - 1) * dilation + 1) * zoom, ((tall - 1) * dilation + 1) * zoom);
}

function drawOutput(target, { rows, columns, values, row, column }, playing) {
  const zoom = SIDE / Math.max(rows, columns), scale = kept(values, "scale", () => scaleOf(values));
  target.resize(columns * zoom, rows * zoom + 26);
  const { context, ink } = target.begin();
  paintOnce(context, values, rows, columns, scale, 0, 0, columns * zoom, rows * zoom);
  writeValues(context, values, columns, scale, zoom);
  if (playing) { // the sums that are still to come
    context.clearRect((column + 1) * zoom, row * zoom, (columns - column - 1) * zoom, zoom);
    context.clearRect(0, (row + 1) * zoom, columns * zoom, (rows - row - 1) * zoom);
  }
  const size = Math.max(zoom, 5), middle = (place) => (place + 0.5) * zoom - size / 2;
  outline(context, middle(column), middle(row), size, size);
  legend(context, scale, 0, rows * zoom + 4, columns * zoom, ink);
}

/** The table of products: value × weight in each cell, and their sum below. */
function products({ window, products: values, weights, total }, tall, wide) {
  const scale = scaleOf([...values, -1e-9]);
  const table = h("table", { class: "ck-numbers ck-plain", "aria-label": "products of window and kernel" });
  for (let i = 0; i < tall; i++) {
    const cells = [];
    for (let j = 0; j < wide; j++) {
      const at = i * wide + j;
      const cell = h("td", { title: `${shown(window[at])} × ${shown(weights[at])} = ${shown(values[at])}` },
        wide <= 3 ? `${shown(window[at])} · ${shown(weights[at])}` : shown(values[at]));
      cell.style.borderLeft = `6px solid ${colourOf(values[at], scale)}`;
      cells.push(cell);
    }
    table.append(h("tr", {}, ...cells));
  }
  return h("div", {}, table, h("p", { class: "ck-heading" }, `sum = ${shown(total)}`));
}

// ---------------------------------------------------------------- the kernel

/** A list of named kernels; it shows the name of the present one, or "own". */
function presets(model) {
  const named = Object.entries(model.get("_own_presets"));
  const list = own(h("select", { "aria-label": "kernel by name" }, h("option", { value: "" }, "own"), ...named.map(([name]) => h("option", { value: name }, name))));
  list.addEventListener("change", () => {
    if (list.selectedIndex) {
      const rows = named[list.selectedIndex - 1][1];
      update(model, { kernel: fromArray(rows.flat(), [rows.length, rows[0].length]) });
    }
  });
  const show = () => {
    const { shape, values } = toArray(model.get("kernel"));
    const same = ([, rows]) => rows.length === shape[0] && rows[0].length === shape[1] && rows.flat().every((value, i) => Math.abs(value - values[i]) < 1e-6);
    list.selectedIndex = 1 + named.findIndex(same);
  };
  return { element: h("div", { class: "ck-control" }, list), show };
}

/** Two lists for the kernel's height and width; the weights keep their place around the centre. */
function sizes(model) {
  const lists = ["height", "width"].map((name) => own(h("select", { "aria-label": `kernel ${name}` }, ...[1, 2, 3, 4, 5, 6, 7].map((n) => h("option", {}, n)))));
  const change = () => {
    const { shape, values } = toArray(model.get("kernel")), [tall, wide] = lists.map((list) => list.selectedIndex + 1);
    const down = Math.floor((shape[0] - 1) / 2) - Math.floor((tall - 1) / 2), right = Math.floor((shape[1] - 1) / 2) - Math.floor((wide - 1) / 2);
    const kept = (i, j) => (i >= 0 && i < shape[0] && j >= 0 && j < shape[1] ? values[i * shape[1] + j] : 0);
    const resized = Array.from({ length: tall * wide }, (_, at) => kept(Math.floor(at / wide) + down, (at % wide) + right));
    update(model, { kernel: fromArray(resized, [tall, wide]) });
  };
  for (const list of lists) list.addEventListener("change", change);
  const show = () => toArray(model.get("kernel")).shape.forEach((n, axis) => { lists[axis].selectedIndex = n - 1; });
  return { element: h("div", { class: "ck-control" }, lists[0], "×", lists[1]), show };
}

export default { render };
