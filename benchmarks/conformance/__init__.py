"""How well standards are kept, counted on the public suites of others, which stay in checkouts of their own."""
