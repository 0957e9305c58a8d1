"""A real Chromium and a real JupyterLab for the tests: started here, thrown away afterwards."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import equipment

# Quiet and offline: without them Chromium asks its maker for updates, many times at every start.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SETTINGS = {  # every cell is drawn, and nobody asks for news
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
WIDE, NARROW = {"width": 1100, "height": 800}, {"width": 375, "height": 800}


@contextlib.contextmanager
def running():
    """Yield a Playwright browser: the system's Chromium, or the one that CHROMIUM names."""
    program = equipment.program("chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


class Page:
    """A page of a browser, with all that it complained about and asked the network for."""

    def __init__(self, browser, viewport=WIDE, dark=False, scale=1):
        self.context = browser.new_context(
            viewport=viewport, color_scheme="dark" if dark else "light", device_scale_factor=scale
        )
        self.page = self.context.new_page()
        self.complaints, self.requests = [], []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda message: message.type == "error" and self.complaints.append(message.text))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def clear(self):
        """Make it as new, in a hundredth of the time that a new page takes."""
        self.page.mouse.up()
        self.page.mouse.move(0, 0)
        self.page.goto("about:blank")
        self.complaints.clear()
        self.requests.clear()

    def show(self, explorer):
        """Show an explorer on a page of its own, without Jupyter, and return the Playwright page."""
        self.page.set_content(explorer.to_html())
        self.page.wait_for_selector(".ck")
        self.page.evaluate("() => new Promise(requestAnimationFrame)")
        return self.page

    def picture(self, page):
        """Return a PNG of an explorer's page (HTML), as bytes, and its alt text: title and live text."""
        self.page.set_content(page)
        self.page.wait_for_selector(".ck-status:not(:empty)")
        self.page.evaluate("() => new Promise(requestAnimationFrame)")
        words = [self.page.locator(part).first.inner_text() for part in (".ck-title", ".ck-status")]
        return self.page.locator(".ck").screenshot(), ": ".join(words)

    def close(self):
        self.context.close()


def hold_time(page):
    """From now on a page's intervals run only by `page.evaluate("tick()")`; `asked` holds the milliseconds wanted."""
    page.evaluate("setInterval = (step, pause) => { window.tick = step; window.asked = pause; return 1; }")


def computed(page, explorer, changes=None):
    """Return what the explorer's `compute` gives in the browser for its traits, as plain Python.

    `changes` are values of traits that differ from the explorer's own.
    """
    state = explorer._plain_state() | (changes or {})
    return page.evaluate(
        """async ([source, state]) => {
        const module = await import("data:text/javascript;charset=utf-8," + encodeURIComponent(source));
        for (const [name, value] of Object.entries(state)) {
            if (value === null || value.base64 === undefined) continue;
            const bytes = Uint8Array.from(atob(value.base64), (letter) => letter.charCodeAt(0));
            state[name] = { shape: value.shape, values: new Float32Array(bytes.buffer) };
        }
        const plain = (value) => ArrayBuffer.isView(value) ? Array.from(value)
            : Array.isArray(value) ? value.map(plain)
            : value && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]))
            : value;
        return plain(module.compute(state));
    }""",
        [explorer._esm, state],
    )


@contextlib.contextmanager
def jupyterlab(root, startup=""):
    """Yield the address of a JupyterLab that serves the folder `root`, with settings of its own.

    Each kernel runs the code `startup` first.
    """
    with tempfile.TemporaryDirectory(prefix="lab-", ignore_cleanup_errors=True) as home:
        home = Path(home)
        for name, values in SETTINGS.items():
            file = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(values))
        profile = home / "ipython" / "profile_default" / "startup"
        profile.mkdir(parents=True)
        (profile / "first.py").write_text(startup)
        folders = {
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTER_RUNTIME_DIR": "runtime",
            "IPYTHONDIR": "ipython",
        }
        environment = os.environ | {name: str(home / folder) for name, folder in folders.items()}
        environment["PATH"] = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")])
        command = [
            sys.executable,
            "-m",
            "jupyterlab",
            "--no-browser",
            "--ip=127.0.0.1",
            "--port=0",
            "--ServerApp.port_retries=0",
            "--IdentityProvider.token=",
            "--ServerApp.password=",
            "--allow-root",
            "--ServerApp.disable_check_xsrf=True",
            f"--ServerApp.root_dir={root}",
            "--LabApp.news_url=",
        ]
        with open(home / "log", "w") as log:
            server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            yield answering(home / "runtime" / f"jpserver-{server.pid}.json", server, home / "log")
        finally:
            server.terminate()
            try:
                server.wait(15)
            except subprocess.TimeoutExpired:
                server.kill()


def answering(told, server, log, seconds=90):
    """Return the address that the server writes into the file `told` once it answers; raise with its log where it never does."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        with contextlib.suppress(OSError, ValueError):  # no file yet, half of one, or no answer
            address = f"http://127.0.0.1:{json.loads(told.read_text())['port']}"
            urllib.request.urlopen(f"{address}/api/status", timeout=2).close()
            return address
        time.sleep(0.2)
    raise RuntimeError(f"JupyterLab does not answer:\n{log.read_text()[-2000:]}")


def stop_kernels(address):
    """End every kernel of the JupyterLab at `address`: a lecture's holds up to 2 GB."""
    with urllib.request.urlopen(f"{address}/api/sessions", timeout=30) as answer:
        sessions = json.load(answer)
    for session in sessions:
        gone = urllib.request.Request(f"{address}/api/sessions/{session['id']}", method="DELETE")
        urllib.request.urlopen(gone, timeout=60).close()


def open_notebook(page, address, name):
    """Open a notebook in JupyterLab and return when its kernel waits for work."""
    page.goto(f"{address}/lab/tree/{name}?reset", wait_until="domcontentloaded")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    # The toolbar says "idle" before there is a kernel; the status bar names the kernel once it is connected.
    page.wait_for_function(
        """() => /\\| Idle$/m.test(
        document.querySelector('#jp-bottom-panel, #jp-main-statusbar')?.innerText || '')""",
        timeout=90_000,
    )


def run_all(page, seconds=600):
    """Run all cells, and return when each has its number, or one shows an error, after which none runs."""
    page.get_by_role("menuitem", name="Run", exact=True).first.click()
    page.locator("[data-command='runmenu:run-all']").click()
    page.wait_for_function(
        """() => {
        const cells = [...document.querySelectorAll('.jp-Notebook .jp-CodeCell')]
            .filter((cell) => cell.querySelector('.cm-content')?.innerText.trim());
        if (document.querySelector(".jp-Notebook [data-mime-type='application/vnd.jupyter.error']")) return true;
        return cells.length && cells.every((cell) => /\\[\\d+\\]/.test(cell.querySelector('.jp-InputPrompt')?.innerText || ''));
    }""",
        timeout=1000 * seconds,
    )


def faults(page):
    """Return the text of every error and warning that a notebook in JupyterLab shows."""
    kinds = ["application/vnd.jupyter.error", "application/vnd.jupyter.stderr"]
    found = [
        text for kind in kinds for text in page.locator(f".jp-Notebook [data-mime-type='{kind}']").all_inner_texts()
    ]
    return found + page.get_by_text("Error displaying widget").all_inner_texts()
