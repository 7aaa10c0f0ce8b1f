"""English."""

from typing import Final

from crawler.site.lexicon.model import UTF_16LE, Charset, Language

ENGLISH: Final = Language(
    code="en",
    tag="en",
    rare=UTF_16LE,
    charsets=(Charset("us-ascii", "ascii"), Charset("windows-1252", "cp1252")),
    words={
        "who": """
            the_baker the_teacher the_librarian the_driver a_neighbour the_gardener the_sailor my_aunt
            the_doctor a_young_painter the_old_farmer the_postman a_traveller the_engineer the_mayor
            the_fisherman a_student the_tailor the_beekeeper the_astronomer the_violinist the_ferryman
            the_locksmith a_quiet_translator""",
        "place": """
            at_the_market in_the_library at_the_station in_the_kitchen near_the_river in_the_garden
            behind_the_school by_the_harbour on_the_bridge in_the_museum under_the_old_oak at_the_café
            across_the_square in_the_valley beside_the_canal on_the_platform in_the_workshop
            at_the_lighthouse among_the_orchards in_the_greenhouse""",
        "thing": """
            a_book the_map a_lamp the_letter a_basket an_umbrella the_clock a_blue_chair the_newspaper
            a_violin the_silver_key a_bicycle the_red_coat a_ladder the_photograph a_wooden_box
            the_telescope a_notebook the_compass a_woollen_blanket the_teapot a_paper_boat
            the_weathervane an_almanac""",
        "does": """
            finds buys sells carries shows keeps chooses brings forgets describes repairs needs borrows
            paints returns polishes admires wraps hides measures""",
        "rests": """
            waits sings sleeps reads works laughs listens walks writes dreams dances hesitates whistles
            travels rests daydreams""",
        "food": """
            bread soup rice cheese apple_cake tomato_salad lentil_stew plum_jam fried_fish pea_soup
            honey porridge roast_potatoes crème_brûlée mushroom_pie ginger_biscuits pickled_onions
            barley_broth""",
        "with": """
            salt butter garlic lemon pepper olive_oil fresh_herbs parsley cinnamon mustard thyme vinegar
            nutmeg saffron rosemary""",
        "when": """
            today tomorrow this_morning every_day on_Monday in_spring at_noon last_night in_October
            before_dawn on_Sundays after_lunch in_winter at_midnight during_the_holidays
            once_a_fortnight""",
        "weather": """
            it_is_raining the_sun_is_shining the_wind_is_cold snow_is_falling the_fog_is_thick
            a_storm_is_near the_sky_is_clear the_air_is_warm the_clouds_are_low frost_covers_the_fields
            thunder_rolls_over_the_hills a_rainbow_appears""",
        "goods": """
            wheat coffee oranges wool copper timber cotton tea sugar fish olives paper salt silk barley
            tin cocoa walnuts amber""",
        "adj": """
            old new small large useful warm quiet expensive heavy beautiful simple cheap rare fragile
            famous strange elegant crooked sturdy delightful""",
        "topic": """
            weather trains markets books cooking gardens harbours music schools maps bridges winters
            recipes timetables orchards lanterns""",
    },
    sentences="""
        {who} {does} {thing} {place}.
        Today {who} {does} {thing}, and nobody is surprised.
        The train to {name} leaves at {hour} and arrives late.
        {weather}, so {who} {rests} {place}.
        {when}, {who} {rests} and {who} {does} {thing}.
        The price of {goods} rose to {n} crowns in {name}.
        Add {with} and {with} to the {food}, then wait {n} minutes.
        There are {n} books about {topic} in the library of {name}.
        Does {who} still remember {thing}?
        The {topic} of {name} are {adj} and {adj}.
        {who} prepares {food} with {with} for {n} guests.
        In {year} people still sold {goods} {place}.
        {name} is {adj} and lies between {name} and {name}.
        If {weather}, the boat to {name} will not sail.
        {thing} was {adj}, but {thing} was not.
        {when}, {weather}.
        Nobody knows why {who} {does} {thing} {when}.
        Less {goods} but more {goods} came through {name} than in {year}.
        {who} says that nothing tastes like {food}.
        We bought {food}, {food} and {goods}: it was not {adj} at all!
        Platform {n}: the train from {name} is {n} minutes late.""",
    labels="""
        {topic}
        {topic} and {topic}
        {food} with {with}
        {name}
        The {adj} {topic}
        {goods} in {name}
        {topic} of {year}
        {thing}
        {goods}""",
    names=(
        "Ash Brook Cold Dun Elm Fair Glen Hazel Iron Kings Mill North Oak Penn Rose Stone Thorn West Winter Wren",
        "ford ham ton bury field wick mouth dale stead worth bridge well combe marsh haven cliff gate",
    ),
)
