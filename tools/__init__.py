"""How the book is built: the environment, the labs, the pages. Called by make.py; standard library only."""
