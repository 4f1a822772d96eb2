"""What a person does with their account, and what is done to it. Called through the room: `people.commands.settle(…)`."""

from committees.people.commands.accounts import create, erase, hide, join, recover, return_by_mail, seen, settle
from committees.people.commands.contacts import drop_contact, meet, own_contact, prefer_contact, stop_contact
from committees.people.commands.forgetting import end_sessions, forget_mails, forget_passing
from committees.people.commands.keeping import disable, enable, set_platform_admin
from committees.people.commands.sealing import seal_seeds_anew
from committees.people.commands.unused import erase_unused, tell_of_erasure
from committees.people.commands.ways import (
    add_passkey,
    end_device,
    label_device,
    make_recovery_code,
    remove_passkey,
    rename_passkey,
    set_password,
    set_second_step,
    sign_out_everywhere,
)

__all__ = [
    "add_passkey",
    "create",
    "disable",
    "drop_contact",
    "enable",
    "end_device",
    "end_sessions",
    "erase",
    "erase_unused",
    "forget_mails",
    "forget_passing",
    "hide",
    "join",
    "label_device",
    "make_recovery_code",
    "meet",
    "own_contact",
    "prefer_contact",
    "recover",
    "remove_passkey",
    "rename_passkey",
    "return_by_mail",
    "seal_seeds_anew",
    "seen",
    "set_password",
    "set_platform_admin",
    "set_second_step",
    "settle",
    "sign_out_everywhere",
    "stop_contact",
    "tell_of_erasure",
]
