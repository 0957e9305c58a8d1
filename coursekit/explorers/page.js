// What explorers are made of: controls, tables, notes, one line of live text.
import { update } from "./state.js";

/** An element with attributes and children: h("p", {role: "status"}, "text"). */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** Keys pressed in here are ours: JupyterLab would otherwise take arrows for its own shortcuts. */
export function own(element) {
  element.dataset.lmSuppressShortcuts = "true";
  return element;
}

let count = 0;

function labelled(text, control, ...after) {
  control.id = `ck-${++count}-${Math.random().toString(36).slice(2, 8)}`;
  return h("div", { class: "ck-control" }, h("label", { for: control.id }, text), own(control), ...after);
}

/** The numbers 1, 2 and 5 times the powers of ten from `low` to `high`. */
export function roundNumbers(low, high) {
  const all = [];
  for (let power = Math.floor(Math.log10(low)); 10 ** power <= high; power++) for (const digit of [1, 2, 5]) all.push(Number(`${digit}e${power}`));
  return all.filter((value) => value >= low && value <= high);
}

/** A slider whose places are the given `values`, in rising order, with a field for a number between them. */
export function stepper(model, name, text, values, exactly = "or exactly") {
  const nearest = () => values.reduce((best, value, i) => (Math.abs(Math.log(value / model.get(name))) < Math.abs(Math.log(values[best] / model.get(name))) ? i : best), 0);
  const places = { get: nearest, set: (_, place) => model.set(name, values[place]), save_changes: () => model.save_changes() };
  const places_shown = slider(places, name, text, { min: 0, max: values.length - 1, show: () => "" });
  const exact = number(model, name, exactly, { min: values[0], max: values.at(-1), whole: false });
  const range = places_shown.element.querySelector("input");
  const show = () => { places_shown.show(); exact.show(); range.setAttribute("aria-valuetext", String(model.get(name))); };
  places_shown.element.querySelector("output").remove();
  places_shown.element.append(exact.element);
  return { element: places_shown.element, show };
}

/** A slider for a whole or real number, with its value beside it. `range` may be a function of the state. */
export function slider(model, name, text, { min, max, step = 1, show = String }) {
  const control = h("input", { type: "range", step });
  const value = h("output");
  const show_all = () => {
    const now = { min: typeof min === "function" ? min() : min, max: typeof max === "function" ? max() : max, value: model.get(name) };
    for (const [part, wanted] of Object.entries(now)) if (control[part] !== String(wanted)) control[part] = wanted;
    const text = show(now.value);
    if (value.textContent === text && control.hasAttribute("aria-valuetext")) return;
    value.textContent = text;
    control.setAttribute("aria-valuetext", text);
  };
  control.addEventListener("input", () => update(model, { [name]: Number(control.value) }));
  return { element: labelled(text, control, value), show: show_all };
}

/**
 * Let a number field take an edit: `take(value)` when it is `good(value)`. Else nothing changes, and once the edit is
 * done (not while a minus waits for its digits) `words` are said in `fault` and `back()` writes the old number.
 */
function takesNumbers(field, fault, words, good, take, back) {
  const fine = () => field.value !== "" && good(Number(field.value));
  const mark = () => field.setAttribute("aria-invalid", String(!fine()));
  field.addEventListener("input", () => {
    fault.textContent = "";
    mark();
    if (fine()) take(Number(field.value));
  });
  field.addEventListener("change", () => {
    if (!fine()) { fault.textContent = `${words}; the old one is back`; back(); mark(); }
  });
}

/** A field for a whole number, or for any. */
export function number(model, name, text, { min, max, whole = true }) {
  const control = h("input", { type: "number", min, max, step: whole ? 1 : "any" }), fault = h("span", { class: "ck-error", role: "alert" });
  const good = (value) => (!whole || Number.isInteger(value)) && value >= min && value <= max;
  const take = (value) => update(model, { [name]: value }), back = () => { control.value = model.get(name); };
  takesNumbers(control, fault, `a ${whole ? "whole " : ""}number from ${min} to ${max}, please`, good, take, back);
  const show = () => { if (control.getAttribute("aria-invalid") !== "true" && Number(control.value) !== model.get(name)) back(); };
  return { element: labelled(text, control, fault), show };
}

/** A list of choices: strings, or [value, text] pairs. */
export function choice(model, name, text, options) {
  const pairs = options.map((option) => (Array.isArray(option) ? option : [option, option]));
  const control = h("select", {}, ...pairs.map(([value, words]) => h("option", { value }, words)));
  control.addEventListener("change", () => update(model, { [name]: pairs[control.selectedIndex][0] }));
  const show = () => { control.selectedIndex = pairs.findIndex(([value]) => value === model.get(name)); };
  return { element: labelled(text, control), show };
}

/** A box to tick, for a trait that is true or false. */
export function tick(model, name, text) {
  const control = h("input", { type: "checkbox" });
  control.addEventListener("change", () => update(model, { [name]: control.checked }));
  return { element: labelled(text, control), show: () => { control.checked = model.get(name); } };
}

/** A button. */
export function button(text, action, attributes = {}) {
  return own(h("button", { type: "button", class: "ck-button", onclick: action, ...attributes }, text));
}

/** A table of number fields; `change(i, j, value)` is called for each edit. `show(rows)` writes rows of numbers. */
export function numberTable(name, change) {
  const table = h("table", { class: "ck-numbers", "aria-label": name }), fault = h("span", { class: "ck-error", role: "alert" });
  const good = (value) => Math.abs(value) < 1e9, short = (value) => Number(value.toFixed(3));
  let fields = [], last = [];
  const make = (i, j) => {
    const field = own(h("input", { type: "number", step: "any", "aria-label": `${name}, row ${i + 1}, column ${j + 1}` }));
    const back = () => { field.value = short(last[i][j]); };
    takesNumbers(field, fault, `${name}: a number, please`, good, (value) => change(i, j, value), back);
    return field;
  };
  const show = (rows) => {
    last = rows;
    if (fields.length !== rows.length || fields[0]?.length !== rows[0].length) {
      fields = rows.map((row, i) => row.map((_, j) => make(i, j)));
      table.replaceChildren(...fields.map((row) => h("tr", {}, ...row.map((field) => h("td", {}, field)))));
    }
    rows.forEach((row, i) => row.forEach((value, j) => {
      const field = fields[i][j], typing = document.activeElement === field;
      if (Number(field.value) !== short(value) || (field.value === "" && !typing)) field.value = short(value);
    }));
  };
  return { element: h("div", {}, table, fault), show };
}

/** Text beside its heading, for numbers and formulas. */
export function note(heading, ...content) {
  const body = h("div", { class: "ck-body" }, ...content);
  return { element: h("div", { class: "ck-panel" }, h("p", { class: "ck-heading" }, heading), body), body };
}

/**
 * A number for people: at most `places` decimals, but never fewer than three digits that count, so that factors
 * as they are shown multiply to their product as it is shown; a true minus sign. What is below `least` is a zero:
 * sums of float32 have such noise.
 */
export function shown(value, places = 2, least = 1e-7) {
  const size = Math.abs(value);
  if (size < least || !size) return "0";
  if (!Number.isFinite(size)) return value > 0 ? "∞" : value < 0 ? "−∞" : "not a number";
  const text = size < 1e-4 ? value.toPrecision(3) : String(Number(value.toFixed(Math.max(places, 2 - Math.floor(Math.log10(size))))));
  return String(size < 1e-4 ? Number(text).toExponential() : text).replaceAll("-", "−");
}

/** A number that has room for `places` decimals only, as in a small cell. */
export function rounded(value, places = 2) {
  const text = String(Number(value.toFixed(places)));
  return (text === "-0" ? "0" : text).replace("-", "−");
}

/** A sum without the noise of float32: 0 where it is a millionth of its terms. */
export function sumOf(total, terms) {
  return Math.abs(total) < 1e-6 * terms.reduce((most, term) => Math.max(most, Math.abs(term)), 0) ? 0 : total;
}
