"""The donation portal: a gift's route.

1. ``form``, ``checkout``: the form is checked, a pending gift is kept, Stripe makes a payment page.
2. ``webhook``: Stripe says what happened; the event is proven, kept and booked in one transaction.
3. ``booking``, ``reversals``, ``renewals``: entries are posted, receipts numbered, letters queued.
4. ``outbox``: the letters are sent in the donor's language (``mailer``), as often as it takes.
5. ``my_gift``, ``my_pledge``: from links in the letters donors see and change what they gave.
6. ``reconciliation``: Stripe's statement is compared, and what was lost on the way is booked.
7. ``offline``, ``bank_statement``, ``open_lines``: gifts past Stripe, which a person enters or the
   bank's statement brings.
8. ``sheets``, ``papers``, ``copies``, ``tickets``, ``gift_aid``: documents, and what
   donors wish of them.
9. ``month_end``, ``exports``, ``open_books``: what leaves the books; ``erasing``, ``retention``,
   ``donor_data``: what is held about a donor, and until when.

``app`` wires it all; ``handler``, ``cli`` and ``desk`` are the ways in: from a host, from a
terminal, and for the treasurer.
"""
