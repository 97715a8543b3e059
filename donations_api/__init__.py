"""The donation portal: a gift's route.

1. ``form``, ``checkout``: the form is checked, a pending gift is kept, Stripe makes a payment page.
2. ``webhook``: Stripe says what happened; the event is proven, kept and booked in one transaction.
3. ``booking``, ``reversals``, ``renewals``: entries are posted, receipts numbered, letters queued.
4. ``outbox``: the letters are sent in the donor's language (``mailer``), as often as it takes.
5. ``my_gift``, ``my_pledge``: from links in the letters donors see and change what they gave.
6. ``reconciliation``: Stripe's statement is compared, and what was lost on the way is booked.
7. ``offline``, ``bank_statement``, ``open_lines``: gifts past Stripe, which a person enters or the
   bank's statement brings.

``app`` wires it all; ``handler`` and ``cli`` are the ways in from a host and from a terminal.
"""
