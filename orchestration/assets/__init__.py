"""The assets, in the order data flows: landing, returns, warehouse, release. Thin: they call, and report."""
