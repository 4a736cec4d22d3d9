"""Problems in, proposals out: allocation by location, crews, rounds and their explanation. OR-Tools lives here only."""
