"""One offender's file: clocks with their reasons, the facts they run from, what a supervisor decides on them."""
