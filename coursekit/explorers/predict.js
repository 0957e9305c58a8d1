// Predict mode: the answer stays hidden until the reader commits to one; right and wrong are counted.
import { button, h, own, tick } from "./page.js";
import { update } from "./state.js";

/**
 * The row of an explorer that has the trait `predict`, else null: a box to tick, a field for the answer, the score.
 * `ask({key, words, answer})` is called at each drawing and returns whether the answer is to be hidden: once for
 * each `key`. `answer` is a number or the sizes of a shape. `forget()` makes what was answered a question again.
 */
export function prediction(model, root, say) {
  if (model.get("predict") === undefined) return null;
  const box = tick(model, "predict", "predict first"), field = own(h("input", { type: "text", inputmode: "text", autocomplete: "off", class: "ck-guess", "aria-label": "your prediction" }));
  const verdict = h("span", { role: "status" }), score = h("output");
  let now = null, known = null;
  const commit = () => {
    const said = numbersIn(field.value), { answer, key } = now;
    if (said.length !== [answer].flat().length) {
      verdict.textContent = Array.isArray(answer) ? `${answer.length} whole numbers, please, such as ${answer.map((_, i) => i + 2).join(" × ")}` : "one number, please";
      return;
    }
    const good = said.every((value, i) => near(value, [answer].flat()[i])), count = good ? "right" : "wrong";
    known = key;
    verdict.textContent = good ? `✓ Right: ${written(answer)}.` : `✗ You said ${written(Array.isArray(answer) ? said : said[0])}; it is ${written(answer)}.`;
    update(model, { [count]: model.get(count) + 1 });
  };
  const check = button("check", commit);
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter") { event.preventDefault(); commit(); }
  });
  const row = h("span", { class: "ck-control" }, field, check), element = h("div", { class: "ck-control ck-predict" }, box.element, row, verdict, score);
  const ask = ({ key, words, answer }) => {
    box.show();
    const on = model.get("predict"), usable = [answer].flat().every(Number.isFinite), hide = on && usable && key !== known;
    if (now?.key !== key) { field.value = ""; if (key !== known) verdict.textContent = ""; }
    if (key !== known) known = null; // coming back to an old question asks it again
    now = { key, words, answer };
    row.hidden = !hide;
    verdict.hidden = !on;
    score.textContent = on ? `${model.get("right")} right, ${model.get("wrong")} wrong` : "";
    root.classList.toggle("ck-hiding", hide);
    if (hide) say(`Predict: ${words}`);
    return hide;
  };
  const forget = () => { known = now = null; };
  return { element, ask, forget };
}

/** The numbers in a text such as "2 × 3", "(2, 3, 4)", "−1.5" or "1,024"; a comma between digits groups thousands. */
function numbersIn(text) {
  const plain = text.replaceAll("−", "-").replace(/(?<=\d),(?=\d{3}(?!\d))/g, "");
  return (plain.match(/[+-]?(?:\d+\.?\d*|\.\d+)/g) ?? []).map(Number);
}

/** A prediction counts when it agrees to two decimals or to one percent; whole numbers must be equal. */
function near(value, answer) {
  if (Number.isInteger(answer)) return value === answer;
  return Math.abs(value - answer) <= Math.max(0.0051, 0.01 * Math.abs(answer));
}

const written = (answer) => [answer].flat().map((value) => (Number(value.toFixed(3)) || 0).toLocaleString("en-US", { maximumFractionDigits: 3 })).join(" × ").replaceAll("-", "−");
