"""How far the job of the server is, live, and what the last one came to."""

from __future__ import annotations

import streamlit as st

from index.duplicates.groups import Duplicates
from index.records import Report
from ui.components import show_errors, show_plain
from ui.filling_notes import Noted
from ui.library_page.jobs import Job, Jobs, Result
from ui.live_region import live_region
from ui.models_page.fetched import Arrived, describe_arrived
from ui.plain import counted, escaped, shown_name
from ui.progress import describe_progress

EVERY = 0.7
"""Seconds between two looks at a job that runs."""


def job_status(jobs: Jobs) -> None:
    """Show the job that runs, again and again, or what the last one came to."""
    job = jobs.last()
    if job is None:
        return
    if not job.runs:
        outcome(job)
        return
    st.fragment(_running, run_every=EVERY)(jobs, job.number)


def _running(jobs: Jobs, number: int) -> None:
    job = jobs.last()
    if job is None or job.number != number or not job.runs:
        st.rerun()  # the whole page: there is more to show than this
    now = job.progress
    with st.container(border=True, key="job"):
        st.subheader(escaped(shown_name(job.what)), anchor=False)
        share = min(1.0, now.done / now.total) if now is not None and now.total else 0.0
        st.progress(share)
        words = _words(job)
        if job.phase == "stopping":
            words = "Stopping: what is in hand is stored first…"
        with st.container(horizontal=True, vertical_alignment="center"):
            show_plain(words, key="progress")
            st.button(
                "Stop",
                icon=":material/stop_circle:",
                key="stop_job",
                disabled=job.phase == "stopping",
                on_click=jobs.stop,
                shortcut="Escape",
            )
        with st.container(key="said-job"):
            live_region(_spoken(job, share), key="job_spoken")


def _words(job: Job) -> str:
    if isinstance(job.progress, Arrived):
        return describe_arrived(job.progress)
    return describe_progress(job.progress) if job.progress is not None else "Beginning…"


def _spoken(job: Job, share: float) -> str:
    """What is said aloud: every tenth, not every photo."""
    return f"{shown_name(job.what)}: {int(share * 10) * 10} % done"


def outcome(job: Job) -> None:
    """What a job came to, in a line or as its error."""
    if job.error is not None:
        show_errors([job.error])
        words = f"{job.what}: it could not be done."
    elif job.phase == "failed":
        words = f"{job.what}: it ended with a fault of the program; the terminal tells which."
        st.error(escaped(shown_name(words)), icon=":material/error:")
    else:
        words = told(job)
        icon = ":material/check_circle:" if job.phase == "finished" else ":material/stop_circle:"
        st.success(escaped(shown_name(words)), icon=icon)
    with st.container(key="said-outcome"):
        live_region(shown_name(words), key="job_outcome")


def told(job: Job) -> str:
    """What a job did, for a person.

    >>> told(Job(1, "Indexing ~/photos", "finished", result=Report(added=3, unchanged=2)))
    'Indexing ~/photos: 3 photos are new, 2 as before.'
    """
    if job.result is None:
        return f"{job.what}: stopped; what was done until then is kept."
    end = " Stopped; what was done until then is kept." if job.phase == "stopped" else ""
    return f"{job.what}: {_did(job.result)}.{end}"


def _did(result: Result) -> str:
    if isinstance(result, Report):
        return _indexed(result)
    if isinstance(result, Noted):
        done = sum(result.noted.values())
        return f"{counted(done, 'photo')} looked at, {len(result.skipped)} could not be read"
    if isinstance(result, Duplicates):
        return f"{counted(len(result.groups), 'group')} found"
    return "all of it is on this machine"


def _indexed(report: Report) -> str:
    said = [
        (report.added, "new"),
        (report.updated, "changed"),
        (report.moved, "moved"),
        (report.missing, "missing"),
        (report.unchanged, "as before"),
        (len(report.skipped), "skipped"),
    ]
    parts = [f"{number:,} {word}" for number, word in said if number]
    if not parts:
        return "nothing was there"
    head, *rest = parts
    number = int(head.split()[0].replace(",", ""))
    word = head.split(" ", 1)[1]
    return ", ".join([f"{counted(number, 'photo')} {'is' if number == 1 else 'are'} {word}", *rest])
