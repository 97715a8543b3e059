"""Who is shown and told of, and by whose leave (rules C1-C5, C8-C10): known without Pelican."""
