// One drawing for the picture and for each layer, all of the same place at the same scale: cells grow with the jump.
import { ORANGE, outline, paint, panel, scaleOf } from "./canvas.js";
import { h } from "./page.js";

const TILE = 144;
const HELP = "All drawings show the same place at the same scale, with dots on the cells that the unit sees and hatching "
  + "where there are none. The layers are computed with kernels that take the mean. Press a cell to look at it; "
  + "arrow keys move it (Shift: by ten), Page Up and Page Down change the layer.";

/** The square of the picture that all tiles show: {top, left, side} in pixels. */
function areaOf({ rows, layer, row, column, magnify, picture: { shape } }) {
  const largest = Math.max(...shape), { field, jump, offset } = rows[layer];
  if (!magnify) return { top: (shape[0] - largest) / 2, left: (shape[1] - largest) / 2, side: largest };
  const side = Math.max(9, field + 2 * Math.max(2, jump));
  const middle = [row, column].map((place, axis) => offset[axis] + place * jump + field / 2);
  return { top: middle[0] - side / 2, left: middle[1] - side / 2, side };
}

/** Where cell 0 of a map begins on the picture, along one axis: cells are as wide as the jump, in the middle of their field. */
function originOf({ offset, field, jump }, axis) {
  return offset[axis] + (field - jump) / 2;
}

/** The canvases; `now()` gives the state, `go(layer, [row, column])` moves to a unit, `pick(layer)` to a layer. */
export class Tiles {
  constructor({ now, go, pick }) {
    const grid = h("div", { class: "ck-tiles" }), element = h("div", { class: "ck-grow" }, grid);
    element.append(h("p", { class: "ck-help ck-long" }, HELP));
    Object.assign(this, { now, go, pick, panels: [], grid, element });
    this.keys = (event) => this.#keys(event);
  }

  /** Arrow keys move the unit, Page Up and Page Down go to the layer above or below. */
  #keys(event) {
    const far = event.shiftKey ? 10 : 1, state = this.now();
    const step = { ArrowUp: [-far, 0], ArrowDown: [far, 0], ArrowLeft: [0, -far], ArrowRight: [0, far] }[event.key];
    const climb = { PageUp: 1, PageDown: -1 }[event.key];
    const { size } = state.rows[state.layer], inside = (place, axis) => Math.max(0, Math.min(size[axis] - 1, place));
    if (step) this.go(state.layer, [state.row, state.column].map((place, axis) => inside(place + step[axis], axis)));
    if (climb) this.pick(state.layer + climb);
    return Boolean(step || climb);
  }

  #add(level) {
    const press = (x, y) => {
      const state = this.now(), { top, left, side } = areaOf(state), row = state.rows[level], zoom = TILE / side;
      const index = ([at, start], axis) => Math.floor((at / zoom + start - originOf(row, axis)) / row.jump);
      const place = [[y, top], [x, left]].map(index);
      if (place.every((at, axis) => at >= 0 && at < row.size[axis])) this.go(level, place);
    };
    const tile = panel("", { width: TILE, height: TILE, keys: this.keys, press, help: " " });
    this.panels.push({ ...tile, words: tile.element.querySelector(".ck-help") });
    this.grid.append(tile.element);
  }

  show(state) {
    const { rows, layer, seen } = state, focused = this.panels.findIndex((tile) => tile.canvas.matches(":focus"));
    while (this.panels.length < rows.length) this.#add(this.panels.length);
    while (this.panels.length > rows.length) this.panels.pop().element.remove();
    this.panels.forEach((tile, level) => {
      const { name, size } = rows[level], cells = seen[level]?.inside.map((places) => places.length).join(" × ");
      tile.heading(level ? `${level} · ${name}` : state.magnify ? "picture, magnified" : "picture");
      const all = size.join(" × "), words = level === layer ? `1 of ${all}` : cells ? `${cells} of ${all}` : all;
      if (tile.words.textContent !== words) tile.words.textContent = words;
      tile.describe(`${name}: ${cells ? `the unit sees ${words} cells` : words}`);
      tile.canvas.tabIndex = level === layer ? 0 : -1; // one stop for the tabulator
      tile.element.classList.toggle("ck-picked", level === layer);
      drawTile(tile, state, level);
    });
    if (focused >= 0 && focused !== layer) this.panels[layer].canvas.focus();
  }
}

function drawTile(tile, state, level) {
  const { context, ink, faint } = tile.begin(), { top, left, side } = areaOf(state);
  const row = state.rows[level], zoom = TILE / side;
  const y = (originOf(row, 0) - top) * zoom, x = (originOf(row, 1) - left) * zoom;
  const cell = row.jump * zoom, [tall, wide] = row.size;
  hatch(context, faint);
  paintGrey(context, state.maps[level], row.size, state.picture.values, x, y, wide * cell, tall * cell);
  const box = { x, y, cell, tall, wide };
  if (cell >= 5) grid(context, box);
  if (level > state.layer) return;
  darken(context, box, state.seen[level].inside);
  cells(context, box, state.seen[level].inside);
  padding(context, box, state.seen[level], ink);
  if (level === state.layer) outline(context, x + state.column * cell, y + state.row * cell, cell, cell);
}

const painted = new WeakMap(); // of each map, its pixels: moving the unit changes none

/** Draw a map of grey values into a rectangle; `reference` is the picture whose brightest pixel is white. */
export function paintGrey(context, values, [rows, columns], reference, x, y, width, height) {
  if (!painted.has(values)) {
    const white = Math.max(1, scaleOf(reference)[2]);
    painted.set(values, paint(context, values, rows, columns, ["gray", 0, white], x, y, width, height));
    return;
  }
  context.imageSmoothingEnabled = false;
  context.drawImage(painted.get(values), x, y, width, height);
}

/** Slanted lines where there is no map. */
function hatch(context, faint) {
  context.strokeStyle = faint; context.lineWidth = 0.5;
  context.beginPath();
  for (let at = -TILE; at < TILE; at += 8) { context.moveTo(at, TILE); context.lineTo(at + TILE, 0); }
  context.stroke();
}

/** Lines between the cells, where they can be seen. */
function grid(context, { x, y, cell, tall, wide }) {
  context.strokeStyle = "rgba(128, 128, 128, 0.6)"; context.lineWidth = 0.5;
  context.beginPath();
  for (const at of edges(y, cell, tall)) line(context, Math.max(0, x), at, Math.min(TILE, x + wide * cell), at);
  for (const at of edges(x, cell, wide)) line(context, at, Math.max(0, y), at, Math.min(TILE, y + tall * cell));
  context.stroke();
}

function edges(start, cell, count) {
  const first = Math.max(0, Math.floor(-start / cell)), last = Math.min(count, Math.ceil((TILE - start) / cell));
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => start + (first + i) * cell);
}

function line(context, x, y, toX, toY) {
  context.moveTo(x, y); context.lineTo(toX, toY);
}

/** [first, count] of each run of neighbours in a sorted list. */
function runs(places) {
  const found = [];
  for (const place of places) {
    const last = found.at(-1);
    if (last && last[0] + last[1] === place) last[1]++; else found.push([place, 1]);
  }
  return found;
}

/** The rectangles that rows and columns of cells make: [x, y, width, height] of each. */
function rectangles({ x, y, cell }, [down, across]) {
  const wide = runs(across);
  return runs(down).flatMap(([i, tall]) => wide.map(([j, width]) => [x + j * cell, y + i * cell, width * cell, tall * cell]));
}

/** Everything but the seen cells becomes darker. */
export function darken(context, box, seen) {
  const { x, y, cell, tall, wide } = box;
  context.beginPath();
  context.rect(x, y, wide * cell, tall * cell);
  for (const rectangle of rectangles(box, seen)) context.rect(...rectangle);
  context.fillStyle = "rgba(0, 0, 0, 0.42)";
  context.fill("evenodd");
}

/** The seen cells: outlined together, and each with a dot where there is room. */
function cells(context, box, [down, across]) {
  const { x, y, cell } = box;
  context.strokeStyle = ORANGE; context.lineWidth = cell >= 3 ? 1.5 : 1;
  for (const rectangle of rectangles(box, [down, across])) context.strokeRect(...rectangle);
  if (cell < 6) return;
  for (const i of down) for (const j of across) dot(context, x + (j + 0.5) * cell, y + (i + 0.5) * cell, Math.min(4, cell / 6));
}

function dot(context, x, y, radius) {
  context.beginPath(); context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = ORANGE; context.fill();
  context.strokeStyle = "#000"; context.lineWidth = 0.75; context.stroke();
}

/** The places in the padding that the window asks for: dashed, with the zero that stands there. */
function padding(context, { x, y, cell }, { inside, outside }, ink) {
  if ([0, 1].some((axis) => !inside[axis].length && !outside[axis].length)) return;
  if (!outside[0].length && !outside[1].length) return;
  const [down, across] = [0, 1].map((axis) => [...inside[axis], ...outside[axis]].sort((a, b) => a - b));
  context.setLineDash([3, 2]); context.strokeStyle = ink; context.fillStyle = ink; context.lineWidth = 1;
  context.textAlign = "center"; context.textBaseline = "middle";
  const length = (places) => (places.at(-1) - places[0] + 1) * cell;
  if (cell < 10) context.strokeRect(x + across[0] * cell, y + down[0] * cell, length(across), length(down));
  for (const i of cell < 10 ? [] : down) {
    for (const j of across) {
      if (!outside[0].includes(i) && !outside[1].includes(j)) continue;
      context.strokeRect(x + j * cell + 1, y + i * cell + 1, cell - 2, cell - 2);
      context.fillText("0", x + (j + 0.5) * cell, y + (i + 0.5) * cell + 1);
    }
  }
  context.setLineDash([]);
}
