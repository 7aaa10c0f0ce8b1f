"""German; things are feminine or neuter, whose nominative and accusative are the same."""

from typing import Final

from crawler.site.lexicon.model import UTF_16BE, Charset, Language

GERMAN: Final = Language(
    code="de",
    tag="de",
    rare=UTF_16BE,
    charsets=(
        Charset("iso-8859-1", "iso-8859-1"),
        Charset("windows-1252", "cp1252"),
        Charset("iso-8859-15", "iso-8859-15"),
    ),
    words={
        "who": """
            der_Bäcker die_Lehrerin der_Gärtner die_Ärztin der_Fahrer die_Nachbarin der_Bürgermeister
            die_Großmutter der_Maler ein_junger_Schüler die_Verkäuferin der_Fischer eine_Reisende
            der_Müller die_Köchin der_Förster die_Übersetzerin der_Uhrmacher der_Imker die_Glasbläserin""",
        "place": """
            auf_dem_Markt in_der_Bücherei am_Bahnhof in_der_Küche am_Fluss im_Garten hinter_der_Schule
            am_Hafen auf_der_Brücke im_Museum vor_dem_Rathaus in_der_Straße am_Gleis in_der_Mühle
            im_Café unter_der_Linde am_Marktplatz im_Gewächshaus neben_der_Schleuse""",
        "thing": """
            das_Buch die_Karte die_Lampe das_Fahrrad die_Zeitung eine_Tasche das_Bild die_Uhr
            ein_altes_Klavier die_Geige das_Schloss die_Brille eine_grüne_Tür das_Fernglas die_Schüssel
            ein_kleines_Boot die_Leiter das_Wörterbuch die_Landkarte ein_hölzernes_Kästchen
            das_Glöckchen""",
        "does": """
            findet kauft verkauft trägt zeigt braucht sucht holt bringt vergisst beschreibt putzt
            bewundert repariert malt versteckt verschenkt misst""",
        "rests": """
            wartet schläft singt liest arbeitet lacht träumt tanzt schreibt zögert pfeift hört_zu
            geht_spazieren plaudert grübelt""",
        "food": """
            Brot Suppe Reis Käse Apfelkuchen Kartoffelsalat Linsensuppe Fisch Marmelade Grießbrei
            Kürbissuppe Pflaumenmus Bohneneintopf Klöße Zwiebelkuchen Rührei""",
        "with": """
            Salz Butter Knoblauch Zitrone Pfeffer Öl Petersilie Zimt Senf Thymian Essig Muskatnuss
            Kümmel Schnittlauch süßer_Sahne""",
        "when": """
            heute morgen jeden_Tag am_Montag im_Frühling mittags gestern_Abend im_Oktober
            vor_Sonnenaufgang sonntags nach_dem_Essen im_Winter um_Mitternacht in_den_Ferien
            alle_zwei_Wochen""",
        "weather": """
            es_regnet die_Sonne_scheint der_Wind_ist_kalt es_schneit der_Nebel_ist_dicht
            ein_Gewitter_zieht_auf der_Himmel_ist_klar die_Luft_ist_mild es_hagelt der_Frost_bleibt
            die_Wolken_hängen_tief""",
        "goods": """
            Weizen Kaffee Wolle Holz Kupfer Tee Zucker Papier Salz Baumwolle Gerste Fisch Nüsse Seide
            Honig Zinn Bernstein Gewürze""",
        "adj": """
            alt neu klein groß nützlich warm ruhig teuer schwer schön einfach billig selten zerbrechlich
            berühmt seltsam weiß außergewöhnlich gemütlich""",
        "topic": """
            Wetter Züge Märkte Bücher Kochkunst Gärten Häfen Musik Schulen Landkarten Brücken Straßen
            Rezepte Fahrpläne Mühlen Wälder""",
    },
    sentences="""
        {who} {does} {thing} {place}.
        Heute {does} {who} {thing}, und niemand wundert sich.
        Der Zug nach {name} fährt um {hour} Uhr ab.
        {weather}, und {who} {rests}.
        {when} {does} {who} {thing}.
        Der Preis für {goods} stieg in {name} auf {n} Kronen.
        Man gibt {food} mit {with} in den Topf und wartet {n} Minuten.
        In der Bücherei von {name} stehen {n} Bände über {topic}.
        Warum {does} {who} {thing}?
        {thing} ist {adj}, aber {thing} ist {adj}.
        {who} kocht {food} mit {with} für {n} Gäste.
        Im Jahr {year} verkaufte man {goods} noch {place}.
        {name} liegt zwischen {name} und {name}.
        Vielleicht bleibt das Schiff nach {name} im Hafen: {weather}.
        {when}, sagt man in {name}, schmeckt {food} am besten.
        Niemand weiß genau, was {who} {place} macht.
        Mehr {goods} und weniger {goods} kamen über {name} als im Jahr {year}.
        Wir kauften {food}, {food} und {goods}; das war gar nicht {adj}!
        Gleis {n}: der Zug aus {name} hat {n} Minuten Verspätung.
        {when} ist {thing} besonders {adj}.""",
    labels="""
        {topic}
        {topic} und {topic}
        {food} mit {with}
        {name}
        {topic} in {name}
        {goods} aus {name}
        {topic} {year}
        {thing}
        {goods}""",
    names=(
        "Alten Birken Drei Eichen Falken Grün Hohen König Linden Mühl Neu Ober Raben Schön Stein Tannen Unter Weiß",
        "bach berg burg dorf feld hausen heim hofen kirchen mühle see stadt tal wald brück au",
    ),
)
