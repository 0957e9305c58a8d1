"""The PDFs of a deck: Chromium prints the page, tagged, one page a slide, with answers and, to hand out, without."""

from coursekit.doctor import tools
from slides import SlidesError

# theme.css says what then is not seen; a figure that is carried is what the handout shows on the slide it comes from.
LEAVE_OUT = """() => {
  document.documentElement.classList.add("handout");
  const figures = [...document.querySelectorAll("section .figure")];
  for (const carried of document.querySelectorAll(".carried .figure")) {
    const origin = figures.find((figure) => figure.firstChild.src === carried.firstChild.src);
    const question = origin.closest("section.question");
    const seen = question && (origin.closest(".steps")?.querySelector(".step .figure") ?? origin);
    if (seen) carried.replaceChildren(...(seen.closest(".fragment") ? [] : [seen.firstChild.cloneNode()]));
  }
}"""


def print_pdfs(page):
    """Print the HTML file at `page`: a PDF beside it, and one to hand out, in which the answers are left out.

    Returns both paths, the second ends in -handout.pdf. Raises SlidesError where there is no Chromium.
    """
    whole, handout = page.with_suffix(".pdf"), page.with_name(f"{page.stem}-handout.pdf")
    with opened() as browser:
        tab = browser.new_page(viewport={"width": 1280, "height": 720})
        tab.goto(f"{page.resolve().as_uri()}?print-pdf")
        tab.wait_for_function("document.documentElement.dataset.printable && document.fonts.status === 'loaded'")
        tab.evaluate("Promise.all([...document.images].map((image) => image.decode()))")
        settings = {"prefer_css_page_size": True, "print_background": True, "tagged": True, "outline": True}
        tab.pdf(path=whole, **settings)
        tab.evaluate(LEAVE_OUT)
        tab.pdf(path=handout, **settings)
    return whole, handout


def opened():
    """Return a context manager that yields a Playwright browser on the system's Chromium."""
    from contextlib import contextmanager

    path = tools.chromium_path()
    if path is None:
        raise SlidesError(
            "There is no Chromium here (it prints the PDF): install it (on Debian and Ubuntu: sudo apt "
            "install chromium), or name one you have, as in `make slides CHROMIUM=/path/of/it`; "
            "`make slides SLIDES_FLAGS=--no-pdf` does without."
        )

    @contextmanager
    def running():
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
            yield browser
            browser.close()

    return running()
