"""The week plan: map, timetable and day sheet in step; proposed, changed by hand, approved, printed."""
