"""allauth's settings; config.settings imports all of them. docs/decisions/0001 says why allauth sees only aliases."""

from __future__ import annotations

from typing import Any

from config.env import env

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
AUTHENTICATION_BACKENDS = ["committees.people.backends.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# A browser that was idle so long forgets its cookie; the stamp in the cookie says the same to the server (sessions.py).
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"

ACCOUNT_ADAPTER = "committees.people.adapter.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "sign_in_name"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_VERIFICATION = "none"  # an address is verified before allauth hears of it (commands.own_contact)
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {"request_login_code": "20/m/ip,5/m/key"}
ACCOUNT_FORMS = {
    "login": "committees.people.forms.SignInForm",
    "request_login_code": "committees.people.forms.AskForCodeForm",
    "confirm_login_code": "committees.people.forms.SignInCodeForm",
    "reset_password": "committees.people.forms.ForgottenPasswordForm",
    "confirm_password_reset_code": "committees.people.forms.ResetCodeForm",
    "reset_password_from_key": "committees.people.forms.NewPasswordForm",
    "change_password": "committees.people.forms.ChangePasswordForm",
    "set_password": "committees.people.forms.SetPasswordForm",
}

MFA_ADAPTER = "committees.people.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["recovery_codes", "totp", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False  # our own sign-up offers a passkey on its last page, with or without an address
MFA_FORMS = {
    "authenticate": "committees.people.forms.SecondStepForm",
    "authenticate_webauthn": "committees.people.forms.PasskeyStepForm",
    "activate_totp": "committees.people.forms.ActivateAppForm",
}

# Behind a proxy the client's address is read this many hops from the right of X-Forwarded-For. It is used to count
# attempts (under an HMAC of the day) and is written nowhere.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
ALLAUTH_RATE_LIMIT_IPV6_PREFIX = 64

#: Dotted path of a class with `send(number: str, text: str) -> None`. Without one, phones are not offered.
SMS_GATEWAY: str = env("SMS_GATEWAY", default="")
#: What a phone keeps with a passkey or an app's code, and what stands there for anyone who picks it up.
NEUTRAL_NAME: str = env("NEUTRAL_NAME", default="Notices")
