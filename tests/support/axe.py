"""What axe-core finds wrong with a page, by the rules of WCAG 2.1, levels A and AA."""

from axe_playwright_python.base import AXE_SCRIPT

# KaTeX and coloured code are left out, and emptied before: thousands of words and boxes, which axe looks at all the same.
LEFT_OUT = [".katex", ".highlight"]
EMPTY = """() => document.querySelectorAll(".katex, .highlight pre").forEach((one) => { one.textContent = "x"; })"""
# Letters of exactly the colour of their ground axe takes for hidden on purpose; here they never are.
RUN = """async (exclude) => {
    const { violations, incomplete } = await axe.run({ exclude }, { resultTypes: ["violations", "incomplete"], preload: false,
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] });
    const unseen = (node) => node.any.some(({ data }) => data?.messageKey === "equalRatio");
    const same = incomplete.map((one) => ({ id: `${one.id}, of one colour`, nodes: one.nodes.filter(unseen) }));
    return [...violations, ...same.filter(({ nodes }) => nodes.length)].map(
        (one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 120)).join(" | ")}`); }"""


def prepare(page):
    """Give the page in sight axe-core; formulas and code are empty then."""
    page.evaluate(EMPTY)
    page.evaluate(AXE_SCRIPT + ";0")


def violations(page):
    """Return a sentence for each rule that the prepared page breaks as it is in sight."""
    return page.evaluate(RUN, LEFT_OUT)
