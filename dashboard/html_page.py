"""The HTML page in which the app runs: Streamlit's own, with the names of FERscope's pages.

Streamlit's script in the browser looks for the server below the address of the page, for example at
`/compare/_stcore/health`. Only after this has failed does it look one level higher, which costs 0.1 s at each load of
any page but the first. The script below tells it at once where the server is. It works behind proxies that serve the
app in a folder, because it only removes the page's name from the address.
"""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from streamlit import config, file_util

from dashboard.navigation import PAGES, Page

FIND_SERVER = """<script>
  const page = %s;
  const folder = location.pathname.replace(/\\/+$/, "").replace(new RegExp(`/${page}$`), "");
  window.__streamlit = { ...window.__streamlit, BACKEND_BASE_URL: `${location.origin}${folder}/` };
</script>
"""

STREAMLITS_TITLE = "<title>Streamlit</title>"


def routes() -> list[Route]:
    """Return the addresses of the pages, each with its HTML. The first page's name leads to its address, `/`."""
    folder = config.get_option("server.baseUrlPath").strip("/")
    base = f"/{folder}" if folder else ""
    html = Path(file_util.get_static_dir(), "index.html").read_text(encoding="utf-8")
    first, *others = PAGES
    return [
        Route(f"{base}/{first.url_path}", _to_first_page),
        *(Route(f"{base}/{page.url_path}", _answer(page_html(html, page))) for page in others),
    ]


def page_html(html: str, page: Page) -> str:
    """Return Streamlit's HTML with the title of a page, and with the script that finds the server."""
    titled = html.replace(STREAMLITS_TITLE, f"<title>{page.tab_title}</title>", 1)
    return titled.replace("<head>", f"<head>\n{FIND_SERVER % json.dumps(page.url_path)}", 1)


def _answer(html: str) -> Callable[[Request], Awaitable[Response]]:
    async def answer(_: Request) -> Response:
        return HTMLResponse(html, headers={"Cache-Control": "no-cache"})

    return answer


async def _to_first_page(request: Request) -> Response:
    # relative, because a proxy may serve the app in a folder
    return RedirectResponse("./" + (f"?{request.url.query}" if request.url.query else ""))
