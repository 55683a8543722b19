"""Long work behind a request: a job is a row, a worker process takes it up, its progress is seen."""
