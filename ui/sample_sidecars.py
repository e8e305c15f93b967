"""XMP sidecars of some sample photos, so that keywords, stars, dates and places can be tried."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape

_FRAME = """\
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:exif="http://ns.adobe.com/exif/1.0/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/">
{body}
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
"""


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What one of them says. The stars and keywords are ours; dates and places are true."""

    name: str
    caption: str
    keywords: tuple[str, ...]
    rating: int
    taken_at: str | None = None
    latitude: str | None = None
    longitude: str | None = None

    def packet(self) -> str:
        """The file's content.

        >>> "<rdf:li>cat</rdf:li>" in SIDECARS[1].packet()
        True
        """
        words = "".join(f"<rdf:li>{escape(word)}</rdf:li>" for word in self.keywords)
        fields = {
            "dc:description": f'<rdf:Alt><rdf:li xml:lang="x-default">{escape(self.caption)}'
            "</rdf:li></rdf:Alt>",
            "dc:subject": f"<rdf:Bag>{words}</rdf:Bag>",
            "xmp:Rating": str(self.rating),
            "exif:DateTimeOriginal": self.taken_at,
            "exif:GPSLatitude": self.latitude,
            "exif:GPSLongitude": self.longitude,
        }
        body = [f"   <{name}>{said}</{name}>" for name, said in fields.items() if said is not None]
        return _FRAME.format(body="\n".join(body))


SIDECARS: tuple[Sidecar, ...] = (
    Sidecar("astronaut.png", "Eileen Collins in her space suit", ("portrait", "space"), 4),
    Sidecar("chelsea.png", "Chelsea looks past the camera", ("cat", "pet"), 5),
    Sidecar("coffee.png", "Espresso on a wooden table", ("breakfast",), 3),
    # When and where the satellite DSCOVR was launched.
    Sidecar(
        "rocket.jpg",
        "Falcon 9 lifts off with the satellite DSCOVR",
        ("launch", "space"),
        5,
        "2015-02-11T18:03:00-05:00",
        "28,33.711N",
        "80,34.642W",
    ),
)
