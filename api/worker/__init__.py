"""The process beside the service that takes up jobs one after the other, sees to what is due every day, and seals the record."""
