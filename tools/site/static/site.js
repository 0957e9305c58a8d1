// Formulas that are wider than the page scroll by themselves, so keys must reach those, and only those.
const reach = () => {
  for (const formula of document.querySelectorAll(".katex-display")) {
    if (formula.scrollWidth > formula.clientWidth) formula.tabIndex = 0;
    else formula.removeAttribute("tabindex");
  }
};
window.addEventListener("load", reach);
window.addEventListener("resize", reach);

// Explorers ask the body for the theme, as JupyterLab names it there.
const dress = () => { document.body.dataset.jpThemeLight = String(document.documentElement.dataset.theme !== "dark"); };

/** Load an explorer; its stored picture stays until there is something in its place, and for good if nothing comes. */
const enliven = (box) => {
  const script = document.createElement("script");
  script.src = box.dataset.script;
  script.onload = () => {
    if (!box.firstElementChild.childElementCount) return;
    box.querySelector("a.figure").hidden = true;
    box.querySelector(".explorer-note").hidden = false;
  };
  document.head.append(script);
};
document.addEventListener("DOMContentLoaded", () => {
  dress();
  new MutationObserver(dress).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) { near.unobserve(target); enliven(target); }
  }, { rootMargin: "600px" });
  for (const box of document.querySelectorAll(".explorer")) near.observe(box);
});
