"""Inputs that are addresses: fetched by the crawler itself, kept like any capture, and read from what was kept."""
