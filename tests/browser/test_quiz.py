"""The figure `quiz` in a real browser, from file://."""

from tests.browser.own_pages import reach, said


def test_a_quiz_by_keyboard_is_remembered_and_can_be_cleared(own):
    tab = own.open("quiz.html")
    reach(tab, "input[type=radio]")
    tab.keyboard.press("Space")
    reach(tab, "button")
    tab.keyboard.press("Enter")
    assert said(tab).startswith("Not quite. No: text stays")
    assert tab.locator("img").count() == 0  # the option's markup was shown as text
    assert tab.locator(".choice.is-right").count() == 1
    assert tab.locator(".why").count() == 2  # a reason for every option
    tab.reload()
    tab.wait_for_selector(".choice.is-right")
    assert "1 of 2 answered" in tab.locator(".foot").inner_text()
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
