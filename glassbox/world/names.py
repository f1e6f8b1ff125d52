"""Names for the residents of a harbor town, where ships from everywhere have lost a passenger or two.

Any first name goes with any surname and any pronoun; no name says anything about trade, street
or speech. No surname is also a trade, an animal, a dish or a street of the town. There are 128 of
each, so that in a town of 1,000 about eight people share a name: fewer names make people harder to
tell apart, for a small model too.
"""

_FIRST = """
Abel Ada Agnes Aiko Albin Alma Amina Amos Anouk Anton Arlo Asta Astrid Aziz Bashir Basil Beatrix
Bela Benno Bianca Birgit Boris Bruno Carlo Cato Cedric Chidi Clara Cyril Dagny Daria Delia Demir
Dora Ebba Edda Edgar Elif Elsa Emeka Emil Enzo Esme Ezra Fabio Farid Fatima Felix Femi Fergus
Fiona Flora Gideon Gita Goran Greta Gustav Gwen Hamid Hana Hedda Henk Hideo Hugo Ida Ilse Imre
Ingrid Isak Ivo Jamila Jonas Judith Juno Kaito Karin Kofi Lars Leila Leo Linus Lotte Lydia Magnus
Mara Mei Milo Minna Miriam Nadia Nell Nils Noor Olga Omar Oona Oscar Otis Petra Pia Priya Quentin
Rafael Ravi Rhoda Rosa Rufus Sadie Samir Selma Sigrid Silas Sofia Sunil Tariq Thea Tilda Tobias
Ulla Uma Vera Viggo Vilma Wanda Xenia Yara Yusuf Zeno
"""

_LAST = """
Abara Adler Alder Amadi Arden Ashby Balint Banda Barlow Beck Berg Blom Borg Bowen Bright
Calder Chen Cobb Colby Conti Costa Crane Croft Cullen Dahl Danek Darrow Desai Doyle Drake Dunne
Eaton Ekman Endo Faber Falk Farouk Fenn Ferris Finch Flint Fontana Frost Gallo Garrick Gupta
Haddad Hansen Hasek Hayes Holm Horvat Hoxha Ibarra Igwe Ilves Ito Jansen Jarvis Jessop Joshi
Kane Kaya Keller Kemp Kimura Kowal Lam Lark Larsen Locke Lowell Lund Maddox Malik Mensah Moon
Moreau Mori Munro Nagy Nash Nilsen Nkosi Noble Novak Obi Okafor Olsen Osei Peel Pereira Quill
Rahman Ramos Rask Reyes Ricci Rook Rowe Saito Sato Sharma Silva Sorel Storm Suzuki Swift Tarn Tate
Thorne Toth Traore Tully Udo Usher Varga Vidal Vogel Voss Wade Webb Weiss Wren Yamada Yilmaz
Zamora Zeller
"""

FIRST, LAST = tuple(_FIRST.split()), tuple(_LAST.split())
