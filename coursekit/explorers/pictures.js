// Controls for the picture that an explorer looks at: one of the shipped, or a file of the reader's own.
import { choice, h, own } from "./page.js";
import { fromArray, update } from "./state.js";

const LARGEST = 8_000_000; // bytes of a file that Jupyter hands on to Python

/**
 * The controls, as a list: the shipped pictures come from Python, so without it there is only the file. What the
 * browser cannot read, Python reads where there is one; `say(text)` tells what is wrong with a file that neither can.
 */
export function pictureControls(model, say) {
  const file = h("input", { type: "file", accept: "image/*,.tif,.tiff", "aria-label": "your own picture" });
  let waiting = null;
  const refuse = (words) => { clearTimeout(waiting); file.value = ""; say(words); }; // nor does its name stay above the old picture
  model.on("msg:custom", (message) => { if (message.read) clearTimeout(waiting); if (message.fault) refuse(`${message.fault} The old picture stays.`); });
  const ask = async (given) => {
    if (model.local) return refuse(`${given.name} cannot be read here: take a PNG or JPEG. The old picture stays.`);
    if (given.size > LARGEST) return refuse(`${given.name} is too large to send to Python: give its path to the explorer as picture. The old picture stays.`);
    say(`Python reads ${given.name} …`);
    waiting = setTimeout(() => refuse(`Python has not answered: it is busy, or the cell must be run again. The old picture stays.`), 10_000);
    model.send({ file: given.name }, undefined, [await given.arrayBuffer()]);
  };
  file.addEventListener("change", async () => {
    const [given] = file.files;
    if (!given) return;
    try { update(model, { picture: await greyPicture(given), _own_wanted: "" }); } catch { await ask(given); }
  });
  const upload = { element: h("div", { class: "ck-control" }, h("span", {}, "your own"), own(file)), show() {} };
  if (model.local) return [upload];
  const names = [["", "choose …"], ...model.get("_own_pictures").map((name) => [name, name.replace("_", " ")])];
  const list = choice(model, "_own_wanted", "picture", names);
  model.on("change:_own_wanted", list.show);
  return [list, upload];
}

/** The file's picture as an Array trait: luma from 0 to 1, on white where it is transparent, its longer side at most 256 pixels. */
export async function greyPicture(file) {
  const picture = await createImageBitmap(file), zoom = Math.min(1, 256 / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * zoom)), height = Math.max(1, Math.round(picture.height * zoom));
  const context = new OffscreenCanvas(width, height).getContext("2d");
  context.imageSmoothingQuality = "high";
  context.fillStyle = "#fff"; context.fillRect(0, 0, width, height); // what is transparent lies on white, as in Python
  context.drawImage(picture, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const luma = (_, i) => (0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2]) / 255;
  const values = Array.from({ length: width * height }, luma);
  return fromArray(values, [height, width]);
}
