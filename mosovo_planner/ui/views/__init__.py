"""The views of the window: caseload, outstanding, workload."""
