"""What happened off duty: the list at the start of duty, one match beside it, reading logs, the watched folder."""
