"""E-mail over SMTP, with STARTTLS or TLS and a login where the settings have one.

A server that offers no STARTTLS where it is asked for is an error, never a message in the clear.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from orchestration.alerts.channels import NotSent
from orchestration.alerts.decisions import Alert
from orchestration.alerts.message import plain, subject
from orchestration.alerts.settings import AlertSettings

_FOR_GOOD = range(500, 600)  # SMTP: a refusal that stands; 4xx asks to come back


def send_email(settings: AlertSettings, home_name: str, alerts: Sequence[Alert]) -> None:
    """Send one message to every address.

    Raises NotSent.
    """
    message = EmailMessage()
    message["Subject"] = subject(alerts)
    message["From"] = settings.email_from
    message["To"] = ", ".join(settings.email_to)
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = make_msgid(domain=settings.email_from.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's out-of-office answers it
    message.set_content(plain(alerts, home_name))
    where = f"{settings.smtp_host}:{settings.smtp_port}"
    try:
        refused = _deliver(settings, message)
    except smtplib.SMTPAuthenticationError as error:
        raise NotSent(
            f"{where} refused the login ({error.smtp_code})", is_worth_retrying=error.smtp_code not in _FOR_GOOD
        ) from None
    except smtplib.SMTPRecipientsRefused as error:
        codes = sorted({code for code, _ in error.recipients.values()})
        is_final = all(code in _FOR_GOOD for code in codes)
        raise NotSent(
            f"{where} took none of the addresses ({', '.join(map(str, codes))})", is_worth_retrying=not is_final
        ) from None
    except smtplib.SMTPResponseException as error:
        raise NotSent(f"{where} answered {error.smtp_code}", is_worth_retrying=error.smtp_code not in _FOR_GOOD) from None
    except smtplib.SMTPNotSupportedError:
        raise NotSent(f"{where} offers no {'login' if settings.smtp_user else 'STARTTLS'} of the kind asked for; see "
                      "TOTALPLACE_ALERT_SMTP_SECURITY", is_worth_retrying=False) from None  # fmt: skip
    except ssl.SSLCertVerificationError as error:
        raise NotSent(f"the certificate of {where} is not trusted: {error.verify_message}", is_worth_retrying=False) from None
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(f"{where}: {type(error).__name__}") from None
    if refused:  # the others have it: sending all again would tell them twice
        raise NotSent(f"{where} took {len(settings.email_to) - len(refused)} of {len(settings.email_to)} addresses",
                      is_worth_retrying=False)  # fmt: skip


def _deliver(settings: AlertSettings, message: EmailMessage) -> dict[str, tuple[int, bytes]]:
    context = ssl.create_default_context(cafile=settings.ca_file or None)
    timeout = settings.timeout_seconds
    if settings.smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(settings.smtp_host, settings.smtp_port, timeout=timeout, context=context)
    else:
        server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=timeout)
    with server:
        if settings.smtp_security == "starttls":
            server.starttls(context=context)
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password.reveal())
        return server.send_message(message)
