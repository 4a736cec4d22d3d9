"""The record of use: a chain that shows each edit, deletion and gap, and what is kept outside the workspace to hold its end."""
