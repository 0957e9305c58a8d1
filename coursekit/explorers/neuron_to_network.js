// Two to six hidden units on one input: each one's line, bend and share, and the sum of the shares.
import { BLUE, GREEN, GREY, ORANGE, PURPLE, VIOLET, panel } from "./canvas.js";
import { frame } from "./frame.js";
import { button, choice, h, numberTable, shown } from "./page.js";
import { fromArray, toArray, update } from "./state.js";

const NOISE = 1e-13; // of a mean squared error, since points and units are float32
const REACH = 2, HIGH = 2.4, GRID = 161, RATE = 0.05, FEWEST = 2, MOST = 6, LIMIT = 1000;
const STEPS = 3000, PER_FRAME = 30; // of the button "fit"
// Colour and dash together tell units apart.
const STYLES = [[BLUE, []], [ORANGE, [7, 3]], [GREEN, [2, 3]], [PURPLE, [9, 3, 2, 3]], [GREY, [12, 3]], [VIOLET, [4, 2]]];
const NEW_UNITS = [[1, 1, 1], [1, 0, -1], [-1, -0.5, 0.5], [-1, 0.5, 0.5], [1, -1, 0.5], [-1, -1, -0.5]];

// Each activation and its slope; the same as ACTIVATIONS in neuron_to_network.py.
const ACTIVATIONS = {
  ReLU: [(z) => Math.max(z, 0), (z) => (z > 0 ? 1 : 0)],
  tanh: [Math.tanh, (z) => 1 - Math.tanh(z) ** 2],
  sigmoid: [(z) => 0.5 + 0.5 * Math.tanh(z / 2), (z) => 0.25 - 0.25 * Math.tanh(z / 2) ** 2],
  linear: [(z) => z, () => 1],
};

/** Lines, activations and shares of each unit on a grid from -2 to 2, their sum, kinks, loss and its gradient. */
export function compute({ units, offset, activation, points }) {
  const rows = rowsOf(units, 3), [value] = ACTIVATIONS[activation];
  const x = Array.from({ length: GRID }, (_, i) => -REACH + (2 * REACH * i) / (GRID - 1));
  const lines = rows.map(([w, b]) => x.map((at) => w * at + b));
  const active = lines.map((line) => line.map(value));
  const shares = rows.map(([, , v], j) => active[j].map((a) => v * a));
  const output = x.map((_, i) => shares.reduce((sum, share) => sum + share[i], offset));
  return { x, lines, active, shares, output, kinks: kinksOf(rows, activation), ...slopes(rows, offset, activation, rowsOf(points, 2)) };
}

const rowsOf = ({ shape: [count], values }, columns) => Array.from({ length: count }, (_, i) => Array.from(values.slice(i * columns, (i + 1) * columns)));

/** Where the output bends: units with ReLU at -b / w, unless changes of slope v·|w| at one place cancel. */
function kinksOf(rows, activation) {
  if (activation !== "ReLU") return [];
  const bends = rows.filter(([w]) => w).map(([w, b, v]) => [-b / w, v * Math.abs(w)]);
  const near = (place) => bends.filter(([other]) => Math.abs(other - place) < 1e-6).reduce((sum, [, turn]) => sum + turn, 0);
  const bent = bends.map(([place]) => place).filter((place) => Math.abs(place) < REACH && Math.abs(near(place)) > 1e-6);
  return bent.sort((a, b) => a - b).filter((place, i) => !i || place - bent[i - 1] > 1e-6);
}

/** The mean squared error, and its slope in each number. */
function slopes(rows, offset, activation, points) {
  const [value, slope] = ACTIVATIONS[activation], gradient = rows.map(() => [0, 0, 0]);
  let loss = 0, gradient_offset = 0;
  for (const [x, y] of points) {
    const z = rows.map(([w, b]) => w * x + b), a = z.map(value);
    const miss = rows.reduce((sum, [, , v], j) => sum + v * a[j], offset) - y, error = (2 * miss) / points.length;
    loss += miss ** 2 / points.length;
    gradient_offset += error;
    rows.forEach(([, , v], j) => {
      const back = error * v * slope(z[j]);
      gradient[j][0] += back * x; gradient[j][1] += back; gradient[j][2] += error * a[j];
    });
  }
  return { loss, gradient, gradient_offset };
}

/** One step of gradient descent, or null where it would leave all bounds. */
function stepped(rows, offset, activation, points) {
  const { gradient, gradient_offset } = slopes(rows, offset, activation, points);
  const after = rows.map((row, j) => row.map((value, k) => value - RATE * gradient[j][k])), moved = offset - RATE * gradient_offset;
  return after.flat().concat(moved).every((value) => Math.abs(value) <= LIMIT) ? [after, moved] : null;
}

function render({ model, el }) {
  const names = ["units", "offset", "activation", "points"];
  const rows = () => rowsOf(toArray(model.get("units")), 3), points = () => rowsOf(toArray(model.get("points")), 2);
  const flat = (changed) => fromArray(changed.flat(), [changed.length, 3]);
  const put = (changed, more = {}) => { stop(); update(model, { units: flat(changed), ...more }); };
  const change = (j, k, value) => put(rows().map((row, i) => (i === j ? row.map((old, at) => (at === k ? within(value) : old)) : row)));

  const fit = button("fit", () => (timer ? stop() : train())), kind = choice(model, "activation", "activation", Object.keys(ACTIVATIONS));
  kind.element.querySelector("select").addEventListener("change", () => stop());
  const count = choice({ get: () => rows().length, set: (_, wanted) => put(NEW_UNITS.map((unit, j) => rows()[j] ?? unit).slice(0, wanted)), save_changes() {} },
    "count", "hidden units", Array.from({ length: MOST - FEWEST + 1 }, (_, i) => FEWEST + i));
  const page = frame(model, el, names, [count, kind, { element: fit }], () => stop());
  let timer = null;
  const stop = () => { cancelAnimationFrame(timer); timer = null; fit.textContent = "fit"; };

  /** Train in full precision; the traits follow once a frame. */
  function train() {
    let now = rows(), offset = model.get("offset"), taken = 0;
    const activation = model.get("activation"), goal = points();
    fit.textContent = "stop";
    const burst = () => {
      let next = [now, offset];
      for (let i = 0; i < PER_FRAME && next; i++) {
        next = stepped(now, offset, activation, goal);
        if (next) { [now, offset] = next; taken++; }
      }
      update(model, { units: flat(now), offset });
      if (next && taken < STEPS) timer = requestAnimationFrame(burst); else stop();
    };
    timer = requestAnimationFrame(burst);
  }

  const sum = panel("the network: all shares added up", { width: 420, height: 300, help: "Thick line: the output, shares plus offset. Thin lines: the shares. Circles: the points to meet. Triangles: kinks." });
  const offsetField = numberTable("offset", (_, __, value) => { stop(); update(model, { offset: within(value) }); });
  sum.element.append(h("div", { class: "ck-control" }, "offset, added to the sum:", offsetField.element));
  const grid = h("div", { class: "ck-panels ck-grow" });
  page.panels.append(sum.element, grid);
  let cards = [];

  function card(j) {
    let held = null;
    const move = (x, y) => {
      const [w, b, v] = rows()[j], at = toX(x, target.size), to = toY(y, target.size);
      if (held === "bend") change(j, 1, -w * at);
      else if (held === "line") put(rows().map((row, i) => (i === j ? tilted(w, b, v, at, to) : row)));
      else { const a = ACTIVATIONS[model.get("activation")][0](w * HANDLE(w) + b); if (Math.abs(a) > 0.05) change(j, 2, to / a); }
    };
    const keys = (event) => {
      const [w, b, v] = rows()[j], turn = (by) => put(rows().map((row, i) => (i === j ? [tidy(w + by), w ? tidy((b / w) * (w + by)) : b, v] : row)));
      const act = {
        ArrowRight: () => change(j, 1, tidy(b - 0.1 * (w || 1))), ArrowLeft: () => change(j, 1, tidy(b + 0.1 * (w || 1))),
        ArrowUp: () => change(j, 2, tidy(v + 0.1)), ArrowDown: () => change(j, 2, tidy(v - 0.1)),
        PageUp: () => turn(0.1), PageDown: () => turn(-0.1),
      }[event.key];
      act?.();
      return Boolean(act);
    };
    const target = panel(`unit ${j + 1}`, { width: 206, height: 150, keys,
      press: (x, y, event) => { held = handleAt(rows()[j], ACTIVATIONS[model.get("activation")][0], x, y, target.size); target.canvas.setPointerCapture(event.pointerId); },
      point: (x, y, event) => { if (held && event.buttons) move(x, y); } });
    Object.assign(target.element.style, { flex: "1 1 160px", maxWidth: "206px" });
    target.canvas.style.touchAction = "none"; // a finger drags a handle and does not scroll the page
    target.canvas.addEventListener("pointerup", () => { held = null; });
    target.canvas.addEventListener("pointercancel", () => { held = null; });
    const fields = numberTable(`unit ${j + 1}: w, b, v`, (_, k, value) => change(j, k, value));
    target.element.append(h("p", { class: "ck-faint ck-formula" }, "slope w, bias b, weight v"), fields.element);
    return { target, fields };
  }

  function draw() {
    const state = { units: toArray(model.get("units")), points: toArray(model.get("points")), offset: model.get("offset"), activation: model.get("activation") };
    const result = compute(state), now = rowsOf(state.units, 3);
    if (cards.length !== now.length) {
      cards = now.map((_, j) => card(j));
      grid.replaceChildren(...cards.map(({ target }) => target.element), h("p", { class: "ck-help ck-long" },
        "Drag the diamond to move the bend (b), the square to tilt the line (w), the circle to scale the share (v). Keys: ← → bend, ↑ ↓ share, Page ↑ ↓ slope."));
    }
    drawSum(sum, result, points());
    cards.forEach(({ target }, j) => drawUnit(target, result, j, now[j], state.activation));
    cards.forEach(({ fields }, j) => fields.show([now[j]]));
    offsetField.show([[state.offset]]);
    count.show(); kind.show();
    page.say(sentence(now, state.offset, state.activation, result));
  }
  return page.follow(names, draw, stop);
}

// ---------------------------------------------------------------- places and handles

const tidy = (value) => Number(value.toFixed(6)), within = (value) => Math.max(-LIMIT, Math.min(LIMIT, value));
const LEFT = 26, LOW = 16, TOP = 6;
const atX = (x, { width }) => LEFT + ((width - LEFT - 8) * (x + REACH)) / (2 * REACH), atY = (y, { height }) => TOP + ((height - LOW - TOP) * (HIGH - y)) / (2 * HIGH);
const snapped = (value) => tidy(Math.round(20 * value) / 20); // places are twentieths
const toX = (px, { width }) => snapped(Math.max(-REACH, Math.min(REACH, ((px - LEFT) / (width - LEFT - 8)) * 2 * REACH - REACH)));
const toY = (py, { height }) => snapped(Math.max(-HIGH, Math.min(HIGH, HIGH - ((py - TOP) / (height - LOW - TOP)) * 2 * HIGH)));
const HANDLE = (w) => (w < 0 ? -1.6 : 1.6); // where the share's circle sits: on the side where a unit with ReLU is active
const SQUARE = (w) => (w < 0 ? -1 : 1); // and the square of its line

/** [w, b, v] after the line was drawn through (x, y), its bend held fast where it has one. */
function tilted(w, b, v, x, y) {
  const bend = -b / w, far = x - bend;
  if (!w || Math.abs(bend) > 2 * REACH) return [tidy((y - b) / (x || 1)), b, v];
  if (Math.abs(far) < 0.15) return [w, b, v];
  const slope = within(tidy(y / far)) || 0.01;
  return [slope, tidy(-slope * bend), v];
}

/** Places of the three handles of a unit, in pixels. */
function handles([w, b, v], value, size) {
  const clip = (y) => Math.max(-HIGH, Math.min(HIGH, y)), side = HANDLE(w), square = SQUARE(w);
  const found = { share: [atX(side, size), atY(clip(v * value(w * side + b)), size)], line: [atX(square, size), atY(clip(w * square + b), size)] };
  if (w && Math.abs(b / w) <= REACH) found.bend = [atX(-b / w, size), atY(0, size)];
  return found;
}

function handleAt(unit, value, x, y, size) {
  const near = Object.entries(handles(unit, value, size)).map(([name, [a, b]]) => [Math.hypot(x - a, y - b), name]).sort((a, b) => a[0] - b[0])[0];
  return near[0] < 30 ? near[1] : null;
}

// ---------------------------------------------------------------- drawing

function axesOn(context, size, ink, faint, labels) {
  context.strokeStyle = faint; context.lineWidth = 1; context.globalAlpha = 0.5;
  context.strokeRect(LEFT, TOP, size.width - LEFT - 8, size.height - LOW - TOP);
  for (const [from, to] of [[[-REACH, 0], [REACH, 0]], [[0, -HIGH], [0, HIGH]]]) path(context, [from, to], size, faint, [], 1);
  context.globalAlpha = 1; context.fillStyle = ink; context.font = "11px system-ui, sans-serif";
  context.textBaseline = "top"; context.textAlign = "center";
  for (const x of labels) context.fillText(shown(x), atX(x, size), size.height - LOW + 3);
  context.textAlign = "right"; context.textBaseline = "middle";
  for (const y of labels) context.fillText(shown(y), LEFT - 4, atY(y, size));
}

function path(context, places, size, colour, dash, width) {
  context.save();
  context.beginPath(); context.rect(LEFT, TOP, size.width - LEFT - 8, size.height - LOW - TOP); context.clip();
  context.strokeStyle = colour; context.lineWidth = width; context.setLineDash(dash);
  context.beginPath();
  for (const [x, y] of places) context.lineTo(atX(x, size), atY(Math.max(-99, Math.min(99, y)), size));
  context.stroke();
  context.restore();
}

const along = (x, y) => x.map((at, i) => [at, y[i]]);

function mark(context, [x, y], corners, colour, radius, turn = 0) {
  context.beginPath();
  if (corners) for (let i = 0; i < corners; i++) context.lineTo(x + radius * Math.sin(turn + (2 * Math.PI * i) / corners), y - radius * Math.cos(turn + (2 * Math.PI * i) / corners));
  else context.arc(x, y, radius, 0, 2 * Math.PI);
  context.closePath(); context.fillStyle = colour; context.fill();
  context.strokeStyle = "#000"; context.lineWidth = 1; context.stroke();
}

function drawUnit(target, { x, lines, active, shares }, j, unit, activation) {
  const { context, ink, faint } = target.begin(), { size } = target, [colour, dash] = STYLES[j], [w, b, v] = unit;
  axesOn(context, size, ink, faint, [-2, 0, 2]);
  path(context, along(x, lines[j]), size, faint, [3, 3], 1);
  path(context, along(x, active[j]), size, ink, [], 1);
  path(context, along(x, shares[j]), size, colour, dash, 3);
  const found = handles(unit, ACTIVATIONS[activation][0], size);
  if (found.bend) mark(context, found.bend, 4, "#fff", 7);
  mark(context, found.line, 4, faint, 6, Math.PI / 4);
  mark(context, found.share, 0, colour, 6);
  const bend = w ? `${activation === "ReLU" ? "bend" : "zero"} at ${shown(-b / w)}` : "no bend";
  target.heading(`unit ${j + 1}, ${bend}`);
  target.describe(`unit ${j + 1}: line z = ${shown(w)} x + ${shown(b)}, ${bend}, share scaled by ${shown(v)}`);
}

function drawSum(target, { x, shares, output, kinks, loss }, points) {
  const { context, ink, faint } = target.begin(), { size } = target;
  axesOn(context, size, ink, faint, [-2, -1, 0, 1, 2]);
  shares.forEach((share, j) => path(context, along(x, share), size, STYLES[j][0], STYLES[j][1], 1.5));
  path(context, along(x, output), size, ink, [], 3);
  for (const [px, py] of points) {
    context.beginPath(); context.arc(atX(px, size), atY(py, size), 3.5, 0, 2 * Math.PI);
    context.strokeStyle = ink; context.lineWidth = 1.2; context.stroke();
  }
  for (const place of kinks) mark(context, [atX(place, size), size.height - LOW - 6], 3, ORANGE, 6);
  target.describe(`output of the network over x from −2 to 2, with ${kinks.length} kinks and a mean squared error of ${shown(loss, 4, NOISE)}`);
}

function sentence(rows, offset, activation, { kinks, loss }) {
  const error = `Mean squared error ${shown(loss, 4, NOISE)}.`, start = `${rows.length} units, ${activation}:`;
  if (activation === "linear") {
    const slope = rows.reduce((sum, [w, , v]) => sum + v * w, 0), height = rows.reduce((sum, [, b, v]) => sum + v * b, offset);
    return `${start} the sum of straight lines is one straight line, ${shown(slope)} · x ${height < 0 ? "−" : "+"} ${shown(Math.abs(height))}. ${error}`;
  }
  if (activation !== "ReLU") return `${start} a smooth curve, no kinks. ${error}`;
  return `${start} ${kinks.length === 1 ? "1 kink" : `${kinks.length} kinks`}${kinks.length ? `, at x = ${kinks.map((place) => shown(place)).join(", ")}` : ""}. ${error}`;
}

export default { render };
