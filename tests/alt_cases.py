"""Images in their places as pages have them, the role each has, and what its alt must be."""

from __future__ import annotations

from typing import NamedTuple

from vlm.alt.context import ImageContext as In
from vlm.alt.roles import Role


class Case(NamedTuple):
    """A draft about a picture, where the picture is, and what comes of it."""

    draft: str
    context: In
    role: Role
    alt: str | None
    text: str = ""
    share: float | None = None


CASES = (
    # Informative: what the picture shows, worded by the rules.
    Case(
        "a photo of a red barn in a field",
        In(src="barn.jpg"),
        "informative",
        "A red barn in a field.",
    ),
    Case(
        "A dog with a bell attached to its collar",
        In(src="dog.jpg", before="Off-duty guide dogs often wear a bell."),
        "informative",
        "A dog with a bell attached to its collar.",
    ),
    Case(
        "Ein Foto von zwei Katzen auf einem Sofa",
        In(src="a.jpg", lang="de"),
        "informative",
        "Zwei Katzen auf einem Sofa.",
    ),
    Case(
        "Das Bild zeigt einen Hund am Strand",
        In(src="a.jpg", lang="de"),
        "informative",
        "Ein Hund am Strand.",
    ),
    Case("Une photo d'un chat noir", In(src="a.jpg", lang="fr"), "informative", "Un chat noir."),
    Case(
        "Una foto de dos perros en la playa",
        In(src="a.jpg", lang="es"),
        "informative",
        "Dos perros en la playa.",
    ),
    Case("Un'immagine di una barca", In(src="a.jpg", lang="it"), "informative", "Una barca."),
    Case(
        "Een foto van een fiets bij een gracht",
        In(src="a.jpg", lang="nl"),
        "informative",
        "Een fiets bij een gracht.",
    ),
    Case("a painting of a ship", In(src="ship.jpg"), "informative", "A painting of a ship."),
    Case("IMG_2041.JPG two boats", In(src="photos/IMG_2041.JPG"), "informative", "Two boats."),
    Case("A MAN ON A HORSE", In(src="x.jpg"), "informative", "A man on a horse."),
    Case(
        "corner of a shop with a green door",
        In(src="corner-shop.jpg"),
        "informative",
        "Corner of a shop with a green door.",
    ),
    Case("a man with a map", In(src="p1.jpg"), "informative", "A man with a map."),
    Case(
        "a high speed train at a station",
        In(src="bullet-train.jpg"),
        "informative",
        "A high speed train at a station.",
    ),
    Case("a frog on a leaf", In(src="transparent-frog.png"), "informative", "A frog on a leaf."),
    Case(
        "a smiling woman",
        In(src="team/anna.jpg", figcaption="Anna Berg, head of research"),
        "informative",
        "A smiling woman.",
    ),
    Case(
        "a brown dog on a beach",
        In(figcaption="Rex, our dog, on the beach"),
        "informative",
        "A brown dog on a beach.",
    ),
    Case(
        "A dog on a beach. A red ball lies beside it.",
        In(figcaption="Our dog on the beach"),
        "informative",
        "A red ball lies beside it.",
    ),
    Case(
        "a dog",
        In(before="We keep a dog and a cat, and walk them twice a day."),
        "informative",
        "A dog.",
    ),
    Case("a cake", In(src="c.jpg", width=16, height=16), "informative", "A cake."),
    # Words in a photo are quoted.
    Case(
        "a shop front",
        In(src="s.jpg"),
        "informative",
        "A shop front: \u201cBakery\u201d.",
        "Bakery",
        0.03,
    ),
    Case(
        "a red stop sign at a road",
        In(src="s.jpg"),
        "informative",
        "A red stop sign at a road.",
        "STOP",
        0.05,
    ),
    Case(
        "a street",
        In(src="s.jpg"),
        "informative",
        "A street: \u201cHotel Krone Taxi\u201d.",
        "Hotel Krone\nTaxi",
        0.04,
    ),
    Case(
        "a book",
        In(src="s.jpg"),
        "informative",
        "A book.",
        "one two three four five six seven eight nine",
        0.1,
    ),
    # Decorative: the page says so, or the picture is nothing to see, or the text beside says it.
    Case("a sunset", In(src="a.jpg", alt=""), "decorative", ""),
    Case("a sunset", In(src="a.jpg", alt=" "), "decorative", ""),
    Case("a swirl", In(src="a.svg", hidden=True), "decorative", ""),
    Case("a white square", In(src="t.gif", width=1, height=1), "decorative", ""),
    Case("a grey line", In(src="x.png", width=600, height=2), "decorative", ""),
    Case("", In(src="img/spacer.gif"), "decorative", ""),
    Case("a blue shape", In(src="topinfo_bg.png"), "decorative", ""),
    Case("a line", In(src="divider-line-grey.png"), "decorative", ""),
    Case("a dot", In(src="bullet.png"), "decorative", ""),
    Case(
        "a crocus bulb",
        In(src="crocus.jpg", link="crocus.html", link_text="Crocus bulbs"),
        "decorative",
        "",
    ),
    Case(
        "a logo",
        In(src="w3c.png", link="https://www.w3.org/", link_text="W3C Home"),
        "decorative",
        "",
    ),
    Case("a floppy disk", In(src="save.svg", button=True, link_text="Save"), "decorative", ""),
    Case("a sleeping dog", In(src="dog.jpg", heading="The sleeping dog"), "decorative", ""),
    Case("a red barn in the snow", In(figcaption="Red barn in the snow, 1987"), "decorative", ""),
    Case(
        "words on blue",
        In(src="banner.png", before="Your access to the city"),
        "decorative",
        "",
        "Your access to the city",
        0.4,
    ),
    # Functional: what the link or the button does.
    Case("a logo", In(src="w3c.png", link="/"), "functional", "W3C home", "W3C"),
    Case(
        "a logo",
        In(src="w3c.png", link="/", lang="de"),
        "functional",
        "W3C \u2013 Startseite",
        "W3C",
    ),
    Case("a leaf", In(src="logo.svg", link="/"), "functional", "Home"),
    Case("a leaf", In(src="logo.svg", link="../index.html", lang="fr-CA"), "functional", "Accueil"),
    Case(
        "a magnifying glass",
        In(src="searchbutton.png", button=True, title="Search"),
        "functional",
        "Search",
    ),
    Case("a magnifying glass icon", In(src="i7.png", button=True), "functional", "Search"),
    Case("a circle", In(src="search-icon.svg", button=True, lang="de"), "functional", "Suche"),
    Case("a printer", In(src="print.png", link="javascript:print()"), "functional", "Print"),
    Case(
        "a white letter",
        In(src="f.svg", link="https://www.facebook.com/acme"),
        "functional",
        "Facebook",
    ),
    Case(
        "a cat shape", In(src="i.svg", link="https://github.com/acme/site"), "functional", "GitHub"
    ),
    Case(
        "an envelope",
        In(src="i.svg", link="mailto:info@example.org"),
        "functional",
        "Info@example.org",
    ),
    Case("a building", In(src="b.jpg", link="https://example.org/"), "functional", "Example.org"),
    Case("two people", In(src="b.jpg", link="/about-us.html"), "functional", "About us"),
    Case("a red barn", In(src="b.jpg", link="/p/8273"), "functional", "A red barn"),
    Case("a red barn", In(src="small/b.jpg", link="large/b.jpg"), "functional", "A red barn"),
    Case("a red barn", In(src="b.jpg", link="{{ url }}"), "functional", "A red barn"),
    Case(
        "yellow letters",
        In(src="b.jpg", link="/x?id=3"),
        "functional",
        "Summer sale",
        "Summer sale",
    ),
    Case("", In(src="b.jpg", link="/p/8273"), "functional", None),
    Case(
        "a sheet of paper",
        In(src="pdf-icon.png", link="r.pdf", link_text="Annual report"),
        "functional",
        "PDF",
    ),
    Case(
        "arrows", In(src="new-window.png", link="/a", link_text="W3C Home page"), "decorative", ""
    ),
    Case(
        "arrows",
        In(src="external.svg", link="/a", link_text="W3C Home page"),
        "functional",
        "New window",
    ),
    Case("a spacer", In(src="spacer.gif", link="/map.html"), "functional", "Map"),
    # Text: word for word.
    Case(
        "white letters on blue",
        In(src="x.png"),
        "text",
        "Your access to the city.",
        "Your access to\nthe city",
        0.4,
    ),
    Case(
        "a banner",
        In(src="slogan.png"),
        "text",
        "Your access to the city.",
        "Your access to the city",
    ),
    Case(
        "letters",
        In(src="wai.png"),
        "text",
        "Web Accessibility Initiative.",
        "Web Accessibility\nInitiative",
        0.5,
    ),
    # Complex: a short text, and more elsewhere.
    Case(
        "a bar chart with four columns",
        In(src="visitors.png"),
        "complex",
        "A bar chart with four columns.",
    ),
    Case("blue and red columns", In(src="visitors-chart.png"), "complex", "Blue and red columns."),
    Case(
        "boxes and arrows",
        In(figcaption="Figure 3: Flowchart of the build"),
        "complex",
        "Boxes and arrows.",
    ),
    Case("a map of Paris", In(src="paris.png"), "complex", "A map of Paris."),
    Case(
        "ein Diagramm mit drei Balken",
        In(src="x.png", lang="de"),
        "complex",
        "Ein Diagramm mit drei Balken.",
    ),
    Case(
        "a page of a leaflet",
        In(src="x.png"),
        "complex",
        "A page of a leaflet.",
        "\n".join(["four words a line"] * 9),
        0.5,
    ),
    # Nothing to say: nothing is written.
    Case("", In(src="barn.jpg"), "informative", None),
    Case("IMG_0042", In(src="IMG_0042.jpg"), "informative", None),
    Case("photo", In(src="a.jpg"), "informative", None),
    Case("...", In(src="a.jpg"), "informative", None),
    Case("https://example.org/a", In(src="a.jpg"), "informative", None),
)
