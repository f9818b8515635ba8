"""Pages read as markup, and in a browser that axe-core looks through for barriers."""

from __future__ import annotations

import html as markup
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

AXE = Path(__file__).parents[1] / "accessibility/node_modules/axe-core/axe.min.js"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")
VOID = {"meta", "img", "link", "br", "hr"}
# Loads a page in frames of several widths, one after the other, and writes what axe found.
EVALUATION = """<!DOCTYPE html><title>evaluation</title><body><script>
(async () => {
  const found = [];
  for (const width of WIDTHS) {
    const frame = document.createElement("iframe");
    frame.style = `width:${width}px;height:800px;border:0`;
    const loaded = new Promise(done => frame.onload = done);
    frame.srcdoc = PAGE;
    document.body.append(frame);
    await loaded;
    const inside = frame.contentWindow, root = inside.document.documentElement;
    const result = await inside.axe.run({runOnly: {type: "tag", values: TAGS}});
    found.push({
      width: inside.innerWidth, content: root.scrollWidth, passes: result.passes.length,
      violations: result.violations.map(one =>
        `${one.id}: ${one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(" | ")}`),
    });
    frame.remove();
  }
  const told = document.createElement("pre");
  told.id = "told";
  told.textContent = JSON.stringify(found);
  document.body.append(told);
})();
</script>"""


class Outline(HTMLParser):
    """Every tag with its attributes, whether all are closed, and the text of chosen ones."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(content.decode("utf-8"))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.texts.setdefault(tag, []).append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts[self.open[-1]][-1] += data

    def attributes(self, name: str) -> list[str]:
        return [found[name] or "" for _, found in self.tags if name in found]

    def count(self, tag: str) -> int:
        return sum(one == tag for one, _ in self.tags)


def browser_here() -> str:
    """The browser of this machine; a test that needs one skips where there is none."""
    found = next((one for one in BROWSERS if shutil.which(one)), None)
    if found is None:
        pytest.skip("no Chromium on this machine: the pages were not opened in a browser")
    if not AXE.is_file():
        pytest.skip("axe-core is not here: run npm install in tests/accessibility")
    return found


def evaluated(
    browser: str, content: bytes, folder: Path, widths: tuple[int, ...] = (360,)
) -> list[dict[str, Any]]:
    """What axe-core finds at each width, and how wide the content then is."""
    text = content.decode("utf-8")
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
    text = text.replace("</head>", f"<script>{AXE.read_text('utf-8')}</script></head>", 1)
    script = EVALUATION.replace("WIDTHS", json.dumps(widths)).replace("TAGS", json.dumps(WCAG))
    # "</" would end the script that holds the page as text.
    script = script.replace("PAGE", json.dumps(text).replace("</", "<\\/"))
    wrapper = folder / "evaluation.html"
    wrapper.write_text(script, encoding="utf-8")
    done = subprocess.run(
        [
            browser,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            f"--user-data-dir={folder / 'profile'}",
            "--window-size=1400,900",
            "--virtual-time-budget=60000",
            "--dump-dom",
            wrapper.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    told = re.search(r'<pre id="told">(.*?)</pre>', done.stdout, flags=re.DOTALL)
    assert told is not None, done.stderr[-2000:]
    found: list[dict[str, Any]] = json.loads(markup.unescape(told[1]))
    assert [one["width"] for one in found] == list(widths)
    return found
