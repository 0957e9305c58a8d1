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
// On paper every slide is in sight, so none is hidden from those who have the PDF read to them.
Reveal.on("pdf-ready", () => {
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
