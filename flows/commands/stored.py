"""`millrace runs`, `release`, `assumptions`: what is stored, whether it is whole, and what it takes for true."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contracts.errors import MillraceError
from flows.commands.console import FAILED, Json, conduct, speaking, workspace

if TYPE_CHECKING:
    from flows.stored import Stored

runs = typer.Typer(no_args_is_help=True, help="Stored runs and submissions.")
Run = Annotated[str, typer.Argument(metavar="RUN", help="Its id, the beginning of it, or CLIENT/PRODUCT@latest.")]
Submission = Annotated[
    bool, typer.Option("--submission", help="RUN is a submission, CLIENT/FEED@ID; looked for also where no run has the name.")
]


def _found(what: str, *, submission: bool) -> Stored:
    """A run, or the submission where no run has the name."""
    from contracts.errors import RunError
    from flows.runs import find

    home = workspace().home
    try:
        return find(home, what, "submissions" if submission else "runs")
    except RunError as error:
        if submission or error.code != "RUN-UNKNOWN":
            raise
        try:
            return find(home, what, "submissions")
        except RunError:
            raise error from None


@runs.command("list")
def list_runs(
    client: Annotated[str | None, typer.Argument(metavar="[CLIENT]")] = None,
    submissions: Annotated[bool, typer.Option("--submissions", help="Submissions instead of runs.")] = False,
    as_json: Json = False,
) -> None:
    """Every run, newest first; --submissions for what was taken in."""
    with speaking(as_json=as_json) as console:
        from flows.runs import stored

        found = stored(workspace().home, "submissions" if submissions else "runs", client)
        lines, document = [_line(each) for each in found], [_document(each) for each in found]
        what = "submission was taken in" if submissions else "run was published"
        console.result(lines or [f"no {what} yet in {workspace().home.root}"], document)


def _line(each: Stored) -> str:
    try:
        return f"{each.label}  {str(each.run['published'])[:16].replace('T', ' ')} UTC  {_said(each)}"
    except (MillraceError, KeyError, TypeError, ValueError):  # whatever its records hold now
        return f"{each.label}  damaged"


def _document(each: Stored) -> dict[str, Any]:
    try:
        return {"id": each.label, "published": each.run["published"], **each.facts}
    except MillraceError as error:
        return {"id": each.label, "damaged": error.code}


def _said(each: Stored) -> str:
    facts = each.facts
    return f"{facts['ledger']['accepted']:,} accepted" if each.kind == "submissions" else f"{facts['status']}  {facts['scored']:,} scored"


@runs.command()
def show(run: Run, submission: Submission = False, as_json: Json = False) -> None:
    """What a run says, in a few lines."""
    with speaking(as_json=as_json) as console:
        from flows.commands import summary

        each = _found(run, submission=submission)
        if each.kind == "submissions":
            console.result(summary.submission_lines(each), summary.submission_document(each))
        else:
            console.result(summary.lines(each), summary.document(each))


@runs.command("open")
def open_run(
    run: Run, where: Annotated[bool, typer.Option("--where", help="Only say where the page is.")] = False, as_json: Json = False
) -> None:
    """Open a run's page in the browser; without a screen, say where it is."""
    with speaking(as_json=as_json) as console:
        import webbrowser

        from contracts.errors import Place, RunError

        each = _found(run, submission=False)
        if each.kind == "submissions":
            raise RunError("RUN-NO-PAGE", f"{each.label} is a submission, which has no page", place=Place(client=each.client),
                           hint=f"millrace runs show {each.label}")  # fmt: skip
        page = each.folder / "pack" / "client" / "index.html"
        if not page.is_file():
            raise RunError("RUN-NO-PAGE", f"{each.label} has no page", place=Place(client=each.client), hint="deliver with --pages all")
        shown = not where and not as_json and sys.stdout.isatty() and webbrowser.open(page.as_uri())
        console.result([str(page)], {"page": str(page), "opened": bool(shown)})


@runs.command()
def verify(
    run: Annotated[str | None, typer.Argument(metavar="[RUN]", help="Everything that is stored where none is named.")] = None,
    submission: Submission = False,
    as_json: Json = False,
) -> None:
    """Compare every byte with the manifest; exit code 1 where anything differs."""
    with speaking(as_json=as_json) as console:
        from flows.integrity import verify
        from flows.runs import stored
        from flows.standing import standing

        home = workspace().home
        every = [_found(run, submission=submission)] if run else [*stored(home, "submissions"), *stored(home, "runs")]
        damages = {each.label: verify(each) for each in every} | ({} if run else standing(home))
        lines = [f"{label}  {'whole' if not found else f'{len(found)} damaged'}" for label, found in damages.items()]
        lines += [f"  {label}: {one.path}: {one.what}" for label, found in damages.items() for one in found]
        document = {label: [{"path": one.path, "what": one.what} for one in found] for label, found in damages.items()}
        console.result(lines or [f"nothing is stored yet in {home.root}"], document)
        if any(damages.values()):
            raise typer.Exit(FAILED)


def release(
    run: Run,
    by: Annotated[str, typer.Option(metavar="NAME", help="Who takes it upon themselves.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why, as the pack will say.")],
    as_json: Json = False,
) -> None:
    """Release a held pack: it is drawn again with who, when and why."""
    with speaking(as_json=as_json) as console:
        from flows.commands.summary import document, lines
        from flows.release import release as pipeline

        stored = conduct("direct", console, pipeline, workspace(), run, by, reason, title="release")
        console.result(lines(stored), document(stored))


def assumptions(run: Run, submission: Submission = False, as_json: Json = False) -> None:
    """Everything that a run takes for true, with its evidence and verdict; what turned out wrong first."""
    with speaking(as_json=as_json) as console:
        from flows.renewed import assumed_by
        from reports.judged import pairs

        found = assumed_by(_found(run, submission=submission))
        ordered = [one for verdict in ("refuted", "untested", "held") for one in found if one.verdict == verdict]
        lines = [f"{one.verdict:<8}  {one.step}: {one.statement}{_with(pairs(one.evidence))}" for one in ordered]
        console.result(lines or ["nothing was assumed"], [one.as_dict() for one in ordered])


def _with(evidence: str) -> str:
    return f"  ({evidence})" if evidence else ""
