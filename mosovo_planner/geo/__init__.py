"""Postcodes to positions, positions to minutes, map layers, all from local files. geopy lives here only."""
