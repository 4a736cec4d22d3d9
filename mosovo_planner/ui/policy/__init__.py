"""The policy page: values with source and date, the table of clocks, every version."""
