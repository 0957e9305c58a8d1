// Controls for the picture that an explorer looks at: one of the shipped, or a file of the reader's own.
import { choice, h, own } from "./page.js";
import { fromArray, update } from "./state.js";

/** The controls, as a list: the shipped pictures come from Python, so without it there is only the file. */
export function pictureControls(model) {
  const file = h("input", { type: "file", accept: "image/*", "aria-label": "your own picture" });
  file.addEventListener("change", async () => {
    if (file.files.length) update(model, { picture: await greyPicture(file.files[0]) });
  });
  const upload = { element: h("div", { class: "ck-control" }, h("span", {}, "your own"), own(file)), show() {} };
  if (model.local) return [upload];
  const names = [["", "choose …"], ...model.get("_own_pictures").map((name) => [name, name.replace("_", " ")])];
  return [choice(model, "_own_wanted", "picture", names), upload];
}

/** The file's picture as an Array trait: luma from 0 to 1, its longer side at most 256 pixels. */
export async function greyPicture(file) {
  const picture = await createImageBitmap(file), zoom = Math.min(1, 256 / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * zoom)), height = Math.max(1, Math.round(picture.height * zoom));
  const context = new OffscreenCanvas(width, height).getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const luma = (_, i) => (0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2]) / 255;
  const values = Array.from({ length: width * height }, luma);
  return fromArray(values, [height, width]);
}
