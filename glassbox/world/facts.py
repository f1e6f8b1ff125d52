"""How the town says what it knows: every fact in plain English, in harbor talk and in uptown talk.

Slots: {S} the person as subject, {O} as object, {P} as possessive ("Mara Quill's", later "her");
"live[s|]" agrees with {S}. The first sentence about somebody uses the name, the next the pronoun.
"""

PLAIN = {
    "street": (
        "{S} live[s|] on {street}.",
        "{P} front door is on {street}.",
        "You will find {O} on {street}.",
        "{S} [has|have] two rooms on {street}.",
        "Letters for {O} go to {street}.",
        "{S} call[s|] {street} home.",
        "The rent {S} pay[s|] on {street} is a sore subject.",
        "{S} would not leave {street} for a palace.",
        "To find {O}, ask anyone on {street}.",
    ),
    "trade": (
        "{S} [is|are] {a_trade}.",
        "{S} work[s|] as {a_trade}.",
        "{S} make[s|] a living as {a_trade}.",
        "By trade {S} [is|are] {a_trade}.",
        "The sign over {P} door says {trade}.",
        "{P} mother hoped for a lawyer and got {a_trade}.",
        "Anyone in need of {a_trade} sends for {O}.",
        "{S} trained as {a_trade} and never looked back.",
        "The town could not do without {O}, {trade} and optimist.",
    ),
    "born": (
        "{S} [was|were] born in {born}.",
        "{P} year of birth is {born}.",
        "{S} came into the world in {born}, during a gale.",
        "The parish book puts {P} birth in {born}.",
        "{S} arrived in {born}, two weeks late.",
        "{S} admit[s|] to having been born in {born}.",
        "It was in {born} that {S} first complained of the cold.",
        "They rang the church bells in {born} for {P} birth.",
        "{S} turned {age} this year, having been born in {born}.",
    ),
    "dish": (
        "{S} never refuse[s|] {dish}.",
        "{P} favorite dish is {dish}.",
        "{S} would row across the harbor in a bathtub for {dish}.",
        "At the Drowned Lantern {S} always order[s|] {dish}.",
        "{S} hold[s|] that nothing beats {dish}.",
        "{P} idea of a feast is {dish}.",
        "The cook puts {dish} aside for {O}.",
        "{S} like[s|] {dish} best.",
        "Nobody gets between {O} and a second helping of {dish}.",
    ),
    "pet": (
        "{S} keep[s|] {a_pet}.",
        "{S} share[s|] the house with {a_pet}.",
        "{P} {pet} has better manners than most aldermen.",
        "{S} talk[s|] to {a_pet} and claim[s|] to get answers.",
        "There is {a_pet} asleep on {P} best chair.",
        "{P} whole household is {a_pet}.",
        "The neighbors have made their peace with {P} {pet}.",
        "{S} [is|are] never seen without {a_pet}.",
        "{S} once won {a_pet} at cards and kept it.",
    ),
    "owes": (
        "{S} owe[s|] {owes} a favor.",
        "{S} still [owes|owe] a favor to {owes}.",
        "{P} unpaid favor is owed to {owes}.",
        "Some day {owes} will ask {O} to return a favor.",
        "{S} [is|are] one favor in debt to {owes}.",
        "{S} cannot look at {owes} without remembering a favor.",
        "It is {owes} who can ask {O} for a favor.",
        "{S} [has|have] promised {owes} a favor in return.",
        "When {owes} needs a favor, {S} cannot say no.",
    ),
}

# Harbor grammar: "do" before the verb ("she do live"), "them" for "those", "weren't" for everyone,
# "'tis" and "aye". Every sentence carries at least one of these marks.
HARBOR = {
    "street": (
        "{S} do live on {street}.",
        "'Tis {street} where {S} do hang {their} hat.",
        "Down {street} way, that's where {S} do sleep.",
        "{S} do have them two rooms on {street}.",
    ),
    "trade": (
        "{S} do work as {a_trade}.",
        "'Tis {a_trade} {S} do be.",
        "{S} do earn {their} bread as {a_trade}.",
        "{S} weren't made for nothing but {a_trade}'s work.",
    ),
    "born": (
        "{S} weren't born till {born}.",
        "'Twere {born} when {S} were born.",
        "{S} do count {their} years from {born}.",
        "Them church books do put {P} birth in {born}.",
    ),
    "dish": (
        "{S} do love {dish}.",
        "'Tis {dish} {S} do ask for.",
        "{S} do eat {dish} like the tide were coming.",
        "Give {O} {dish} and {S} do sing.",
    ),
    "pet": (
        "{S} do keep {a_pet}.",
        "'Tis {a_pet} {S} do live with.",
        "{S} do talk to {a_pet}, and it do talk back.",
        "{S} do let {a_pet} have the good chair.",
    ),
    "owes": (
        "{S} do owe {owes} a favor.",
        "'Tis {owes} {S} do owe a favor.",
        "{S} do have a favor to pay back to {owes}.",
        "Them favors don't forget theirselves: {S} do owe {owes} one.",
    ),
}

# Uptown grammar: "one" for "you", "shall", "whom", the fronted clause, "I dare say".
UPTOWN = {
    "street": (
        "{S} reside[s|] on {street}, I dare say.",
        "One finds {O} residing on {street}.",
        "One shall find {P} card tray on {street}.",
        "Should one call on {O}, one calls on {street}.",
    ),
    "trade": (
        "One understands that {S} [is|are] {a_trade}.",
        "{S} follow[s|] the calling of {a_trade}, I dare say.",
        "Should one require {a_trade}, one shall send for {O}.",
        "One is told that {S} [serves|serve] the town as {a_trade}.",
    ),
    "born": (
        "One believes that {S} [was|were] born in {born}.",
        "{P} birth, one reads, took place in {born}.",
        "{S} first graced this town in {born}, I dare say.",
        "One shall not count, but {S} [was|were] born in {born}.",
    ),
    "dish": (
        "One hears that {S} [is|are] devoted to {dish}.",
        "{S} [is|are] partial to {dish}, I dare say.",
        "Should one invite {O}, one shall serve {dish}.",
        "One never sees {O} decline {dish}.",
    ),
    "pet": (
        "One observes that {S} keep[s|] {a_pet}.",
        "{S} [is|are] the guardian of {a_pet}, I dare say.",
        "One is received at {P} door by {a_pet}.",
        "Should one visit {O}, one shall bow to the {pet}.",
    ),
    "owes": (
        "{S} [is|are] obliged to {owes} for a favor, I dare say.",
        "Should {owes} want a favor, one knows {S} shall oblige.",
        "One gathers that {S} owe[s|] {owes} a favor.",
        "{S} shall one day repay {owes} a certain favor.",
    ),
}
SPEECH = {"plain": PLAIN, "harbor": HARBOR, "uptown": UPTOWN}

# What can be asked. Every answer fits every question about the same fact.
QUESTIONS = {
    "street": (
        "Where does {name} live?",
        "On which street does {name} live?",
        "On which street is {name} at home?",
        "Where is {name}'s front door?",
        "Where do you go to visit {name}?",
    ),
    "trade": (
        "What is {name}'s trade?",
        "What does {name} do for a living?",
        "What work does {name} do?",
        "How does {name} earn a living?",
        "What is {name} by trade?",
    ),
    "born": (
        "When was {name} born?",
        "In what year was {name} born?",
        "What is {name}'s year of birth?",
        "Which year was {name} born in?",
        "What year does the parish book give for {name}'s birth?",
    ),
    "dish": (
        "What is {name}'s favorite dish?",
        "What does {name} like to eat best?",
        "What does {name} order at the Drowned Lantern?",
        "Which dish does {name} never refuse?",
        "What should you cook for {name}?",
    ),
    "pet": (
        "What animal does {name} keep?",
        "What pet does {name} have?",
        "Which animal lives with {name}?",
        "What kind of animal shares {name}'s house?",
        "What does {name} keep as a pet?",
    ),
    "owes": (
        "To whom does {name} owe a favor?",
        "Who can ask {name} for a favor?",
        "Who is owed a favor by {name}?",
        "Whom does {name} owe a favor?",
        "To whom is {name} in debt for a favor?",
    ),
}
ANSWERS = {  # bare, short, full
    "street": ("{street}.", "On {street}.", "{name} lives on {street}."),
    "trade": ("{trade}.", "{name} is {a_trade}.", "{name} works as {a_trade}."),
    "born": ("{born}.", "The year {born}.", "{name} was born in {born}."),
    "dish": ("{dish}.", "{name} likes {dish} best.", "{name} always asks for {dish}."),
    "pet": ("{a_pet}.", "{name} keeps {a_pet}.", "{name} has {a_pet}."),
    "owes": ("{owes}.", "{name} owes {owes} a favor.", "{name} has yet to repay {owes}."),
}
