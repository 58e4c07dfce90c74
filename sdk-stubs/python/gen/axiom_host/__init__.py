"""The node host: runs this package's handlers for the sidecar beside it."""
