"""The donation portal: a gift's route.

1. ``checkout``: the form is checked, a pending gift is stored, Stripe makes a payment page.
2. ``webhook``: Stripe says what happened; the event is proven, kept and booked in one transaction.
3. ``booking``: the gift moves along its table, an entry is posted, a receipt is numbered.
4. ``outbox``: the receipt is sent in the donor's language (``mailer``), as often as it takes.
5. ``app`` wires it all; ``handler`` and ``cli`` are the ways in from a host and from a terminal.
"""
