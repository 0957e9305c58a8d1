// Hand and keyboard for a signal and its matrix: they move the window and change samples.
import { fromArray, update } from "./state.js";
import { rangeOf, rowAt, stepOf, valueAt } from "./signals.js";

/**
 * Keys and drags. `layout` is what drawSignal returned; `held` is {sample, range} while a dot is dragged: the range
 * stays as it was, else the picture would run away from the hand.
 */
export function hands(model, state, compute, draw) {
  const hand = { held: null, layout: null }, move = moves(model, state, compute);
  hand.rowKeys = (event) => move.walk(event, (row, far) => ({ ArrowUp: row - far, ArrowDown: row + far }));
  hand.keys = (event) => {
    const steps = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (steps) move.raise(steps * (event.shiftKey ? 5 : 1));
    return Boolean(steps) || move.walk(event, () => ({}));
  };
  const grab = (x, y) => dotAt(hand.layout, state().signal.values, x, y);
  hand.dragSignal = (target) => dragging(target, {
    grab,
    start(x, y) { const sample = grab(x, y); hand.held = sample < 0 ? null : { sample, range: hand.layout.range, y, moved: false }; },
    move(x, y) {
      if (hand.held) hand.held.moved ||= Math.abs(y - hand.held.y) > 3; // a click alone changes nothing
      if (hand.held && !hand.held.moved) return;
      if (hand.held) move.change(hand.held.sample, tidy(valueAt(y, hand.held.range)));
      else move.go(nearest(compute(state()), hand.layout.sampleAt(x)));
    },
    end() { if (hand.held) { hand.held = null; draw(); } },
  });
  const toRow = (x, y) => move.go(rowAt(y, state()));
  hand.dragMatrix = (target) => dragging(target, { grab: () => -1, start() {}, move: toRow, end() {} });
  return hand;
}

/** What may be done: go to an output, change a sample, raise the one above the output, walk by keys. */
function moves(model, state, compute) {
  const go = (place) => {
    const { outputs } = compute(state()), position = Math.max(0, Math.min(outputs - 1, place));
    if (outputs && position !== model.get("position")) update(model, { position });
  };
  const change = (sample, value) => {
    const { values, shape } = state().signal;
    if (!(sample >= 0 && sample < shape[0]) || Math.abs(values[sample] - value) < 1e-6) return;
    values[sample] = value;
    update(model, { signal: fromArray(values, shape) });
  };
  const raise = (steps) => {
    const now = state(), { row, places, outputs } = compute(now), step = stepOf(rangeOf(now.signal.values));
    if (outputs) change(places[row], tidy((now.signal.values[places[row]] ?? 0) + steps * step));
  };
  const walk = (event, more) => {
    const { row, outputs } = compute(state()), far = event.shiftKey ? 5 : 1;
    const places = { Home: 0, End: outputs - 1, ArrowLeft: row - far, ArrowRight: row + far, ...more(row, far) };
    if (outputs && event.key in places) go(places[event.key]);
    return event.key in places;
  };
  return { go, change, raise, walk };
}

const tidy = (value) => Number(value.toFixed(6));

/** The sample whose dot is at a point, or -1. */
function dotAt(layout, values, x, y) {
  const sample = Math.round(layout.sampleAt(x));
  const near = sample >= 0 && sample < values.length && Math.abs(layout.xOf(sample) - x) <= Math.max(7, layout.cell / 2);
  return near && Math.abs(layout.yOf(values[sample]) - y) <= 11 ? sample : -1;
}

/** The output whose window has its middle nearest to a place among the samples. */
function nearest({ outputs, places, start, row, weights }, place) {
  if (!outputs) return 0;
  const offset = start + (weights.length - 1) / 2 - places[row]; // from the sample above an output to the middle
  const distance = (i) => Math.abs(places[i] + offset - place);
  return places.reduce((best, _, i) => (distance(i) < distance(best) ? i : best), 0);
}

/** Press, drag and let go on a panel; a finger does not scroll the page. Returns the undoing. */
function dragging({ canvas, size }, { start, move, end, grab }) {
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * size.width) / box.width, ((event.clientY - box.top) * size.height) / box.height];
  };
  let down = false;
  const stop = () => { if (down) { down = false; end(); } };
  const listeners = {
    pointerdown(event) { down = true; canvas.setPointerCapture(event.pointerId); start(...place(event)); move(...place(event)); },
    pointermove(event) {
      if (down) move(...place(event));
      else canvas.style.cursor = grab(...place(event)) >= 0 ? "ns-resize" : "pointer";
    },
    pointerup: stop, pointercancel: stop,
  };
  canvas.style.touchAction = "none";
  for (const [name, listener] of Object.entries(listeners)) canvas.addEventListener(name, listener);
  return () => { for (const [name, listener] of Object.entries(listeners)) canvas.removeEventListener(name, listener); };
}
