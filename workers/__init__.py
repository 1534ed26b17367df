"""Background work: thin tasks over the services."""
