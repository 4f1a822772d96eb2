"""Only those of allauth's pages that we use, each behind a door; what is not listed here does not exist.

Names with account_ and mfa_ are allauth's: it looks for its own pages by them.
"""

from django.urls import include, path

from committees.people.views import account, again, entry, join, keeping, keys, leaving

own = [
    path("", account.overview, name="settings"),
    path("join/without/", join.without, name="join_without"),
    path("join/code/", join.code, name="join_code"),
    path("join/<str:channel>/", join.address, name="join_address"),
    path("welcome/", join.welcome, name="welcome"),
    path("welcome/way/", join.welcome_way, name="welcome_way"),
    path("paper/", join.paper, name="paper"),
    path("sign-in/paper/", entry.recover, name="recover"),
    path("sign-in/passkey/", entry.passkey, name="passkey_sign_in"),
    path("sign-in/passkey/question/", entry.passkey_question, name="passkey_question"),
    path("language/", account.language, name="language"),
    path("addresses/", account.contacts, name="contacts"),
    path("addresses/code/", account.confirm_contact, name="confirm_contact"),
    path("addresses/new/<str:channel>/", account.add_contact, name="add_contact"),
    path("addresses/<slug:slug>/", account.contact, name="contact"),
    path("devices/", account.devices, name="devices"),
    path("devices/sign-out-everywhere/", account.sign_out_everywhere, name="sign_out_everywhere"),
    path("devices/<slug:slug>/", account.device, name="device"),
    path("passkeys/", keys.passkeys, name="passkeys"),
    path("passkeys/new/", keys.add_passkey, name="add_passkey"),
    path("passkeys/<slug:name>/", keys.passkey, name="passkey"),
    path("second-step/passkey/", keys.passkey_always, name="passkey_always"),
    path("hide/", leaving.hide, name="hide"),
    path("export/", leaving.export, name="export"),
    path("erase/", leaving.erase, name="erase"),
]

urlpatterns = [
    path("join/", join.how, name="account_signup"),
    path("sign-in/", entry.sign_in, name="account_login"),
    path("sign-in/code/", entry.ask_for_code, name="account_request_login_code"),
    path("sign-in/code/enter/", entry.enter_code, name="account_confirm_login_code"),
    path("sign-in/second-step/", entry.second_step, name="mfa_authenticate"),
    path("sign-out/", entry.sign_out, name="account_logout"),
    path("again/", again.again, name="account_reauthenticate"),
    path("password/", account.change_password, name="account_change_password"),
    path("password/new/", account.set_password, name="account_set_password"),
    path("password/forgotten/", entry.forgotten, name="account_reset_password"),
    path("password/forgotten/code/", entry.forgotten_code, name="account_confirm_password_reset_code"),
    path("password/forgotten/new/", entry.forgotten_new, name="account_complete_password_reset"),
    path("second-step/", keys.second_step, name="mfa_index"),
    path("second-step/app/", keys.app_on, name="mfa_activate_totp"),
    path("second-step/app/off/", keys.app_off, name="mfa_deactivate_totp"),
    path("second-step/spare-codes/", keys.spare_codes, name="mfa_view_recovery_codes"),
    path("second-step/spare-codes/new/", keys.new_spare_codes, name="mfa_generate_recovery_codes"),
    path("", include((own, "people"))),
]

#: What platform admins do, below the one entrance of all their pages (organizing.home).
accounts = (
    [
        path("", keeping.find, name="find"),
        path("<slug:slug>/", keeping.account, name="account"),
    ],
    "accounts",
)
