"""What one unit of work may ask, by subject: people, visits, risk plans, decisions, retention; each with its own tables."""
