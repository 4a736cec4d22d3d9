"""Performance for leaders, and the dip sample."""
