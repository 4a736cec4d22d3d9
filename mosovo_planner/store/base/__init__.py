"""What every room of the store stands on: connections, files that survive a crash, errors, and the form of what is kept."""
