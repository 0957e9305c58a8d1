// Pictures of a signal under a window and of its matrix, on one axis.
import { BLUE, GREEN, ORANGE, colourOf, hatch, inkOn, outline } from "./canvas.js";
import { rounded, shown } from "./page.js";

// From top to bottom: signal, its sample numbers, weights, products, sum, output and its numbers.
const TOP = 18, SIGNAL = 120, WEIGHTS = 162, PRODUCTS = 188, ROW = 22, OUTPUT = 244, OUTPUT_HEIGHT = 100;
export const HEIGHT = OUTPUT + OUTPUT_HEIGHT + 24;
const GUTTER = 58, HEAD = 18, SMALL = "11px system-ui, sans-serif", BOLD = "bold 12px system-ui, sans-serif";

/** The whole numbers from 0 to count − 1. */
export const columns = (count) => Array.from({ length: count }, (_, i) => i);

/** [low, high] with 0 between them and room to drag a sample further. */
export function rangeOf(values) {
  const low = Math.min(0, ...values), high = Math.max(0, ...values), room = 0.15 * (high - low || 1);
  return [low - room, high + room];
}

/** What one key press or one notch of dragging changes: 1, 2 or 5 times a power of ten, about 1/25 of a range. */
export function stepOf([low, high]) {
  const raw = (high - low) / 25, power = 10 ** Math.floor(Math.log10(raw));
  return power * [5, 2, 1].find((digit) => digit * power <= raw * 1.0001);
}

/** The value at a height of the picture, in whole steps. */
export function valueAt(y, [low, high]) {
  const step = stepOf([low, high]), share = 1 - (y - TOP) / SIGNAL;
  return step * Math.round((low + Math.max(0, Math.min(1, share)) * (high - low)) / step);
}

/** A scale of colours that diverges around 0. */
function scaleAround(values) {
  const reach = Math.max(...values.map(Math.abs), 1e-9);
  return ["RdBu_r", -reach, reach];
}

/** Where the samples stand: room for the longest padding is always kept, so that nothing jumps. */
function axis(width, samples, size, right) {
  const cell = (width - GUTTER - right) / (samples + 2 * (size - 1));
  const xOf = (place) => GUTTER + (place + size - 1 + 0.5) * cell;
  return { cell, xOf, sampleAt: (x) => (x - GUTTER) / cell - size + 0.5 };
}

/** Draw everything above and below the window; returns the layout that hands need: {xOf, yOf, sampleAt, range}. */
export function drawSignal(target, now, result, held, hidden) {
  const { context, ink, faint } = target.begin(), { width } = target.size;
  const samples = now.signal.shape[0], range = held?.range ?? rangeOf(now.signal.values);
  const line = axis(width, samples, now.kernel.shape[0], 8);
  const yOf = (value) => TOP + (SIGNAL * (range[1] - value)) / (range[1] - range[0]);
  context.textBaseline = "middle"; context.font = SMALL;
  const names = { sample: TOP + SIGNAL + 12, [now.flip ? "× flipped" : "× weight"]: WEIGHTS + ROW / 2,
    "= product": PRODUCTS + ROW / 2, output: OUTPUT + OUTPUT_HEIGHT + 12 };
  for (const [text, y] of Object.entries(names)) write(context, text, 0, y, faint, "left");
  if (result.outputs) drawWindow(context, now, result, line, hidden);
  stems(context, columns(samples), now.signal.values, yOf, line, { ink, faint, colour: BLUE, dot: circle });
  numbers(context, columns(samples), columns(samples), TOP + SIGNAL + 12, line, -1, ink);
  if (result.outputs) {
    drawPadding(context, now, result, yOf, line, faint);
    if (!hidden) drawOutput(context, now, result, line, ink, faint, yOf);
  }
  return { ...line, yOf, range };
}

/** The window: a frame over the samples, and in it the weights and the products. */
function drawWindow(context, { signal, kernel }, { start, weights, products }, { cell, xOf }, hidden) {
  const left = xOf(start) - cell / 2, size = weights.length;
  context.fillStyle = "rgba(230, 159, 0, 0.16)";
  context.fillRect(left, 4, size * cell, PRODUCTS + ROW - 4);
  const weighed = scaleAround(Array.from(kernel.values));
  const reach = weighed[2] * Math.max(...signal.values.map(Math.abs), 1e-9);
  weights.forEach((weight, u) => {
    tile(context, weight, weighed, left + u * cell, WEIGHTS, cell, ROW);
    if (!hidden) tile(context, products[u], ["RdBu_r", -reach, reach], left + u * cell, PRODUCTS, cell, ROW);
  });
  outline(context, left, 4, size * cell, PRODUCTS + ROW - 4);
}

/** Zeros that padding adds: hollow dots on hatched ground. */
function drawPadding(context, { signal }, { before, after }, yOf, { cell, xOf }, faint) {
  const samples = signal.shape[0];
  for (const place of [...columns(before).map((i) => -1 - i), ...columns(after).map((i) => samples + i)]) {
    hatch(context, xOf(place) - cell / 2 + 1, yOf(0) - 8, cell - 2, 16, faint, 4);
    context.beginPath(); context.arc(xOf(place), yOf(0), Math.min(3.5, cell / 3), 0, 7);
    context.lineWidth = 1.5; context.strokeStyle = faint; context.stroke();
  }
}

/** The outputs, each below the middle of its window; the one looked at is framed and tied to its window. */
function drawOutput(context, { signal }, { places, values, row, start, weights, total, last }, line, ink, faint, yOfSignal) {
  const low = Math.min(0, ...values), high = Math.max(0, ...values), span = high - low || 1;
  const yOf = (value) => OUTPUT + 18 + ((OUTPUT_HEIGHT - 36) * (high - value)) / span;
  const x = line.xOf(places[row]), middle = line.xOf(start + (weights.length - 1) / 2);
  context.lineWidth = 2; context.strokeStyle = ink;
  context.beginPath(); context.moveTo(middle, PRODUCTS + ROW + 2); context.lineTo(x, PRODUCTS + ROW + 14); context.stroke();
  const text = `sum ${shown(total)}`;
  context.font = BOLD;
  write(context, text, clear(context, text, x), PRODUCTS + ROW + 24, ink, "center");
  context.font = SMALL;
  stems(context, places, values, yOf, line, { ink, faint, colour: GREEN, dot: square, quiet: row, last });
  outline(context, x - 6, yOf(values[row]) - 6, 12, 12);
  if (places[row] >= 0 && places[row] < signal.shape[0]) ring(context, x, yOfSignal(signal.values[places[row]]), ink);
  numbers(context, places, columns(places.length), OUTPUT + OUTPUT_HEIGHT + 12, line, row, ink);
}

/** Keep a centred text inside the picture. */
function clear(context, text, x) {
  const half = context.measureText(text).width / 2, end = context.canvas.width / context.getTransform().a;
  return Math.max(half + 2, Math.min(end - half - 2, x));
}

// ---------------------------------------------------------------- the matrix

const mostRows = ({ signal, kernel }) => signal.shape[0] + kernel.shape[0] - 1;
const rowHeight = (now) => Math.max(11, Math.min(24, Math.floor(330 / mostRows(now))));

/** Room for as many rows as the longest padding makes, so that nothing jumps. */
export const matrixHeight = (now) => HEAD + rowHeight(now) * mostRows(now) + 4;

/** The row at a height of the picture. */
export const rowAt = (y, now) => Math.floor((y - HEAD) / rowHeight(now));

/** Draw the matrix and, where there is room, what it makes of the signal; `line` is the axis of the signal above it. */
export function drawMatrix(target, now, { outputs, samples, values, row, start, weights, last }, line) {
  const { context, ink, faint } = target.begin(), { width } = target.size, tall = rowHeight(now);
  const left = line ? line.xOf(0) - line.cell / 2 : 44, cell = line?.cell ?? (width - left - 62) / samples;
  const xOf = (j) => left + (j + 0.5) * cell, yOf = (i) => HEAD + i * tall;
  const scale = scaleAround(Array.from(now.kernel.values)), results = scaleAround(values);
  context.font = SMALL; context.textBaseline = "middle";
  write(context, "row", 0, HEAD / 2, faint, "left");
  numbers(context, columns(samples), columns(samples), HEAD / 2, { xOf, cell }, -1, ink);
  if (!line) write(context, "output", width, HEAD / 2, faint, "right");
  grid(context, left, HEAD, cell, tall, samples, outputs, faint);
  for (let i = 0; i < outputs; i++) {
    const first = i * now.stride + start - row * now.stride;
    weights.forEach((weight, u) => {
      if (first + u >= 0 && first + u < samples) tile(context, weight, scale, xOf(first + u) - cell / 2, yOf(i), cell, tall);
    });
    if (!line && !(i > last)) tile(context, values[i], results, width - 50, yOf(i), 50, tall);
    context.font = i === row ? BOLD : SMALL;
    if (i === row || tall >= 14 || i % 2 === 0) write(context, i === row ? `▸ ${i}` : i, 28, yOf(i) + tall / 2, ink, "right");
    context.font = SMALL;
  }
  if (!line) write(context, "=", width - 56, yOf(row) + tall / 2, ink, "center");
  const thick = tall < 16 ? 1.2 : 2; // neighbours of a low row stay readable
  outline(context, left, yOf(row), samples * cell, tall, ORANGE, thick);
  if (!line) outline(context, width - 50, yOf(row), 48, tall, ORANGE, thick);
}

function grid(context, left, top, cell, tall, across, down, faint) {
  context.globalAlpha = 0.35; context.lineWidth = 1; context.strokeStyle = faint; context.beginPath();
  for (let j = 0; j <= across; j++) { context.moveTo(left + j * cell, top); context.lineTo(left + j * cell, top + down * tall); }
  for (let i = 0; i <= down; i++) { context.moveTo(left, top + i * tall); context.lineTo(left + across * cell, top + i * tall); }
  context.stroke(); context.globalAlpha = 1;
}

// ---------------------------------------------------------------- small parts

function write(context, text, x, y, colour, align) {
  context.fillStyle = colour; context.textAlign = align; context.fillText(text, x, y);
}

/** A coloured cell with its number, or with its sign alone where the number finds no room. */
function tile(context, value, scale, x, y, width, height) {
  const colour = colourOf(value, scale);
  context.fillStyle = colour; context.fillRect(x + 0.5, y + 0.5, width - 1, height - 1);
  context.font = SMALL; context.textBaseline = "middle";
  const fits = (words) => height >= 11 && context.measureText(words).width <= width - 1;
  const sign = Math.abs(value) < 1e-9 ? "0" : value < 0 ? "−" : "+";
  const text = [shown(value), rounded(value), rounded(value, 1), sign].find((words) => fits(words) && (words !== "0" || sign === "0"));
  if (text) return write(context, text, x + width / 2, y + height / 2 + 0.5, inkOn(colour), "center");
  if (sign !== "−") return;
  context.fillStyle = inkOn(colour); // on a phone: a bar alone says that it is negative
  context.fillRect(x + width * 0.25, y + height / 2 - 0.75, width * 0.5, 1.5);
}

/** Values, up to the number `last`, as dots on stems from the zero line, each with its number where there is room. */
function stems(context, places, values, yOf, { xOf, cell }, { ink, faint, colour, dot, quiet = -1, last = Infinity }) {
  const zero = yOf(0), gap = cell * (places.length > 1 ? places[1] - places[0] : 9);
  const told = [...values].every((value) => context.measureText(rounded(value, 1)).width <= gap - 2); // all or none
  context.strokeStyle = faint; context.lineWidth = 1;
  context.beginPath(); context.moveTo(xOf(places[0]) - cell / 2, zero); context.lineTo(xOf(places.at(-1)) + cell / 2, zero);
  context.stroke();
  places.forEach((place, i) => {
    if (i > last) return;
    const x = xOf(place), y = yOf(values[i]);
    context.strokeStyle = context.fillStyle = colour; context.lineWidth = 2;
    context.beginPath(); context.moveTo(x, zero); context.lineTo(x, y); context.stroke();
    dot(context, x, y, Math.min(4.5, cell / 2.6));
    if (told && i !== quiet) write(context, rounded(values[i], 1), x, values[i] < 0 ? y + 15 : y - 14, ink, "center");
  });
}

const circle = (context, x, y, radius) => { context.beginPath(); context.arc(x, y, radius, 0, 7); context.fill(); };
const square = (context, x, y, radius) => context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);

function ring(context, x, y, ink) {
  context.beginPath(); context.arc(x, y, 7.5, 0, 7);
  context.lineWidth = 2; context.strokeStyle = ink; context.stroke();
}

/** Numbers below their places, as many as find room; the `bold` one always. */
function numbers(context, places, names, y, { xOf, cell }, bold, ink) {
  const apart = cell * (places.length > 1 ? places[1] - places[0] : 9);
  const every = [1, 2, 5, 10].find((step) => step * apart >= 17) ?? 20;
  places.forEach((place, i) => {
    const near = bold >= 0 && i !== bold && Math.abs(i - bold) * apart < 17;
    if (i !== bold && (i % every || near)) return;
    context.font = i === bold ? BOLD : SMALL;
    write(context, names[i], xOf(place), y, ink, "center");
  });
  context.font = SMALL;
}
