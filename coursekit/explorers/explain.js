// How one value of a network comes about: the arithmetic of each kind of layer, taken apart.
import { paddingAmounts } from "./shapes.js";

const ACTIVATIONS = {
  linear: (z) => z,
  relu: (z) => Math.max(0, z),
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  tanh: Math.tanh,
  elu: (z) => (z > 0 ? z : Math.expm1(z)),
  softplus: (z) => Math.log1p(Math.exp(-Math.abs(z))) + Math.max(0, z),
  silu: (z) => z / (1 + Math.exp(-z)),
};

/** Rows, columns and channels of an array: a vector is one pixel, a sequence one row. */
export function extent({ shape }) {
  if (shape.length === 1) return [1, 1, shape[0]];
  if (shape.length === 2) return [1, ...shape];
  return shape.length === 3 ? shape : null;
}

/** Whether an array is a vector, such as the values of a dense layer. */
export function isVector(array) {
  return array.shape.length === 1;
}

/** The value of a unit {row, column, channel}. */
export function valueAt(array, { row, column, channel }) {
  const [, columns, channels] = extent(array);
  return array.values[(row * columns + column) * channels + channel];
}

/** One channel of an array as (rows × columns) values. */
export function mapOf(array, channel) {
  const [rows, columns, channels] = extent(array), map = new Float32Array(rows * columns);
  for (let i = 0; i < map.length; i++) map[i] = array.values[i * channels + channel];
  return map;
}

/** The value at a place, 0 outside (padding). */
export function at(array, row, column, channel) {
  const [rows, columns, channels] = extent(array);
  if (row < 0 || row >= rows || column < 0 || column >= columns) return 0;
  return array.values[(row * columns + column) * channels + channel];
}

/**
 * How `step` makes its value at `unit` {row, column, channel} from `inputs`, the arrays that it reads.
 * Gives {parts, terms, bias, total, value}: `parts` are what each input channel (or input) adds, `window` the
 * pixels [top, left, height, width, dilation] that are read, `winner` [row, column] of a maximum, `from` the one
 * place that is copied. `terms(channel)` are the rows [value, weight] of one channel.
 */
export function explain(step, inputs, weights, unit) {
  const known = { convolution, depthwise, dense, "max pool": pool, "average pool": pool, "global average": globalPool, "global max": globalPool,
    flatten, activation, scale, same: copy, add, concatenate }[step.kind];
  return known ? known(step, inputs, weights, unit) : { parts: [], kind: step.kind };
}

function corner(step, input, unit) {
  const [rows, columns] = extent(input), { kernel, stride, dilation, padding } = step.settings;
  const place = (size, axis, index) => index * stride[axis] - paddingAmounts(size, kernel[axis], stride[axis], padding, dilation[axis])[0];
  return [place(rows, 0, unit.row), place(columns, 1, unit.column)];
}

function taps(step, top, left) {
  const { kernel: [tall, wide], dilation } = step.settings, list = [];
  for (let u = 0; u < tall; u++) for (let v = 0; v < wide; v++) list.push([u, v, top + u * dilation[0], left + v * dilation[1]]);
  return list;
}

function windowOf(step, top, left) {
  const { kernel, dilation } = step.settings;
  return [top, left, (kernel[0] - 1) * dilation[0] + 1, (kernel[1] - 1) * dilation[1] + 1];
}

function convolution(step, [input], { kernel, bias }, unit) {
  const [top, left] = corner(step, input, unit), places = taps(step, top, left), wide = step.settings.kernel[1];
  const channels = kernel.shape[2], filters = kernel.shape[3];
  const weight = (u, v, c) => kernel.values[((u * wide + v) * channels + c) * filters + unit.channel];
  const terms = (c) => places.map(([u, v, row, column]) => [at(input, row, column, c), weight(u, v, c)]);
  const parts = Array.from({ length: channels }, (_, c) => sum(terms(c).map(([value, w]) => value * w)));
  return finish(step, { parts, terms, wide, window: windowOf(step, top, left) }, bias, unit);
}

function depthwise(step, [input], { kernel, bias }, unit) {
  const [top, left] = corner(step, input, unit), places = taps(step, top, left), [, wide, channels, multiplier] = kernel.shape;
  const channel = Math.floor(unit.channel / multiplier), turn = unit.channel % multiplier;
  const terms = () => places.map(([u, v, row, column]) => [at(input, row, column, channel), kernel.values[((u * wide + v) * channels + channel) * multiplier + turn]]);
  const parts = [sum(terms().map(([value, w]) => value * w))];
  return finish(step, { parts, channels: [channel], terms, wide, window: windowOf(step, top, left) }, bias, unit);
}

function dense(step, [input], { kernel, bias }, unit) {
  const [size, units] = kernel.shape, parts = new Float64Array(size);
  for (let i = 0; i < size; i++) parts[i] = input.values[i] * kernel.values[i * units + unit.channel];
  const terms = (i) => [[input.values[i], kernel.values[i * units + unit.channel]]];
  const scores = step.settings.activation !== "softmax" ? null : Array.from({ length: units }, (_, k) => {
    let z = bias ? bias.values[k] : 0;
    for (let i = 0; i < size; i++) z += input.values[i] * kernel.values[i * units + k];
    return z;
  });
  return finish(step, { parts, terms, wide: 1, scores, vector: true }, bias, unit);
}

function pool(step, [input], _, unit) {
  const [rows, columns] = extent(input), [top, left] = corner(step, input, unit);
  const inside = taps(step, top, left).filter(([, , row, column]) => row >= 0 && row < rows && column >= 0 && column < columns);
  const terms = () => inside.map(([, , row, column]) => [at(input, row, column, unit.channel), null]);
  return pooled(step, inside.map(([, , row, column]) => [row, column]), input, unit, { terms, wide: step.settings.kernel[1], window: windowOf(step, top, left) });
}

function globalPool(step, [input], _, unit) {
  const [rows, columns] = extent(input), places = [];
  for (let row = 0; row < rows; row++) for (let column = 0; column < columns; column++) places.push([row, column]);
  return pooled(step, places, input, unit, { window: [0, 0, rows, columns] });
}

function pooled(step, places, input, unit, found) {
  const values = places.map(([row, column]) => at(input, row, column, unit.channel));
  if (step.kind.endsWith("average") || step.kind.startsWith("average")) {
    return { ...found, parts: [], channels: [unit.channel], count: values.length, value: sum(values) / values.length };
  }
  let best = 0;
  values.forEach((value, i) => { if (value > values[best]) best = i; });
  return { ...found, parts: [], channels: [unit.channel], winner: places[best], value: values[best] };
}

function flatten(step, [input], _, unit) {
  const [, columns, channels] = extent(input), pixel = Math.floor(unit.channel / channels);
  const from = { row: Math.floor(pixel / columns), column: pixel % columns, channel: unit.channel % channels };
  return copied(input, from);
}

function copy(step, [input], _, unit) {
  return copied(input, unit);
}

function copied(input, from) {
  return { parts: [], channels: [from.channel], from, window: [from.row, from.column, 1, 1], value: at(input, from.row, from.column, from.channel) };
}

function concatenate(step, inputs, _, unit) {
  let channel = unit.channel, source = 0;
  while (channel >= extent(inputs[source])[2]) channel -= extent(inputs[source++])[2];
  return { ...copied(inputs[source], { ...unit, channel }), source };
}

function activation(step, [input], _, unit) {
  const before = at(input, unit.row, unit.column, unit.channel), found = { ...copied(input, unit), total: before };
  if (step.settings.activation === "softmax") {
    const scores = Array.from({ length: extent(input)[2] }, (__, c) => at(input, unit.row, unit.column, c));
    return { ...found, value: softmax(scores)[unit.channel] };
  }
  const apply = ACTIVATIONS[step.settings.activation];
  return { ...found, value: apply ? apply(before) : undefined };
}

function scale(step, [input], weights, unit) {
  const pick = ({ values }) => values[values.length > 1 ? unit.channel : 0];
  const before = at(input, unit.row, unit.column, unit.channel);
  return { ...copied(input, unit), factor: pick(weights.scale), offset: pick(weights.offset), before, value: before * pick(weights.scale) + pick(weights.offset) };
}

function add(step, inputs, _, unit) {
  const parts = inputs.map((input) => { // a single row, column or channel is added to all
    const [rows, columns, channels] = extent(input);
    return at(input, rows > 1 ? unit.row : 0, columns > 1 ? unit.column : 0, channels > 1 ? unit.channel : 0);
  });
  return { parts, branches: true, window: [unit.row, unit.column, 1, 1], channels: [unit.channel], value: sum(parts) };
}

/** Add the bias to the parts, and apply the activation; its value is missing where we do not know the function. */
function finish(step, found, bias, unit) {
  const b = bias ? bias.values[unit.channel] : 0, total = sum(found.parts) + b, apply = ACTIVATIONS[step.settings.activation];
  const value = found.scores ? softmax(found.scores)[unit.channel] : apply ? apply(total) : undefined;
  return { ...found, bias: bias ? b : null, total, value };
}

function softmax(scores) {
  const top = Math.max(...scores), powers = scores.map((z) => Math.exp(z - top)), all = sum(powers);
  return powers.map((power) => power / all);
}

function sum(values) {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** For a dense unit that reads flattened maps of (rows, columns, channels): what each place adds, over all channels. */
export function evidence(parts, [rows, columns, channels]) {
  const map = new Float32Array(rows * columns);
  for (let i = 0; i < parts.length; i++) map[Math.floor(i / channels)] += parts[i];
  return map;
}
