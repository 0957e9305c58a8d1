// Small grids of numbers: each cell coloured by its value, with the number in it; frames around some of them.
import { colourOf, inkOn, outline, scaleOf } from "./canvas.js";
import { shown } from "./page.js";

export const CELL = 34;

/** Draw a grid {rows, columns} with one number in each cell, from `top` downwards. */
export function numbers(context, { rows, columns }, values, top) {
  const scale = scaleOf([...values, -1e-9]);
  context.textAlign = "center"; context.textBaseline = "middle";
  for (let at = 0; at < rows * columns; at++) {
    const x = (at % columns) * CELL, y = top + Math.floor(at / columns) * CELL, colour = colourOf(values[at], scale);
    context.fillStyle = colour;
    context.fillRect(x, y, CELL - 1, CELL - 1);
    context.fillStyle = inkOn(colour);
    context.fillText(short(values[at]), x + CELL / 2, y + CELL / 2);
  }
}

/** Frame the cell number `at` of a grid that begins at `top`. */
export function mark(context, { columns }, at, top, colour, thick = 2) {
  outline(context, (at % columns) * CELL + 2.5, top + Math.floor(at / columns) * CELL + 2.5, CELL - 5, CELL - 5, colour, thick);
}

const short = (value) => (Math.abs(value) >= 100 ? shown(value, 0) : Math.abs(value) >= 10 ? shown(value, 1) : shown(value));

/** All numbers of a grid, as a screen reader says them. */
export function spoken(values) {
  return Array.from(values, (value) => shown(value)).join(" ");
}
