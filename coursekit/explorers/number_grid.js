// Small grids of numbers: each cell coloured by its value, with the number in it; frames around some of them.
import { colourOf, inkOn, outline, scaleOf } from "./canvas.js";
import { rounded, shown } from "./page.js";

export const CELL = 34;

/** Draw a grid {rows, columns} with one number in each cell, from `top` downwards; the one at `secret` is a question mark. */
export function numbers(context, { rows, columns }, values, top, secret = -1) {
  const scale = scaleOf([...values, -1e-9]);
  context.textAlign = "center"; context.textBaseline = "middle";
  for (let at = 0; at < rows * columns; at++) {
    const x = (at % columns) * CELL, y = top + Math.floor(at / columns) * CELL, colour = colourOf(at === secret ? 0 : values[at], scale);
    context.fillStyle = colour;
    context.fillRect(x, y, CELL - 1, CELL - 1);
    context.fillStyle = inkOn(colour);
    context.fillText(at === secret ? "?" : short(values[at]), x + CELL / 2, y + CELL / 2);
  }
}

/** Frame the cell number `at` of a grid that begins at `top`. */
export function mark(context, { columns }, at, top, colour, thick = 2) {
  outline(context, (at % columns) * CELL + 2.5, top + Math.floor(at / columns) * CELL + 2.5, CELL - 5, CELL - 5, colour, thick);
}

/** As many digits as a cell has room for; what is not 0 does not look like it. */
function short(value) {
  const size = Math.abs(value);
  if (size >= 10) return rounded(value, size >= 100 ? 0 : 1);
  return size >= 0.005 || size < 1e-7 ? rounded(value) : value < 0 ? "−0.00…" : "0.00…";
}

/** All numbers of a grid, as a screen reader says them. */
export function spoken(values, secret = -1) {
  return Array.from(values, (value, at) => (at === secret ? "?" : shown(value))).join(" ");
}
