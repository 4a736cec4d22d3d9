"""The engine for territories centred on one of their own offenders: the capacitated p-median and its kin."""
