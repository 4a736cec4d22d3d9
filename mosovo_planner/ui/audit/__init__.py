"""The record of use on the screen: who looked at whom, what is unusual, whether it is whole."""
