"""French; adjectives are those that have one form for both genders."""

from typing import Final

from crawler.site.lexicon.model import Charset, Language

FRENCH: Final = Language(
    code="fr",
    tag="fr",
    charsets=(
        Charset("iso-8859-1", "iso-8859-1"),
        Charset("windows-1252", "cp1252"),
        Charset("iso-8859-15", "iso-8859-15"),
    ),
    words={
        "who": """
            le_boulanger la_voisine le_professeur l'infirmière le_jardinier la_libraire le_pêcheur
            ma_tante le_maire l'élève la_couturière un_voyageur le_facteur l'architecte la_pharmacienne
            le_vieux_marin l'horloger une_jeune_peintre le_meunier la_traductrice""",
        "place": """
            au_marché à_la_bibliothèque à_la_gare dans_la_cuisine près_de_la_rivière dans_le_jardin
            derrière_l'école au_port sur_le_pont au_musée sous_le_chêne au_café sur_la_place
            dans_la_vallée au_bord_du_canal sur_le_quai dans_l'atelier devant_la_mairie au_théâtre
            sous_les_tilleuls""",
        "thing": """
            le_livre la_carte une_lampe la_lettre un_panier le_parapluie l'horloge une_chaise le_journal
            le_violon la_clé un_vélo le_manteau l'échelle la_photographie une_boîte le_télescope
            le_cahier la_boussole une_couverture la_théière l'almanach un_bateau_de_papier""",
        "does": """
            trouve achète vend porte montre garde choisit apporte oublie décrit répare cherche emprunte
            admire rend cache mesure enveloppe""",
        "rests": """
            attend chante dort lit travaille rit écoute marche écrit rêve danse hésite siffle voyage
            bavarde réfléchit""",
        "food": """
            le_pain la_soupe le_riz le_fromage la_tarte la_salade le_poisson la_crème l'omelette
            la_confiture le_gâteau la_purée le_potage le_ragoût la_compote les_pâtes les_lentilles
            la_brioche""",
        "with": """
            du_sel du_beurre de_l'ail du_citron du_poivre de_l'huile du_persil de_la_cannelle du_thym
            du_vinaigre de_la_moutarde du_safran de_l'échalote du_romarin""",
        "when": """
            aujourd'hui demain ce_matin chaque_jour le_lundi au_printemps à_midi hier_soir en_octobre
            avant_l'aube le_dimanche après_le_déjeuner en_hiver à_minuit pendant_les_vacances en_été""",
        "weather": """
            il_pleut le_soleil_brille le_vent_est_froid il_neige le_brouillard_est_épais
            l'orage_approche le_ciel_est_clair l'air_est_doux les_nuages_sont_bas il_gèle la_grêle_tombe""",
        "goods": """
            le_blé le_café la_laine le_bois le_cuivre le_thé le_sucre le_papier le_sel le_coton l'orge
            la_soie le_miel l'étain le_cacao l'ambre""",
        "adj": """
            utile simple rare fragile calme célèbre moderne pratique étrange rapide triste large vide
            riche magnifique solide agréable nécessaire""",
        "topic": """
            le_temps les_trains les_marchés les_livres la_cuisine les_jardins les_ports la_musique
            l'école les_cartes les_ponts l'hiver les_recettes les_horaires la_forêt l'été""",
    },
    sentences="""
        {who} {does} {thing} {place}.
        {when}, {who} {does} {thing} et personne ne s'étonne.
        Le train pour {name} part à {hour} heures.
        {weather}, alors {who} {rests} {place}.
        {when}, {who} {rests}.
        En {year}, on vendait encore {goods} {place}.
        Pour {food}, on ajoute {with} et {with}, puis on attend {n} minutes.
        La bibliothèque possède {n} volumes sur {topic}.
        Pourquoi est-ce que {who} {does} {thing}?
        {thing} est {adj}, mais {thing} est {adj}.
        {who} prépare {food} avec {with} pour {n} personnes.
        Entre {name} et {name}, la route est {adj}.
        {name} est une ville {adj} et {adj}.
        Si {weather}, le bateau reste au port.
        On dit que {food} est un plat {adj}.
        Personne ne sait pourquoi {who} {rests} {place}.
        Nous avons goûté {food}, puis {food}; c'était {adj}!
        Voie {n}: le train qui vient de {name} a {n} minutes de retard.
        {when}, {weather}.
        Dans ce livre de {n} pages, on parle de tout: {topic}, {topic}, {topic}.""",
    labels="""
        {topic}
        {topic} et {topic}
        {food} avec {with}
        {name}
        {topic} à {name}
        {goods} de {name}
        {topic} en {year}
        {thing}
        {goods}""",
    names=(
        "Beau Belle Bois Champ Clair Font Grand Haute Mont Neuve Pierre Pont Roche Sainte Val Vert Ville",
        "bourg château claire court fort lac lieu mont pré rivière roche val ville mare fontaine",
    ),
)
