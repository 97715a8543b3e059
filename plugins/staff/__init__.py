"""The commands of the people who run the site: ``python3 -m plugins.staff help`` lists them.

``__main__`` finds the command; ``setting_up`` makes the Python environment that it runs in.
"""
