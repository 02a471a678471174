"""The order of the steps: products, runs on disk, gates, settings, the `millrace` command.

May import every other package; none of them imports this one. A pipeline is a plain function over a conductor (`flows.conductor`) that
opens a run (`flows.run`); a new step is a plain module-level function marked with `step`.
"""

__all__ = [
    "checkpoint",
    "conductor",
    "disk",
    "doctor",
    "drift",
    "drift_gates",
    "gates",
    "home",
    "limits",
    "lock",
    "phrases",
    "prefect_conductor",
    "run",
    "runs",
    "served",
    "settings",
    "steps",
    "submissions",
    "versions",
]
