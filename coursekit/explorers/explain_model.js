// A model of the student's own: layers, feature maps, and for each unit how its value comes about.
import { explain, extent, valueAt } from "./explain.js";
import { panels } from "./explain_views.js";
import { sentence } from "./explain_words.js";
import { paint, scaleOf } from "./canvas.js";
import { frame } from "./frame.js";
import { button, choice, h, number, tick } from "./page.js";
import { toArray, update } from "./state.js";

const CHOICES = ["layer", "channel", "row", "column", "input_channel", "common_scale", "show", "output"];
const KEPT = 8; // layers whose arrays are kept in the browser
const GLANCE = 96; // pixels of a layer at a glance
const PATIENCE = 1500; // milliseconds until the reader is told why nothing comes

/** What is shown of the chosen unit, from the traits and from the answers [{values, kernel, …}, …] of all steps. */
export function compute(state) {
  const arrays = state._own_answers.map((answer) => Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, toArray(value)])));
  const number = Math.min(state.layer, state._own_steps.length - 1), step = state._own_steps[number];
  const unit = inside(arrays[number].values, state);
  const found = step.sources.length ? explain(step, step.sources.map((source) => arrays[source].values), arrays[number], unit) : { parts: [] };
  const { terms, ...plain } = found;
  const { gradient } = arrays[number];
  return { ...plain, unit, parts: Array.from(found.parts), keras: valueAt(arrays[number].values, unit), gradient: gradient ? valueAt(gradient, unit) : null };
}

/** The unit that row, column and channel mean in an array: the nearest one inside. */
function inside(values, { row, column, channel }) {
  const [rows, columns, channels] = extent(values) ?? [1, 1, 1];
  return { row: Math.min(row, rows - 1), column: Math.min(column, columns - 1), channel: Math.min(channel, channels - 1) };
}

const decoded = (arrays) => Object.fromEntries(Object.entries(arrays).map(([name, value]) => [name, toArray(value)]));

/** Arrays of the steps: those shown first come with the state, others are asked of Python, the last few kept. */
function library(model, arrived) {
  let kept = new Map(), version = -1, since = null, timer = null;
  const waiting = new Set();
  const keep = (number, arrays) => {
    kept.delete(number);
    kept.set(number, arrays);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value);
  };
  const listen = (message, buffers) => {
    if (message.version !== model.get("_own_version")) return; // of an older picture
    waiting.delete(message.answer);
    if (!waiting.size) since = null;
    keep(message.answer, Object.fromEntries(Object.entries(message.shapes).map(([name, shape], i) => [name, toArray({ shape, data: buffers[i] })])));
    arrived();
  };
  model.on("msg:custom", listen);
  return {
    /** The arrays of one step, or null while they are on their way. */
    get(number) {
      if (version !== model.get("_own_version")) {
        kept = new Map(); waiting.clear(); since = null; version = model.get("_own_version");
        const first = model.get("_own_first");
        if (first.version === version) for (const [name, arrays] of Object.entries(first.steps)) keep(Number(name), decoded(arrays));
      }
      if (!kept.has(number) && model.local) keep(number, decoded(model.get("_own_answers")[number]));
      if (!kept.has(number) && !waiting.has(number)) {
        waiting.add(number); since ??= performance.now();
        try { model.send({ ask: number, version }); } catch { /* a kernel that is gone takes no messages: the words below say so */ }
      }
      return kept.get(number) ?? null;
    },
    /** Why nothing is shown yet; `arrived` is called again when there may be more to say. */
    words() {
      const waited = performance.now() - (since ?? performance.now()), status = model.widget_manager?.kernel?.status;
      clearTimeout(timer);
      timer = setTimeout(arrived, waited < PATIENCE ? PATIENCE - waited + 50 : 5 * PATIENCE);
      if (waited < PATIENCE) return "fetching the arrays of this layer …";
      if (status === "busy") return "Python is busy: this layer is shown when the running cell is done.";
      if (status === undefined) return "Python does not answer. It is busy, or it no longer knows this model: then run the cell again.";
      return "Python no longer knows this model, as after a restart of the kernel: run the cell again.";
    },
    close() { clearTimeout(timer); model.off("msg:custom", listen); },
  };
}

function render({ model, el }) {
  const scale = tick(model, "common_scale", "one colour scale for all maps of a layer");
  const show = choice(model, "show", "show", [["value", "values"], ["gradient", "gradients"]]);
  const output = number(model, "output", "of output", { min: 0, max: model.get("_own_outputs") - 1 });
  const page = frame(model, el, CHOICES, [scale, show, output]);
  const refusal = h("p", { class: "ck-help ck-long" });
  page.controls.after(refusal);
  /** Gradients only where there are any, and of another output only where Python can be asked. */
  const choices = () => {
    const no = model.get("_own_refusal");
    show.element.querySelector("select").disabled = Boolean(no);
    refusal.textContent = no ? `No gradients: ${no}.` : "";
    output.element.hidden = Boolean(no) || model.local || model.get("show") === "value";
    show.show(); output.show(); scale.show();
  };
  const list = layerList(model);
  const views = panels(model, () => now, page.pin), stage = h("div", { class: "ck-panels ck-grow" }, views.input.element, views.maps.element, views.map.element, views.how.element);
  page.panels.append(list.element, stage);
  let now = null; // what the last drawing showed: pointers and keys refer to it
  const arrays = library(model, () => draw());

  function draw() {
    const steps = model.get("_own_steps"), number = Math.min(model.get("layer"), steps.length - 1), step = steps[number];
    list.show(steps, number);
    choices();
    const own = arrays.get(number), sources = step.sources.map((source) => arrays.get(source)?.values);
    const ready = own && sources.every(Boolean), show = (visible) => { stage.style.visibility = visible ? "" : "hidden"; };
    show(ready); // never the pictures of another layer under this one's name
    if (!ready) return page.say(arrays.words());
    if (!extent(own.values)) { show(false); return page.say(`${step.name} gives arrays of shape ${own.values.shape.join(" × ")}, which are not drawn.`); }
    const unit = inside(own.values, { row: model.get("row"), column: model.get("column"), channel: model.get("channel") });
    const found = step.sources.length && sources.every(extent) ? explain(step, sources, own, unit) : { parts: [] };
    const asked = model.get("show") === "gradient" ? model.get("output") : null;
    if (asked !== null && model.get("_own_output") !== asked) { show(false); return page.say("Python computes the gradients …"); }
    now = { steps, step, number, output: asked, gradient: asked === null ? null : own.gradient ?? null, values: own.values, common: model.get("common_scale"), sources, unit, found, inputChannel: chosenInput(model, found, sources), names: model.get("class_names") };
    views.draw(now);
    page.say(sentence(now));
  }
  return page.follow([...CHOICES, "class_names", "_own_steps", "_own_output", "_own_version"], draw, arrays.close);
}

/** The input channel whose products are shown: the one that the layer copies from, or the one that was chosen. */
function chosenInput(model, found, sources) {
  if (found.channels) return found.channels[0];
  return sources.length && extent(sources[0]) ? Math.min(model.get("input_channel"), extent(sources[0])[2] - 1) : 0;
}

// ---------------------------------------------------------------- the list of layers

function layerList(model) {
  const body = h("div", { class: "ck-list", role: "group", "aria-label": "layers" });
  const element = h("div", { class: "ck-panel" }, h("p", { class: "ck-heading" }, "layers"), body);
  const go = (number) => {
    const steps = model.get("_own_steps"), next = Math.max(0, Math.min(steps.length - 1, number));
    update(model, { layer: next, ...samePlace(steps[model.get("layer")].shape, steps[next].shape, model) });
  };
  body.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step) return;
    event.preventDefault(); event.stopPropagation();
    go(model.get("layer") + step);
    queueMicrotask(() => body.querySelector("[aria-pressed='true']")?.focus());
  });
  let drawn = null;
  const show = (steps, number) => {
    if (drawn !== steps) {
      drawn = steps;
      body.replaceChildren(...steps.map((step, i) => button("", () => go(i), { class: "ck-button ck-layer" })));
      const glances = model.get("_own_first").glances ?? [];
      glances.forEach((glance, i) => body.children[i]?.append(thumbnail(toArray(glance))));
      steps.forEach((step, i) => body.children[i].append(h("b", {}, i ? step.name : "the picture"), h("br"), `${i ? `${step.layer}, ` : ""}${step.shape.join(" × ")}`));
    }
    [...body.children].forEach((child, i) => child.setAttribute("aria-pressed", String(i === number)));
  };
  return { element, show };
}

/** A layer at a glance: its strongest map, or its values folded into a square. */
function thumbnail({ shape: [rows, columns], values }) {
  const canvas = h("canvas", { class: "ck-glance", width: GLANCE, height: GLANCE, role: "presentation", "aria-label": "its strongest map" });
  const zoom = GLANCE / Math.max(rows, columns);
  paint(canvas.getContext("2d"), values, rows, columns, scaleOf(values), 0, 0, columns * zoom, rows * zoom);
  return canvas;
}

/** Row and column of the pixel that lies at the same place of a map of another size. */
function samePlace(before, after, model) {
  if (before.length !== 3 || after.length !== 3) return {};
  const scaled = (name, axis) => Math.min(after[axis] - 1, Math.floor(((Math.min(model.get(name), before[axis] - 1) + 0.5) * after[axis]) / before[axis]));
  return { row: scaled("row", 0), column: scaled("column", 1) };
}

export default { render };
