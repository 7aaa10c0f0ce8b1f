"""Spanish; adjectives are those that have one form for both genders."""

from typing import Final

from crawler.site.lexicon.model import Charset, Language

SPANISH: Final = Language(
    code="es",
    tag="es",
    charsets=(
        Charset("iso-8859-1", "iso-8859-1"),
        Charset("windows-1252", "cp1252"),
        Charset("iso-8859-15", "iso-8859-15"),
    ),
    words={
        "who": """
            el_panadero la_maestra el_médico la_vecina el_jardinero la_bibliotecaria el_pescador mi_tía
            el_alcalde la_pintora un_viajero el_cartero la_niña el_músico la_cocinera el_viejo_capitán
            la_relojera un_joven_poeta el_albañil la_traductora""",
        "place": """
            en_el_mercado en_la_biblioteca en_la_estación en_la_cocina junto_al_río en_el_jardín
            detrás_de_la_escuela en_el_puerto sobre_el_puente en_el_museo bajo_el_olivo en_el_café
            en_la_plaza en_el_valle cerca_del_canal en_el_andén en_el_taller frente_al_teatro
            en_la_montaña""",
        "thing": """
            el_libro el_mapa una_lámpara la_carta una_cesta el_paraguas el_reloj una_silla el_periódico
            el_violín la_llave una_bicicleta el_abrigo la_escalera la_fotografía una_caja el_telescopio
            el_cuaderno la_brújula una_manta la_tetera un_pequeño_barco""",
        "does": """
            busca compra vende lleva muestra guarda elige trae olvida describe repara necesita encuentra
            pinta devuelve admira esconde mide""",
        "rests": """
            espera canta duerme lee trabaja ríe escucha camina escribe sueña baila duda silba viaja
            descansa conversa""",
        "food": """
            el_pan la_sopa el_arroz el_queso la_tortilla la_ensalada el_pescado la_crema el_guiso
            la_mermelada el_pastel el_puré la_empanada el_potaje la_calabaza el_membrillo""",
        "with": """
            sal mantequilla ajo limón pimienta aceite perejil canela tomillo vinagre mostaza azafrán
            cebolla romero pimentón""",
        "when": """
            hoy mañana esta_mañana cada_día el_lunes en_primavera al_mediodía anoche en_octubre
            antes_del_amanecer los_domingos después_de_comer en_invierno a_medianoche
            durante_las_vacaciones en_otoño""",
        "weather": """
            llueve brilla_el_sol el_viento_es_frío nieva la_niebla_es_densa se_acerca_una_tormenta
            el_cielo_está_claro hace_calor las_nubes_están_bajas hiela cae_granizo""",
        "goods": """
            el_trigo el_café la_lana la_madera el_cobre el_té el_azúcar el_papel la_sal el_algodón
            la_cebada la_seda la_miel el_estaño el_cacao el_ámbar""",
        "adj": """
            grande útil fácil importante interesante verde suave fuerte alegre triste dulce frágil
            popular especial amable elegante posible admirable""",
        "topic": """
            el_tiempo los_trenes los_mercados los_libros la_cocina los_jardines los_puertos la_música
            la_escuela los_mapas los_puentes el_invierno las_recetas los_horarios el_otoño las_canciones""",
    },
    sentences="""
        {who} {does} {thing} {place}.
        {when} {who} {does} {thing}, y nadie se sorprende.
        El tren de {name} sale a las {hour} y llega tarde.
        {weather}, así que {who} {rests} {place}.
        {when} {who} {rests} y {who} {does} {thing}.
        En el año {year} todavía se vendía {goods} {place}.
        Para {food} se añade {with} con {with} y se espera {n} minutos.
        La biblioteca de {name} tiene {n} libros sobre {topic}.
        ¿Por qué {does} {who} {thing}?
        {thing} es {adj}, pero {thing} es {adj}.
        {who} prepara {food} con {with} para {n} personas.
        {name} está entre {name} y {name}.
        {name} es una ciudad {adj} y {adj}.
        Si {weather}, el barco de {name} no sale del puerto.
        Dicen que {food} es un plato {adj}.
        Nadie sabe por qué {who} {rests} {when}.
        Probamos {food}, luego {food}: ¡fue algo muy {adj}!
        Vía {n}: el tren que viene de {name} lleva {n} minutos de retraso.
        {when} {weather}.
        En el cuaderno hay notas sobre {topic}, {topic} y {topic}.""",
    labels="""
        {topic}
        {topic} y {topic}
        {food} con {with}
        {name}
        {topic} en {name}
        {goods} de {name}
        {topic} en {year}
        {thing}
        {goods}""",
    names=(
        "Agua Alta Bella Campo Casa Clara Fuente Llana Monte Nava Peña Piedra Río Roble Torre Valle Villa",
        "blanca cañada clara fría hermosa larga luz mar nueva real rubia seca serena sierra verde",
    ),
)
