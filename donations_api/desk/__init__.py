"""The treasurer's desk: pages on this computer alone, for who would rather not type commands.

A page is a module with ``pages(desk)``, a Flask blueprint, and its templates in
``templates/desk/``; ``app.PAGES`` lists them, and the menu comes from that list. Nothing is done by
GET. What is done is done by the same functions as by the commands, in one transaction that also
notes who did it and why.
"""
