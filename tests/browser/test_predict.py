"""The figure `predict` in a real browser, from file://."""


def test_a_prediction_is_shown_beside_what_was_measured(own):
    tab = own.open("predict.html")
    assert "12 against 30" not in tab.locator("main").inner_text()  # not before a guess
    tab.locator(".gb-fig").nth(0).get_by_label("more", exact=True).check()
    tab.locator(".gb-fig").nth(0).get_by_role("button").first.click()
    shown = tab.locator(".gb-fig").nth(1)
    assert "12 against 30" in shown.inner_text()
    assert "Not what you predicted" in shown.inner_text()
    assert "✓ measured" in shown.inner_text() and "How it came out:" in shown.inner_text()
    reckoned = tab.locator(".gb-fig").nth(3).inner_text()
    assert "✓ worked out" in reckoned and "Worked out:" in reckoned
    assert "measured" not in reckoned.lower()
    number = tab.locator(".gb-fig").nth(2)
    number.get_by_role("slider").focus()
    for _ in range(10):
        tab.keyboard.press("ArrowLeft")
    number.get_by_role("button").first.click()
    assert "40%" in number.inner_text()
    assert "You were too low" in number.inner_text()
    assert own.trouble == []
