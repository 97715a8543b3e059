"""The preview: the site as it will be, on this computer alone, for those who are writing it.

``plugins.staff.preview`` watches; ``workshop`` builds and holds what came of it, ``server`` shows
it, and ``pages`` makes what is the preview's own. Nothing of it is ever in a built folder.
"""
