"""Images in JSX: elements told from code, and alts that mean words in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from vlm.documents import images_in, with_alts
from vlm.documents.jsx_tokens import jsx_tokens

COMPONENT = """import logo from "./img/logo.png";
const arrow = require('./arrow.svg');
type Props<T> = { items: Array<T>; size?: number };
// <img src="comment.png"> it's
/* <img src="comment.png"> */
const html = '<img src="string.png">';
const text = `<img src="literal.png"> ${a < b ? <img src="in.png" /> : ""}`;
const pattern = /<img src="regex'/.test(x) || a / b / c;
const identity = <T,>(x: T): T => x;
const other = <T extends object>(x: T) => x;
export default function Page<T>({ items, size = 3 }: Props<T>) {
  const [open, setOpen] = useState<boolean>(false);
  if (items.length < 3 && size > 1) return null;
  return (
    <>
      <h2 className="x">It's the <b>trip</b></h2>
      <a href="/barn" onClick={() => a > b && setOpen(!open)}>
        <img className="big" src={logo} width={640} />don't go
      </a>
      <img
        // don't > forget
        src="two.png" /* > */
        alt=""
      />
      {items.map((item) => <img key={item.id} src={item.src} alt={item.alt} />)}
      {open ? <img src={arrow} alt={"An arrow"} {...rest} /> : <Card icon={<img src="icon.png"/>}/>}
      <img src="three.png" {...rest} />
      <Link to={`/x/${id}`}><img src={require("./four.png")} alt='4' aria-hidden={true} /></Link>
      {/* <img src="comment.png" /> */}
    </>
  );
}
"""


def test_images_of_a_component_are_told_from_code() -> None:
    images = images_in(COMPONENT.encode(), Path("Page.tsx"))
    assert [(i.context.src, i.context.alt, bool(i.edit)) for i in images] == [
        ("in.png", None, True),
        ("./img/logo.png", None, True),
        ("two.png", "", True),
        ("{item.src}", "{item.alt}", False),
        ("./arrow.svg", "An arrow", False),
        ("icon.png", None, True),
        ("three.png", None, False),
        ("./four.png", "4", True),
    ]
    logo, four = images[1].context, images[7].context
    assert (logo.link, logo.link_text, logo.width) == ("/barn", "don't go", 640)
    assert (logo.heading, four.link, four.hidden) == ("It's the trip", "{`/x/${id}`}", True)
    assert images[3].not_local == "a template expression"
    assert images[1].local == "./img/logo.png"


def test_an_alt_in_a_component_means_its_words() -> None:
    data = COMPONENT.encode()
    images = images_in(data, Path("Page.tsx"))
    alt = "A {barn} ${x} `y` \\ & \"z\" <b> 'w'"
    written = with_alts(data, {image: alt for image in images if image.edit})
    after = images_in(written, Path("Page.tsx"))
    assert [i.context.alt for i in after if i.edit] == [alt] * 5
    assert [i.context.src for i in after] == [i.context.src for i in images]
    assert b'src={logo} alt="A &#123;barn&#125; $&#123;x&#125; `y` \\ &amp;' in written
    assert b"alt='A &#123;barn" in written  # the quotes that were there


@pytest.mark.parametrize(
    "code",
    [
        "if (a <img && b > c) d",
        "const x = y < img.width / 2",
        "f<img>(x)",
        "let g: <T>(x: T) => void = h; '<img>'",
        "x = '<img> \\' <img>'",
        "return /[/<img>]/.exec('\"')",
    ],
)
def test_what_only_looks_like_an_image_is_none(code: str) -> None:
    assert images_in(code.encode(), Path("x.tsx")) == []


@pytest.mark.parametrize(
    "unit",
    [
        "<img ",
        "<a>",
        "{",
        "`",
        "`${",
        "'\\",
        "/*",
        "/[",
        "x=<a b={",
        "=<img src='",
        "<",
        "=<a//",
        "</",
    ],
)
def test_hostile_code_is_read_in_passing(unit: str) -> None:
    """In quadratic time, this little would take minutes."""
    assert sum(1 for _ in jsx_tokens(unit * (120_000 // len(unit)))) < 120_000
