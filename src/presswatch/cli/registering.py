"""The commands that set up: the settings file, and the registry of outlets."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from presswatch.cleaning import clean_text
from presswatch.cli.call import Call
from presswatch.cli.frame import (
    EXIT_UNREACHABLE,
    Command,
    DataOption,
    JsonOption,
    QuietOption,
    VerboseOption,
    WaitOption,
    app,
    complete_outlets,
    examples,
    outlets_app,
)
from presswatch.cli.progress import show_progress
from presswatch.cli.saying import ask, print_json
from presswatch.errors import SILENT_CODES, PresswatchError

if TYPE_CHECKING:
    from presswatch.collector import DocumentRow
    from presswatch.extract.repeats import Repeat
    from presswatch.outlets import Draft
    from presswatch.settings import Settings

_DOCUMENT_COLUMNS = ("kind", "url", "robots", "candidates", "documents", "newest_at", "fault")
_STOP_COLUMNS = ("stop", "stories", "articles", "example", "doubt")
_SOURCE_NAMES = {
    "feed": "feed",
    "news_sitemap": "news sitemap",
    "sitemap": "sitemap",
    "wordpress": "interface",
    "archive": "archive",
}


@app.command(cls=Command, epilog=examples("init"))
def init(
    data: DataOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Write a commented presswatch.toml into this folder."""
    from presswatch.settings import FILE_NAME, TEMPLATE
    from presswatch.storage import write_new

    call = Call(data, as_json, quiet, verbose)
    path = Path(FILE_NAME)
    place = json.dumps(str(data or "data"), ensure_ascii=False)  # TOML's strings are JSON's
    write_new({path: TEMPLATE.replace('data = "data"', f"data = {place}", 1)})
    if as_json:
        print_json({"path": str(path)})
    call.note(
        f"wrote {path}: put your contact and outlets into it, then `presswatch outlets check ID` and `presswatch watch`"
    )


@outlets_app.command(
    cls=Command, name="list", epilog=examples("outlets list", "outlets list --json | jq -r '.[].outlet_id'")
)
def list_outlets(
    data: DataOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """List the outlets that are known."""
    from presswatch.outlets import load_outlets

    call = Call(data, as_json, quiet, verbose)
    folder = call.read_settings().outlets_folder
    rows = [
        {
            "outlet_id": outlet.id,
            "name": outlet.name,
            "hosts": ", ".join(outlet.hosts),
            "family": outlet.family,
            "discover": ", ".join(dict.fromkeys(source.kind for source in outlet.discover)),
            "min_delay_s": outlet.min_delay_s,
            "file": _tell_file(folder, outlet.id),
        }
        for outlet in load_outlets(folder).values()
    ]
    call.print_rows(rows, title="Outlets")


def _tell_file(folder: Path | None, outlet_id: str) -> str:
    """Where an outlet's file stands: in the user's folder, or in the package."""
    own = folder / f"{outlet_id}.toml" if folder else None
    return str(own) if own and own.exists() else "packaged"


@outlets_app.command(
    cls=Command,
    name="check",
    epilog=examples(
        "outlets check indiewire", "outlets check outlets/my-outlet.toml", "outlets check indiewire --apply"
    ),
)
def check_outlet(
    outlet: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="An outlet's id, or the path of an outlet file.", autocompletion=complete_outlets
        ),
    ],
    apply: Annotated[bool, typer.Option("--apply", help="Write the proposed rules that are sure, unasked.")] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    wait: WaitOption = False,
) -> None:
    """Check an outlet's file, robots.txt, feeds and repeated lines.

    A row for each feed and sitemap, with what it lists; no article is fetched. A row of kind `stop` for each line that
    stands under many of its stored articles, with the rule that would take it out, and a doubt where it may be a fact
    of theirs. On a terminal you are asked which of these rules to write into the outlet's file.
    """
    call = Call(data, as_json, quiet, verbose)
    settings = call.read_settings()
    repeats = _find_stop(call, settings, outlet, unasked=apply)
    documents, fault = _ask_documents(call, settings, outlet, wait=wait)
    rows = [_document_row(document) for document in documents]
    if as_json and (repeats or not fault):
        nothing = dict.fromkeys(_STOP_COLUMNS)
        print_json([*({**row, **nothing} for row in rows), *map(_stop_row, repeats)])
    elif not as_json:
        if not fault:
            call.print_rows(_tell_once(documents), title=outlet)
        if repeats:
            lines = [{name: vars(repeat)[name] for name in _STOP_COLUMNS} for repeat in repeats]
            call.print_rows(lines, title="Lines it repeats")
    _apply_stop(call, call.read_settings(writes_outlets=True), outlet, repeats, unasked=apply)
    if fault:
        raise fault
    if documents and all(row.code in SILENT_CODES for row in documents):
        call.tell_outcome("unreachable", f"outlets check {shlex.quote(outlet)}{call.where}")
        raise typer.Exit(EXIT_UNREACHABLE)


def _find_stop(call: Call, settings: Settings, outlet: str, *, unasked: bool) -> list[Repeat]:
    """What an outlet repeats, as far as its stored articles can be read; if nothing, `--apply` is told so."""
    from presswatch.errors import DamagedError, SchemaError
    from presswatch.registrar import find_stop

    try:
        found = find_stop(settings, outlet)
    except (DamagedError, SchemaError) as error:
        call.note(f"lines that it repeats were not counted: {error}")
        return []
    if unasked and not found:
        call.note("no rule to write: no line stands under enough of its stored articles that no `stop` names already")
    return found


def _ask_documents(
    call: Call, settings: Settings, outlet: str, *, wait: bool
) -> tuple[list[DocumentRow], PresswatchError | None]:
    """What feeds and sitemaps say, or why none could be asked: counting needs no contact, no network and no lock."""
    from presswatch.registrar import check_outlet

    try:
        with show_progress(call) as progress:
            return check_outlet(settings, outlet, progress=progress, wait=wait), None
    except PresswatchError as error:
        return [], error


def _document_row(document: DocumentRow) -> dict[str, Any]:
    return {name: vars(document)[name] for name in _DOCUMENT_COLUMNS}


def _tell_once(documents: Sequence[DocumentRow]) -> list[dict[str, Any]]:
    """The rows of feeds and sitemaps for people: what several of them met, as a host that is silent, is told once."""
    rows, told = [], set[str]()
    for document in documents:
        row, fault = _document_row(document), document.fault
        if fault and fault == document.robots:
            row["robots"] = document.code
        row["fault"] = "as above" if fault in told else fault
        told |= {fault} if fault else set()
        rows.append(row)
    return rows


def _stop_row(repeat: Repeat) -> dict[str, Any]:
    """A proposed rule as a row among those of feeds and sitemaps."""
    row = dict.fromkeys(_DOCUMENT_COLUMNS, "")
    return {**row, **vars(repeat), "kind": "stop", "candidates": 0, "documents": 0, "newest_at": None}


def _apply_stop(call: Call, settings: Settings, outlet: str, repeats: Sequence[Repeat], *, unasked: bool) -> None:
    """Write the rules that the user agrees to; where nobody is to be asked, those without a doubt."""
    from presswatch.registrar import apply_stop
    from presswatch.report import tell_count

    if not repeats:
        return
    is_asked = call.can_ask and not unasked
    chosen = [r.stop for r in repeats if (unasked and not r.doubt) or (is_asked and _agrees(r))]
    doubted = sum(bool(repeat.doubt) for repeat in repeats)
    if chosen:
        path = apply_stop(settings, outlet, chosen)
        call.note(f"wrote {tell_count(len(chosen), 'rule')} into {path}")
        call.tell_folder(settings, path)
        call.note(f"next: `presswatch rebuild{call.where}` makes the tables again with them")
    elif not (is_asked or unasked):
        sure = f": `presswatch outlets check {outlet}{call.where} --apply` writes the rules without a doubt"
        call.note(f"nothing was changed{sure if doubted < len(repeats) else ''}")
    if doubted and not is_asked:
        told = tell_count(doubted, "rule may", "rules may")
        call.note(f"{told} take out facts, and no --apply writes such; run it on a terminal to be asked for each")


def _agrees(repeat: Repeat) -> bool:
    """Ask on the terminal whether a rule is to be written; no answer is no."""
    where = f"{repeat.articles} articles on {repeat.stories} stories"
    doubt = f"; {repeat.doubt}, so these may be facts" if repeat.doubt else ""
    return ask(f"take out {repeat.stop} (in {where}, as: {repeat.example}{doubt})?")


@outlets_app.command(
    cls=Command,
    name="add",
    epilog=examples("outlets add https://www.example.org/", "outlets add https://www.example.org/film/ --id example"),
)
def add_outlet(
    url: Annotated[str, typer.Argument(metavar="URL", help="Its front page, or any page that links to its feeds.")],
    outlet_id: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="Its id; by default it is made of the host.")
    ] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    wait: WaitOption = False,
) -> None:
    """Write a first outlet file, of what its site tells.

    Feeds, sitemaps, platform and layout, as far as they can be found. Asks robots.txt first, then the page, each
    feed and sitemap it names once, and three articles. What is not sure stands in the file as a comment.
    """
    from presswatch.registrar import add_outlet as add
    from presswatch.report import tell_count
    from presswatch.settings import FILE_NAME

    call = Call(data, as_json, quiet, verbose)
    settings = call.read_settings(writes_outlets=True)
    with show_progress(call) as progress:
        added = add(settings, url, outlet_id=outlet_id, progress=progress, wait=wait)
    draft = added.scouted.draft
    documents = [_document_row(document) for document in added.scouted.documents]
    if as_json:
        sources = [{"kind": source.kind, "url": source.url} for source in draft.discover]
        told = {**vars(draft), "discover": sources, "doubts": [f"{key}: {doubt}" for key, doubt in draft.doubts]}
        print_json({"path": str(added.path), **told, "documents": documents, "articles": added.scouted.articles})
    else:
        call.print_rows(documents, title=draft.name)
    call.note(clean_text(f"{draft.name}: {_tell_draft(draft)}; {tell_count(len(draft.doubts), 'remark')} in the file"))
    call.note(f"wrote {added.path}: read it, above all its comments")
    call.tell_folder(settings, added.path)
    if draft.id not in settings.collect_outlets:
        call.note(f"`presswatch watch` follows it once `outlets` under [collect] in {FILE_NAME} names {draft.id}")
    until = datetime.now(UTC).date()
    window = f"--since {until - timedelta(days=7)} --until {until}"
    call.note(f"next: `presswatch outlets check {draft.id}{call.where}`,")
    call.note(f"then `presswatch backfill --outlet {draft.id} {window} --dry-run{call.where}`")


def _tell_draft(draft: Draft) -> str:
    """What is known of an outlet now, in a line."""
    from presswatch.report import tell_count

    kinds = Counter(source.kind for source in draft.discover)
    found = [tell_count(count, _SOURCE_NAMES[kind]) for kind, count in kinds.items()] or ["no feed and no sitemap"]
    family = f"markup of {draft.family}" if draft.family else "no platform that is known"
    return ", ".join([*found, family, f"body {draft.body}" if draft.body else "no layout of its own"])


@outlets_app.command(
    cls=Command,
    name="record",
    epilog=examples(
        "outlets record https://www.indiewire.com/features/a-review-1234/",
        "outlets record https://www.example.org/a-review/ --outlet example --out tests/outlets/example",
    ),
)
def record_page(
    url: Annotated[str, typer.Argument(metavar="URL", help="The address of an article.")],
    outlet: Annotated[
        str | None,
        typer.Option(
            "--outlet", metavar="ID", help="Whose it is, if its host does not tell.", autocompletion=complete_outlets
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where to write (default: fixtures/ID).")
    ] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    wait: WaitOption = False,
) -> None:
    """Write a fixture pair of an article, for a test.

    Its page's skeleton without its prose, and what is read of it. The stored page is taken where there is one; else
    it is fetched. Every word of it is replaced by one that means nothing, so that the pair may go into a
    repository.
    """
    from presswatch.registrar import record_page as record

    call = Call(data, as_json, quiet, verbose)
    settings = call.read_settings()
    with show_progress(call) as progress:
        recorded = record(settings, url, outlet_id=outlet, out=out, progress=progress, wait=wait)
    if as_json:
        print_json(vars(recorded))
    origin = "the stored page" if recorded.is_stored else "a page that was fetched"
    call.note(f"wrote {recorded.html} and {recorded.json}, of {origin}")
    for line in recorded.differs:
        call.note(f"read otherwise than the page itself: {line}")
    if recorded.differs:
        call.note("mend the pair by hand, or take another article: as it is, it tests something else")
