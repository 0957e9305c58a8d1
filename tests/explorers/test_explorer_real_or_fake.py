"""The game: counted in the browser as in Python, played with keys and buttons."""

import keras
import numpy as np
import pytest

import browser
from coursekit.explorers import RealOrFake

PICTURES = np.random.default_rng(0).random((4, 6, 5))


def drawn(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 21))
    probabilities = rng.random(n).round(3) if rng.random() < 0.7 else None
    return RealOrFake(
        rng.random((n, 4, 4)),
        rng.integers(0, 2, n),
        probabilities=probabilities,
        guesses=rng.integers(-1, 2, n),
        hands=rng.integers(-1, 32, n),
        voters=int(rng.integers(0, 31)),
    )


@pytest.mark.parametrize("seed", range(20))
def test_the_browser_counts_as_python_does(seed, tab):
    game = drawn(seed)
    got = browser.computed(tab.page, game)
    assert (got["answered"], got["accuracy"], got["classifier"]) == (
        game.answered,
        game.accuracy,
        game.classifier_accuracy,
    )
    assert got["luck"] == pytest.approx(game.luck) and got["disputed"] == game.disputed
    room = got["class"]
    assert (room["asked"], room["majority"]) == (len(game.counted), game.majority_right)
    assert room["share"] == (None if game.class_accuracy is None else pytest.approx(game.class_accuracy))


def test_the_most_disputed_image_is_the_one_of_which_the_classifier_is_surest_and_you_say_the_opposite():
    game = RealOrFake(PICTURES, [0, 0, 1, 1], probabilities=[0.4, 0.95, 0.99, 0.2], guesses=[0, 0, 1, 1])
    assert game.disputed == [1, 3, 0, 2]


def test_a_coin_gets_nine_or_more_of_twelve_in_one_of_fourteen_rounds():
    game = RealOrFake(np.zeros((12, 2, 2)), [1] * 12, guesses=[1] * 9 + [0] * 3)
    assert game.luck == pytest.approx(299 / 4096)


def test_a_round_is_played_with_keys_and_ends_with_the_truth(tab):
    page = tab.show(RealOrFake(PICTURES, [0, 1, 1, 0], probabilities=[0.1, 0.8, 0.3, 0.4]))
    status = page.locator(".ck-status")
    assert status.inner_text() == "Image 1 of 4; 0 labelled." and "classifier" not in page.locator(".ck").inner_text()
    page.locator("canvas").first.focus()
    for key in "rfrr":
        page.keyboard.press(key)
    expected = RealOrFake(PICTURES, [0, 1, 1, 0], probabilities=[0.1, 0.8, 0.3, 0.4], guesses=[0, 1, 0, 0])
    assert (
        status.inner_text()
        == f"You got 3 of 4, the classifier 3. A coin gets 3 or more in {100 * expected.luck:.0f}% of rounds."
    )
    table = page.get_by_label("accuracies").inner_text()
    assert "75%" in table and "50%" in table
    page.keyboard.press("r")
    assert status.inner_text().startswith("You got 3 of 4")  # the round is over
    page.get_by_role("button", name="play again").click()
    assert status.inner_text() == "Image 1 of 4; 0 labelled."


def test_the_next_image_without_a_label_comes_by_itself_and_a_label_can_be_changed(tab):
    page = tab.show(RealOrFake(PICTURES, [0, 1, 1, 0]))
    page.get_by_label("image 3, not labelled").click()
    page.get_by_role("button", name="fake (F)").click()
    assert page.locator(".ck-status").inner_text() == "Image 4 of 4; 1 labelled."
    page.get_by_label("image 3, fake").click()
    page.get_by_role("button", name="real (R)").click()
    assert page.get_by_label("image 3, real").count() == 1


def test_a_class_plays_by_a_show_of_hands(tab):
    page = tab.show(
        RealOrFake(PICTURES, [0, 1, 1, 0], probabilities=[0.1, 0.8, 0.3, 0.4], whole_class=True, caption="Simulated.")
    )
    status, truth = page.locator(".ck-status"), page.get_by_role("button", name="show the truth")
    assert status.inner_text().startswith("How many vote?") and truth.is_disabled()
    assert page.locator("canvas").count() == 4 and "Simulated." in page.locator(".ck").inner_text()
    page.get_by_label("How many vote?").fill("20")
    for image, hands in enumerate(["5", "12", "10", "21"], start=1):
        page.get_by_label(f"hands for fake, image {image}").fill(hands)
    assert status.inner_text() == "Image 4 has more hands than the 20 who vote."
    assert "real" not in page.locator(".ck-hall").inner_text()  # nothing is told before
    page.get_by_label("hands for fake, image 4").fill("4")
    assert status.inner_text() == "4 of 4 images counted."
    truth.click()
    assert status.inner_text() == (
        "66% of 80 votes are right; the majority is in 3 of 4, the classifier in 3 of 4. "
        "A coin gets 3 or more in 31% of rounds."  # 5 of 16
    )
    assert page.locator(".ck-hall .ck-heading").all_inner_texts() == [
        "1: real, 75% right",
        "2: fake, 60% right",
        "3: fake, 50% right",
        "4: real, 80% right",
    ]
    page.get_by_role("button", name="hide the truth").click()
    page.get_by_role("button", name="reset the explorer").click()
    assert status.inner_text().startswith("How many vote?")
    assert page.get_by_label("hands for fake, image 1").input_value() == ""


def test_hands_that_cannot_be_are_told_and_not_counted(tab):
    page = tab.show(RealOrFake(PICTURES, [0, 1, 1, 0], whole_class=True, voters=20))
    field = page.get_by_label("hands for fake, image 2")
    assert field.input_value() == ""
    field.fill("-3")
    field.blur()
    assert "a whole number from 0 to 9999, please" in page.locator(".ck-hall").inner_text()
    assert page.locator(".ck-status").inner_text() == "0 of 4 images counted."
    tab.clear()
    tab.show(RealOrFake(PICTURES, [0, 1, 1, 0], whole_class=True, voters=20, hands=[0, 3, -1, -1]))
    shown = [page.get_by_label(f"hands for fake, image {image}").input_value() for image in (1, 2, 3)]
    assert shown == ["0", "3", ""]


def test_a_classifier_is_asked_for_its_probability_of_fake():
    model = keras.Sequential([keras.Input((6, 5, 1)), keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(2)])
    model.set_weights([np.array([[0.0, 4.0]]), np.array([0.0, -2.0])])
    game = RealOrFake(PICTURES, [0, 1, 1, 0], model=model)
    expected = 1 / (1 + np.exp(-(4 * PICTURES.mean(axis=(1, 2)) - 2)))
    np.testing.assert_allclose(game.probabilities, expected, atol=1e-5)


def test_by_default_there_are_ten_of_each_kind_and_no_guess():
    game = RealOrFake()
    assert sorted(game.labels) == [0] * 10 + [1] * 10 and game.answered == 0 and game.accuracy is None
    assert game.labels[:10] not in ([0] * 10, [1] * 10)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"images": PICTURES, "labels": [0, 1]}, "labels must be 4, one for each image. Received: 2"),
        ({"images": PICTURES, "labels": [0] * 4, "guesses": [0]}, "guesses must be 4"),
        ({"images": PICTURES, "labels": [0] * 4, "hands": [3, 4]}, "hands must be 4, one for each image. Received: 2"),
        ({"images": PICTURES, "labels": [0] * 4, "probabilities": [0.5]}, "probabilities must be 4"),
        ({"images": PICTURES[:0], "labels": []}, "images must be 1 to 64. Received: 0"),
        ({"images": PICTURES[0], "labels": [0] * 6}, "images must have 3 or 4 axes"),
    ],
)
def test_bad_input_is_told(settings, words):
    with pytest.raises(ValueError, match=words):
        RealOrFake(**settings)


@pytest.mark.parametrize(
    ("images", "labels", "probabilities", "message"),
    [
        (np.zeros((2, 4, 4)), [0.7, 1], [0.2, 0.3], "labels must be whole numbers"),
        (np.zeros((2, 4, 4)), [0, 1], [np.nan, 0.3], "probabilities must be a finite number"),
        (np.zeros((2, 4, 4, 3)), [0, 1], [0.2, 0.3], "images must be grey"),
    ],
)
def test_what_would_be_cut_to_fit_is_refused(images, labels, probabilities, message):
    with pytest.raises(ValueError, match=message):
        RealOrFake(images, labels, probabilities=probabilities)
