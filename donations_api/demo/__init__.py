"""The whole thing on one computer: the site, the portal, a stand-in for Stripe, and a mailbox.

    /                                    the built site, as a web server would show it
    /donations /webhooks /health /ready  the portal, as a host would run it
    /sandbox                             the stand-in for Stripe
    /mailbox                             the mails that the portal has sent
    /desk                                the treasurer's desk, behind the key that is printed

Nothing of it is for a host: no money moves, and no mail leaves the computer.
"""
