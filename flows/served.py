"""Flows that a Prefect deployment runs, by module entry point (see prefect.yaml).

Their parameters are stored in Prefect's database: client, product and the ids of submissions, which are hashes.
Never a file name or a value.
"""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.types.entrypoint import EntrypointType

from flows.conductor import Conductor
from flows.prefect_conductor import PrefectConductor


@flow(name="deliver", flow_run_name="deliver {client}/{product}", persist_result=False, log_prints=False)
def deliver(client: str, product: str, submissions: list[str] | None = None) -> None:
    """Deliver from stored submissions: those named by id, the newest for the product's other feeds.

    Raises
    ------
    MillraceError
        As `millrace deliver`; the flow run then shows its code.
    """
    PrefectConductor().conduct(from_stored, client, product, tuple(submissions or ()))


def from_stored(conduct: Conductor, client: str, product: str, submissions: tuple[str, ...]) -> Any:
    """The pipeline behind `deliver`."""
    from flows.deliver import deliver as make
    from flows.order import Order
    from flows.settings import load
    from flows.workspace import Workspace

    return make(conduct, Workspace.of(load()), Order(client, product, submissions=submissions))


def serve() -> None:
    """Serve the deployment from this process, without a work pool; ends with Ctrl-C."""
    deliver.serve(name="deliver", entrypoint_type=EntrypointType.MODULE_PATH)  # by path, Prefect would record this machine's folder


if __name__ == "__main__":
    from flows import served  # the flow's module must be its name, not __main__

    served.serve()
