"""What `axiom generate` writes into this package."""
