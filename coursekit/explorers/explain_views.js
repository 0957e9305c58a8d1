// The pictures of explain_model.js: what a unit reads, all maps of its layer, and its own map.
import { extent, isVector, mapOf } from "./explain.js";
import { calculation, significant, valueOf } from "./explain_words.js";
import { ORANGE, colourStamp, kept, legend, outline, panel, scaleOf, stamp } from "./canvas.js";
import { button, h, note } from "./page.js";
import { update } from "./state.js";

const SIDE = 232, THUMB = 36;

/** The four panels, and `draw(now)` that fills them; `current()` is what the last drawing showed. */
export function panels(model, current, pin) {
  const spot = () => ["row", "column", "channel"].map((name) => model.get(name)).join();
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
  const map = panel("map", { width: SIDE, height: SIDE + 26, pin, spot, help: "Point at a unit, or use the arrow keys. A click holds it; another click there, or Esc, lets it go.",
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
  const best = h("div", { class: "ck-best" });
  map.element.append(best);
  const draw = (now) => {
    best.replaceChildren(...largest(now, move));
    drawInput(input, now);
    drawMaps(maps, now);
    (isVector(now.values) ? drawBars : drawMap)(map, now);
    how.body.replaceChildren(...calculation(model, now));
  };
  return { input, maps, map, how, draw };
}

/** Thumbnails of `channels` maps: how many side by side, and how large. */
function gridOf(channels) {
  const across = Math.max(1, Math.min(channels, Math.max(Math.ceil(Math.sqrt(channels)), Math.floor(SIDE / THUMB))));
  return { across, size: SIDE / across };
}

/** A channel in colours, painted once. */
const channelStamp = (array, channel, scale) => kept(array, `${channel} ${scale}`, () => stamp(mapOf(array, channel), ...extent(array).slice(0, 2), scale));
/** The picture in its own colours. */
const coloured = (array) => kept(array, "colour", () => colourStamp(array.values, ...extent(array)));
const scaleOfAll = (array) => kept(array, "scale", () => scaleOf(array.values));
const scaleOfOne = (array, channel) => kept(array, `scale ${channel}`, () => scaleOf(mapOf(array, channel)));

/** The five largest outputs by name, each a button that leads to it; nothing for other layers, or where all are seen. */
function largest({ steps, number, values, names, unit }, move) {
  if (number !== steps.length - 1 || !isVector(values) || (values.values.length <= 5 && !names.length)) return [];
  const order = kept(values, "order", () => Array.from(values.values.keys()).sort((a, b) => values.values[b] - values.values[a]).slice(0, 5));
  const rows = order.map((i) => h("tr", {}, h("td", { class: "ck-left" }, button(nameOf(names, i), () => move({ channel: i }), { "aria-pressed": String(i === unit.channel), "aria-label": `go to ${nameOf(names, i)}` })),
    h("td", {}, significant(values.values[i]))));
  return [h("p", { class: "ck-heading" }, `the ${order.length} largest`), h("table", { class: "ck-numbers ck-plain" }, ...rows)];
}

export const nameOf = (names, i) => names[i] ?? `output ${i}`;

/** The input channel with the window that the unit reads; for a dense unit what each place adds. */
function drawInput(target, { sources, found, inputChannel, step }) {
  const source = sources[found.source ?? 0], shape = source && extent(source);
  target.element.hidden = !shape || isVector(source);
  if (target.element.hidden) return;
  const [rows, columns] = shape, scale = scaleOfAll(source), seen = !step.sources[found.source ?? 0] && shape[2] === 3;
  target.heading(`it reads: channel ${inputChannel} of ${shape[2]}`);
  const zoom = SIDE / Math.max(rows, columns);
  target.resize(columns * zoom, Math.max(rows * zoom, 12));
  const { context } = target.begin();
  const small = seen ? coloured(source) : channelStamp(source, inputChannel, scale);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, columns * zoom, target.size.height);
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

/** What is painted: the values, or the gradients where these are shown and known. */
function painted({ values, gradient }) {
  return gradient ?? values;
}

/** The beginning of a heading over gradients. */
function slopeOf({ gradient, output }) {
  return gradient ? `gradient of output ${output}: ` : "";
}

/** All channels small, on one scale or each on its own; the chosen one outlined. */
function drawMaps(target, { unit, common, ...now }) {
  const values = painted(now), [rows, columns, channels] = extent(values);
  target.element.hidden = isVector(values);
  if (target.element.hidden) return;
  const { across, size } = gridOf(channels);
  target.heading(`${slopeOf(now)}${channels} feature ${channels > 1 ? "maps" : "map"} of ${rows} × ${columns}`);
  target.resize(SIDE, Math.ceil(channels / across) * size);
  const { context } = target.begin(), inner = size - 2, ratio = context.getTransform().a;
  const sheet = kept(values, `sheet ${common} ${ratio}`, () => allMaps(values, common, ratio, target.size.height));
  context.drawImage(sheet, 0, 0, SIDE, target.size.height);
  outline(context, (unit.channel % across) * size + 1, Math.floor(unit.channel / across) * size + 1, inner, inner);
  target.describe(`${slopeOf(now)}${channels} feature maps, channel ${unit.channel} chosen`);
}

/** All maps side by side, painted once: moving a unit only outlines another one. */
function allMaps(values, common, ratio, height) {
  const [rows, columns, channels] = extent(values), { across, size } = gridOf(channels), zoom = (size - 2) / Math.max(rows, columns);
  const sheet = new OffscreenCanvas(SIDE * ratio, height * ratio), context = sheet.getContext("2d");
  context.scale(ratio, ratio);
  context.imageSmoothingEnabled = false;
  for (let c = 0; c < channels; c++) {
    const map = mapOf(values, c), small = stamp(map, rows, columns, common ? scaleOfAll(values) : scaleOf(map));
    context.drawImage(small, (c % across) * size + 1, Math.floor(c / across) * size + 1, columns * zoom, rows * zoom);
  }
  return sheet;
}

/** The chosen map large, the unit outlined. */
function drawMap(target, { unit, number, common, ...now }) {
  const values = painted(now), [rows, columns, channels] = extent(values), zoom = SIDE / Math.max(rows, columns);
  const scale = common ? scaleOfAll(values) : scaleOfOne(values, unit.channel), seen = !number && channels === 3 && !now.gradient;
  target.heading(`${slopeOf(now)}${number ? "map" : "picture"} ${unit.channel}, unit (${unit.row}, ${unit.column})`);
  target.resize(columns * zoom, rows * zoom + 26);
  const { context, ink } = target.begin(), size = Math.max(zoom, 5);
  context.imageSmoothingEnabled = false;
  context.drawImage(seen ? coloured(values) : channelStamp(values, unit.channel, scale), 0, 0, columns * zoom, rows * zoom);
  outline(context, (unit.column + 0.5) * zoom - size / 2, (unit.row + 0.5) * zoom - size / 2, size, size);
  if (!seen) legend(context, scale, 0, rows * zoom + 4, columns * zoom, ink);
  target.describe(`${slopeOf(now)}channel ${unit.channel}, unit at row ${unit.row}, column ${unit.column}`);
}

/** The values of a vector as bars, the chosen unit marked. */
function drawBars(target, { unit, number, steps, ...now }) {
  const names = number === steps.length - 1 ? now.names : [];
  const numbers = painted(now).values, count = numbers.length, step = SIDE / count;
  target.heading(`${slopeOf(now)}${count} values, unit ${unit.channel}`);
  target.resize(SIDE, SIDE + 26);
  const { context, ink, faint } = target.begin();
  let low = 0, high = 0;
  for (const value of numbers) { low = Math.min(low, value); high = Math.max(high, value); }
  const room = SIDE - 60, zero = 30 + (room * -low) / (high - low || 1), unitLength = room / (high - low || 1);
  for (let i = 0; i < count; i++) {
    context.fillStyle = i === unit.channel ? ORANGE : faint;
    const from = Math.min(zero, zero + numbers[i] * unitLength);
    context.fillRect(from, i * step + (step > 3 ? 1 : 0), Math.max(1, Math.abs(numbers[i]) * unitLength), Math.max(step - (step > 3 ? 2 : 0), 0.5));
    if (step >= 14) label(context, ink, now.gradient ? significant(numbers[i]) : valueOf(steps[number], numbers[i], 2), names[i], from + Math.max(1, Math.abs(numbers[i]) * unitLength) + 4, (i + 0.5) * step);
  }
  context.fillStyle = ink; context.fillRect(zero, 0, 1, SIDE);
  if (step < 14) { context.fillStyle = ORANGE; context.fillRect(0, unit.channel * step - 1, 10, Math.max(3, step)); }
  target.describe(`${count} values as bars, unit ${unit.channel} marked`);
}

function label(context, ink, value, name, x, y) {
  context.fillStyle = ink; context.textAlign = "left"; context.textBaseline = "middle";
  const text = `${value}${name === undefined ? "" : ` ${name}`}`;
  context.fillText(text, Math.max(0, Math.min(x, SIDE - context.measureText(text).width)), y);
}
