"""The offline tour: a small invented press served on loopback, and three digest pages that cite it."""
