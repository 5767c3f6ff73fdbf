"""Site profiles: blocks that repeat across the captures of a host, learned from an archive."""
