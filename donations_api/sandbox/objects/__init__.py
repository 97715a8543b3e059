"""How Stripe's objects look: plain dicts; amounts in minor units, times in epoch seconds, UTC.

One module a family of objects; what happens to them is told outside, and each is held against the
annotations of the installed stripe package when it is saved.
"""
