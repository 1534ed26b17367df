"""Made-up reports in many layouts, with their exact gold: for tests and for `caseguide evaluate`."""
