"""What Markdown is taught for this site; ``MARKDOWN`` in pelicanconf.py lists it."""
