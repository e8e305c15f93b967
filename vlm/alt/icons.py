"""Icons: the words in file names that show them, and what each does, in six languages."""

from __future__ import annotations

from typing import NamedTuple

LANGUAGES = ("en", "de", "fr", "es", "it", "nl")


class Icon(NamedTuple):
    """Words in file names that show an icon, and its name in each of `LANGUAGES`."""

    words: str
    names: tuple[str, ...]
    adds: bool = False
    """Whether it tells something even beside the text of a link."""


ICONS = (
    Icon(
        "home house startseite accueil", ("Home", "Startseite", "Accueil", "Inicio", "Home", "Home")
    ),
    Icon(
        "search magnifier magnifying lupe loupe suche",
        ("Search", "Suche", "Recherche", "Buscar", "Cerca", "Zoeken"),
    ),
    Icon("menu hamburger", ("Menu", "Menü", "Menu", "Menú", "Menu", "Menu")),
    Icon("close cross dismiss", ("Close", "Schließen", "Fermer", "Cerrar", "Chiudi", "Sluiten")),
    Icon(
        "print printer drucker",
        ("Print", "Drucken", "Imprimer", "Imprimir", "Stampa", "Afdrukken"),
    ),
    Icon(
        "cart basket trolley warenkorb panier",
        ("Basket", "Warenkorb", "Panier", "Cesta", "Carrello", "Winkelmandje"),
    ),
    Icon("share teilen", ("Share", "Teilen", "Partager", "Compartir", "Condividi", "Delen")),
    Icon(
        "settings gear cog",
        ("Settings", "Einstellungen", "Paramètres", "Ajustes", "Impostazioni", "Instellingen"),
    ),
    Icon(
        "login signin",
        ("Log in", "Anmelden", "Connexion", "Iniciar sesión", "Accedi", "Inloggen"),
    ),
    Icon(
        "download",
        ("Download", "Herunterladen", "Télécharger", "Descargar", "Scarica", "Downloaden"),
    ),
    Icon(
        "mail email envelope",
        ("Email", "E-Mail", "E-mail", "Correo electrónico", "E-mail", "E-mail"),
    ),
    Icon("phone telephone", ("Phone", "Telefon", "Téléphone", "Teléfono", "Telefono", "Telefoon")),
    Icon("rss feed", ("RSS feed", "RSS-Feed", "Flux RSS", "Canal RSS", "Feed RSS", "RSS-feed")),
    Icon("previous prev", ("Previous", "Zurück", "Précédent", "Anterior", "Precedente", "Vorige")),
    Icon("next", ("Next", "Weiter", "Suivant", "Siguiente", "Successivo", "Volgende")),
    Icon("play", ("Play", "Abspielen", "Lire", "Reproducir", "Riproduci", "Afspelen")),
    Icon(
        "external newwindow popup",
        (
            "New window",
            "Neues Fenster",
            "Nouvelle fenêtre",
            "Ventana nueva",
            "Nuova finestra",
            "Nieuw venster",
        ),
        adds=True,
    ),
    Icon("pdf", ("PDF",) * 6, adds=True),
    Icon("word docx", ("Word",) * 6, adds=True),
    Icon("excel xlsx", ("Excel",) * 6, adds=True),
    Icon("zip", ("ZIP",) * 6, adds=True),
)
HOME = ICONS[0]
_SMALL_WORDS = """icon icons ico symbol btn button glyph svg fa outline solid white black dark light
small large line circle round img nav header footer new window s m l x"""
_BESIDE = frozenset(_SMALL_WORDS.split())


def icon_named(words: list[str]) -> Icon | None:
    """The icon that the words of a file name show, if they show nothing else.

    >>> found = icon_named(["search", "icon"])
    >>> found and found.names[0], icon_named(["search", "dog"])
    ('Search', None)
    """
    rest = [word for word in words if word not in _BESIDE]
    for icon in ICONS:
        known = icon.words.split()
        if rest and all(word in known or word in ("glass", "lens") for word in rest):
            return icon
    return None


def icon_name(icon: Icon, language: str | None) -> str:
    """The icon's name in a language such as ``de-AT``; empty if it is none of `LANGUAGES`.

    Without a language, English.

    >>> icon_name(HOME, "de-AT"), icon_name(HOME, "pl"), icon_name(HOME, None)
    ('Startseite', '', 'Home')
    """
    short = (language or "en").strip().lower().replace("_", "-").split("-")[0]
    return icon.names[LANGUAGES.index(short)] if short in LANGUAGES else ""
