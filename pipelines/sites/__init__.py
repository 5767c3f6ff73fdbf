"""Publishers' own rules: one file a publisher, with dated layouts, registered by host in ``registry``."""
