"""The kinds of document that Port Ellery writes.

Each kind is a function `kind(draw, town) -> (text, residents, dialect)`: it makes all its
choices through `draw`, names the residents whose names it mentions, and says which dialect it is
written in ("plain", "harbor" or "uptown").
"""
