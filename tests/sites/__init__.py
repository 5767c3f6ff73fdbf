"""Fixture pages for publishers' rules: made from a saved page's markup, with words of our own."""
