"""Reading an archive host by host, to learn site profiles from it."""
