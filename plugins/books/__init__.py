"""What the open books are made of: the ledger's figures, the sheet of spending, drawings."""
