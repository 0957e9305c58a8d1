"""A built deck in Chromium, and what is wrong with its slides: one sentence for each fault that is seen."""

import browser

SHAPES = {"16:9": {"width": 1280, "height": 720}, "4:3": {"width": 1280, "height": 960}}
SMALLEST = 18  # pixels, where a slide is 1280 wide

# For the slide in sight, with all its fragments: what sticks out, what is too small, what has no words.
FAULTS = """(smallest) => {
  const slide = Reveal.getCurrentSlide(), frame = slide.getBoundingClientRect(), scale = Reveal.getScale();
  const floor = slide.querySelector("footer").getBoundingClientRect().top, faults = [];
  const skipped = ".katex-mathml, .notes, .step:not(:last-child), option";
  const named = (element) => `${element.tagName.toLowerCase()} ${(element.alt || element.innerText || "").trim().slice(0, 40)}`;
  for (const element of slide.querySelectorAll("*")) {
    if (element.closest(skipped)) continue;
    const box = element.getBoundingClientRect();
    if (!box.width || !box.height) continue;
    const lowest = element.closest("footer") ? frame.bottom : floor;
    if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > lowest + 1)
      faults.push(`sticks out: ${named(element)}`);
    if (element.scrollWidth > element.clientWidth + 2 && ["PRE", "DIV", "P"].includes(element.tagName) && element.clientWidth
        && getComputedStyle(element).overflowX !== "visible") faults.push(`is cut off: ${named(element)}`);
    const words = [...element.childNodes].some((node) => node.nodeType === 3 && /[^\\s\\u200b]/.test(node.data)) || element.matches("input, select");
    const size = parseFloat(getComputedStyle(element).fontSize) * (element.currentCSSZoom ?? 1) * scale;
    if (words && size < smallest - 0.01) faults.push(`${size.toFixed(1)} px: ${named(element)}`);
  }
  for (const image of slide.querySelectorAll("img")) {
    if (!image.alt || image.alt.length < 20 || /no description/i.test(image.alt)) faults.push(`has no words: ${image.alt}`);
    if (image.closest(skipped)) continue;
    const box = image.getBoundingClientRect(), inches = image.dataset.inches.split(" ").map(Number);
    const letters = Number(image.dataset.letters) / 72 * Math.min(box.width / inches[0], box.height / inches[1]);
    if (image.dataset.letters !== "0" && letters < smallest - 0.01) faults.push(`letters of ${letters.toFixed(1)} px: ${named(image)}`);
    if (Math.min(box.width, box.height) < 100) faults.push(`${Math.round(box.width)} × ${Math.round(box.height)} px: ${named(image)}`);
  }
  for (const canvas of slide.querySelectorAll("canvas")) {
    const width = canvas.getBoundingClientRect().width;
    for (const [text, pixels] of width && window.lettersOf.get(canvas) || [])
      if (pixels * width / canvas.width < smallest - 0.01) faults.push(`letters of ${(pixels * width / canvas.width).toFixed(1)} px: ${text}`);
  }
  if (slide.matches(".plain:not(.title)")) {
    const words = [...slide.querySelectorAll(".body .cell *")].filter((one) => !one.closest(skipped) && one.textContent.trim());
    const boxes = words.map((one) => one.getBoundingClientRect()), room = slide.querySelector(".body").getBoundingClientRect();
    const filled = (Math.max(...boxes.map((box) => box.bottom)) - Math.min(...boxes.map((box) => box.top))) / room.height;
    const largest = Math.max(...words.map((one) => parseFloat(getComputedStyle(one).fontSize) * (one.currentCSSZoom ?? 1) * scale));
    if (filled < 0.5 && largest < 28) faults.push(`half empty: ${largest.toFixed(1)} px on ${Math.round(100 * filled)}% of it`);
  }
  const heads = [...slide.querySelectorAll("h1, h2, h3")].filter((head) => !head.closest(".notes")).map((head) => head.tagName);
  const first = slide.id === "slide-1" ? "H1" : "H2";
  if (heads[0] !== first || heads.slice(1).some((head) => head !== "H3")) faults.push(`headings ${heads}`);
  const ground = getComputedStyle(slide).textTransform;
  if (ground !== "none") faults.push(`text is written in ${ground}`);
  return faults;
}"""

# Keeps how large the letters on each canvas are, in pixels of the canvas, since it was last wiped.
LETTERS = """(() => {
  window.lettersOf = new WeakMap();
  const { fillText, clearRect } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.clearRect = function (...rest) { lettersOf.set(this.canvas, new Map()); return clearRect.apply(this, rest); };
  CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
    const { a, b } = this.getTransform();
    if (!lettersOf.has(this.canvas)) lettersOf.set(this.canvas, new Map());
    lettersOf.get(this.canvas).set(text, parseFloat(/([\\d.]+)px/.exec(this.font)[1]) * Math.hypot(a, b));
    return fillText.call(this, text, ...rest);
  };
})()"""


# Takes each choice that the explorers on the slide in sight offer, and takes it back again; returns what is wrong with
# the slide after each, {choice: sentences}. A choice is an option, a box to tick, or the least and the greatest number
# of a field. It is judged once it is drawn: at once, or in the next frame where it gave the explorer another size.
CHOICES = f"""async (smallest) => {{
  const faults = {FAULTS}, found = {{}};
  const frame = () => new Promise(requestAnimationFrame);
  const offered = () => [...document.querySelectorAll(".explorer :is(select, [type=checkbox], [type=number], [type=range])")];
  const seen = (control) => control?.checkVisibility({{ visibilityProperty: true }}) && control.getBoundingClientRect().width > 0;
  const choices = (control) => control.type === "checkbox" ? [!control.checked]
    : control.tagName === "SELECT" ? [...control.options].filter((one) => !one.selected && !one.disabled).map((one) => one.value)
    : [control.min, control.max].filter((one) => one !== "" && one !== control.value);
  const choose = (control, choice) => {{
    const name = control.type === "checkbox" ? "checked" : "value", before = control[name];
    control[name] = choice;
    for (const name of ["input", "change"]) control.dispatchEvent(new Event(name, {{ bubbles: true }}));
    return before;
  }};
  for (let number = 0; number < offered().length; number++) {{
    if (!seen(offered()[number]) || offered()[number].matches(":disabled")) continue;
    const name = offered()[number].ariaLabel ?? number;
    for (const choice of choices(offered()[number])) {{
      const before = choose(offered()[number], choice);
      await frame();
      await frame();
      found[`${{name}}: ${{choice}}`] = faults(smallest);
      if (seen(offered()[number])) choose(offered()[number], before);
      await frame();
    }}
  }}
  return found;
}}"""


READY = "window.Reveal && Reveal.isReady() && document.fonts.status === 'loaded'"
PRINTABLE = (
    "document.documentElement.dataset.printable && document.fonts.status === 'loaded'"  # as the PDFs wait for it
)


class Deck(browser.Page):
    """A built deck, opened as a file with the network cut."""

    def __init__(self, chromium, page, shape="16:9", dark=False, query=""):
        super().__init__(chromium, SHAPES[shape], dark)
        self.context.set_offline(True)
        self.page.add_init_script(LETTERS)
        self.page.goto(page.as_uri() + query)
        self.page.wait_for_function(PRINTABLE if "print-pdf" in query else READY)
        self.page.evaluate("Promise.all([...document.images].map((image) => image.decode()))")

    @property
    def count(self):
        return self.page.evaluate("document.querySelectorAll('.slides > section').length")

    @property
    def place(self):
        """(number of the slide, number of fragments shown), from 0 and -1."""
        return tuple(self.page.evaluate("[Reveal.getIndices().h, Reveal.getIndices().f ?? -1]"))

    def go(self, slide):
        """Show a slide with all its fragments, and wait until it is drawn: an explorer learns its size in a frame."""
        self.page.evaluate(
            """async (number) => {
            Reveal.slide(number);
            Reveal.slide(number, 0, Reveal.getCurrentSlide().querySelectorAll(".fragment").length - 1);
            for (let frames = 0; frames < 2; frames++) await new Promise(requestAnimationFrame);
        }""",
            slide,
        )

    def faults(self, slides=None):
        """Return what is wrong, {number of the slide from 1: sentences}, of all slides or some (from 0)."""
        found = {}
        for number in range(self.count) if slides is None else slides:
            self.go(number)
            found[number + 1] = self.page.evaluate(FAULTS, SMALLEST)
        return {number: faults for number, faults in found.items() if faults}

    def faults_of_choices(self):
        """Return what is wrong with the slide in sight after each choice that its explorers offer; and how many those are."""
        found = self.page.evaluate(CHOICES, SMALLEST)
        return {choice: faults for choice, faults in found.items() if faults}, len(found)
