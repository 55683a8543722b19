"""Models that have learned in the service: trained, judged, kept, loaded and shown."""
