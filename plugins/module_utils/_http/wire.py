# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How to connect to the service: TLS, the proxy in the environment, and connection pools."""

from __future__ import annotations

import os
import ssl
import sys
from base64 import b64encode
from contextlib import suppress
from importlib import import_module
from typing import Any, NamedTuple, NoReturn
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

with suppress(ImportError):  # see require_library
    import urllib3
    from urllib3.util.ssl_ import create_urllib3_context

from .._change.errors import InvalidError, MissingLibraryError
from .settings import Settings
from .whole import noticing

BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Environment variables for trusted certificates if ca_path is not set; the first that is set is used."""


def require_library() -> None:
    """Raise MissingLibraryError if this interpreter lacks urllib3, with the command that installs it."""
    try:
        import_module("urllib3")
    except ImportError as error:
        import platform

        raise MissingLibraryError(
            f"The Python library urllib3 is not installed for {sys.executable} on {platform.node()}, which runs this "
            f"task ({error}). Install it with '{sys.executable} -m pip install urllib3', "
            "or set ansible_python_interpreter to a Python that has it."
        ) from None


def basic(user: str, password: str) -> str:
    """Return a header value for HTTP Basic authentication; make_headers of urllib3 accepts only Latin-1."""
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


class Wire(NamedTuple):
    """How to reach the service, determined once; ``tls`` is None if TLS is not used."""

    proxy: str | None
    tls: ssl.SSLContext | None

    @classmethod
    def towards(cls, settings: Settings) -> Wire:
        """Check the files and the environment; raise InvalidError for anything that cannot be used."""
        for option in ("ca_path", "client_cert", "client_key"):
            path = getattr(settings, option)
            if path and not os.path.exists(path):
                raise InvalidError(f"{option} is {path}, which does not exist on the host that runs the module.")
        proxy = _proxy(settings.base_url) if settings.use_proxy else None
        encrypted = any(url.lower().startswith("https:") for url in (settings.base_url, proxy or ""))
        return cls(proxy, _tls(settings) if encrypted else None)

    def named(self, url: str) -> str:
        """Return a URL for messages, with the proxy on the way, if any; a proxy's credentials are not shown."""
        if self.proxy is None:
            return url
        parts = urlsplit(self.proxy)
        return f"{url} (through the proxy {parts.scheme}://{parts.netloc.rpartition('@')[2]})"

    def connections(self, most: int) -> urllib3.PoolManager:
        """Return a pool that keeps at most ``most`` connections; none is opened yet."""
        options: dict[str, Any] = {"num_pools": 1, "maxsize": most}
        if self.tls:
            options.update(ssl_context=self.tls, cert_reqs=self.tls.verify_mode)
        pool = urllib3.PoolManager(**options) if self.proxy is None else self._through(self.proxy, options)
        pool.pool_classes_by_scheme = noticing(pool.pool_classes_by_scheme)
        return pool

    def _through(self, proxy: str, options: dict[str, Any]) -> urllib3.PoolManager:
        try:
            return _through(proxy, self.tls, options)
        except (ImportError, ValueError, urllib3.exceptions.HTTPError):
            # The cause may contain the proxy password.
            raise InvalidError(
                "The proxy that the environment sets for api_url cannot be used. Check http_proxy, https_proxy, "
                "all_proxy and no_proxy, or set use_proxy to false. A SOCKS proxy also requires the Python library PySocks."
            ) from None


def _proxy(url: str) -> str | None:
    """Return the URL of the proxy that the environment sets for a URL, if any."""
    parts, proxies = urlsplit(url), getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if not proxy or proxy_bypass(parts.netloc) or _in_networks(parts.hostname or "", proxies.get("no", "")):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _in_networks(host: str, no_proxy: str) -> bool:
    """Whether no_proxy contains a network with this address, as curl and requests support; urllib does not."""
    from ipaddress import ip_address, ip_network

    for name in no_proxy.split(","):
        with suppress(ValueError):
            if "/" in name and ip_address(host) in ip_network(name.strip(), strict=False):
                return True
    return False


def _through(proxy: str, tls: ssl.SSLContext | None, options: dict[str, Any]) -> urllib3.PoolManager:
    parts = urlsplit(proxy)
    if not parts.hostname or "@" in parts.path:
        raise ValueError("no host, or a password that is not percent-encoded")
    if parts.scheme.startswith("socks"):
        from urllib3.contrib.socks import SOCKSProxyManager

        return SOCKSProxyManager(proxy, **options)
    login = (unquote(part or "") for part in (parts.username, parts.password))
    headers = {"Proxy-Authorization": basic(*login)} if parts.username else None
    return urllib3.ProxyManager(proxy, proxy_headers=headers, proxy_ssl_context=tls, **options)


def _tls(settings: Settings) -> ssl.SSLContext:
    """Return one context for all connections, because loading trusted certificates takes 20 ms."""
    context = create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED if settings.validate_certs else ssl.CERT_NONE)
    if settings.validate_certs:
        _trust(context, settings.ca_path)
    else:
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
    if settings.client_cert:
        try:
            context.load_cert_chain(settings.client_cert, settings.client_key, password=_no_password)
        except (OSError, ValueError) as error:
            key = f" with client_key {settings.client_key}" if settings.client_key else ""
            raise InvalidError(f"client_cert {settings.client_cert}{key} cannot be used: {error}.") from None
    return context


def _trust(context: ssl.SSLContext, ca_path: str | None) -> None:
    """Trust ca_path, or else the environment, or else certifi, or the system if certifi is not installed."""
    named = {"ca_path": ca_path, **{name: os.environ.get(name) for name in BUNDLES}}
    for name, path in named.items():
        if path:
            try:
                context.load_verify_locations(**{"capath" if os.path.isdir(path) else "cafile": path})
            except OSError as error:
                raise InvalidError(f"{name} is {path}, which cannot be used: {error.strerror or error}.") from None
            return
    try:
        from certifi import where
    except ImportError:
        context.load_default_certs()
    else:
        context.load_verify_locations(where())


def _no_password() -> NoReturn:
    # OpenSSL would prompt for it on the terminal.
    raise ValueError("its key is encrypted, which is not supported")
