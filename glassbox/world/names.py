"""Names for the residents of a harbor town, where ships from everywhere have lost a passenger or two.

Any first name goes with any surname and any pronoun; no name says anything about trade, street
or speech. No surname is also a trade, an animal, a dish or a street of the town. Names are short, so
that a small tokenizer soon has a token for each.
"""

_FIRST = """
Abel Ada Amina Asta Basil Bela Bruno Cato Chidi Clara Dagny Edda Elif Emeka Enzo Ezra Farid Femi
Flora Greta Gwen Hana Hideo Hugo Ida Imre Ivo Juno Kofi Leo Lotte Mara Mei Milo Nell Noor Olga
Omar Otis Petra Rosa Selma Silas Sunil Thea Viggo Wanda Zeno
"""

_LAST = """
Abara Alder Barlow Beck Blom Bright Chen Cobb Crane Dahl Drake Endo Farouk Fenn Finch Flint
Frost Haddad Hoxha Ilves Jessop Kane Kemp Kimura Lark Locke Lund Malik Moon Moreau Nash Noble
Novak Okafor Olsen Peel Quill Reyes Rook Sato Silva Storm Swift Tarn Thorne Varga Vogel Zamora
"""

FIRST, LAST = tuple(_FIRST.split()), tuple(_LAST.split())
