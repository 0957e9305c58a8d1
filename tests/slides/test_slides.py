"""Every deck, built and opened in Chromium with the network cut: nothing overflows, all can be read and reached."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest

import axe
import slide_pages
from colour_vision import contrast
from slides import build, decks, present, printing

LOOKS = {"16:9": False, "4:3": True}  # the shape of a screen, and whether the deck is dark there


def apart(function, *arguments):
    """Return what the function returns in a thread of its own, which the event loop of a browser does not disturb."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(function, *arguments).result()


@pytest.fixture(scope="class")
def path(request):
    """The notebook of the class's deck."""
    return decks.paths(request.cls.stem)[0]


@pytest.fixture(scope="class")
def ran(path):
    """The class's deck as `make slides` runs it: once, for that takes as long as all that is done with it."""
    return apart(decks.run, path)


@pytest.fixture(scope="class")
def deck_page(path, ran, tmp_path_factory):
    """The page of the class's deck, built as `make slides` does."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(decks, "run", lambda _: ran)
        return apart(build.build, path, tmp_path_factory.mktemp("slides"))


@pytest.fixture(scope="class")
def opened(chromium, deck_page):
    """The class's deck, opened once for all tests that leave it as it is: {shape: Deck}, the wide one light, the other dark."""
    found = {shape: slide_pages.Deck(chromium, deck_page, shape, dark) for shape, dark in LOOKS.items()}
    yield found
    for deck in found.values():
        deck.close()


@pytest.fixture(scope="class")
def on_paper(chromium, deck_page):
    """The class's deck as it is printed: all slides are in sight at once."""
    deck = slide_pages.Deck(chromium, deck_page, query="?print-pdf")
    yield deck
    deck.close()


@pytest.fixture(scope="class")
def walked(opened):
    """What is wrong with the slides, {shape: faults}; all of them have then been in sight."""
    return {shape: deck.faults() for shape, deck in opened.items()}


def printed(notebook):
    """Return what the code cells of a deck print: a list of texts for each, without addresses in memory."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    shown = [
        [one.get("text") or one.data.get("text/markdown") or one.data["text/plain"] for one in cell.outputs]
        for cell in cells
    ]
    return [[re.sub(r"0x[0-9a-f]+", "0x…", text) for text in texts] for texts in shown]


class Rules:
    """What holds for each deck."""

    shortest = 50  # minutes

    def test_it_runs_and_prints_what_is_stored(self, path, ran):
        assert printed(ran) == printed(nbformat.read(path, as_version=4))

    @pytest.fixture
    def deck(self, chromium, deck_page):
        """The deck as new, for a test that changes it."""
        deck = slide_pages.Deck(chromium, deck_page)
        yield deck
        deck.close()

    @pytest.mark.parametrize("shape", LOOKS)
    def test_nothing_overflows_and_all_is_large_enough(self, shape, opened, walked):
        assert walked[shape] == {}
        assert opened[shape].page.evaluate("Reveal.getConfig().height") == slide_pages.SHAPES[shape]["height"]

    @pytest.mark.usefixtures("walked")
    def test_it_asks_the_network_for_nothing(self, opened, deck_page):
        for deck in opened.values():
            assert {url for url in deck.requests if not url.startswith("data:")} == {deck_page.as_uri()}
            assert deck.complaints == []
        assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//", deck_page.read_text(encoding="utf-8"))

    def test_keys_reach_every_slide_and_fragment_and_go_back(self, opened):
        deck = opened["16:9"]
        deck.page.evaluate("Reveal.slide(0, 0, -1)")
        presses = deck.page.evaluate("document.querySelectorAll('.slides .fragment').length") + deck.count - 1
        seen = [deck.place]
        for _ in range(presses):
            deck.page.keyboard.press("ArrowRight")
            seen.append(deck.place)
        assert len(set(seen)) == presses + 1 and seen == sorted(seen)
        assert seen[-1][0] == deck.count - 1
        deck.page.keyboard.press("ArrowLeft")
        assert deck.place == seen[-2]

    def test_d_changes_dark_and_light(self, opened):
        deck = opened["16:9"]
        ground = "getComputedStyle(document.body).backgroundColor"
        light = deck.page.evaluate(ground)
        deck.page.keyboard.press("d")
        assert deck.page.evaluate(ground) != light
        deck.page.keyboard.press("d")
        assert deck.page.evaluate(ground) == light

    def test_words_stand_out_from_the_ground_in_both_themes(self, opened):
        grounds = [deck.page.evaluate("document.documentElement.dataset.theme") for deck in opened.values()]
        assert grounds == ["light", "dark"]
        for deck in opened.values():
            colors = deck.page.evaluate(CONTRASTS)
            assert {name: contrast(*pair) for name, pair in colors.items() if contrast(*pair) < 4.5} == {}

    def test_figures_of_lines_turn_dark_with_the_theme_and_pictures_do_not(self, opened):
        turned = opened["4:3"].page.evaluate(TURNED)
        assert {alt for alt, picture, dark in turned if picture and dark} == set()
        assert any(dark for _, _, dark in turned)
        assert not any(dark for _, _, dark in opened["16:9"].page.evaluate(TURNED))

    def test_the_pdf_is_tagged_with_a_page_for_each_slide(self, opened, deck_page):
        deck = opened["16:9"]
        pdf = deck_page.with_suffix(".pdf").read_bytes()
        assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == deck.count
        assert re.search(rb"/MarkInfo\s*<<\s*/Type\s*/MarkInfo\s*/Marked true", pdf) or b"/Marked true" in pdf
        assert b"/StructTreeRoot" in pdf and b"/Lang" in pdf
        figures = deck.page.evaluate(
            "document.querySelectorAll('section .figure').length "
            "- document.querySelectorAll('.step:not(:last-child) .figure').length"
        )
        assert len(re.findall(rb"/S\s*/Figure", pdf)) >= figures
        assert pdf.count(b"/Alt") >= figures
        assert len(re.findall(rb"/S\s*/H[12]\b", pdf)) == deck.count

    def test_axe_finds_nothing_on_any_slide(self, on_paper, opened):
        """Paper is white; how words stand out in the dark is computed above."""
        axe.prepare(on_paper.page)
        assert axe.violations(on_paper.page) == []
        assert on_paper.page.locator(".slides h2:visible").count() == opened["16:9"].count - 1

    def test_the_handout_asks_every_question_and_answers_none(self, on_paper, deck_page):
        whole, handout = (deck_page.with_name(deck_page.stem + end).read_bytes() for end in (".pdf", "-handout.pdf"))
        pages = re.compile(rb"/Type\s*/Page\b")
        assert len(pages.findall(handout)) == len(pages.findall(whole)) and b"/Marked true" in handout
        page = on_paper.page
        page.evaluate(printing.LEAVE_OUT)
        assert page.locator("section.answers h2", has_text="What you can do now").count() == 1
        assert page.evaluate(SEEN_ANSWERS) == []
        assert page.evaluate(UNSEEN_PICTURES) == []
        assert page.evaluate(CARRIED_ANSWERS) == []

    def test_the_speaker_sees_notes_and_time(self, opened):
        deck = opened["16:9"]
        found = deck.page.evaluate("""() => [...document.querySelectorAll('.slides > section')].map(
            (slide) => [slide.querySelector('aside.notes').innerText.length + slide.querySelector('aside.notes').textContent.length,
                        Number(slide.dataset.timing)])""")
        assert all(length > 20 for length, _ in found)
        seconds = sum(timing for _, timing in found)
        assert seconds == deck.page.evaluate("Reveal.getConfig().totalTime")
        assert self.shortest <= seconds / 60 <= 75

    @pytest.mark.parametrize("shape", LOOKS)
    def test_nothing_overflows_whatever_is_chosen_in_an_explorer(self, shape, path, opened):
        deck, cells = opened[shape], nbformat.read(path, as_version=4).cells
        written = sum("from coursekit.explorers import" in cell.source for cell in cells)
        assert deck.page.locator(".explorer").count() == written
        for number in range(written):
            to_explorer(deck, number)
            faults, tried = deck.faults_of_choices()
            assert faults == {} and tried >= 3


# Of a deck that is printed, what can be seen of what a question shows at a later key, or of the slide that answers it.
SEEN_ANSWERS = """() => [...document.querySelectorAll(".question .fragment, .question .answer, .answers .body > *")].filter(
    (one) => one.checkVisibility({ visibilityProperty: true })).map((one) => one.outerHTML.slice(0, 200))"""

# And what can not be seen of the pictures that questions begin with.
UNSEEN_PICTURES = """() => [...document.querySelectorAll(".question .figure img")].filter((one) => !one.closest(".fragment"))
    .filter((one) => !one.checkVisibility({ visibilityProperty: true }) || one.getBoundingClientRect().height < 90).map((one) => one.alt)"""

# And carried figures that the question they come from keeps back.
CARRIED_ANSWERS = """() => {
  const keptBack = [...document.querySelectorAll(".question .fragment:not(.carried) img")].map((one) => one.src);
  return [...document.querySelectorAll(".carried img")].filter((one) => keptBack.includes(one.src)).map((one) => one.alt);
}"""

# Each figure: what it shows, whether it holds a picture, and whether the theme turns its colours.
TURNED = """() => [...document.querySelectorAll(".figure img")].map(
    (one) => [one.alt, atob(one.src.split(",")[1]).includes("<image"), getComputedStyle(one).filter.includes("invert")])"""

# The colours of words and of the ground behind them, by what the words are.
CONTRASTS = """() => {
  const found = {};
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (!/rgba\\(.*, 0\\)|transparent/.test(color)) return color;
    }
    return "rgb(255, 255, 255)";
  };
  for (const element of document.querySelectorAll(".slides section *")) {
    if (element.closest(".notes, .katex-mathml") || ![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    const pair = [getComputedStyle(element).color, ground(element)];
    found[`${element.tagName} ${element.className} ${pair}`] = pair;
  }
  return found;
}"""


def to_explorer(deck, number=0):
    """Go to the slide with the deck's explorer, the first or one of the next."""
    deck.go(
        deck.page.locator(".explorer")
        .nth(number)
        .evaluate("(e) => [...document.querySelectorAll('.slides > section')].indexOf(e.closest('section'))")
    )


def said(deck):
    """Return the live text of the deck's explorer."""
    return deck.page.locator(".explorer .ck-status").inner_text().replace("\xa0", " ")


def after_one_key(deck, key):
    """Press a key in the explorer, then Escape and an arrow; return what the explorer said after the key."""
    to_explorer(deck)
    before, told = deck.place, said(deck)
    deck.page.locator(".explorer canvas").first.focus()
    deck.page.keyboard.press(key)
    deck.page.wait_for_function(
        "(told) => document.querySelector('.explorer .ck-status').innerText.replaceAll('\\xa0', ' ') !== told", arg=told
    )
    assert deck.place == before
    told = said(deck)
    deck.page.keyboard.press("Escape")
    deck.page.keyboard.press("ArrowRight")
    assert deck.place[0] == before[0] + 1
    return told


class TestDeck00(Rules):
    stem = "00"
    shortest = 30


class TestDeck01(Rules):
    stem = "01"

    def test_without_a_nonlinearity_units_are_one_straight_line_in_the_slide(self, deck):
        to_explorer(deck)
        deck.page.get_by_label("activation").select_option("linear")
        assert "one straight line" in said(deck)


class TestDeck02(Rules):
    stem = "02"

    def test_the_explorer_answers_to_keys_and_escape_hands_them_back(self, deck):
        assert "Output 1" in after_one_key(deck, "ArrowRight")


class TestDeck03(Rules):
    stem = "03"

    def test_the_explorer_answers_to_keys_and_escape_hands_them_back(self, deck):
        assert "row 60, column 76" in after_one_key(deck, "ArrowRight")

    def test_faults_that_are_planted_are_seen(self, deck):
        slide = 3
        deck.go(slide)
        assert deck.faults([slide]) == {}
        for plant, fault in (
            (
                "(s) => s.querySelector('.column').insertAdjacentHTML('beforeend', '<p class=cell>' + 'word '.repeat(300) + '</p>')",
                "sticks out",
            ),
            ("(s) => s.querySelector('.small p').style.fontSize = '17px'", "17.0 px"),
            ("(s) => s.querySelector('img').alt = 'No description has been provided for this image'", "has no words"),
            ("(s) => s.querySelector('img').dataset.letters = '4'", "letters of"),
            ("(s) => s.querySelector('h2').remove()", "headings"),
            ("(s) => s.style.textTransform = 'uppercase'", "uppercase"),
        ):
            deck.page.evaluate(f"({plant})(Reveal.getCurrentSlide())")
            assert fault in str(deck.faults([slide])), fault

    def test_a_slide_that_is_left_half_empty_is_seen(self, deck):
        deck.go(deck.count - 1)
        assert deck.faults([deck.count - 1]) == {}
        deck.page.evaluate("""() => {
            const slide = Reveal.getCurrentSlide();
            slide.querySelectorAll("li:not(:first-child)").forEach((one) => one.remove());
            slide.querySelector(".body").style.zoom = 1;
        }""")
        assert "half empty: 2" in str(deck.page.evaluate(slide_pages.FAULTS, slide_pages.SMALLEST))

    def test_a_pale_word_that_is_planted_is_seen_on_a_late_slide(self, on_paper):
        axe.prepare(on_paper.page)
        on_paper.page.evaluate("""() => [...document.querySelectorAll(".slides p")].filter(
            (one) => one.checkVisibility({ visibilityProperty: true })).at(-1).style.color = "#bbb" """)
        assert any(one.startswith("color-contrast") for one in axe.violations(on_paper.page))

    def test_a_request_that_is_planted_is_seen(self, deck):
        deck.page.evaluate("fetch('http://127.0.0.1:9/picture.png').catch(() => 0)")
        assert any(url.startswith("http") for url in deck.requests)


class TestDeck11(Rules):
    stem = "11"


class TestDeck12(Rules):
    stem = "12"


class TestDeck04(Rules):
    stem = "04"


class TestDeck05(Rules):
    stem = "05"

    def test_three_zeros_halve_the_picture_in_the_slide(self, deck):
        to_explorer(deck)
        deck.page.get_by_label("stride").fill("2")
        deck.page.get_by_label("zeros on each side").fill("3")
        assert "The output is 112 × 112 × 64" in said(deck)


class TestDeck06(Rules):
    stem = "06"

    def test_the_explorer_answers_to_keys_and_escape_hands_them_back(self, deck):
        assert "of conv3 sees 7 × 7 pixels" in after_one_key(deck, "ArrowDown")

    def test_a_stride_can_be_set_in_the_slide(self, deck):
        to_explorer(deck)
        deck.page.get_by_label("stride of conv1").fill("2")
        assert "sees 11 × 11 pixels" in said(deck)


class TestDeck07(Rules):
    stem = "07"

    def test_more_kernels_are_counted_in_the_slide(self, deck):
        to_explorer(deck)
        deck.page.get_by_label("filters of conv1").fill("64")
        assert "124,674 parameters" in said(deck)


class TestDeck08(Rules):
    stem = "08"

    def test_the_way_back_follows_keys_and_takes_relu_away(self, deck):
        assert "x, row 2, column 3: value 1, gradient 2" in after_one_key(deck, "ArrowRight")
        to_explorer(deck)
        deck.page.get_by_role("checkbox", name="ReLU").uncheck()
        assert deck.page.locator(".explorer .ck-heading").all_inner_texts().count("a = z") == 1


class TestDeck09(Rules):
    stem = "09"

    def test_the_speaker_view_shows_the_notes_without_a_network(self, chromium, deck_page):
        with present.server(deck_page.parent) as serving:
            threading.Thread(target=serving.serve_forever, daemon=True).start()
            context = chromium.new_context(viewport=slide_pages.SHAPES["16:9"])
            asked = []
            context.on("request", lambda request: asked.append(request.url))
            address = f"http://127.0.0.1:{serving.server_address[1]}/"
            tab = context.new_page()
            tab.goto(address + deck_page.name + "#/3")
            tab.wait_for_function("window.Reveal && Reveal.isReady()")
            with context.expect_page() as opened:
                tab.keyboard.press("s")
            opened.value.wait_for_function(
                "document.querySelector('.speaker-controls-notes .value')?.innerText.includes('2 min.')"
            )
            assert all(url.startswith((address, "data:", "about:", "blob:")) for url in asked)
            context.close()
            serving.shutdown()


class TestDeck10(Rules):
    stem = "10"

    def test_stamps_fit_the_slide_with_every_stride(self, deck):
        to_explorer(deck)
        for stride in ("1", "3"):
            deck.page.get_by_label("stride").fill(stride)
            assert deck.faults([deck.place[0]]) == {}, stride
        assert "its stamp has 9 numbers on the output" in said(deck)
