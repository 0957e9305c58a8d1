// Gradient descent on a loss landscape of one or two parameters, step by step or playing, with one ball or two.
import { BLUE, GREY, ORANGE, PURPLE, paint, panel } from "./canvas.js";
import { frame } from "./frame.js";
import { button, choice, h, note, number, roundNumbers, shown, slider, stepper, tick } from "./page.js";
import { player } from "./play.js";
import { update } from "./state.js";

const FROM_0_TO_1 = { min: 0, max: 0.99, step: 0.01, show: (value) => value.toFixed(2) };
const SIDE = 320, FAR = 1e6, LAST = 200, EDGE = 34;

// Loss, gradient and the part that is drawn; the same as LANDSCAPES in gradient_descent.py.
const LANDSCAPES = {
  parabola: [(x) => x ** 2, (x) => [2 * x], [[-3, 3]]],
  "two valleys": [(x) => x ** 4 / 4 - x ** 2 + 0.3 * x + 1.5, (x) => [x ** 3 - 2 * x + 0.3], [[-2.4, 2.4]]],
  bowl: [(x, y) => x ** 2 + y ** 2, (x, y) => [2 * x, 2 * y], [[-3, 3], [-3, 3]]],
  ravine: [(x, y) => (x ** 2 + 12 * y ** 2) / 2, (x, y) => [x, 12 * y], [[-3, 3], [-3, 3]]],
  saddle: [(x, y) => (x ** 2 - y ** 2) / 2 + y ** 4 / 16, (x, y) => [x, y ** 3 / 4 - y], [[-3, 3], [-3, 3]]],
  "curved valley": [(x, y) => (1 - x) ** 2 + 5 * (y - x ** 2) ** 2, (x, y) => [-2 * (1 - x) - 20 * x * (y - x ** 2), 10 * (y - x ** 2)], [[-2, 2], [-1, 3]]],
};

/** Where the two balls begin: a start for another number of parameters gives way to the landscape's own, or to that of ball 1. */
function starts({ landscape, start, second_start }) {
  const { length } = LANDSCAPES[landscape][2], usual = length === 1 ? [2] : landscape === "saddle" ? [2.4, 0.1] : [-1.6, 2.4];
  const first = start?.length === length ? start : usual;
  return [first, second_start?.length === length ? second_start : first];
}

/** The way down: {path: [[x], …] or [[x, y], …], losses, diverged, second}; `second` is that of the other ball, or null. */
export function compute({ learning_rate, momentum, steps, second, second_rate, second_momentum, ...given }) {
  const [loss, gradient] = LANDSCAPES[given.landscape], begin = starts(given);
  const walk = (at, rate, carry) => {
    let place = at.slice(), velocity = place.map(() => 0);
    const path = [place];
    for (let i = 0; i < steps && Math.abs(loss(...place)) <= FAR; i++) {
      const slope = gradient(...place);
      velocity = velocity.map((v, axis) => carry * v - rate * slope[axis]);
      place = place.map((value, axis) => value + velocity[axis]);
      path.push(place);
    }
    const losses = path.map((at) => loss(...at));
    return { path, losses, diverged: !(Math.abs(losses.at(-1)) <= FAR) };
  };
  return { ...walk(begin[0], learning_rate, momentum), second: second ? walk(begin[1], second_rate, second_momentum) : null };
}

/** One ball or two, each with its colour, the dashes of its lines and the number that it bears beside another. */
function balls({ second, ...first }) {
  if (!second) return [{ ...first, colour: ORANGE, line: BLUE, dash: [], name: "" }];
  return [{ ...first, colour: ORANGE, line: ORANGE, dash: [], name: "1" }, { ...second, colour: PURPLE, line: PURPLE, dash: [5, 4], name: "2" }];
}

function render({ model, el }) {
  const names = ["landscape", "start", "learning_rate", "momentum", "steps", "second", "second_rate", "second_momentum", "second_start"];
  const state = () => Object.fromEntries(names.map((name) => [name, model.get(name)]));
  const began = () => starts(state()), apart = () => model.get("second") && model.get("second_start") !== null;
  const save_changes = () => model.save_changes();
  const begin = (which, place) => { play.stop(); update(model, { [["start", "second_start"][which]]: place, steps: 0 }); };
  const at = (which, axis, text) => number({ get: () => began()[which][axis], set: (_, value) => begin(which, began()[which].map((old, i) => (i === axis ? value : old))), save_changes }, "", text, { min: -3, max: 3, whole: false });
  const own = tick({ get: apart, set: (_, on) => begin(1, on ? began()[0].slice() : null), save_changes }, "", "a start of its own");
  const [first, other] = [[at(0, 0, "start at x"), at(0, 1, "y")], [at(1, 0, "ball 2 at x"), at(1, 1, "y of ball 2")]];
  const both = tick(model, "second", "a second ball"), others = [stepper(model, "second_rate", "rate of ball 2", roundNumbers(0.001, 2), "exactly, ball 2"), slider(model, "second_momentum", "momentum of ball 2", FROM_0_TO_1), own];
  const controls = [
    choice(model, "landscape", "landscape", Object.keys(LANDSCAPES)), stepper(model, "learning_rate", "learning rate", roundNumbers(0.001, 2)),
    slider(model, "momentum", "momentum", FROM_0_TO_1), ...first, both, ...others, ...other,
  ];
  for (const { element } of [...first, both, ...others, ...other]) element.classList.add("ck-more"); // a slide has no room for them
  const page = frame(model, el, names, controls, () => play.stop());
  const take = (count) => update(model, { steps: Math.max(0, Math.min(LAST, model.get("steps") + count)) });
  const over = () => model.get("steps") >= LAST || balls(compute(state())).every(({ diverged }) => diverged);
  const play = player(page, { step: () => take(1), over, again: () => update(model, { steps: 0 }), pause: () => 160 });
  const stop = play.stop;
  const buttons = h("div", { class: "ck-controls" }, button("one step", () => take(1)), play.element, button("start again", () => { stop(); update(model, { steps: 0 }); }));
  const keys = (event) => {
    const act = { ArrowRight: () => take(1), ArrowLeft: () => take(-1), Home: () => update(model, { steps: 0 }), " ": play.toggle }[event.key];
    act?.();
    return Boolean(act);
  };
  const map = panel("loss landscape", { width: SIDE, height: SIDE, keys, careful: true, help: "Arrow keys take a step or take it back, space plays. The first click here gives it the keyboard; another one says where to start; of two starts the nearer one moves.",
    press: (x, y) => {
      const ranges = LANDSCAPES[model.get("landscape")][2], frameOf = axes(ranges), place = [frameOf.toX(x), frameOf.toY(y)].slice(0, ranges.length);
      const [near, far] = began().map((one) => Math.hypot(...one.map((value, axis) => value - place[axis])));
      begin(apart() && far < near ? 1 : 0, place);
    } });
  map.element.append(buttons);
  const curve = panel("loss after each step", { width: SIDE, height: 220 });
  const last = note("the last step");
  page.panels.append(map.element, h("div", { class: "ck-column" }, curve.element, last.element));

  function draw() {
    const now = state(), all = balls(compute(now));
    controls.forEach((control) => control.show());
    others.forEach(({ element }) => { element.hidden = !now.second; });
    [first, other].forEach((fields, which) => fields.forEach(({ element }, axis) => { element.hidden = axis >= all[0].path[0].length || (which === 1 && !apart()); }));
    drawLandscape(map, now, all);
    drawLosses(curve, all);
    curve.heading(now.second ? "loss after each step: 1 solid, 2 dashed" : "loss after each step");
    last.body.replaceChildren(...all.flatMap((ball) => arithmetic(now, ball)));
    page.say(sentence(now, all));
  }
  return page.follow(names, draw, stop);
}

/** A number on the grid of tenths, between two others. */
const tenth = (value, low, high) => Number(Math.max(low, Math.min(high, Math.round(10 * value) / 10)).toFixed(1));

/** How parameters become places of the canvas, and back. */
function axes(ranges, low = 0, high = 1) {
  const [[left, right]] = ranges, [bottom, top] = ranges[1] ?? [low, high], room = SIDE - 2 * EDGE;
  return {
    x: (value) => EDGE + (room * (value - left)) / (right - left), y: (value) => SIDE - EDGE - (room * (value - bottom)) / (top - bottom),
    toX: (x) => tenth(left + ((x - EDGE) / room) * (right - left), left, right), toY: (y) => tenth(bottom + ((SIDE - EDGE - y) / room) * (top - bottom), bottom, top),
  };
}

function drawLandscape(target, { landscape }, all) {
  const [loss, , ranges] = LANDSCAPES[landscape], { context, ink } = target.begin();
  const flat = ranges.length === 1, grid = flat ? null : heights(landscape), top = flat ? greatest(loss, ranges[0]) : 1;
  const frameOf = axes(ranges, 0, top);
  if (flat) drawCurve(context, loss, ranges[0], frameOf, ink); else drawHeights(context, grid);
  context.save();
  context.beginPath(); context.rect(EDGE, EDGE, SIDE - 2 * EDGE, SIDE - 2 * EDGE); context.clip();
  const ways = all.map(({ path, losses }) => path.map((place, i) => [frameOf.x(place[0]), frameOf.y(flat ? losses[i] : place[1])]));
  context.lineJoin = "round";
  all.forEach(({ colour, dash }, which) => {
    const points = ways[which];
    for (const [width, ink] of [[4, "#000"], [2, colour]]) {
      context.strokeStyle = ink; context.lineWidth = width; context.setLineDash(dash); context.beginPath();
      points.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
      context.stroke();
    }
    context.setLineDash([]);
    points.slice(0, -1).forEach(([x, y]) => dot(context, x, y, 3, "#fff"));
  });
  context.restore();
  const inside = (value) => value >= EDGE - 0.5 && value <= SIDE - EDGE + 0.5; // a ball on the frame is drawn whole
  all.forEach(({ colour, name }, which) => { const at = ways[which].at(-1); if (at.every(inside)) ballAt(context, ...at, colour, name); });
  frameLabels(context, ranges, top, ink);
  const places = all.map(({ path, diverged, name }) => `${name && `ball ${name}: `}${numbered(path.length - 1)}, ${diverged ? "diverged" : `now at ${path.at(-1).map((value) => exact(value, 3)).join(", ")}`}`);
  target.describe(`${landscape}, ${places.join("; ")}`);
}

/** A ball, with its number where there are two. */
function ballAt(context, x, y, colour, name) {
  dot(context, x, y, name ? 9 : 7, colour);
  context.fillStyle = "#000"; context.font = "bold 12px system-ui, sans-serif"; context.textAlign = "center"; context.textBaseline = "middle";
  context.fillText(name, x, y + 0.5);
}

function dot(context, x, y, radius, colour) {
  context.beginPath(); context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = colour; context.fill();
  context.strokeStyle = "#000"; context.lineWidth = 1; context.stroke();
}

const greatest = (loss, [left, right]) => Math.max(loss(left), loss(right));

function drawCurve(context, loss, [left, right], frameOf, ink) {
  context.strokeStyle = BLUE; context.lineWidth = 2; context.beginPath();
  for (let i = 0; i <= 200; i++) {
    const x = left + (i / 200) * (right - left);
    context.lineTo(frameOf.x(x), frameOf.y(loss(x)));
  }
  context.stroke();
  context.fillStyle = ink; context.textAlign = "left"; context.textBaseline = "top"; context.fillText("loss", 4, 8);
}

const known = {};

/** The loss on a fine grid, as its logarithm so that the bottom of a valley is seen. */
function heights(landscape) {
  if (!known[landscape]) {
    const [loss, , [[left, right], [bottom, top]]] = LANDSCAPES[landscape], n = 126, values = new Float32Array(n * n);
    let least = Infinity;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        values[i * n + j] = loss(left + (j / (n - 1)) * (right - left), top - (i / (n - 1)) * (top - bottom));
        least = Math.min(least, values[i * n + j]);
      }
    }
    // Fourteen steps of height: the borders between them are contour lines.
    const logs = values.map((value) => Math.log1p(3 * (value - least))), most = Math.max(...logs);
    known[landscape] = { n, values: logs.map((value) => Math.floor((14 * value) / most)) };
  }
  return known[landscape];
}

function drawHeights(context, { n, values }) {
  paint(context, values, n, n, ["viridis", 0, 14], EDGE, EDGE, SIDE - 2 * EDGE, SIDE - 2 * EDGE);
}

function frameLabels(context, ranges, top, ink) {
  const [[left, right]] = ranges, [low, high] = ranges[1] ?? [0, top];
  context.strokeStyle = GREY; context.lineWidth = 1; context.strokeRect(EDGE, EDGE, SIDE - 2 * EDGE, SIDE - 2 * EDGE);
  context.fillStyle = ink; context.font = "12px system-ui, sans-serif"; context.textBaseline = "top"; context.textAlign = "center";
  for (const value of [left, (left + right) / 2, right]) context.fillText(shown(value, 1), EDGE + ((value - left) / (right - left)) * (SIDE - 2 * EDGE), SIDE - EDGE + 4);
  context.textAlign = "right"; context.textBaseline = "middle";
  for (const value of [low, high]) context.fillText(shown(value, 1), EDGE - 4, SIDE - EDGE - ((value - low) / (high - low)) * (SIDE - 2 * EDGE));
  context.textAlign = "center"; context.textBaseline = "bottom"; context.fillText(ranges.length > 1 ? "x across, y up; dark is low" : "x", SIDE / 2, SIDE - 2);
}

/** Where losses stand on an axis: {at(value) from 0 to 1, ticks: [value, text]}. Powers of ten, or even steps where one is negative. */
function lossAxis(losses) {
  const finite = losses.filter(Number.isFinite), positive = finite.filter((value) => value > 0), zero = finite.includes(0);
  if (!positive.length || finite.some((value) => value < 0)) {
    const low = Math.min(...finite, 0), high = Math.max(...finite, 0) || 1, raw = (high - low) / 5, power = 10 ** Math.floor(Math.log10(raw));
    const step = power * [5, 2, 1].find((digit) => digit * power <= raw * 1.0001), first = Math.floor(low / step), last = Math.ceil(high / step);
    const ticks = Array.from({ length: last - first + 1 }, (_, i) => [(first + i) * step, shown((first + i) * step)]);
    return { at: (value) => (value / step - first) / (last - first), ticks, words: "even steps" };
  }
  const least = Math.floor(Math.log10(Math.min(...positive)) + 1e-9), top = Math.max(Math.ceil(Math.log10(Math.max(...positive)) - 1e-9), least + 2);
  const bottom = least - zero, every = Math.max(1, Math.ceil((top - bottom) / 6)), ticks = zero ? [[0, "0"]] : []; // a loss of 0 lies below all powers
  for (let power = least; power <= top; power += every) ticks.push([10 ** power, powerOfTen(power)]);
  return { at: (value) => (value === 0 ? 0 : (Math.log10(value) - bottom) / (top - bottom)), ticks, words: "powers of ten" };
}

const powerOfTen = (power) => (Math.abs(power) <= 3 ? String(Number((10 ** power).toPrecision(1))) : `10${[...String(power)].map((sign) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(sign)]).join("")}`);

/** The losses as curves over the steps. */
function drawLosses(target, all) {
  const { context, ink, faint } = target.begin(), { width, height } = target.size, low = 26, { at, ticks, words } = lossAxis(all.flatMap(({ losses }) => losses));
  context.font = "11px system-ui, sans-serif"; context.textAlign = "right"; context.textBaseline = "middle";
  const left = 12 + Math.max(...ticks.map(([, text]) => context.measureText(text).width)), count = Math.max(10, ...all.map(({ losses }) => losses.length - 1));
  const x = (i) => left + ((width - left - 10) * i) / count, y = (value) => 10 + (height - low - 10) * (1 - at(value));
  for (const [value, text] of ticks) {
    context.fillStyle = ink; context.fillText(text, left - 6, y(value));
    context.fillStyle = faint; context.globalAlpha = 0.3; context.fillRect(left, y(value), width - left - 10, 1); context.globalAlpha = 1;
  }
  for (const { losses, line, dash } of all) {
    context.strokeStyle = line; context.lineWidth = 2; context.setLineDash(dash); context.beginPath();
    losses.forEach((value, i) => Number.isFinite(value) && context.lineTo(x(i), y(value)));
    context.stroke(); context.setLineDash([]);
    if (losses.length <= 41) losses.forEach((value, i) => Number.isFinite(value) && dot(context, x(i), y(value), 3, line));
  }
  context.fillStyle = ink; context.textAlign = "center"; context.textBaseline = "bottom";
  context.fillText(`steps (0 to ${count})`, (left + width) / 2, height - 2);
  const reached = all.map(({ losses, name }) => `${name && `ball ${name} `}from ${exact(losses[0], 3)} to ${exact(losses.at(-1), 3)}`).join(", ");
  target.describe(`loss after each step, ${reached}, on an axis of ${words}`);
}

/** A number of the way down, however small: nothing here is rounded to float32. */
const exact = (value, places) => shown(value, places, 0);

/** The last step of a ball in numbers: old parameters plus velocity. */
function arithmetic(now, { path, name }) {
  const [rate, carry] = name === "2" ? [now.second_rate, now.second_momentum] : [now.learning_rate, now.momentum];
  if (path.length < 2) return name === "2" ? [] : [h("p", { class: "ck-formula" }, "no step yet")];
  const [here, before, earlier] = [path.at(-1), path.at(-2), path.at(-3) ?? path.at(-2)], slope = LANDSCAPES[now.landscape][1](...before);
  return here.map((value, axis) => {
    const carried = carry ? ` + ${exact(carry)} · (${exact(before[axis] - earlier[axis], 3)})` : "";
    return h("p", { class: "ck-formula" }, `${name && `${name} · `}${"xy"[axis]}: ${exact(before[axis], 3)}${carried} − ${exact(rate, 3)} · (${exact(slope[axis], 3)}) = ${exact(value, 3)}`);
  });
}

const numbered = (steps) => `${steps} ${steps === 1 ? "step" : "steps"}`;
const standing = ({ path, losses }) => `${path.at(-1).map((value, axis) => `${"xy"[axis]} = ${exact(value, 3)}`).join(", ")}, loss ${exact(losses.at(-1), 4)}`;

function sentence({ steps: taken }, all) {
  if (all.length > 1) {
    const told = all.map((ball) => `ball ${ball.name} ${ball.diverged ? `diverged in step ${ball.path.length - 1}` : `at ${standing(ball)}`}`);
    return `After ${numbered(taken)}: ${told.join("; ")}.`;
  }
  const [{ path, losses, diverged }] = all, steps = path.length - 1;
  if (diverged) return `After ${numbered(steps)} the loss is beyond ${FAR.toLocaleString("en")}: it diverges. Try a smaller learning rate.`;
  const growing = steps > 2 && losses.at(-1) > losses[0] ? " The loss is growing." : "";
  return `After ${numbered(steps)}: ${standing(all[0])}.${growing}`;
}

export default { render };
