// A table in which a network is put together: one row for each layer, its settings to the left, results to the right.
import { button, choice, h, own } from "./page.js";

/** The names of layers as coursekit.specs gives them: their own, or kind and running number. */
export function namesOf(layers) {
  const words = {
    "convolution": "conv", "max pooling": "pool", "average pooling": "pool", "flatten": "flatten", "dense": "dense",
    "global average pooling": "globalpool", "global max pooling": "globalpool",
  };
  const given = new Set(layers.map((layer) => layer.name).filter(Boolean)), counts = {};
  return layers.map((layer) => {
    let name = layer.name;
    while (!name) {
      const word = words[layer.kind];
      counts[word] = (counts[word] ?? 0) + 1;
      if (!given.has(word + counts[word])) name = word + counts[word];
    }
    return name;
  });
}

/** A layer of a kind with its usual settings; those of the layer that it replaces are kept where both have them. */
export function newLayer(kinds, kind, before = {}) {
  const layer = { kind };
  for (const [key, rule] of Object.entries(kinds[kind])) {
    const usual = Array.isArray(rule) ? rule[0] : rule.usual ?? layer.size;
    layer[key] = before[key] ?? usual;
  }
  if (layer.size && !(before.kind ?? "").endsWith("pooling")) layer.stride = layer.size;
  return layer;
}

/** Layers with one setting changed; a pooling's stride goes with its size as long as they are equal. */
export function edited(layers, index, key, value) {
  const layer = { ...layers[index], [key]: value };
  if (key === "size" && layers[index].stride === layers[index].size) layer.stride = value;
  return layers.map((old, i) => (i === index ? layer : old));
}

/** A list that shows the name of the present network among those in `presets`, or "own"; choosing calls `take`. */
export function presetChoice(label, presets, current, take) {
  const names = Object.keys(presets), same = (name) => JSON.stringify(presets[name]) === JSON.stringify(current());
  let chosen = "";
  const asModel = { // the choice is no trait, but follows from one
    get: () => names.find(same) ?? "",
    set(_, name) { chosen = name; },
    save_changes() { if (chosen) take(presets[chosen]); },
  };
  return choice(asModel, "preset", label, [["", "own"], ...names.map((name) => [name, name])]);
}

/**
 * The table. `heads` are the headings of the result columns, `change(layers)` is called with every edit, `say(text)`
 * with what is wrong with a number. With `pick(index)` each name is a radio button; `first` is a row before all layers,
 * `foot` a tfoot. `show(layers, results, picked)` takes for each layer an array of cells, perhaps with a `remark`, or
 * a sentence that says why it does not fit.
 */
export function layerTable(model, { kinds, most, heads, change, say, pick, label, first, foot = "" }) {
  const layers = () => model.get("layers");
  const body = h("tbody"), group = `pick-${Math.random().toString(36).slice(2)}`;
  const head = (text) => h("th", { scope: "col", class: heads.includes(text) ? "ck-right" : "" }, text);
  const top = h("thead", {}, h("tr", {}, ...["layer", "settings", ...heads].map(head)));
  const table = h("table", { class: "ck-layers ck-plain", "aria-label": label }, top, body, foot);
  const parts = { kinds, heads, layers, change, say, pick, group, follow: 0 };
  const addKind = own(h("select", { "aria-label": "kind of the new layer" }, ...options(Object.keys(kinds))));
  const add = button("add layer", () => change([...layers(), newLayer(kinds, addKind.value)]));
  let rows = [], drawn = "";
  const show = (now, results, picked) => {
    const plan = now.map((layer) => layer.kind).join();
    if (plan !== drawn || rows.length !== now.length) {
      const focused = focusIn(rows);
      rows = now.map((layer, index) => layerRow(layer.kind, index, parts));
      body.replaceChildren(...(first ? [first] : []), ...rows.map((row) => row.element));
      drawn = plan;
      if (focused) focusAgain(rows, focused, parts.follow, add);
      parts.follow = 0;
    }
    const names = namesOf(now);
    rows.forEach((row, i) => row.show(now[i], names[i], results[i], picked === i));
    add.disabled = now.length >= most;
  };
  const element = h("div", { class: "ck-body" }, table);
  return { element: h("div", { class: "ck-wide" }, element, h("div", { class: "ck-control" }, addKind, add)), show };
}

/** Which row and which of its controls has the keyboard, before the rows are made anew. */
function focusIn(rows) {
  const row = rows.findIndex(({ element }) => element.querySelector(":focus"));
  return row < 0 ? null : { row, control: controlsOf(rows[row]).findIndex((control) => control.matches(":focus")) };
}

function controlsOf({ element }) {
  return [...element.querySelectorAll("button, select, input")];
}

/** The keyboard stays with the layer that was moved, or at the place of the one that is gone. */
function focusAgain(rows, { row, control }, follow, add) {
  if (!rows.length) { add.focus(); return; }
  const controls = controlsOf(rows[Math.min(row + follow, rows.length - 1)]);
  controls.slice(Math.min(control, controls.length - 1)).find((one) => !one.disabled)?.focus();
}

function options(texts) {
  return texts.map((text) => h("option", {}, text ?? "none"));
}

/** One row: name, settings, results, and buttons to move and to remove it. */
function layerRow(kind, index, parts) {
  const { kinds, heads, layers, change, say, pick, group } = parts;
  const radio = pick && own(h("input", { type: "radio", name: group, onchange: () => pick(index) }));
  const name = h("span"), head = h("th", { scope: "row" }, pick ? h("label", {}, radio, name) : name);
  const put = (layer) => change(layers().map((old, i) => (i === index ? layer : old)));
  const kindList = own(h("select", {}, ...options(Object.keys(kinds))));
  kindList.addEventListener("change", () => put(newLayer(kinds, kindList.value, layers()[index])));
  const fields = Object.entries(kinds[kind]).map(([key, rule]) => settingField(key, rule, say,
    (value) => change(edited(layers(), index, key, value))));
  const remark = h("div", { class: "ck-remark" });
  const settings = h("td", {}, h("div", { class: "ck-settings" }, kindList, ...fields.map((one) => one.element)), remark);
  const { up, remove } = rowButtons(index, parts), element = h("tr", {}, head, settings);
  head.append(h("div", { class: "ck-buttons" }, up, remove));
  const show = (layer, text, result, picked) => {
    name.textContent = text;
    kindList.value = kind;
    kindList.setAttribute("aria-label", `kind of ${text}`);
    up.setAttribute("aria-label", `move ${text} up`);
    remove.setAttribute("aria-label", `remove ${text}`);
    for (const one of fields) one.show(layer, text);
    remark.textContent = result.remark ?? "";
    if (radio) { radio.checked = picked; radio.disabled = !Array.isArray(result); }
    showResults(element, result, heads);
    element.classList.toggle("ck-picked", picked);
  };
  return { element, show };
}

/** Put results, or the sentence that stands for them, behind the first two cells, in which the reader may be typing. */
export function showResults(row, result, heads) {
  while (row.cells.length > 2) row.deleteCell(2);
  const error = () => [h("td", { class: "ck-error", colspan: heads.length }, result)];
  const cell = (content, i) => h("td", { class: "ck-right ck-answer", "data-head": heads[i] }, content);
  row.append(...(Array.isArray(result) ? result.map(cell) : error()));
}

function rowButtons(index, parts) {
  const { layers, change } = parts;
  const swapped = (all) => all.map((layer, i) => (i === index - 1 ? all[index] : i === index ? all[index - 1] : layer));
  const up = button("↑", () => { parts.follow = -1; change(swapped(layers())); });
  up.disabled = index === 0;
  return { up, remove: button("×", () => change(layers().filter((_, i) => i !== index))) };
}

/** A small control for one setting: a number, a list, or a box to tick. */
function settingField(key, rule, say, change) {
  const ticks = Array.isArray(rule) && rule.includes(true);
  const control = ticks ? tickField(change) : Array.isArray(rule) ? listField(rule, change) : numberField(key, rule, say, change);
  own(control.element);
  const text = key === "padding" || key === "activation" ? "" : key; // their values say it
  const element = h("label", {}, ticks ? "" : text, control.element, ticks ? text : "");
  const show = (layer, name) => {
    control.element.setAttribute("aria-label", `${key} of ${name}`);
    control.show(layer[key]);
  };
  return { element, show };
}

export function numberField(key, { least, largest }, say, change) {
  const element = h("input", { type: "number", min: least, max: largest, step: 1 });
  if (largest > 99) element.className = largest > 9999 ? "ck-long" : "ck-middle";
  let now;
  element.addEventListener("input", () => {
    const value = Number(element.value);
    const good = element.value !== "" && Number.isInteger(value) && value >= least && value <= largest;
    element.setAttribute("aria-invalid", !good);
    if (good) change(value); else say(`${key} must be a whole number from ${least} to ${largest}.`);
  });
  element.addEventListener("change", () => { element.value = now; element.setAttribute("aria-invalid", false); });
  const show = (value) => {
    now = value;
    if (Number(element.value) !== value || element.value === "") element.value = value;
  };
  return { element, show };
}

function listField(rule, change) {
  const element = h("select", {}, ...options(rule));
  element.addEventListener("change", () => change(rule[element.selectedIndex]));
  return { element, show: (value) => { element.selectedIndex = rule.indexOf(value); } };
}

function tickField(change) {
  const element = h("input", { type: "checkbox" });
  element.addEventListener("change", () => change(element.checked));
  return { element, show: (value) => { element.checked = value; } };
}
