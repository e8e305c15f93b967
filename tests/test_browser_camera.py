"""What the camera sees, in a real Chromium with its own fake camera and a fake voice."""

from __future__ import annotations

from chromium import keep, settle
from playwright.sync_api import Browser, expect
from test_accessibility import ours
from test_browser import browser, pytestmark, url
from test_browser_speech import FAKE_SPEECH, said

__all__ = ["browser", "pytestmark", "url"]

TRACKS = """
window.tracks = [];
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async wanted => {
  const stream = await open(wanted);
  tracks.push(...stream.getTracks());
  return stream;
};
"""
LIVE = "tracks.filter(track => track.readyState === 'live').length"


def test_the_camera_is_described_when_asked_and_steadily_and_ends_with_its_mode(
    browser: Browser, url: str
) -> None:
    page = browser.new_page()
    page.set_default_timeout(120_000)
    page.add_init_script(path=FAKE_SPEECH)
    page.add_init_script(TRACKS)
    page.goto(f"{url}/describe")
    settle(page)
    assert page.evaluate(LIVE) == 0
    switch = page.get_by_role("switch", name="Describe what the camera sees")
    switch.focus()
    switch.press("Space")
    expect(page.get_by_text("The camera is on until you switch this off")).to_be_visible()
    now = page.get_by_role("button", name="Describe now")
    expect(now).to_be_enabled()
    assert page.evaluate(LIVE) == 1
    status = page.locator('[role="status"].said')
    expect(status).to_have_text("")
    now.press("Enter")
    expect(status).to_contain_text("picture of 640 by")
    assert said(page) == []
    page.get_by_role("button", name="Read aloud: last description").press("Enter")
    page.wait_for_function("fakeSpeech.said.length === 1")
    page.get_by_role("button", name="Stop: last description").press("Enter")
    page.get_by_label("Say it aloud").press("Space")
    page.get_by_label("Describe a picture").select_option("every 5 seconds")
    page.wait_for_function("fakeSpeech.said.length >= 3")  # without another click
    assert "picture of 640 by" in said(page)[-1][0]
    assert ours(page) == []
    keep(page, "camera")
    switch.press("Space")
    expect(status).to_have_count(0)
    page.wait_for_function(f"{LIVE} === 0")
    page.close()
