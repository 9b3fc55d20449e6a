"""The corpus page in a real browser: adding, replacing, removing, building, by mouse and keys."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, expect

from chromium import answers, free_port, launched, violations, wait_until
from dipnot.building import update_index
from dipnot.engine import Engine
from dipnot.server.api import make_app
from dipnot.settings import Settings
from fakes import LIGHTHOUSE, RAILWAY, FakeEncoder

pytestmark = pytest.mark.browser
BROKEN = b"%PDF-1.4\nthis is no PDF"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as made:
        expect.set_options(timeout=200_000)  # a PDF is read in a process of its own
        yield made
        expect.set_options(timeout=5_000)


@pytest.fixture
def served(settings: Settings) -> Iterator[tuple[Engine, str]]:
    engine = Engine(settings, FakeEncoder())
    engine.load()
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(make_app(engine), port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    url = f"http://127.0.0.1:{port}"
    wait_until(lambda: answers(f"{url}/corpus"))
    yield engine, url
    server.should_exit = True
    thread.join()
    engine.close()


def text_file(name: str, data: bytes) -> Any:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def test_a_maintainer_keeps_the_corpus_on_its_page(
    browser: Browser, served: tuple[Engine, str]
) -> None:
    engine, url = served
    folder = engine.settings.corpus
    page = browser.new_page(locale="tr-TR", viewport={"width": 1280, "height": 900})
    asked, errors = [], []
    page.on("request", lambda r: asked.append(r.url))
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.goto(f"{url}/corpus")
    rows = page.locator("#files > li")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("Göl ve Kıyısı")
    expect(page.locator("#stale")).to_have_text("Dizin güncel.")

    # What was understood unfolds by keys and is said to.
    look = page.get_by_role("button", name="Ne anlaşıldı? lake.txt")
    look.focus()
    page.keyboard.press("Enter")
    expect(rows.first).to_contain_text("Tam bir dipnot için corpus.toml’da eksik")
    expect(look).to_have_attribute("aria-expanded", "true")
    assert violations(page) == []

    # Nothing is sent without a token, and nothing kept with a wrong one.
    chosen, sent = page.locator("#chosen"), page.locator("#sent > li")
    chosen.set_input_files(text_file("fener.txt", LIGHTHOUSE.encode()))
    expect(page.locator("#token-said")).to_have_text("Önce yönetici anahtarını yazın.")
    page.get_by_label("Yönetici anahtarı").fill("wrong")
    chosen.set_input_files(text_file("fener.txt", LIGHTHOUSE.encode()))
    expect(sent.first).to_contain_text("fener.txt eklenmedi: Yönetici anahtarı yanlış.")
    page.get_by_label("Yönetici anahtarı").fill("secret")
    chosen.set_input_files(text_file("fener.txt", LIGHTHOUSE.encode()))
    expect(sent.first).to_contain_text("fener.txt eklendi.")
    chosen.set_input_files([text_file("bozuk.pdf", BROKEN), text_file("program.exe", b"MZ")])
    expect(page.locator("#sent")).to_contain_text(
        "bozuk.pdf eklenmedi: 'bozuk.pdf' PDF olarak okunamıyor."
    )
    expect(page.locator("#sent")).to_contain_text("program.exe eklenmedi: bu tür dosya okunmaz")
    page.locator("#drop").evaluate(
        """place => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File(['MZ'], 'birakilan.exe'));
          place.dispatchEvent(new DragEvent('drop', {dataTransfer, cancelable: true}));
        }"""
    )
    expect(sent.first).to_contain_text("birakilan.exe eklenmedi: bu tür dosya okunmaz")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("yeni")

    # A file that is there is replaced only where that is confirmed.
    chosen.set_input_files(text_file("fener.txt", RAILWAY.encode()))
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("fener.txt zaten var.")
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(sent.first).to_contain_text("fener.txt eklenmedi")
    assert (folder / "fener.txt").read_text("utf-8") == LIGHTHOUSE
    chosen.set_input_files(text_file("fener.txt", RAILWAY.encode()))
    dialog.get_by_role("button", name="Değiştir").click()
    expect(sent.first).to_contain_text("yenisiyle değiştirildi")

    # A build tells what it did, and of every file that failed the reason.
    (folder / "kirik.pdf").write_bytes(BROKEN)
    page.get_by_role("button", name="Dizini kur").click()
    report = page.locator("#report")
    expect(report).to_contain_text("1 eklendi")
    expect(report).to_contain_text("1 dosya okunamadı:")
    expect(report).to_contain_text("'kirik.pdf' PDF olarak okunamıyor.")
    expect(rows.filter(has_text="Demiryolu Üzerine")).to_contain_text("dizinde")
    assert violations(page) == []

    # Removing asks first, and says what it did.
    page.get_by_role("button", name="Kaldır kirik.pdf").click()
    dialog.get_by_role("button", name="Vazgeç").click()
    assert (folder / "kirik.pdf").exists()
    page.get_by_role("button", name="Kaldır kirik.pdf").click()
    dialog.get_by_role("button", name="Sil").click()
    expect(sent.first).to_have_text("kirik.pdf kaldırıldı.")
    expect(rows).to_have_count(2)
    assert not (folder / "kirik.pdf").exists()

    # In the other language, on a phone, in the dark.
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="Texts", exact=True)).to_be_visible()
    expect(rows).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert violations(page) == []
    assert all(address.startswith((url, "data:")) for address in asked)
    assert errors == []
    page.close()


def test_a_build_is_stopped_and_an_empty_corpus_explains_itself(
    browser: Browser, served: tuple[Engine, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, url = served
    folder = engine.settings.corpus
    monkeypatch.setenv("FAKE_HOLD", str(folder / "never"))
    (folder / "tren.txt").write_text(RAILWAY, "utf-8")
    page = browser.new_page(locale="en-GB")
    page.goto(f"{url}/corpus")
    page.get_by_label("Admin token").fill("secret")
    page.get_by_role("button", name="Build the index").click()
    expect(page.locator("#stage")).to_contain_text("Embedding passages")
    expect(page.get_by_role("progressbar")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#report")).to_have_text("Stopped; the index is as it was.")
    for text in list(folder.iterdir()):
        text.unlink()
    page.reload()
    expect(page.locator("#files > li")).to_contain_text("removed")
    page.close()
    bare = Engine(replace(engine.settings, index=folder / "none"), FakeEncoder())
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(make_app(bare), port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    wait_until(lambda: answers(f"http://127.0.0.1:{port}/corpus"))
    page = browser.new_page(locale="en-GB")
    page.goto(f"http://127.0.0.1:{port}/corpus")
    expect(page.locator("#empty")).to_contain_text("The corpus is empty.")
    expect(page.locator("#stale")).to_have_text("There is no index yet.")
    assert violations(page) == []
    page.close()
    server.should_exit = True
    thread.join()


def test_the_page_does_not_say_up_to_date_of_an_index_that_is_damaged(
    browser: Browser, served: tuple[Engine, str]
) -> None:
    engine, url = served
    settings = engine.settings
    (settings.corpus / "tren.txt").write_text(RAILWAY, "utf-8")
    made = update_index(settings, FakeEncoder(), lambda *_: None).generation
    (settings.index / "generations" / made / "dense" / "vectors.npy").write_bytes(b"")
    (settings.corpus / "tren.txt").unlink()  # so that no file differs from what is served
    engine.catch_up()
    page = browser.new_page(locale="tr-TR")
    page.goto(f"{url}/corpus")
    expect(page.locator("#stale")).to_contain_text("daha eski, sağlam bir kuşak sunuluyor")
    expect(page.locator("#stale")).to_contain_text("vectors.npy")
    assert violations(page) == []
    page.close()
