"""Long work behind a request: asked for, watched, ended. `api.worker` does it."""
