"""The figure `quiz` in a real browser, from file://."""

from tests.browser.own_pages import reach, said


def test_a_quiz_by_keyboard_is_remembered_and_can_be_cleared(own):
    tab = own.open("quiz.html")
    check = tab.get_by_role("button", name="Check")
    check.click()
    assert said(tab) == "Choose an answer first; a guess is fine."
    asked, status = (e.bounding_box() for e in (check, tab.locator("[role=status]")))
    assert (
        abs(asked["y"] + asked["height"] / 2 - status["y"] - status["height"] / 2) < 60
    )  # beside it
    reach(tab, "input[type=radio]")
    tab.keyboard.press("Space")
    reach(tab, "button")
    tab.keyboard.press("Enter")
    assert said(tab).startswith("Not quite. No: text stays")
    assert tab.locator("img").count() == 0  # the option's markup was shown as text
    assert tab.locator(".choice.is-right").count() == 1
    assert tab.locator(".why:visible").count() == 2  # a reason for every option
    tab.reload()
    tab.wait_for_selector(".foot")
    assert tab.get_by_label("The first").is_visible()  # it goes on where the reader left it
    tab.get_by_role("button", name="Question 1, not right").click()
    tab.wait_for_selector(".choice.is-right")
    assert "1 of 2 answered" in tab.locator(".foot").inner_text()
    tab.get_by_role("button", name="Next question").click()
    tab.get_by_label("The first").check()
    tab.get_by_role("button", name="Check").click()
    assert "1 of 2 right" in tab.locator(".foot").inner_text()
    tab.get_by_role("button", name="Start over").click()
    assert tab.locator(".choice.is-right").count() == 0
    assert own.trouble == []


def test_what_an_author_got_wrong_is_said_in_the_page(own):
    tab = own.open("broken.html")
    assert 'quiz "x" has no "questions"' in tab.locator(".gb-failed").inner_text()
    assert "could not be shown" in tab.locator(".afm").nth(1).inner_text()
