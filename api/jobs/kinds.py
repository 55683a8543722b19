"""Every kind of job and the function that does it."""

from api.jobs.running import JobFunction

KINDS: dict[str, JobFunction] = {}
