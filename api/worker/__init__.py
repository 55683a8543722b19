"""The process beside the service that takes up jobs one after the other, and sees to what is due every day."""
