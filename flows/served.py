"""Flows that a Prefect deployment runs, by module entry point (see prefect.yaml).

Their parameters are stored in Prefect's database: client, product and the ids of submissions, which are hashes.
Never a file name or a value.
"""

from __future__ import annotations

from prefect import flow

from flows.prefect_conductor import PrefectConductor


@flow(name="deliver", flow_run_name="deliver {client}/{product}", persist_result=False, log_prints=False)
def deliver(client: str, product: str, submissions: list[str] | None = None) -> None:
    """Deliver from stored submissions: those named by id, the newest for the product's other feeds.

    Raises
    ------
    MillraceError
        As `millrace deliver`; the flow run then shows its code.
    """
    from flows.deliver import redeliver

    PrefectConductor().conduct(redeliver, client, product, tuple(submissions or ()))
