"""What is printed: caseload summaries, outstanding visits, day sheets."""
