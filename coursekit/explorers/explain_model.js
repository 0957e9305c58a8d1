// A model of the student's own: layers, feature maps, and for each unit how its value comes about.
import { evidence, explain, extent } from "./explain.js";
import { button, colourOf, frame, h, legend, note, onTheme, outline, paint, panel, scaleOf, shown, tick, toArray, update, watch } from "./page.js";

const SIDE = 232, THUMB = 36, KEPT = 8;

/** What is shown of the chosen unit, from the traits and from the answers [{values, kernel, …}, …] of all steps. */
export function compute(state) {
  const arrays = state._own_answers.map((answer) => Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, toArray(value)])));
  const number = Math.min(state.layer, state._own_steps.length - 1), step = state._own_steps[number];
  const unit = inside(arrays[number].values, state);
  const found = step.sources.length ? explain(step, step.sources.map((source) => arrays[source].values), arrays[number], unit) : { parts: [] };
  const { terms, ...plain } = found;
  return { ...plain, unit, parts: Array.from(found.parts), keras: valueAt(arrays[number].values, unit) };
}

/** The unit that row, column and channel mean in an array: the nearest one inside. */
function inside(values, { row, column, channel }) {
  const [rows, columns, channels] = extent(values) ?? [1, 1, 1];
  return { row: Math.min(row, rows - 1), column: Math.min(column, columns - 1), channel: Math.min(channel, channels - 1) };
}

function valueAt(array, { row, column, channel }) {
  const [, columns, channels] = extent(array);
  return array.values[(row * columns + column) * channels + channel];
}

/** One channel of an array as (rows × columns) values. */
function mapOf(array, channel) {
  const [rows, columns, channels] = extent(array), map = new Float32Array(rows * columns);
  for (let i = 0; i < map.length; i++) map[i] = array.values[i * channels + channel];
  return map;
}

/** Arrays of the steps: asked of Python when needed, the last few kept. `arrived` is called when one is there. */
function library(model, arrived) {
  let kept = new Map(), version = -1;
  const waiting = new Set();
  const keep = (number, arrays) => {
    kept.delete(number);
    kept.set(number, arrays);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value);
  };
  const listen = (message, buffers) => {
    if (message.version !== model.get("_own_version")) return; // of an older picture
    waiting.delete(message.answer);
    keep(message.answer, Object.fromEntries(Object.entries(message.shapes).map(([name, shape], i) => [name, toArray({ shape, data: buffers[i] })])));
    arrived();
  };
  model.on("msg:custom", listen);
  return {
    /** The arrays of one step, or null while they are on their way. */
    get(number) {
      if (version !== model.get("_own_version")) { kept = new Map(); waiting.clear(); version = model.get("_own_version"); }
      if (!kept.has(number) && model.local) {
        const answer = model.get("_own_answers")[number];
        keep(number, Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, toArray(value)])));
      }
      if (!kept.has(number) && !waiting.has(number)) { waiting.add(number); model.send({ ask: number, version }); }
      return kept.get(number) ?? null;
    },
    close: () => model.off("msg:custom", listen),
  };
}

function render({ model, el }) {
  const scale = tick(model, "common_scale", "one colour scale for all maps of a layer");
  const page = frame(el, "Explain my model", [scale]);
  const list = layerList(model);
  const views = panels(model, () => now);
  page.panels.append(list.element, h("div", { class: "ck-panels ck-grow" }, views.input.element, views.maps.element, views.map.element, views.how.element));
  let now = null; // what the last drawing showed: pointers and keys refer to it
  const arrays = library(model, () => draw());

  function draw() {
    const steps = model.get("_own_steps"), number = Math.min(model.get("layer"), steps.length - 1), step = steps[number];
    list.show(steps, number);
    scale.show();
    const own = arrays.get(number), sources = step.sources.map((source) => arrays.get(source)?.values);
    if (!own || sources.some((source) => !source)) return page.say("fetching the arrays of this layer …");
    if (!extent(own.values)) return page.say(`${step.name} gives arrays of shape ${own.values.shape.join(" × ")}, which are not drawn.`);
    const unit = inside(own.values, { row: model.get("row"), column: model.get("column"), channel: model.get("channel") });
    const found = step.sources.length && sources.every(extent) ? explain(step, sources, own, unit) : { parts: [] };
    now = { steps, step, number, values: own.values, common: model.get("common_scale"), sources, unit, found, inputChannel: chosenInput(model, found, sources) };
    views.draw(now);
    page.say(sentence(now));
  }
  const names = ["layer", "channel", "row", "column", "input_channel", "common_scale", "_own_steps", "_own_version"];
  const undo = [watch(model, names, draw), onTheme(draw), arrays.close];
  return () => undo.forEach((stop) => stop());
}

/** The input channel whose products are shown: the one that the layer copies from, or the one that was chosen. */
function chosenInput(model, found, sources) {
  if (found.channels) return found.channels[0];
  return sources.length && extent(sources[0]) ? Math.min(model.get("input_channel"), extent(sources[0])[2] - 1) : 0;
}

// ---------------------------------------------------------------- the list of layers

function layerList(model) {
  const body = h("div", { class: "ck-list", role: "group", "aria-label": "layers" });
  const element = h("div", { class: "ck-panel" }, h("p", { class: "ck-heading" }, "layers"), body);
  const go = (number) => {
    const steps = model.get("_own_steps"), next = Math.max(0, Math.min(steps.length - 1, number));
    update(model, { layer: next, ...samePlace(steps[model.get("layer")].shape, steps[next].shape, model) });
  };
  body.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step) return;
    event.preventDefault(); event.stopPropagation();
    go(model.get("layer") + step);
    queueMicrotask(() => body.querySelector("[aria-pressed='true']")?.focus());
  });
  let drawn = null;
  const show = (steps, number) => {
    if (drawn !== steps) {
      drawn = steps;
      body.replaceChildren(...steps.map((step, i) => button("", () => go(i), { class: "ck-button ck-layer" })));
      steps.forEach((step, i) => body.children[i].append(h("b", {}, i ? step.name : "the picture"), h("br"), `${i ? `${step.layer}, ` : ""}${step.shape.join(" × ")}`));
    }
    [...body.children].forEach((child, i) => child.setAttribute("aria-pressed", String(i === number)));
  };
  return { element, show };
}

/** Row and column of the pixel that lies at the same place of a map of another size. */
function samePlace(before, after, model) {
  if (before.length !== 3 || after.length !== 3) return {};
  const scaled = (name, axis) => Math.min(after[axis] - 1, Math.floor(((Math.min(model.get(name), before[axis] - 1) + 0.5) * after[axis]) / before[axis]));
  return { row: scaled("row", 0), column: scaled("column", 1) };
}

// ---------------------------------------------------------------- pictures

function panels(model, current) {
  const move = (unit) => update(model, unit);
  const place = (target, rows, columns, x, y) => ({ row: Math.floor((y / target.size.height) * rows), column: Math.floor((x / target.size.width) * columns) });
  const clamp = (value, size) => Math.max(0, Math.min(size - 1, value));
  const input = panel("it reads", { width: SIDE, height: SIDE });
  const back = button("go to this channel", () => {
    const now = current(), { found, inputChannel, step } = now;
    const [row, column] = found.winner ?? (found.window ? [found.window[0] + Math.floor(found.window[2] / 2), found.window[1] + Math.floor(found.window[3] / 2)] : [0, 0]);
    move({ layer: step.sources[found.source ?? 0], channel: inputChannel, row: Math.max(0, row), column: Math.max(0, column) });
  });
  input.element.append(back);
  const maps = panel("feature maps", { width: SIDE, height: SIDE, help: "Click a map, or use the arrow keys.",
    keys: (event) => {
      const now = current(), across = now && gridOf(extent(now.values)[2]).across;
      const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across }[event.key];
      if (step && now) move({ channel: clamp(now.unit.channel + step, extent(now.values)[2]) });
      return Boolean(step);
    },
    press: (x, y) => {
      const now = current();
      if (!now) return;
      const channels = extent(now.values)[2], { across, size } = gridOf(channels);
      const channel = Math.floor(y / size) * across + Math.floor(x / size);
      if (channel < channels) move({ channel });
    } });
  const map = panel("map", { width: SIDE, height: SIDE + 26, help: "Point at a unit, or use the arrow keys.",
    keys: (event) => {
      const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key], now = current();
      if (!step || !now) return false;
      const [rows, columns, channels] = extent(now.values);
      if (isVector(now.values)) move({ channel: clamp(now.unit.channel + step[0] + step[1], channels) });
      else move({ row: clamp(now.unit.row + step[0], rows), column: clamp(now.unit.column + step[1], columns) });
      return true;
    },
    point: (x, y) => {
      const now = current();
      if (!now) return;
      const [rows, columns, channels] = extent(now.values);
      if (isVector(now.values)) return move({ channel: clamp(Math.floor((y / SIDE) * channels), channels) });
      if (y >= map.size.height - 26) return;
      const unit = place({ size: { width: map.size.width, height: map.size.height - 26 } }, rows, columns, x, y);
      move({ row: clamp(unit.row, rows), column: clamp(unit.column, columns) });
    } });
  const how = note("how its value comes about");
  how.element.classList.add("ck-how");
  const draw = (now) => {
    drawInput(input, now);
    drawMaps(maps, now);
    (isVector(now.values) ? drawBars : drawMap)(map, now);
    how.body.replaceChildren(...calculation(model, now));
  };
  return { input, maps, map, how, draw };
}

const isVector = (array) => array.shape.length === 1;

/** Thumbnails of `channels` maps: how many side by side, and how large. */
function gridOf(channels) {
  const across = Math.max(1, Math.min(channels, Math.max(Math.ceil(Math.sqrt(channels)), Math.floor(SIDE / THUMB))));
  return { across, size: SIDE / across };
}

/** The input channel with the window that the unit reads; for a dense unit what each place adds. */
function drawInput(target, { step, sources, found, inputChannel, values }) {
  const source = sources[found.source ?? 0], shape = source && extent(source);
  target.element.hidden = !shape || isVector(source);
  if (target.element.hidden) return;
  const [rows, columns] = shape, map = mapOf(source, inputChannel), scale = scaleOf(source.values);
  target.heading(`it reads: channel ${inputChannel} of ${shape[2]}`);
  const zoom = SIDE / Math.max(rows, columns);
  target.resize(columns * zoom, Math.max(rows * zoom, 12));
  const { context } = target.begin();
  paint(context, map, rows, columns, scale, 0, 0, columns * zoom, target.size.height);
  target.describe(`input channel ${inputChannel} of ${shape[2]}, ${rows} by ${columns}, with the window that the unit reads`);
  if (found.window) {
    const [top, left, height, width] = found.window;
    outline(context, left * zoom, top * zoom, Math.max(width * zoom, 4), Math.max(height * zoom, 4));
  }
  if (found.winner) {
    const [row, column] = found.winner, size = Math.max(zoom, 5);
    outline(context, (column + 0.5) * zoom - size / 2, (row + 0.5) * zoom - size / 2, size, size, "#fff");
  }
}

/** All channels small, on one scale or each on its own; the chosen one outlined. */
function drawMaps(target, { values, unit, common }) {
  const [rows, columns, channels] = extent(values);
  target.element.hidden = isVector(values);
  if (target.element.hidden) return;
  const { across, size } = gridOf(channels), scale = scaleOf(values.values);
  target.heading(`${channels} feature ${channels > 1 ? "maps" : "map"} of ${rows} × ${columns}`);
  target.resize(SIDE, Math.ceil(channels / across) * size);
  const { context } = target.begin(), inner = size - 2, zoom = inner / Math.max(rows, columns);
  for (let c = 0; c < channels; c++) {
    const map = mapOf(values, c);
    paint(context, map, rows, columns, common ? scale : scaleOf(map), (c % across) * size + 1, Math.floor(c / across) * size + 1, columns * zoom, rows * zoom);
  }
  outline(context, (unit.channel % across) * size + 1, Math.floor(unit.channel / across) * size + 1, inner, inner);
  target.describe(`${channels} feature maps, channel ${unit.channel} chosen`);
}

/** The chosen map large, the unit outlined. */
function drawMap(target, { values, unit, number, common }) {
  const [rows, columns] = extent(values), map = mapOf(values, unit.channel), scale = scaleOf(common ? values.values : map), zoom = SIDE / Math.max(rows, columns);
  target.heading(`${number ? "map" : "picture"} ${unit.channel}, unit (${unit.row}, ${unit.column})`);
  target.resize(columns * zoom, rows * zoom + 26);
  const { context, ink } = target.begin(), size = Math.max(zoom, 5);
  paint(context, map, rows, columns, scale, 0, 0, columns * zoom, rows * zoom);
  outline(context, (unit.column + 0.5) * zoom - size / 2, (unit.row + 0.5) * zoom - size / 2, size, size);
  legend(context, scale, 0, rows * zoom + 4, columns * zoom, ink);
  target.describe(`channel ${unit.channel}, unit at row ${unit.row}, column ${unit.column}`);
}

/** The values of a vector as bars, the chosen unit marked. */
function drawBars(target, { values, unit }) {
  const numbers = values.values, count = numbers.length, step = SIDE / count;
  target.heading(`${count} values, unit ${unit.channel}`);
  target.resize(SIDE, SIDE + 26);
  const { context, ink, faint } = target.begin();
  let low = 0, high = 0;
  for (const value of numbers) { low = Math.min(low, value); high = Math.max(high, value); }
  const room = SIDE - 60, zero = 30 + (room * -low) / (high - low || 1), unitLength = room / (high - low || 1);
  for (let i = 0; i < count; i++) {
    context.fillStyle = i === unit.channel ? "#E69F00" : faint;
    const from = Math.min(zero, zero + numbers[i] * unitLength);
    context.fillRect(from, i * step + (step > 3 ? 1 : 0), Math.max(1, Math.abs(numbers[i]) * unitLength), Math.max(step - (step > 3 ? 2 : 0), 0.5));
    if (step >= 14) label(context, ink, numbers[i], from + Math.max(1, Math.abs(numbers[i]) * unitLength) + 4, (i + 0.5) * step);
  }
  context.fillStyle = ink; context.fillRect(zero, 0, 1, SIDE);
  if (step < 14) { context.fillStyle = "#E69F00"; context.fillRect(0, unit.channel * step - 1, 10, Math.max(3, step)); }
  target.describe(`${count} values as bars, unit ${unit.channel} marked`);
}

function label(context, ink, value, x, y) {
  context.fillStyle = ink; context.textAlign = "left"; context.textBaseline = "middle";
  context.fillText(shown(value), x, y);
}

// ---------------------------------------------------------------- the calculation

/** Elements that say how the value comes about, in numbers. */
function calculation(model, now) {
  const { step, found, unit, values, number } = now, value = valueAt(values, unit);
  if (!number) return [h("p", {}, `A value of the picture: ${shown(value, 3)}.`)];
  const tell = { convolution: weighted, depthwise: weighted, dense: weighted, add: branches, "max pool": pooled, "average pool": pooled, "global average": pooled, "global max": pooled,
    flatten: copied, same: copied, concatenate: copied, scale: scaled, activation: activated }[step.kind];
  return tell ? tell(model, now, value) : [h("p", {}, `${shown(value, 3)}, as Keras computed it: this explorer does not take ${step.layer} apart.`)];
}

function weighted(model, now, value) {
  const { step, found, inputChannel, sources, steps } = now, elements = [];
  const activation = step.settings.activation, sum = found.bias === null ? "" : ` ${signed(found.bias)} (bias)`;
  elements.push(h("p", { class: "ck-formula" }, `${shown(found.total - (found.bias ?? 0), 3)} (products)${sum} = ${shown(found.total, 3)}`));
  if (activation !== "linear") elements.push(h("p", { class: "ck-formula" }, `${activation}(${activation === "softmax" ? "all scores" : shown(found.total, 3)}) = ${shown(value, 3)}`));
  const map = step.kind === "dense" && flattened(now);
  if (map) elements.push(evidencePicture(found.parts, map));
  if (found.parts.length > 1) elements.push(ranking(model, now, map));
  if (!found.vector) elements.push(h("p", { class: "ck-heading" }, `value · weight in input channel ${inputChannel}`), productTable(found, inputChannel));
  return elements;
}

/** The number of the step whose maps a dense unit reads through a flatten, or null. */
function mapsBehind(step, steps) {
  let source = steps[step.sources[0]];
  while (source && source.kind === "same") source = steps[source.sources[0]];
  return source?.kind === "flatten" && steps[source.sources[0]].shape.length === 3 ? source.sources[0] : null;
}

/** The shape of those maps, when they have more than one pixel. */
function flattened({ step, steps }) {
  const source = mapsBehind(step, steps), shape = source !== null && steps[source].shape;
  return shape && shape[0] * shape[1] > 1 ? shape : null;
}

function evidencePicture(parts, shape) {
  const size = 150, zoom = size / Math.max(shape[0], shape[1]);
  const picture = panel("what each place adds, over all channels", { width: shape[1] * zoom, height: shape[0] * zoom + 26 });
  const map = evidence(parts, shape), scale = scaleOf([...map, -1e-9]);
  picture.canvas.style.color = "inherit";
  queueMicrotask(() => {
    const { context, ink } = picture.begin();
    paint(context, map, shape[0], shape[1], scale, 0, 0, shape[1] * zoom, shape[0] * zoom);
    legend(context, scale, 0, shape[0] * zoom + 4, shape[1] * zoom, ink);
  });
  picture.describe("a map of what each place adds to the unit: red adds, blue takes away");
  return picture.element;
}

/** The input channels (or inputs) that count most, each with its bar; a click shows the products of that channel. */
function ranking(model, { found, inputChannel, step, steps }, map) {
  const source = map && mapsBehind(step, steps);
  const order = Array.from(found.parts.keys()).sort((a, b) => Math.abs(found.parts[b]) - Math.abs(found.parts[a])).slice(0, 6);
  const reach = Math.abs(found.parts[order[0]]) || 1, word = found.vector ? "input" : "channel";
  const rows = order.map((i) => {
    const bar = h("span", { class: "ck-bar" });
    bar.style.width = `${(70 * Math.abs(found.parts[i])) / reach}px`;
    bar.style.background = found.parts[i] < 0 ? "#0072B2" : "#E69F00";
    const name = found.vector ? inputName(model, i, map, source)
      : button(String(i), () => update(model, { input_channel: i }), { "aria-pressed": String(i === inputChannel), "aria-label": `input channel ${i}` });
    return h("tr", {}, h("td", {}, name), h("td", {}, shown(found.parts[i], 3)), h("td", { class: "ck-left" }, bar));
  });
  const rest = found.parts.length - order.length;
  return h("div", {}, h("p", { class: "ck-heading" }, `the ${word}s that count most`), h("table", { class: "ck-numbers ck-plain" }, ...rows),
    h("p", { class: "ck-help" }, rest > 0 ? `and ${rest} more` : ""));
}

/** The name of a dense unit's input; where it is a place of flattened maps, a button that leads there. */
function inputName(model, i, map, source) {
  if (!map) return h("span", {}, String(i));
  const [, columns, channels] = map, pixel = Math.floor(i / channels);
  const place = { row: Math.floor(pixel / columns), column: pixel % columns, channel: i % channels };
  const words = `row ${place.row}, column ${place.column}, channel ${place.channel}`;
  return button(words, () => update(model, { layer: source, ...place }), { "aria-label": `go to ${words}` });
}

function productTable(found, channel) {
  const terms = found.terms(channel), products = terms.map(([value, weight]) => value * weight), scale = scaleOf([...products, -1e-9]);
  const cells = terms.map(([value, weight], i) => {
    const cell = h("td", { title: `${shown(value, 3)} · ${shown(weight, 3)} = ${shown(products[i], 3)}` }, h("span", { class: "ck-pair" }, shown(value), h("br"), `· ${shown(weight)}`));
    cell.style.borderLeft = `6px solid ${colourOf(products[i], scale)}`;
    return cell;
  });
  const table = h("table", { class: "ck-numbers ck-plain ck-small" });
  for (let i = 0; i < cells.length; i += found.wide) table.append(h("tr", {}, ...cells.slice(i, i + found.wide)));
  return table;
}

function pooled(model, { found, step }, value) {
  const text = found.winner ? `The largest of the window is ${shown(value, 3)}, at row ${found.winner[0]}, column ${found.winner[1]}; only it passes, and only it gets the gradient back.`
    : `The mean of ${found.count} values is ${shown(value, 3)}; each has the weight 1/${found.count}.`;
  const elements = [h("p", {}, text)];
  if (found.terms && found.wide <= 7) {
    const values = found.terms().map(([number]) => h("td", {}, shown(number)));
    const table = h("table", { class: "ck-numbers ck-plain" });
    for (let i = 0; i < values.length; i += found.wide) table.append(h("tr", {}, ...values.slice(i, i + found.wide)));
    elements.push(table);
  }
  return elements;
}

function copied(model, { found, step }, value) {
  const { row, column, channel } = found.from;
  return [h("p", {}, `${shown(value, 3)}, the same number as at row ${row}, column ${column}, channel ${channel} of what it reads.`)];
}

function branches(model, { found, step, steps }, value) {
  const words = found.parts.map((part, i) => `${shown(part, 3)} (${steps[step.sources[i]].name})`);
  return [h("p", { class: "ck-formula" }, `${words.join(" + ")} = ${shown(value, 3)}`)];
}

function scaled(model, { found }, value) {
  return [h("p", { class: "ck-formula" }, `${shown(found.before, 3)} · ${shown(found.factor, 3)} ${signed(found.offset)} = ${shown(value, 3)}`)];
}

function activated(model, { found, step }, value) {
  return [h("p", { class: "ck-formula" }, `${step.settings.activation}(${shown(found.total, 3)}) = ${shown(value, 3)}`)];
}

function signed(value) {
  return value < 0 ? `− ${shown(-value, 3)}` : `+ ${shown(value, 3)}`;
}

/** The result in one sentence. */
function sentence({ step, unit, values, number }) {
  const place = isVector(values) ? `unit ${unit.channel}` : `channel ${unit.channel}, row ${unit.row}, column ${unit.column}`;
  return `${number ? step.name : "the picture"}, ${place}: ${shown(valueAt(values, unit), 3)}`;
}

export default { render };
