"""What the site does beyond Pelican: a module a concern, in the order of ``pelicanconf.py``."""
