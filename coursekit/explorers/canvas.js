// Panels with a canvas, and the colours and marks drawn on them.
import { h, own, rounded, shown } from "./page.js";

/**
 * A figure with a heading and a canvas of `width` × `height` logical pixels, sharp on every screen.
 * With `keys(event)` it takes the keyboard, with `point(x, y, event)` the pointer; both get logical pixels.
 * With the frame's `pin` a click holds what is pointed at, until it is clicked again or Escape is pressed; `spot()`
 * says where that is. With `careful` a click that gives the keyboard's focus does nothing else.
 * `describe(text)` is what a screen reader says of the picture.
 */
export function panel(heading, { width, height, keys, point, press, help, pin, spot, careful }) {
  const canvas = h("canvas", { role: keys ? "application" : "img" });
  canvas.style.aspectRatio = `${width} / ${height}`;
  canvas.style.width = `${width}px`;
  const title = h("p", { class: "ck-heading" }, heading);
  const element = h("div", { class: "ck-panel" }, title, canvas);
  if (help) element.append(h("p", { class: "ck-help" }, help));
  const size = { width, height };
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) * size.width / box.width, (event.clientY - box.top) * size.height / box.height];
  };
  if (keys) {
    own(canvas).tabIndex = 0;
    canvas.addEventListener("keydown", (event) => {
      if (event.key === "Escape") pin?.let(); // and the page, a slide for instance, gets it, too
      if (keys(event)) { event.preventDefault(); event.stopPropagation(); }
    });
  }
  if (point) {
    canvas.style.touchAction = "none"; // a finger moves what is pointed at, and does not scroll the page
    canvas.addEventListener("pointermove", (event) => { if (!pin?.on || event.buttons) point(...place(event), event); });
  }
  if (press ?? point) {
    canvas.addEventListener("pointerdown", (event) => {
      if (careful && canvas.getRootNode().activeElement !== canvas) return;
      const before = pin?.on && spot();
      (press ?? point)(...place(event), event);
      if (pin) { if (before && before === spot()) pin.let(); else pin.hold(); }
    });
  }
  return {
    element, canvas, size, heading(text) { if (title.textContent !== text) title.textContent = text; }, // what is written anew is laid out anew
    describe(text) { if (canvas.getAttribute("aria-label") !== text) canvas.setAttribute("aria-label", text); },
    resize(newWidth, newHeight) {
      if (newWidth === size.width && newHeight === size.height) return;
      size.width = newWidth; size.height = newHeight;
      canvas.style.aspectRatio = `${newWidth} / ${newHeight}`;
      canvas.style.width = `${newWidth}px`;
    },
    /** A clean context in logical pixels, and the colours of the page's theme. */
    begin() {
      const scale = (window.devicePixelRatio || 1) * Math.max(1, (canvas.clientWidth || size.width) / size.width);
      const pixels = [Math.round(size.width * scale), Math.round(size.height * scale)];
      if (canvas.width !== pixels[0] || canvas.height !== pixels[1]) [canvas.width, canvas.height] = pixels;
      const context = canvas.getContext("2d");
      context.setTransform(scale, 0, 0, scale, 0, 0);
      context.clearRect(0, 0, size.width, size.height);
      const style = getComputedStyle(canvas), wanted = (parseFloat(style.getPropertyValue("--ck-letters")) || 12) / 12;
      const shrunk = Math.max(1, size.width / (canvas.clientWidth || size.width));
      keepLetters(context, wanted > 1 ? wanted * shrunk : Math.min(MOST_GROWN, shrunk));
      context.font = "12px system-ui, sans-serif";
      const ink = style.color;
      return { context, ink, faint: style.getPropertyValue("--ck-faint") || "#6b6b6b" };
    },
  };
}

const LEGIBLE = 22; // pixels of a cell that holds a number
const MOST_GROWN = 1.5; // beyond that letters would not fit beside each other: on a telephone. A page, such as a slide, may want more.
const FONT = Object.getOwnPropertyDescriptor(CanvasRenderingContext2D.prototype, "font");

/** From now on letters of this context are `grown` times as large as their font says: the canvas is shown smaller than it is. */
function keepLetters(context, grown) {
  Object.defineProperty(context, "font", {
    configurable: true, get: FONT.get,
    set(font) { FONT.set.call(this, font.replace(/[\d.]+(?=px)/, (pixels) => pixels * grown)); },
  });
}

// ---------------------------------------------------------------- colours, those of coursekit.plots

export const BLUE = "#0072B2";
export const ORANGE = "#D55E00";
export const GREEN = "#009E73";
export const GREY = "#6B6B6B";
export const PURPLE = "#CC79A7";
export const VIOLET = "#A54BFF";
export const SKY = "#56B4E9"; // too faint for lines on white: for frames that `outline` draws in black

// Every sixteenth colour of matplotlib's maps of the same names.
const MAPS = {
  viridis: "440154 48186a 472d7b 424086 3b528b 33638d 2c728e 26828e 21918c 1fa088 28ae80 3fbc73 5ec962 84d44b addc30 d8e219 fde725",
  RdBu_r: "053061 175290 2a71b2 3f8ec0 6bacd1 9bc9e0 c2ddec e0ecf3 f7f6f6 fbe5d8 fbccb4 f5aa89 e48066 d05548 ba2832 930e26 67001f",
  gray: "000000 ffffff",
};
const tables = {};

/** 256 colours of a map, as packed [red, green, blue, …]. */
export function colours(map) {
  if (!tables[map]) {
    const stops = MAPS[map].split(" ").map((hex) => [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16)));
    tables[map] = new Uint8Array(768);
    for (let i = 0; i < 256; i++) {
      const place = (i / 255) * (stops.length - 1);
      const left = Math.min(Math.floor(place), stops.length - 2);
      for (let c = 0; c < 3; c++) {
        tables[map][3 * i + c] = Math.round(stops[left][c] + (place - left) * (stops[left + 1][c] - stops[left][c]));
      }
    }
  }
  return tables[map];
}

/** [map, lowest, highest] for values: signed ones diverge around zero, others run from least to most. */
export function scaleOf(values) {
  let low = Infinity, high = -Infinity;
  for (const value of values) { if (value < low) low = value; if (value > high) high = value; }
  if (low < 0) {
    const reach = Math.max(-low, high);
    return ["RdBu_r", -reach, reach];
  }
  return ["viridis", low, high];
}

/** The CSS colour of one value on a scale [map, lowest, highest]. */
export function colourOf(value, [map, low, high]) {
  const table = colours(map);
  const at = 3 * Math.max(0, Math.min(255, Math.round((255 * (value - low)) / (high - low || 1))));
  return `rgb(${table[at]}, ${table[at + 1]}, ${table[at + 2]})`;
}

/** Draw values (rows × columns) into a rectangle of the context, each value a sharp-edged pixel. */
export function paint(context, values, rows, columns, scale, x, y, width, height) {
  const small = stamp(values, rows, columns, scale);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, x, y, width, height);
  return small;
}

const drawn = new WeakMap();

/** What `make()` gives for an array, computed once for each `key` as long as the array lives. */
export function kept(array, key, make) {
  if (!drawn.has(array)) drawn.set(array, new Map());
  const known = drawn.get(array);
  if (!known.has(key)) known.set(key, make());
  return known.get(key);
}

/** As `paint`, but values that do not change are coloured only once. */
export function paintOnce(context, values, rows, columns, scale, x, y, width, height) {
  context.imageSmoothingEnabled = false;
  context.drawImage(kept(values, `stamp ${scale}`, () => stamp(values, rows, columns, scale)), x, y, width, height);
}

/** Values in the colours of a scale, one pixel each, as a small canvas. */
export function stamp(values, rows, columns, [map, low, high]) {
  const image = new ImageData(columns, rows);
  const table = colours(map), pixels = image.data, factor = 255 / (high - low || 1);
  for (let i = 0; i < rows * columns; i++) {
    const at = 3 * Math.max(0, Math.min(255, Math.round((values[i] - low) * factor)));
    pixels[4 * i] = table[at]; pixels[4 * i + 1] = table[at + 1]; pixels[4 * i + 2] = table[at + 2]; pixels[4 * i + 3] = 255;
  }
  return canvasOf(image);
}

/** A colour picture (rows × columns × 3), from 0 to 1 or to 255, or as far as its values reach, as a small canvas. */
export function colourStamp(values, rows, columns) {
  const image = new ImageData(columns, rows), [, least, most] = scaleOf(values);
  const low = Math.min(0, least), high = most <= 1 && low === 0 ? 1 : low === 0 && most <= 255 && most > 2 ? 255 : most;
  for (let i = 0; i < rows * columns; i++) {
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = (255 * (values[3 * i + c] - low)) / (high - low || 1);
    image.data[4 * i + 3] = 255;
  }
  return canvasOf(image);
}

function canvasOf(image) {
  const small = new OffscreenCanvas(image.width, image.height);
  small.getContext("2d").putImageData(image, 0, 0);
  return small;
}

/** The number of each pixel (rows × columns, `zoom` wide) written into it, where pixels have room for all of them. */
export function writeValues(context, values, columns, scale, zoom) {
  if (zoom < LEGIBLE) return;
  const texts = Array.from(values, (value) => rounded(value, Math.abs(value) < 100 ? 2 : 0));
  if (texts.some((text) => context.measureText(text).width > zoom - 4)) return;
  context.textAlign = "center"; context.textBaseline = "middle";
  texts.forEach((text, at) => {
    context.fillStyle = inkOn(colourOf(values[at], scale));
    context.fillText(text, ((at % columns) + 0.5) * zoom, (Math.floor(at / columns) + 0.5) * zoom);
  });
}

/** A bar of the scale's colours with its lowest and highest value, along the bottom of a picture. */
export function legend(context, scale, x, y, width, ink) {
  const steps = 64;
  for (let i = 0; i < steps; i++) {
    context.fillStyle = colourOf(scale[1] + (i / (steps - 1)) * (scale[2] - scale[1]), scale);
    context.fillRect(x + (i * width) / steps, y, width / steps + 0.5, 8);
  }
  context.fillStyle = ink;
  context.textBaseline = "top";
  context.textAlign = "left"; context.fillText(shown(scale[1]), x, y + 10);
  context.textAlign = "right"; context.fillText(shown(scale[2]), x + width, y + 10);
}

/** Outline a rectangle so that it is seen on any ground: a dark line around a bright one. */
export function outline(context, x, y, width, height, colour = ORANGE, thick = 2) {
  context.lineWidth = 2 * thick; context.strokeStyle = "#000"; context.strokeRect(x, y, width, height);
  context.lineWidth = thick; context.strokeStyle = colour; context.strokeRect(x, y, width, height);
}

/** Black or white, whichever is read better on a CSS colour "rgb(…)". */
export function inkOn(colour) {
  const [red, green, blue] = colour.match(/[\d.]+/g).map(Number);
  return 0.299 * red + 0.587 * green + 0.114 * blue > 140 ? "#000" : "#fff";
}

/** Fill a rectangle with slanted lines: what is not there, or not seen. */
export function hatch(context, x, y, width, height, colour, gap = 5) {
  context.save();
  context.beginPath(); context.rect(x, y, width, height); context.clip();
  context.beginPath();
  for (let at = -height; at < width; at += gap) { context.moveTo(x + at, y + height); context.lineTo(x + at + height, y); }
  context.lineWidth = 1; context.strokeStyle = colour; context.stroke();
  context.restore();
}
