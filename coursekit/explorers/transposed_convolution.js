// A transposed convolution: each input pixel stamps the kernel, times its value, onto a larger output.
import { ORANGE, SKY, panel } from "./canvas.js";
import { frame } from "./frame.js";
import { CELL, mark, numbers, spoken } from "./number_grid.js";
import { choice, h, note, numberTable, shown, slider } from "./page.js";
import { paddingAmounts, transposedSize } from "./shapes.js";
import { fromArray, toArray, update } from "./state.js";

const TRAITS = ["picture", "kernel", "stride", "padding", "stage", "row", "column"];
const GAP = 26, TOP = 18;

/** Input, output and how many stamps reach each output, each {rows, columns, values}, and what belongs to the chosen one. */
export function compute(state) {
  const { stride, padding, picture, kernel } = state;
  const [height, width] = picture.shape, [tall, wide] = kernel.shape;
  const rows = transposedSize(height, tall, stride, padding), columns = transposedSize(width, wide, stride, padding);
  const above = paddingAmounts(rows, tall, stride, padding)[0], aside = paddingAmounts(columns, wide, stride, padding)[0];
  const grid = (r, c, values = new Float64Array(r * c)) => ({ rows: r, columns: c, values });
  const stages = { input: grid(height, width, Float64Array.from(picture.values)), output: grid(rows, columns) };
  const counts = new Float64Array(rows * columns), stamped = [];
  for (let i = 0; i < height; i++) for (let j = 0; j < width; j++) for (let u = 0; u < tall; u++) for (let v = 0; v < wide; v++) {
    const r = i * stride - above + u, c = j * stride - aside + v;
    if (r < 0 || r >= rows || c < 0 || c >= columns) continue;  // cropped
    const one = { from: i * width + j, weight: u * wide + v, at: r * columns + c };
    stages.output.values[one.at] += picture.values[one.from] * kernel.values[one.weight];
    counts[one.at] += 1;
    stamped.push({ ...one, value: picture.values[one.from], factor: kernel.values[one.weight] });
  }
  const stage = stages[state.stage], row = Math.min(state.row, stage.rows - 1), column = Math.min(state.column, stage.columns - 1);
  const at = row * stage.columns + column;
  return { stages, counts, chosen: { stage: state.stage, row, column, at },
    terms: stamped.filter((one) => at === (state.stage === "input" ? one.from : one.at)) };
}

function render({ model, el }) {
  const state = () => ({ ...Object.fromEntries(TRAITS.map((name) => [name, model.get(name)])), picture: toArray(model.get("picture")), kernel: toArray(model.get("kernel")) });
  const controls = [slider(model, "stride", "stride", { min: 1, max: 3 }), choice(model, "padding", "padding", ["valid", "same"])];
  const page = frame(model, el, TRAITS, controls);
  const choose = (stage, row, column) => {
    const grid = compute(state()).stages[stage];
    if (row >= 0 && column >= 0 && row < grid.rows && column < grid.columns) update(model, { stage, row, column });
  };
  const views = { input: view("input", "input x", model, choose), output: view("output", "output", model, choose) };
  const fields = ["picture", "kernel"].map((name) => numberTable(name, (i, j, value) => {
    const { shape, values } = toArray(model.get(name));
    values[i * shape[1] + j] = value;
    update(model, { [name]: fromArray(values, shape) });
  }));
  const how = note("the chosen number");
  page.panels.append(views.input.element, h("div", { class: "ck-column" }, note("input x, to change", fields[0].element).element,
    note("kernel w, to change", fields[1].element).element), views.output.element, h("div", { class: "ck-column" }, how.element));
  page.panels.before(h("p", { class: "ck-help ck-long" }, "Press an input, or move with the arrow keys: blue frames its stamp on the output. "
    + "Press an output: blue frames the inputs whose stamps reach it. Below the output: how many stamps do."));

  function draw() {
    const now = state(), result = compute(now), { chosen, stages } = result;
    for (const control of controls) control.show();
    ["picture", "kernel"].forEach((name, k) => fields[k].show(rowsOf(now[name])));
    for (const name of ["input", "output"]) views[name].draw(result);
    how.body.replaceChildren(...explanation(result, now));
    const value = shown(stages[chosen.stage].values[chosen.at]), place = `row ${chosen.row}, column ${chosen.column}`;
    if (!page.ask(question(now, stages.output))) page.say(chosen.stage === "input" ? `x, ${place}: value ${value}, its stamp has ${result.terms.length} numbers on the output`
      : `output, ${place}: value ${value}, ${stamps(result.counts[chosen.at])}`);
  }
  views.output.element.classList.add("ck-answer");
  how.element.classList.add("ck-answer");
  return page.follow(TRAITS, draw);
}

/** What predict mode asks: the size of the output. */
function question({ picture, kernel, stride, padding }, { rows, columns }) {
  const words = `how large is the output of ${picture.shape.join(" × ")} pixels, a kernel of ${kernel.shape.join(" × ")} and stride ${stride}? Rows × columns`;
  return { key: [picture.shape, kernel.shape, stride, padding].join(), words, answer: [rows, columns] };
}

const stamps = (count) => (count === 1 ? "1 stamp" : `${count} stamps`);
const rowsOf = ({ shape, values }) => Array.from({ length: shape[0] }, (_, i) => Array.from(values.slice(i * shape[1], (i + 1) * shape[1])));

/** The input, or the output with the counts of stamps below it. */
function view(stage, name, model, choose) {
  const keys = (event) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (step && model.get("stage") === stage) choose(stage, model.get("row") + step[0], model.get("column") + step[1]);
    else if (step || event.key === "Enter" || event.key === " ") choose(stage, 0, 0);
    return Boolean(step) || event.key === "Enter" || event.key === " ";
  };
  let rows = 1;
  const press = (x, y) => {
    const below = y > TOP + rows * CELL + GAP / 2;
    choose(stage, Math.floor((y - TOP - (below ? rows * CELL + GAP : 0)) / CELL), Math.floor(x / CELL));
  };
  const target = panel(name, { width: CELL, height: CELL, keys, press });
  return {
    element: target.element,
    draw({ stages, counts, chosen, terms }) {
      const grid = stages[stage], below = TOP + grid.rows * CELL + GAP, counted = stage === "output";
      rows = grid.rows;
      target.resize(Math.max(grid.columns * CELL, 104) + 2, counted ? below + grid.rows * CELL + 2 : below);
      const { context, ink } = target.begin();
      context.textBaseline = "alphabetic"; context.textAlign = "left"; context.fillStyle = ink;
      context.fillText("value", 0, TOP - 5);
      numbers(context, grid, grid.values, TOP);
      if (counted) {
        context.textBaseline = "alphabetic"; context.textAlign = "left"; context.fillStyle = ink;
        context.fillText("stamps", 0, below - 5);
        numbers(context, grid, counts, below);
      }
      const tops = counted ? [TOP, below] : [TOP];
      for (const term of chosen.stage === stage ? [] : terms) for (const top of tops) mark(context, grid, counted ? term.at : term.from, top, SKY);
      for (const top of chosen.stage === stage ? tops : []) mark(context, grid, chosen.at, top, ORANGE);
      const here = chosen.stage === stage ? `; chosen: row ${chosen.row}, column ${chosen.column}` : "";
      const overlaps = counted ? `; stamps ${spoken(counts)}` : "";
      target.describe(`${name}, ${grid.rows} by ${grid.columns}: values ${spoken(grid.values)}${overlaps}${here}`);
    },
  };
}

/** The stamp of the chosen input, laid out like the kernel; or the chosen output as a sum over the stamps that reach it. */
function explanation({ chosen, stages, terms }, now) {
  const product = (one) => h("td", {}, `${shown(one.value)} · ${shown(one.factor)}`);
  const table = (rows, name) => h("table", { class: "ck-numbers ck-plain", "aria-label": name }, ...rows.map((cells) => h("tr", {}, ...cells)));
  if (chosen.stage === "input") {
    const wide = now.kernel.shape[1], lines = new Map();
    for (const one of terms) lines.set(Math.floor(one.weight / wide), [...(lines.get(Math.floor(one.weight / wide)) ?? []), product(one)]);
    const cropped = terms.length < now.kernel.values.length ? [h("p", {}, "The border crops the rest of it.")] : [];
    return [h("p", {}, "its stamp, x · w at each place"), table([...lines.values()], "the stamp"), ...cropped];
  }
  if (!terms.length) return [h("p", {}, "No stamp reaches it: the stride is larger than the kernel.")];
  const total = h("p", { class: "ck-heading" }, `together ${shown(stages.output.values[chosen.at])}`);
  return [h("p", {}, `x · w of the ${terms.length === 1 ? "stamp" : `${terms.length} stamps`} that reach it`), table(terms.map((one) => [product(one)]), "terms of the output"), total];
}

export default { render };
