"""Which pieces of a page are its article: pieces, what is known of each, the model that judges them, and why the others are cut."""
