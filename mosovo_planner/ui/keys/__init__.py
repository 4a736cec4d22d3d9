"""Users and keys: who may use the workspace, in which role, with which pass phrase."""
