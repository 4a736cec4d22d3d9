"""Files in and out: trackers, workbooks, CSV."""
