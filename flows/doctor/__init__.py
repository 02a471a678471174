"""What is installed, what is missing, and the remedy, one finding a line.

Imports of flows what a home is made of, nothing that runs a pipeline. A new thing to look at is a function that gives a `finding.Finding`,
called in `examination.examine`.
"""

__all__ = ["examination", "finding", "libraries", "storage"]
