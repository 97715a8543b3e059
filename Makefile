# Forwards to python3 -m plugins.staff, which holds the commands; `make help` lists them.
# A variable given here reaches the command through its environment: make demo PORT=8010

PYTHON = python3

.DEFAULT_GOAL := help
.PHONY: help demo desk build check fix status translated names add-picture preview consent withdraw test mutants prove looks lighthouse

help demo desk build check fix status translated names add-picture preview consent withdraw test mutants prove looks lighthouse:
	@$(PYTHON) -m plugins.staff $@

# An unknown word is answered by the commands as well, in Chinese and English.
.DEFAULT:
	@$(PYTHON) -m plugins.staff $@
