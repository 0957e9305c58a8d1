// Starts the slides: 1280 wide, as high as the screen's shape allows, and keys that explorers keep to themselves.
const WIDTH = 1280, LOWEST = 720, HIGHEST = 960; // from 16:9 to 4:3
const asked = new URLSearchParams(location.search);
const printing = asked.has("print-pdf");

function height() {
  const shape = window.innerHeight / Math.max(1, window.innerWidth);
  return printing ? LOWEST : Math.round(Math.min(HIGHEST, Math.max(LOWEST, WIDTH * shape)));
}

function show(theme) {
  document.documentElement.dataset.theme = theme;
  document.body.dataset.jpThemeLight = String(theme === "light"); // explorers look here
}

const dark = window.matchMedia("(prefers-color-scheme: dark)");
show(printing ? "light" : asked.get("theme") ?? (dark.matches ? "dark" : "light"));

Reveal.initialize({
  width: WIDTH, height: height(), margin: 0, center: false, display: "flex", transition: "none",
  backgroundTransition: "none", hash: true, slideNumber: false, controls: false, progress: true,
  pdfSeparateFragments: false, pdfMaxPagesPerSlide: 1, totalTime: settings.seconds, plugins: [RevealNotes],
});
Reveal.addKeyBinding({ keyCode: 68, key: "D", description: "Dark or light" }, () => {
  show(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
});
// A slide of words alone has letters as large as its place allows, up to those of its heading.
const LARGEST = 1.3, SMALLEST = 0.85, STEP = 0.05, AIR = 8; // times those of the styles, and pixels above and below
function fill(slide) {
  for (const place of slide.querySelectorAll(":scope.plain:not(.title) > .body, .step.plain")) {
    const parts = [...place.querySelectorAll(".cell, .cell *")].filter((one) => !one.closest(".katex-mathml"));
    const fits = () => {
      const room = place.getBoundingClientRect();
      return parts.map((one) => one.getBoundingClientRect()).every(
        ({ right, top, bottom }) => right < room.right + 1 && top > room.top + AIR && bottom < room.bottom - AIR);
    };
    let size = LARGEST;
    do place.style.zoom = size; while (!fits() && (size -= STEP) >= SMALLEST);
  }
}
const fillInSight = () => fill(Reveal.getCurrentSlide());
Reveal.on("ready", () => {
  for (const face of document.fonts) face.load(); // another face is another width
  document.fonts.ready.then(fillInSight);
});
Reveal.on("slidechanged", fillInSight);
Reveal.on("resize", fillInSight);
// On paper every slide is in sight, so none is hidden from those who have the PDF read to them.
Reveal.on("pdf-ready", () => {
  document.querySelectorAll(".slides section").forEach(fill);
  for (const hidden of document.querySelectorAll(".slides [aria-hidden='true']:not(.katex-html)")) hidden.removeAttribute("aria-hidden");
  document.documentElement.dataset.printable = "true";
});
window.addEventListener("resize", () => {
  if (height() !== Reveal.getConfig().height) Reveal.configure({ height: height() });
});

// Keys pressed inside an explorer are its own, until Escape hands the keyboard back to the slides.
for (const explorer of document.querySelectorAll(".explorer")) {
  explorer.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.activeElement.blur();
    event.stopPropagation();
  });
}
