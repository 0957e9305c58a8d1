// The frame around every explorer: title, task, reset, controls, one line of live text, predictions, and when to draw.
import { button, h } from "./page.js";
import { prediction } from "./predict.js";
import { update, watch } from "./state.js";

/**
 * A named region with `controls` and panels. `traits` are those that the reader may change: the button "reset" gives
 * them back the values that they had at first, predictions and their score included, after calling `leave()`.
 */
export function frame(model, el, traits, controls = [], leave = () => {}) {
  const extra = model.get("predict") === undefined ? [] : ["predict", "right", "wrong"];
  const start = Object.fromEntries([...traits, ...extra].map((name) => [name, model.get(name)]));
  const title = h("p", { class: "ck-title", role: "heading", "aria-level": 3 }, model.get("_own_title"));
  const reset = button("reset", () => {
    leave();
    pin.let();
    guess?.forget();
    for (const field of root.querySelectorAll("[aria-invalid='true']")) field.setAttribute("aria-invalid", "false");
    update(model, start);
  }, { "aria-label": "reset the explorer" });
  const task = h("p", { class: "ck-task" }), row = h("div", { class: "ck-controls" }, ...controls.map((control) => control.element));
  const status = h("p", { class: "ck-status", role: "status", "aria-live": "polite" }), panels = h("div", { class: "ck-panels" });
  const root = h("div", { class: "ck", role: "region", "aria-label": model.get("_own_title") }, // a <section> is a slide in a deck
    h("div", { class: "ck-head" }, title, reset), task, row, status, panels);
  const say = (text) => { if (status.textContent !== text) status.textContent = text; };
  /** Whether the live text changes without being read out, as while something plays. */
  const quiet = (on) => status.setAttribute("aria-live", on ? "off" : "polite");
  const guess = prediction(model, root, say), pin = pinning();
  if (guess) status.after(guess.element);
  if (!row.children.length) row.remove();
  el.append(root);
  /** Draw now and whenever what is shown changes; what cannot be seen yet is drawn once it can. Returns the undoing. */
  const follow = (names, draw, ...undo) => {
    const all = () => {
      if (!root.clientWidth) return; // not attached yet, or hidden: it has neither a size nor the colours of the page
      if (task.textContent !== model.get("task")) task.textContent = model.get("task");
      keepingFocus(root, draw);
    };
    const stops = [watch(model, [...names, "task", ...extra], all), onTheme(() => requestAnimationFrame(all)), onResize(root, all), ...undo];
    return () => stops.forEach((stop) => stop());
  };
  return { root, panels, controls: row, say, quiet, pin, follow, ask: guess ? guess.ask : () => false };
}

/** What a click holds in its place, until it is clicked again or Escape is pressed; shared by the panels of an explorer. */
function pinning() {
  return { on: false, hold() { this.on = true; }, let() { this.on = false; } };
}

/** Draw; where that took away the control that had the keyboard, the one that stands for it gets it. */
function keepingFocus(root, draw) {
  const focused = () => { const active = root.getRootNode().activeElement; return active && root.contains(active) ? active : null; };
  const all = () => [...root.querySelectorAll("input, select, button, textarea, [tabindex='0']")].filter((one) => !one.disabled && !one.closest("[hidden]"));
  const nameOf = (one) => one.tagName + (one.getAttribute("aria-label") || one.textContent);
  const before = focused(), name = before && nameOf(before), place = before ? all().indexOf(before) : -1;
  draw();
  const lost = before && (!focused() || before.disabled || before.closest("[hidden]"));
  if (!lost) return;
  const left = all();
  (left.find((one) => nameOf(one) === name) ?? left[Math.max(0, Math.min(place, left.length - 1))])?.focus({ preventScroll: true });
}

/** Call `draw` when the page changes its theme; returns the undoing. */
function onTheme(draw) {
  const query = window.matchMedia("(prefers-color-scheme: dark)");
  const observer = new MutationObserver(() => draw());
  observer.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "class", "data-theme"] });
  query.addEventListener("change", draw);
  return () => { observer.disconnect(); query.removeEventListener("change", draw); };
}

/** Call `draw` when an element gets another width, as when it is attached or a phone is turned; returns the undoing. */
function onResize(element, draw) {
  let width = element.clientWidth;
  const observer = new ResizeObserver(() => {
    if (element.clientWidth !== width) { width = element.clientWidth; draw(); }
  });
  observer.observe(element);
  return () => observer.disconnect();
}
