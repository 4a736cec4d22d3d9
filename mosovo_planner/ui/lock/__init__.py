"""Locking: the window goes, the workspace is closed, and a new process asks for the pass phrase.

Keys and names stay in the memory of a process after its store was closed (measured: three copies of the key, seven of a
surname), so a lock that counts ends the process. What was not finished is sealed first, see ``office/drafts``.
"""
