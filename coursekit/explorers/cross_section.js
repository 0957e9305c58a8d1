// A cut through a layer along one axis: pixels and padding, the windows below them, and the outputs.
import { BLUE, ORANGE, hatch, outline } from "./canvas.js";

// From top to bottom: numbers of the pixels, pixels, windows, outputs, legend. Cells are LEAST to MOST pixels wide.
const NUMBERS = 8, PIXELS = 18, TALL = 26, WINDOWS = 50, DEPTH = 110, OUTPUTS = 168, LEAST = 9, MOST = 40;
const BREAK = 7; // cells that the mark for a left-out middle takes
export const HEIGHT = 230;
const SHADE = "rgba(0, 114, 178, 0.22)";
const SMALL = "11px system-ui, sans-serif", BOLD = "bold 12px system-ui, sans-serif";

/** Draw the cut; returns the function that tells which output is nearest to a place across (-1: none). */
export function drawCut(target, axis, result) {
  const { context, ink, faint } = target.begin(), cut = result.axes[axis], view = viewOf(target.size.width, cut);
  const chosen = cut.outputs && result.taps ? result.position : -1, colours = { ink, faint };
  context.textBaseline = "middle"; context.textAlign = "center"; context.font = SMALL;
  for (const place of view.places) drawPixel(context, place, cut, view, colours);
  if (view.hidden) drawBreak(context, cut, view, colours, chosen);
  const rows = Math.max(1, Math.ceil(cut.span / cut.stride)), pitch = Math.min(18, DEPTH / rows); // windows of a row are apart
  for (let i = 0; i < cut.outputs; i++) {
    if (i !== chosen) drawWindow(context, i, cut, view, colours, (i % rows) * pitch, pitch, false);
  }
  if (chosen >= 0) drawWindow(context, chosen, cut, view, colours, (chosen % rows) * pitch, pitch, true);
  nameOutputs(context, cut, view, colours, chosen);
  if (!cut.outputs) drawTooLarge(context, cut, view, colours);
  drawLegend(context, cut, colours);
  return (x) => nearest(x, cut, view);
}

/** Which places are drawn and where: all, or as many as find room at both ends of a long axis. */
function viewOf(width, { before, padded, span }) {
  const room = Math.floor((width - 4) / LEAST), all = padded <= room, side = Math.floor((room - BREAK) / 2);
  const cell = all ? Math.min(MOST, (width - 4) / Math.max(padded, span)) : (width - 4) / (2 * side + BREAK);
  const kept = (at) => at >= 0 && at < padded && (all || at < side || at >= padded - side);
  const places = Array.from({ length: padded }, (_, at) => at).filter(kept).map((at) => at - before);
  const shift = all ? 0 : padded - 2 * side - BREAK;
  const xOf = (place) => 2 + (place + before - (all || place + before < side ? 0 : shift)) * cell;
  const near = (first, last) => Math.abs(xOf(last) - xOf(first) - (last - first) * cell) < 1; // not across the break
  const whole = (first, last) => kept(first + before) && kept(last + before) && near(first, last);
  return { places, cell, xOf, whole, hidden: all ? 0 : padded - 2 * side, gap: 2 + (side + BREAK / 2) * cell };
}

/** Numbers stand at every first, second, fifth … place, as far as the longest finds room. */
const every = (room, largest) => [1, 2, 5, 10].find((step) => step * room >= 8 + 7 * String(largest).length) ?? 20;

/** A pixel and its number; zeros of the padding are dashed, and what no window reads is hatched. */
function drawPixel(context, place, { size, unseen, padded, before, leftover }, { cell, xOf }, { ink, faint }) {
  const x = xOf(place), inside = place >= 0 && place < size;
  const dead = inside ? unseen.includes(place) : place >= padded - before - leftover;
  if (inside && !dead) { context.fillStyle = SHADE; context.fillRect(x + 1, PIXELS, cell - 2, TALL); }
  if (dead) hatch(context, x + 1, PIXELS, cell - 2, TALL, inside ? ink : faint, 5);
  context.setLineDash(inside ? [] : [3, 3]);
  context.lineWidth = 1; context.strokeStyle = inside ? ink : faint;
  context.strokeRect(x + 1, PIXELS + 0.5, cell - 2, TALL - 1);
  context.setLineDash([]);
  context.fillStyle = inside ? ink : faint;
  if (!inside) { if (!dead && cell >= 12) context.fillText("0", x + cell / 2, PIXELS + TALL / 2); }
  else if (place % every(cell, size - 1) === 0) context.fillText(place, x + cell / 2, NUMBERS);
}

/** What stands for the middle of a long axis; the chosen output is named here when its window lies in it. */
function drawBreak(context, cut, { gap, hidden, whole }, { ink, faint }, chosen) {
  context.fillStyle = faint;
  context.fillText("· · ·", gap, PIXELS + 7);
  context.fillText(`${hidden} more`, gap, PIXELS + 20);
  if (!cut.outputs) return;
  const first = chosen * cut.stride - cut.before, within = chosen >= 0 && !whole(first, first + cut.span - 1);
  if (within) outline(context, gap - 20, OUTPUTS + 0.5, 40, 22, ORANGE, 1.5);
  context.font = within ? BOLD : SMALL; context.fillStyle = within ? ink : faint;
  context.fillText(within ? chosen : "· · ·", gap, OUTPUTS + 12);
  context.font = SMALL;
}

/** A window: a line with a dot at each place that gets a weight, and its output below; the chosen one stands out. */
function drawWindow(context, i, cut, view, colours, down, pitch, chosen) {
  const { kernel, stride, dilation, before, span } = cut, first = i * stride - before, last = first + span - 1;
  if (!view.whole(first, last)) return;
  const half = view.cell / 2, left = view.xOf(first) + half, right = view.xOf(last) + half, y = WINDOWS + down + pitch / 2;
  context.strokeStyle = context.fillStyle = chosen ? colours.ink : BLUE;
  context.lineWidth = Math.min(chosen ? 3 : 1.5, pitch / 2);
  context.beginPath(); context.moveTo(left - 3, y); context.lineTo(right + 3, y); context.stroke();
  const radius = Math.max(1.2, Math.min(chosen ? 5 : 3.5, pitch / 2.4, view.cell / 3));
  for (let u = 0; u < kernel; u++) {
    const x = view.xOf(first + u * dilation) + half;
    context.beginPath(); context.arc(x, y, radius, 0, 7); context.fill();
    if (chosen) outline(context, x - half + 2, PIXELS + 1, view.cell - 4, TALL - 2, ORANGE, 1.5);
  }
  drawOutput(context, (left + right) / 2, y, boxOf(view.cell * stride), colours, chosen);
}

const boxOf = (room) => Math.max(3, Math.min(28, room - 3));

function drawOutput(context, x, y, width, { ink, faint }, chosen) {
  context.lineWidth = 1; context.strokeStyle = chosen ? ink : faint;
  context.strokeRect(x - width / 2, OUTPUTS + 0.5, width, 22);
  if (!chosen) return;
  context.beginPath(); context.moveTo(x, y + 4); context.lineTo(x, OUTPUTS); context.stroke();
  outline(context, x - width / 2, OUTPUTS + 0.5, width, 22, ORANGE, 1.5);
}

/** Numbers of the outputs: inside their boxes where all find room, else below; that of the chosen one always. */
function nameOutputs(context, { outputs, stride, before, span }, { whole, xOf, cell }, { ink }, chosen) {
  const room = cell * stride, inside = context.measureText(outputs - 1).width < boxOf(room) - 2, step = every(room, outputs - 1);
  context.fillStyle = ink;
  for (let i = 0; i < outputs; i++) {
    const first = i * stride - before, last = first + span - 1;
    const told = inside || i === chosen || (i % step === 0 && Math.abs(i - chosen) * room > 20);
    if (!told || !whole(first, last)) continue;
    context.font = i === chosen ? BOLD : SMALL;
    context.fillText(i, (xOf(first) + xOf(last) + cell) / 2, OUTPUTS + (inside ? 12 : 31));
  }
  context.font = SMALL;
}

/** The kernel that does not fit, from the first place on: dashed where it runs out of pixels. */
function drawTooLarge(context, { kernel, dilation, before, padded, span, missing }, { cell, xOf, hidden }, { ink }) {
  if (!missing || hidden) return;
  const left = xOf(-before), end = left + padded * cell, y = WINDOWS + 24;
  context.strokeStyle = context.fillStyle = ink; context.lineWidth = 3;
  context.beginPath(); context.moveTo(left, y); context.lineTo(end, y); context.stroke();
  context.setLineDash([4, 4]);
  context.beginPath(); context.moveTo(end, y); context.lineTo(left + span * cell, y); context.stroke();
  context.setLineDash([]);
  for (let u = 0; u < kernel; u++) {
    context.beginPath(); context.arc(left + (u * dilation + 0.5) * cell, y, Math.min(5, cell / 3), 0, 7); context.fill();
  }
  context.textAlign = "left"; context.font = BOLD;
  context.fillText(`the kernel spans ${span} places, there are ${padded}: ${missing} too few`, left, y + 24);
}

/** What the patterns mean, with their numbers. */
function drawLegend(context, { size, before, after, unseen }, { ink, faint }) {
  const y = HEIGHT - 17;
  let x = 2;
  const entry = (text, fill, dash = []) => {
    fill(x, y);
    context.setLineDash(dash); context.lineWidth = 1; context.strokeStyle = dash.length ? faint : ink;
    context.strokeRect(x + 0.5, y + 0.5, 13, 12); context.setLineDash([]);
    context.fillStyle = ink; context.fillText(text, x + 20, y + 7);
    x += 38 + context.measureText(text).width;
  };
  context.textAlign = "left"; context.font = SMALL;
  entry(`${size} pixels`, () => { context.fillStyle = SHADE; context.fillRect(x, y, 14, 13); });
  entry(`${before} + ${after} zeros`, () => {}, [3, 3]);
  entry(`no window reads it: ${unseen.length}`, () => hatch(context, x, y, 14, 13, ink, 4));
}

/** The output whose window has its middle nearest to a place across the picture. */
function nearest(x, { outputs, stride, before, span }, { whole, xOf, cell }) {
  let best = -1, least = Infinity;
  for (let i = 0; i < outputs; i++) {
    const first = i * stride - before, last = first + span - 1;
    const distance = whole(first, last) ? Math.abs((xOf(first) + xOf(last) + cell) / 2 - x) : Infinity;
    if (distance < least) { least = distance; best = i; }
  }
  return best;
}
