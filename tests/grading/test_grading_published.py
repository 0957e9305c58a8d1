"""What pyproject.toml says of the course's address and term, and what follows from it."""

import pytest

from coursekit.grading import published


def written(folder, *lines):
    (folder / "pyproject.toml").write_text("\n".join(("[project.urls]", *lines)), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("line", "term", "pinned"),
    [("", "main", ""), ('term = "main"', "main", ""), ('term="2026.11"   # this winter', "2026.11", "@2026.11")],
)
def test_a_fork_and_its_term_stand_in_links_and_in_what_pip_is_asked_for(line, term, pinned, tmp_path):
    here = published.read(written(tmp_path, 'Repository = "https://github.com/someone/our.fork/"', line))
    assert here == ("https://github.com/someone/our.fork", term)
    link = f"https://colab.research.google.com/github/someone/our.fork/blob/{term}/a/b.ipynb"
    assert here.colab("a/b.ipynb") == link
    assert here.badge("a/b.ipynb").startswith("[![Open in Colab](") and here.badge("a/b.ipynb").endswith(f"({link})")
    assert here.requirement == f"git+https://github.com/someone/our.fork{pinned}"


@pytest.mark.parametrize("ending", ["", "/", ".git", ".git/"])
def test_the_address_that_github_offers_for_a_clone_is_that_of_the_repository(ending):
    assert published.checked(f"https://github.com/someone/our.fork{ending}") == "https://github.com/someone/our.fork"


@pytest.mark.parametrize("before", ["", "@2025.1"])
def test_texts_of_another_repository_and_term_lead_here(before):
    here = published.Repository("https://github.com/someone/fork", "2026.11")
    text = (
        f'%pip install git+https://github.com/a/b-c{before}", then '
        "https://colab.research.google.com/github/a/b-c/blob/2025.1/x.ipynb and https://github.com/a/b-c"
    )
    assert here.rewritten(text) == (
        '%pip install git+https://github.com/someone/fork@2026.11", then '
        f"{here.colab('x.ipynb')} and https://github.com/a/b-c"
    )
    assert here.rewritten(here.rewritten(text)) == here.rewritten(text)


@pytest.mark.parametrize("address", [None, "https://gitlab.com/a/b", "github.com/a/b", "https://github.com/a"])
def test_an_address_that_colab_cannot_open_is_refused(address, tmp_path):
    course = written(tmp_path, f'Repository = "{address}"' if address else "")
    with pytest.raises(
        ValueError,
        match="Repository in pyproject.toml must be https://github.com/OWNER/NAME, since "
        f"Colab opens notebooks from GitHub. Received: '{address or ''}'$",
    ):
        published.read(course)


@pytest.mark.parametrize("term", ['""', '"a b"', '"-x"', "2026", "2026.11", "true"])
def test_a_term_that_is_no_branch_is_refused(term, tmp_path):
    said = term.replace('"', "'")
    course = written(tmp_path, 'Repository = "https://github.com/a/b"', f"term = {term}")
    with pytest.raises(ValueError, match=f"term in pyproject.toml must be .* branch or tag. Received: {said}$"):
        published.read(course)
