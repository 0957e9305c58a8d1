// What is wider than the page scrolls by itself, so keys must reach that, and only that.
const reach = (part) => {
  for (const wide of part.querySelectorAll(".katex-display, .ck-body")) {
    if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
    else wide.removeAttribute("tabindex");
  }
};
window.addEventListener("load", () => reach(document));
window.addEventListener("resize", () => reach(document));

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
    new MutationObserver(() => reach(box)).observe(box, { childList: true, subtree: true, characterData: true });
    requestAnimationFrame(() => reach(box));
  };
  document.head.append(script);
};
// What the search finds says of what kind it is: a lecture and the page for those who teach it have the same title.
const KINDS = { lectures: ["lecture", 1], teaching: ["for those who teach", -1], assignments: ["assignment", 0], reference: ["reference", 0] };
const NOTHING = "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories.";
const tellKinds = () => {
  Documentation.TRANSLATIONS[NOTHING] = "No page has all of these words. Try fewer of them, or others.";
  Scorer.score = (found) => {
    const [kind, more] = KINDS[found[0].split("/")[0]] ?? [null, 0];
    found[3] ??= kind;
    return found[4] + more;
  };
  setTimeout(() => document.querySelector(".search-summary")?.setAttribute("role", "status"));
};
document.addEventListener("DOMContentLoaded", () => {
  dress();
  if (window.Scorer) tellKinds();
  // The theme names its lists of ways, except for the one at the top and its copy that a telephone folds away.
  for (const ways of document.querySelectorAll("nav:not([aria-label], [aria-labelledby])")) ways.setAttribute("aria-label", "Main");
  // A menu that closes takes the focus with it.
  for (const choice of document.querySelectorAll(".theme-change-button")) {
    choice.addEventListener("click", () => choice.closest(".dropdown").querySelector(".dropdown-toggle").focus());
  }
  new MutationObserver(dress).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) { near.unobserve(target); enliven(target); }
  }, { rootMargin: "600px" });
  for (const box of document.querySelectorAll(".explorer")) near.observe(box);
});
