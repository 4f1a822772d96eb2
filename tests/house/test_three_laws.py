"""The three laws of the house, asked of the code itself.

1. An object is reached only through `visible_to(...)`, which starts from who is asking.
2. The world changes only through a command.
3. Nothing leaves the process except through the notice outbox.
"""

from __future__ import annotations

import ast
import re

import pytest
from django.db.models import Manager, QuerySet

from tests.house.code import Source, calls, dotted, in_rooms, listed, sources

#: Django's own questions: after `.objects` in a view they would reach rows of anybody.
BARE = {name for name in dir(QuerySet) if not name.startswith("_")} | {name for name in dir(Manager) if not name.startswith("_")}
WRITES = {"create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "acreate", "abulk_create", "aupdate", "adelete", "asave"}
WRITING_SQL = re.compile(r"\s*(INSERT INTO|UPDATE \S+ SET|DELETE FROM|TRUNCATE)\b")
#: Things that are not rows.
NOT_ROWS = re.compile(r"(^|[._])(kwargs|initial|cache|caches|redis|session|store|hasher|cookies|response|folder|path|environ|headers|out)([._]|\(|$)")
#: Files outside commands that write, and why that is right.
MAY_WRITE = {
    "committees/people/sessions.py": "Django's session store, whose verbs are Django's",
    "committees/people/tallies.py": "the cache's four verbs, on a table, while the cache is gone",
    "committees/base/rotation.py": "seals anew what is there; changes nothing that anybody can read",
    "committees/people/outbox.py": "the outbox of account mails, written in the transaction of what caused them",
    "committees/people/views/again.py": "the form is allauth's, and its `save` is its command",
    "organizing/home/demo/crowd.py": "the demonstration's crowd, in eight statements instead of two thousand",
    "committees/directory/industries.py": "the project's own table of industries, put in place by a migration",
}
LEAVES = {"send_mail", "send_mass_mail", "mail_admins", "mail_managers", "EmailMessage", "EmailMultiAlternatives", "get_connection", "send_messages"}
WAKES = {"delay", "apply_async", "delay_on_commit", "apply_async_on_commit", "send_task"}
#: Modules that reach other machines.
REACHING = {
    "smtplib",
    "imaplib",
    "poplib",
    "socket",
    "ssl",
    "http.client",
    "urllib.request",
    "requests",
    "httpx",
    "aiohttp",
    "urllib3",
    "ftplib",
    "pywebpush",
    "anymail",
}
#: Files outside notices/ and config/services/ that may reach out, and why that is right.
MAY_REACH = {
    "tools/chromium.py": "a developer's tool",
    "deploy/services.py": "asks the site it has installed for a page, on the same machine",
    "deploy/proof/visitor.py": "visits the site that is proved, on loopback",
}


def is_view(source: Source) -> bool:
    return source.is_module("views", "templatetags", "context", "tasks", "admin", "feeds")


def bare_reaches(source: Source) -> list[str]:
    found = []
    for node in ast.walk(source.tree):
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Attribute)
            and node.value.attr in ("objects", "_default_manager")
            and node.attr in BARE
        ):
            found.append(f"{source.at(node)} {dotted(node)}")
        if isinstance(node, ast.Call) and dotted(node.func).endswith(("get_object_or_404", "get_list_or_404")):
            first = node.args[0] if node.args else node
            if isinstance(first, ast.Name) and first.id[:1].isupper():
                found.append(f"{source.at(node)} get_object_or_404 on all rows: begin with visible_to(...)")
    return found


def test_law_1_views_reach_objects_only_through_who_is_asking() -> None:
    problems = [line for source in in_rooms() if is_view(source) for line in bare_reaches(source)]
    assert not problems, listed(problems)


def is_command(source: Source) -> bool:
    return source.is_module("commands") or "management" in source.parts or source.name in MAY_WRITE


def modules_of(source: Source) -> set[str]:
    """Names that were imported: `people.create(…)` gives a command, it writes no row."""
    imports = (node for node in ast.walk(source.tree) if isinstance(node, (ast.Import, ast.ImportFrom)))
    return {alias.asname or alias.name for node in imports for alias in node.names if (alias.asname or alias.name).islower()}


def writes(source: Source) -> list[str]:
    found, modules = [], modules_of(source)
    for call in calls(source.tree):
        if not isinstance(call.func, ast.Attribute):
            continue
        name, on = call.func.attr, dotted(call.func.value)
        if NOT_ROWS.search(on) or on in modules:
            continue
        kwargs_only = bool(call.keywords) and not call.args
        if (
            name in WRITES
            or (name == "update" and kwargs_only)
            or (name == "save" and not call.args and not on.startswith("super"))
            or (name == "delete" and not call.args)
        ):
            found.append(f"{source.at(call)} {on}.{name}()")
    strings = (node for node in ast.walk(source.tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return found + [f"{source.at(node)} SQL that writes" for node in strings if WRITING_SQL.match(node.value)]


def test_law_2_rows_change_only_in_commands() -> None:
    problems = [line for source in in_rooms() if not is_command(source) for line in writes(source)]
    assert not problems, listed(problems)


def test_law_2_management_commands_give_commands_and_write_no_rows_themselves() -> None:
    problems = [line for source in in_rooms() if "management" in source.parts for line in writes(source)]
    assert not problems, listed(problems)


def commands_of(source: Source) -> list[ast.FunctionDef]:
    """The public functions of a commands module: the verbs."""
    if not source.is_module("commands") or "management" in source.parts:
        return []
    return [node for node in source.tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]


def test_law_2_a_command_says_what_it_does() -> None:
    """What happens, who is told, what it refuses."""
    problems = [f"{source.at(verb)} {verb.name}" for source in in_rooms() for verb in commands_of(source) if not ast.get_docstring(verb)]
    assert not problems, listed(problems)


def may_send(source: Source) -> bool:
    return source.parts[:2] in {("committees", "notices"), ("config", "services")} or source.name in MAY_REACH


def leaving(source: Source) -> list[str]:
    found = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            name = dotted(node.func).rsplit(".", maxsplit=1)[-1]
            if name in LEAVES or (name in WAKES and isinstance(node.func, ast.Attribute)):
                found.append(f"{source.at(node)} {dotted(node.func)}")
        modules = []
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        found += [f"{source.at(node)} imports {module}" for module in modules if module in REACHING or module == "django.core.mail"]
    return found


def test_law_3_nothing_leaves_but_through_the_notice_outbox() -> None:
    problems = [line for source in sources() if not may_send(source) for line in leaving(source)]
    assert not problems, listed(problems)


@pytest.mark.parametrize("allowed", [*MAY_WRITE, *MAY_REACH])
def test_no_exception_outlives_its_file(allowed: str) -> None:
    assert any(source.name == allowed for source in sources()), f"{allowed} is gone: take it off the list"


# -- The questions themselves: each finds what it is for ----------------------------------------------------------------


def asked(text: str, path: str = "committees/people/views.py") -> Source:
    from tests.house.code import ROOT

    return Source(ROOT / path, ast.parse(text), 1)


@pytest.mark.parametrize(
    "text",
    [
        "Meeting.objects.get(slug=slug)",
        "Meeting.objects.filter(a=1)",
        "Meeting.objects.all()",
        "models.Meeting._default_manager.first()",
        "get_object_or_404(Meeting, slug=slug)",
    ],
)
def test_a_bare_reach_is_seen(text: str) -> None:
    assert bare_reaches(asked(text))
    assert not bare_reaches(asked("get_object_or_404(Meeting.objects.visible_to(person), slug=slug)"))


@pytest.mark.parametrize(
    "text",
    [
        "meeting.save()",
        "meeting.save(update_fields=['a'])",
        "Meeting.objects.create(a=1)",
        "rows.update(state='x')",
        "rows.delete()",
        "Meeting.objects.bulk_create([])",
        "c.execute('DELETE FROM x')",
    ],
)
def test_a_write_is_seen(text: str) -> None:
    assert writes(asked(text))


@pytest.mark.parametrize("text", ["context.update({'a': 1})", "request.session.save()", "cache.delete('x')", "digest.update(b'')"])
def test_what_is_no_row_may_change(text: str) -> None:
    assert not writes(asked(text))


@pytest.mark.parametrize(
    "text",
    [
        "from django.core.mail import EmailMessage",
        "import smtplib",
        "mail.send_mail('a', 'b', 'c', [])",
        "task.delay(1)",
        "task.delay_on_commit(1)",
        "import requests",
        "from django.core import mail",
    ],
)
def test_what_leaves_is_seen(text: str) -> None:
    assert leaving(asked(text))
