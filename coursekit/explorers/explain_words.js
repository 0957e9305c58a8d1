// The calculation of explain_model.js: how a value comes about, in numbers.
import { evidence, isVector, valueAt } from "./explain.js";
import { BLUE, ORANGE, colourOf, legend, paint, panel, scaleOf } from "./canvas.js";
import { button, h, shown } from "./page.js";
import { update } from "./state.js";

const BETWEEN_0_AND_1 = ["softmax", "sigmoid"];

/** A value of a layer in words: what is below 1e-7 is rounding, and a zero, but never a probability. */
export function valueOf({ settings }, value, places = 3) {
  return shown(value, places, BETWEEN_0_AND_1.includes(settings?.activation) ? 0 : undefined);
}

/** Elements that say how the value comes about, in numbers. */
export function calculation(model, now) {
  return [...slope(now), ...arithmetic(model, now)];
}

/** What the gradient says, where gradients are shown. */
function slope({ output, gradient, unit, steps }) {
  if (output === null) return [];
  if (!gradient) return [h("p", {}, `Gradient of output ${output}: not known. Nothing that can be differentiated leads from here to it.`)];
  const found = valueAt(gradient, unit), last = steps[steps.length - 1].settings.activation;
  const flat = BETWEEN_0_AND_1.includes(last) ? [h("p", {}, `The outputs have gone through ${last}: where they are near 0 or 1, all gradients are small.`)] : [];
  return [...flat, h("p", {}, `Gradient of output ${output}: ${significant(found)}. Were this value larger by a small δ, the output would change by ${significant(found)} · δ.`)];
}

/** A number with three significant digits, however small. */
export function significant(value) {
  return String(Number(value.toPrecision(3))).replace("-", "−");
}

function arithmetic(model, now) {
  const { step, unit, values, number } = now, value = valueAt(values, unit);
  if (!number) return [h("p", {}, `A value of the picture: ${shown(value, 3)}.`)];
  const tell = { convolution: weighted, depthwise: weighted, dense: weighted, add: branches, "max pool": pooled, "average pool": pooled, "global average": pooled, "global max": pooled,
    flatten: copied, same: copied, concatenate: copied, scale: scaled, activation: activated }[step.kind];
  return tell ? tell(model, now, value) : [h("p", {}, `${shown(value, 3)}, as Keras computed it: this explorer does not take ${step.layer} apart.`)];
}

function weighted(model, now, value) {
  const { step, found, inputChannel } = now, elements = [];
  const activation = step.settings.activation, sum = found.bias === null ? "" : ` ${signed(found.bias)} (bias)`;
  elements.push(h("p", { class: "ck-formula" }, `${shown(found.total - (found.bias ?? 0), 3)} (products)${sum} = ${shown(found.total, 3)}`));
  if (activation !== "linear") elements.push(h("p", { class: "ck-formula" }, `${activation}(${activation === "softmax" ? "all scores" : shown(found.total, 3)}) = ${valueOf(step, value)}`));
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
    bar.style.background = found.parts[i] < 0 ? BLUE : ORANGE;
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

function pooled(model, { found }, value) {
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

function copied(model, { found }, value) {
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
  return [h("p", { class: "ck-formula" }, `${step.settings.activation}(${shown(found.total, 3)}) = ${valueOf(step, value)}`)];
}

function signed(value) {
  return value < 0 ? `− ${shown(-value, 3)}` : `+ ${shown(value, 3)}`;
}

/** The result in one sentence. */
export function sentence({ step, steps, unit, values, number, output, gradient, names }) {
  const name = number === steps.length - 1 && names[unit.channel] ? ` (${names[unit.channel]})` : "";
  const place = isVector(values) ? `unit ${unit.channel}${name}` : `channel ${unit.channel}, row ${unit.row}, column ${unit.column}`;
  const slope = output === null ? "" : `; gradient of output ${output}: ${gradient ? significant(valueAt(gradient, unit)) : "not known"}`;
  return `${number ? step.name : "the picture"}, ${place}: ${valueOf(step, valueAt(values, unit))}${slope}`;
}
