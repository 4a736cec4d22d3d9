"""The use cases: one function each, one transaction each, permission and record of use included."""
