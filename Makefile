# The work is done by make.py; without make, run `python make.py book` and so on.
PYTHON ?= python3

book test preview serve lab labs bench figures stills models wheel env clean:
	@$(PYTHON) make.py $@ $(ARGS)

.PHONY: book test preview serve lab labs bench figures stills models wheel env clean
