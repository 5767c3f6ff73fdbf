"""What became of a page between two captures: its text compared without widget noise, its metadata, its versions in an archive."""
