"""The workspace in a folder: encrypted file, key file, lock, the places where it may lie, and a checked copy of it."""
