"""Headers that Django has no setting for."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "autoplay",
        "browsing-topics",
        "camera",
        "display-capture",
        "fullscreen",
        "gyroscope",
        "hid",
        "microphone",
        "midi",
        "payment",
        "serial",
        "usb",
        "xr-spatial-tracking",
    )
)
#: Pages below these paths may use passkeys; the rest of the site may not.
PASSKEY_PATHS = ("/account/",)
#: The page that may ask the browser where it is, when somebody presses a button for it.
PLACE_PATH = "/workplaces/"


class Headers:
    """Permissions-Policy and Cross-Origin-Resource-Policy on every answer; a view may set its own first.

    A part of a page, which htmx asked for under the page's own address, is kept by nobody: whoever comes back to that address
    would be shown the part alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        passkeys = "(self)" if request.path.startswith(PASSKEY_PATHS) else "()"
        place = "(self)" if request.path == PLACE_PATH else "()"
        response.headers.setdefault(
            "Permissions-Policy",
            f"{PERMISSIONS}, geolocation={place}, publickey-credentials-get={passkeys}, publickey-credentials-create={passkeys}, clipboard-write={passkeys}",
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        patch_vary_headers(response, ("HX-Request",))
        if "HX-Request" in request.headers:
            response.headers["Cache-Control"] = "no-store"
        return response
