"""A webhook: Slack, a Teams workflow, or any receiver of JSON. The address is a secret and is never in words.

Redirects are not followed: an address that moved is a setting to mend, and a payload goes to nobody else.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

import urllib3

from orchestration.alerts.channels import NotSent
from orchestration.alerts.decisions import Alert
from orchestration.alerts.message import as_json, slack, teams
from orchestration.alerts.settings import AlertSettings

_SHAPES: dict[str, Callable[[Sequence[Alert], str], dict[str, Any]]] = {"slack": slack, "teams": teams, "json": as_json}
_AGAIN = frozenset((408, 425, 429))  # and 5xx


def send_webhook(settings: AlertSettings, home_name: str, alerts: Sequence[Alert]) -> None:
    """Post one message.

    Raises NotSent.
    """
    payload = json.dumps(_SHAPES[settings.webhook_shape](alerts, home_name), ensure_ascii=False).encode()
    address = settings.webhook_url.reveal()
    host = urlsplit(address).hostname
    timeout = urllib3.Timeout(connect=settings.timeout_seconds, read=settings.timeout_seconds)
    context = ssl.create_default_context(cafile=settings.ca_file or None)
    with urllib3.PoolManager(ssl_context=context) as pool:
        try:
            answer = pool.request(
                "POST", address, body=payload, headers={"Content-Type": "application/json; charset=utf-8"}, timeout=timeout,
                retries=False, redirect=False, preload_content=False,
            )  # fmt: skip
            status = answer.status
            answer.close()  # what it says is not read: it may be long, slow or hold the address
        except urllib3.exceptions.HTTPError as error:
            raise NotSent(f"the webhook at {host}: {type(error).__name__}") from None
        except (OSError, ValueError) as error:
            raise NotSent(f"the webhook at {host}: {type(error).__name__}") from None
    if 300 <= status < 400:
        raise NotSent(
            f"the webhook at {host} sends elsewhere ({status}): give the address that it has now", is_worth_retrying=False
        )
    if status >= 400:
        raise NotSent(f"the webhook at {host} answered {status}", is_worth_retrying=status >= 500 or status in _AGAIN)
