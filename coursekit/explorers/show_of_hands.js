// The game for a whole class: all images at once, and for each of them the hands that go up for "fake", typed in.
import { outline, paint, panel } from "./canvas.js";
import { frame } from "./frame.js";
import { button, h, number } from "./page.js";
import { update } from "./state.js";

const MOST = 9999, WORDS = ["real", "fake"];

/** The result so far: {asked, share, majority, impossible}; `share` of the votes and `majority` of the images are right. */
export function computeClass({ labels, hands, voters }) {
  const known = labels.map((_, i) => i).filter((i) => voters > 0 && hands[i] >= 0 && hands[i] <= voters);
  const right = known.map((i) => (labels[i] ? hands[i] : voters - hands[i]));
  const sum = right.reduce((total, votes) => total + votes, 0);
  return {
    asked: known.length, share: known.length ? sum / (known.length * voters) : null,
    majority: right.filter((votes) => 2 * votes > voters).length, impossible: hands.findIndex((count) => count > voters),
  };
}

/** Show the game to `el`; `pictures()` gives what is painted, `luck(n, right)` how often a coin does as well. */
export function renderClass({ model, el }, pictures, luck) {
  const room = number(model, "voters", "How many vote?", { min: 1, max: MOST });
  const page = frame(model, el, ["hands", "voters", "revealed"], [room]);
  const truth = button("", () => update(model, { revealed: !model.get("revealed") }));
  page.controls.append(truth);
  const strip = h("div", { class: "ck-hall" }), caption = h("p", { class: "ck-help" });
  page.panels.append(h("div", { class: "ck-panel ck-grow" }, strip, caption));
  let cards = [], shown = null;

  function draw() {
    if (shown !== pictures()) {
      shown = pictures();
      cards = shown.map((_, i) => card(model, i));
      strip.replaceChildren(...cards.map((one) => one.element));
    }
    const state = Object.fromEntries(["labels", "hands", "voters", "probabilities"].map((name) => [name, model.get(name)]));
    const result = computeClass(state), revealed = model.get("revealed");
    room.show();
    truth.textContent = revealed ? "hide the truth" : "show the truth";
    truth.disabled = !revealed && !result.asked;
    caption.textContent = model.get("caption");
    cards.forEach((one, i) => one.show(shown[i], state, revealed));
    page.say(said(result, state, revealed, luck));
  }
  return page.follow(["images", "labels", "probabilities", "hands", "voters", "revealed", "caption"], draw);
}

function said({ asked, share, majority, impossible }, { labels, probabilities, voters }, revealed, luck) {
  if (!voters) return "How many vote? Then count, for each image, the hands for “fake”; who raises none says “real”.";
  if (impossible >= 0) return `Image ${impossible + 1} has more hands than the ${voters} who vote.`;
  if (!revealed) return `${asked} of ${labels.length} images counted.`;
  const machine = probabilities.length ? `, the classifier in ${probabilities.filter((p, i) => Number(p > 0.5) === labels[i]).length} of ${labels.length}` : "";
  const chance = 100 * luck(asked, majority);
  return `${Math.round(100 * share)}% of ${asked * voters} votes are right; the majority is in ${majority} of ${asked}${machine}. A coin gets ${majority} or more in ${chance.toFixed(chance < 10 ? 1 : 0)}% of rounds.`;
}

/** One image with its number, the field for its hands and, in the end, the truth. */
function card(model, i) {
  const small = panel(`image ${i + 1}`, { width: 120, height: 120 });
  const own = { get: () => Math.max(0, model.get("hands")[i]), set: (_, count) => model.set("hands", model.get("hands").with(i, count)), save_changes: () => model.save_changes() };
  const field = number(own, "count", "“fake”", { min: 0, max: MOST });
  const input = field.element.querySelector("input");
  input.setAttribute("aria-label", `hands for fake, image ${i + 1}`);
  small.element.append(field.element);
  const show = (picture, { labels, hands, voters }, revealed) => {
    const { context } = small.begin(), zoom = 120 / Math.max(picture.rows, picture.columns);
    paint(context, picture.values, picture.rows, picture.columns, picture.scale, 0, 0, picture.columns * zoom, picture.rows * zoom);
    const known = hands[i] >= 0, votes = labels[i] ? hands[i] : voters - hands[i], counted = known && voters > 0 && votes >= 0 && hands[i] <= voters;
    if (known) field.show();
    if (input.getAttribute("aria-invalid") !== "true" && known !== (input.value !== "")) input.value = known ? hands[i] : "";
    if (revealed && counted && 2 * votes <= voters) outline(context, 2, 2, 116, 116);
    small.describe(`image ${i + 1}${revealed ? `: ${WORDS[labels[i]]}` : ""}`);
    const share = counted ? `, ${Math.round((100 * votes) / voters)}% right` : "";
    small.heading(revealed ? `${i + 1}: ${WORDS[labels[i]]}${share}` : `image ${i + 1}`);
  };
  return { element: small.element, show };
}
