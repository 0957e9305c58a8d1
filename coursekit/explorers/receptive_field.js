// A stack of windows on a picture: which cells of every layer, and which pixels, one unit sees.
import { effectiveKernel, outputSize, paddingAmounts } from "./shapes.js";
import { layerTable, namesOf, presetChoice } from "./layers.js";
import { pictureControls } from "./pictures.js";
import { darken, paintGrey, Tiles } from "./receptive_tiles.js";
import { outline, panel } from "./canvas.js";
import { frame } from "./frame.js";
import { h, tick } from "./page.js";
import { toArray, update } from "./state.js";

const SIDE = 208, MOST = 8, HEADS = ["output", "field", "jump", "offset"];

/** What the explorer shows, from its traits: {rows, error, layer, row, column, seen, box, maps}. */
export function compute(state) {
  const { rows, error } = trace(state.layers, state.picture.shape), [layer, row, column] = unitOf(state, rows);
  const seen = look(rows, layer, row, column);
  const box = blind(seen[0]) ? null : seen[0].inside.map((places) => [places[0], places.at(-1)]);
  return { rows, error, layer, row, column, seen, box, maps: averages(state.picture, rows) };
}

/** The receptive field of each layer up to the first that does not fit; rows[0] is the picture. */
function trace(layers, shape) {
  const rows = [{ name: "picture", size: Array.from(shape), field: 1, jump: 1, offset: [0, 0] }];
  const names = namesOf(layers);
  for (const [i, layer] of layers.entries()) {
    const old = rows[i], window = layer.kernel ?? layer.size, dilation = layer.dilation ?? 1;
    const { kind, stride, padding } = layer, span = effectiveKernel(window, dilation);
    const size = old.size.map((pixels) => outputSize(pixels, window, stride, padding, dilation));
    if (!size[0] || !size[1]) {
      const text = `does not fit: its window spans ${times([span, span])}, but ${old.name} is ${times(old.size)}`;
      return { rows, error: { index: i, name: names[i], text } };
    }
    const before = old.size.map((pixels) => paddingAmounts(pixels, window, stride, padding, dilation)[0]);
    const offset = old.offset.map((start, axis) => start - before[axis] * old.jump);
    const field = old.field + (span - 1) * old.jump, jump = old.jump * stride;
    rows.push({ name: names[i], kind, size, window, dilation, stride, span, before, field, jump, offset });
  }
  return { rows, error: null };
}

/** [layer, row, column] of the unit, moved into the maps that there are. */
function unitOf({ layer, row, column }, rows) {
  const last = Math.min(layer, rows.length - 1), [height, width] = rows[last].size;
  return [last, Math.min(row, height - 1), Math.min(column, width - 1)];
}

/** For the picture and each layer up to the unit's: the rows and columns that it sees, and those in the padding. */
function look(rows, layer, row, column) {
  const seen = [];
  seen[layer] = { inside: [[row], [column]], outside: [[], []] };
  for (let at = layer; at > 0; at--) {
    const { window, stride, dilation, before } = rows[at], inside = [], outside = [];
    for (const axis of [0, 1]) {
      const found = new Set();
      for (const place of seen[at].inside[axis]) {
        for (let k = 0; k < window; k++) found.add(place * stride - before[axis] + k * dilation);
      }
      const sorted = [...found].sort((a, b) => a - b), exists = (place) => place >= 0 && place < rows[at - 1].size[axis];
      inside.push(sorted.filter(exists));
      outside.push(sorted.filter((place) => !exists(place)));
    }
    seen[at - 1] = { inside, outside };
  }
  return seen;
}

/** Whether no cell is seen: in padding alone there is none. */
function blind({ inside }) {
  return inside.some((places) => !places.length);
}

// ---------------------------------------------------------------- the maps

/** The picture and what the layers make of it when each convolution takes the mean: rows of values. */
function averages(picture, rows) {
  const maps = [picture.values];
  for (let at = 1; at < rows.length; at++) {
    const [height, width] = rows[at - 1].size, { size, before } = rows[at];
    const narrow = reduced(maps[at - 1], height, width, rows[at], before[1], size[1]);
    maps.push(reduced(narrow, size[1], height, rows[at], before[0], size[0]));
  }
  return maps;
}

/** Each row's windows made one value. The result is transposed, so that a second call does the columns. */
function reduced(values, height, width, { kind, window, stride, dilation }, before, outputs) {
  const result = new Float32Array(outputs * height), greatest = kind === "max pooling";
  for (let j = 0; j < outputs; j++) {
    const start = j * stride - before, places = Array.from({ length: window }, (_, k) => start + k * dilation);
    const inside = places.filter((place) => place >= 0 && place < width);
    const divisor = greatest ? 1 : kind === "convolution" ? window : inside.length;
    for (let i = 0, row = 0; i < height; i++, row += width) {
      let total = greatest ? -Infinity : 0;
      for (const place of inside) total = greatest ? Math.max(total, values[row + place]) : total + values[row + place];
      result[j * height + i] = total / divisor;
    }
  }
  return result;
}

// ---------------------------------------------------------------- the page

/** The unit of a layer whose field's middle is nearest to a place of the picture. */
function nearest({ offset, jump, field, size }, place) {
  const unit = (at, axis) => Math.round((at - offset[axis] - field / 2) / jump);
  return place.map((at, axis) => Math.max(0, Math.min(size[axis] - 1, unit(at, axis))));
}

/** The middle of a unit's field on the picture, in pixels from its corner. */
function middleOf({ offset, jump, field }, position) {
  return position.map((place, axis) => offset[axis] + place * jump + field / 2);
}

const TRAITS = ["layers", "layer", "row", "column", "magnify"];

/** A function that returns all that is shown; what moving the unit does not change is kept. */
function keeper(model) {
  const kept = {};
  const picture = () => {
    const trait = model.get("picture");
    if (kept.trait !== trait) Object.assign(kept, { trait, picture: toArray(trait), layers: null });
    return kept.picture;
  };
  return () => {
    const state = { picture: picture(), ...Object.fromEntries(TRAITS.map((name) => [name, model.get(name)])) };
    const layers = JSON.stringify(state.layers);
    if (kept.layers !== layers) {
      const traced = trace(state.layers, state.picture.shape);
      Object.assign(kept, { layers, traced, maps: averages(state.picture, traced.rows) });
    }
    const { rows, error } = kept.traced, [layer, row, column] = unitOf(state, rows);
    return { ...state, rows, error, layer, row, column, seen: look(rows, layer, row, column), maps: kept.maps };
  };
}

/** What the reader may do: each sets traits. */
function actions(model, now) {
  const go = (layer, [row, column]) => update(model, { layer, row, column });
  const over = (rows, layer, old) => nearest(rows[layer], middleOf(old.rows[old.layer], [old.row, old.column]));
  const change = (layers) => { // the unit stays over its place, and that of the last layer stays one of the last
    const old = now(), { rows } = trace(layers, old.picture.shape);
    const layer = old.layer === old.rows.length - 1 ? rows.length - 1 : Math.min(old.layer, rows.length - 1);
    const [row, column] = over(rows, layer, old);
    update(model, { layers, layer, row, column });
  };
  const pick = (layer) => {
    const old = now();
    if (layer >= 0 && layer < old.rows.length) go(layer, over(old.rows, layer, old));
  };
  const point = (x, y) => {
    const { rows, layer, picture } = now(), zoom = SIDE / Math.max(...picture.shape);
    go(layer, nearest(rows[layer], [y / zoom, x / zoom]));
  };
  return { go, change, pick, point };
}

function render({ model, el }) {
  const now = keeper(model), { go, change, pick, point } = actions(model, now);
  const preset = presetChoice("network", model.get("_own_presets"), () => model.get("layers"), change);
  const magnify = tick(model, "magnify", "magnify around the field");
  const page = frame(model, el, ["picture", "_own_wanted", ...TRAITS], [preset, ...pictureControls(model, (text) => page.say(text)), magnify]);
  const tiles = new Tiles({ now, go, pick });
  const help = "What the unit does not see is dark. Press a place to move there.";
  const whole = panel("picture", { width: SIDE, height: SIDE, keys: tiles.keys, press: point, help });
  whole.element.style.width = `${SIDE}px`;
  const table = layerTable(model, {
    kinds: model.get("_own_kinds"), most: MOST, heads: HEADS, label: "layers and their receptive fields",
    change, say: page.say, pick: (index) => pick(index + 1), first: startRow(),
  });
  page.panels.append(whole.element, tiles.element);
  page.root.append(table.element, h("p", { class: "ck-help ck-long" }, "field: rows and columns of pixels that a unit sees. jump: pixels from the field of one unit to that of its neighbour. "
    + "offset: the pixel where the field of unit (0, 0) begins; a negative one lies in the padding. Pictures run from 0, black, to 1, white, or to the largest value above 1."));
  let told = "";
  function draw() {
    const state = now(), tell = JSON.stringify([state.layers, state.picture.shape, state.layer]);
    if (tell !== told) table.show(state.layers, state.layers.map((_, i) => cellsOf(state, i + 1)), state.layer - 1);
    told = tell;
    preset.show(); magnify.show();
    drawPicture(whole, state);
    tiles.show(state);
    if (!page.ask(question(state))) page.say(sentence(state));
  }
  page.panels.classList.add("ck-answer");
  return page.follow(["picture", ...TRAITS], draw);
}

/** What predict mode asks: the receptive field of the chosen layer. */
function question({ layers, rows, layer }) {
  const words = `how many pixels wide is the receptive field of one unit of ${rows[layer].name}?`;
  return { key: JSON.stringify([layers.slice(0, layer), layer]), words, answer: rows[layer].field };
}

function drawPicture(target, { picture, rows, layer, row, column, seen, maps }) {
  const [height, width] = picture.shape, zoom = SIDE / Math.max(height, width);
  target.resize(width * zoom, height * zoom);
  const { context } = target.begin(), [down, across] = seen[0].inside;
  paintGrey(context, maps[0], picture.shape, picture.values, 0, 0, width * zoom, height * zoom);
  const unit = `unit (${row}, ${column}) of ${rows[layer].name}`, whole = `picture of ${height} by ${width} pixels`;
  target.describe(`${whole}; ${unit} sees nothing`);
  if (blind(seen[0])) return;
  const filled = (places) => Array.from({ length: places.at(-1) - places[0] + 1 }, (_, i) => places[0] + i);
  darken(context, { x: 0, y: 0, cell: zoom, tall: height, wide: width }, [filled(down), filled(across)]);
  const inset = 1, side = (places) => Math.max(2, (places.at(-1) - places[0] + 1) * zoom - 2 * inset);
  outline(context, across[0] * zoom + inset, down[0] * zoom + inset, side(across), side(down));
  const ends = (places) => `${places[0]} to ${places.at(-1)}`;
  target.describe(`${whole}; ${unit} sees rows ${ends(down)}, columns ${ends(across)}`);
}

function startRow() {
  const cells = ["", "1", "1", "0"].map((text, i) => h("td", { class: "ck-right", "data-head": text && HEADS[i] }, text));
  return h("tr", {}, h("th", { scope: "row" }, "picture"), h("td", {}, "a pixel sees itself"), ...cells);
}

const times = (size) => size.join("\u00a0×\u00a0"); // a line does not break inside
const minus = (number) => String(number).replace("-", "−");

/** The cells of one layer in the table, with the sums behind them; or why it does not fit. */
function cellsOf({ rows, error }, at) {
  if (at >= rows.length) return error.index === at - 1 ? error.text : `not computed, because ${error.name} does not fit`;
  const { size, field, jump, span, stride, offset, before } = rows[at], old = rows[at - 1];
  const same = offset[0] === offset[1] && before[0] === before[1] ? [0] : [0, 1];
  const starts = same.map((axis) => `${minus(old.offset[axis])} − ${before[axis]} · ${old.jump} = ${minus(offset[axis])}`);
  return [times(size), `${old.field} + (${span} − 1) · ${old.jump} = ${field}`, `${old.jump} · ${stride} = ${jump}`,
    starts.join("; ")];
}

/** What is seen, in words and numbers. */
function sentence({ rows, error, layer, row, column, seen }) {
  const [tall, wide] = seen[0].inside, { name, field } = rows[layer], unit = `Unit (${row}, ${column}) of ${name}`;
  const fault = error ? `${error.name} ${error.text}. ` : "";
  if (blind(seen[0])) return `${fault}${unit} sees nothing of the picture: its windows meet only padding.`;
  const ends = (places) => (places.length > 1 ? `${places[0]}–${places.at(-1)}` : places[0]);
  const size = [tall, wide].map((places) => places.at(-1) - places[0] + 1), count = tall.length * wide.length;
  const cut = size[0] < field || size[1] < field ? `; on the picture lie ${times(size)} of them` : "";
  const holes = count < size[0] * size[1] ? `; with holes: it reads only ${count} of these pixels` : "";
  return `${fault}${unit} sees ${times([field, field])} pixels${cut}: rows ${ends(tall)}, columns ${ends(wide)}${holes}.`;
}

export default { render };
