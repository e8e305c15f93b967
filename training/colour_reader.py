"""What reads the colour of a thing off a photo: where to look, and how people call what is there.

Nobody says which pixels a shirt has, so the network learns where to look from the colour that
people name alone (attention as in multiple-instance learning, Ilse et al. 2018). It knows where
the starter sees the thing, and learns what that does not tell: shirts are above trousers, hats
on top, collars small.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

NAMES = (
    "red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "black", "white",
    "gray", "blond",
)  # fmt: skip
"""The outputs in their order; the last is for hair."""
PIXELS, SIDE, CELLS = 96, 16, 8
"""A photo of 96 by 96 pixels is seen in 16 by 16 blocks; the image graph's cells are 8 by 8."""
BLOCKS = SIDE * SIDE
TEXT, GRID = 384, 403
SHADES, KNOWN = 10, 12
"""Traits that a block's name is read from; numbers that say whether a block counts."""
SMALL = 1e-6

_XYZ = torch.tensor([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE = torch.tensor([0.9505, 1.0, 1.089])


def lab(pixels: Tensor) -> Tensor:
    """CIELAB over 50 of sRGB `(..., 3)` from 0 to 255, for daylight (D65)."""
    share = pixels.float() / 255
    linear = torch.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    xyz = linear @ _XYZ.T / _WHITE
    root = torch.where(xyz > 0.008856, xyz.clamp_min(SMALL) ** (1 / 3), 7.787 * xyz + 16 / 116)
    x, y, z = root.unbind(-1)
    return torch.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], -1) / 50


def look(pixels: Tensor) -> Tensor:
    """Traits of each block of photos `(n, 96, 96, 3)`: `(n, 256, 12)`.

    Its colour, by itself and beside the photo's mean, its bright parts and its brightest, its
    texture, and how unlike the photo's border it is.
    """
    part = PIXELS // SIDE
    blocks = lab(pixels).reshape(-1, SIDE, part, SIDE, part, 3)
    mean = blocks.mean((2, 4))
    centred = blocks - mean[:, :, None, :, None]
    texture = (centred**2).mean((2, 4, 5)).add(SMALL).sqrt().reshape(-1, BLOCKS, 1)
    border = torch.cat([mean[:, 0], mean[:, -1], mean[:, :, 0], mean[:, :, -1]], 1)[:, ::4]
    colour = mean.reshape(-1, BLOCKS, 3)
    apart = ((colour[:, :, None] - border[:, None]) ** 2).sum(3).amin(2, keepdim=True)
    light = colour[..., :1]
    bright = ((3 * light).softmax(1) * colour).sum(1, keepdim=True)
    chroma = (colour[..., 1:] ** 2).sum(2, keepdim=True).add(SMALL).sqrt()
    shades = [colour, chroma, colour - colour.mean(1, keepdim=True), (colour - bright)[..., 1:]]
    shades.append(light - light.amax(1, keepdim=True))
    return torch.cat([*shades, (apart + SMALL).sqrt(), texture], 2)


class ColourReader(nn.Module):
    """Log odds of each colour of `NAMES` for a thing in a photo."""

    places: Tensor
    mean: Tensor
    scale: Tensor

    def __init__(
        self, mean: Tensor, scale: Tensor, *, hidden: int = 32, shades: int = 24, noun: int = 8,
        rank: int = 16, dropout: float = 0.3,
    ) -> None:  # fmt: skip
        """`mean` and `scale` `(403,)` of the grid's channels."""
        super().__init__()
        line = torch.linspace(-1, 1, SIDE)
        places = torch.stack(torch.meshgrid(line, line, indexing="ij"), -1).reshape(BLOCKS, 2)
        for name, value in (("places", places), ("mean", mean), ("scale", scale)):
            self.register_buffer(name, value)
        self.dropout = nn.Dropout(dropout)
        self.noun = nn.Linear(TEXT, noun)
        self.from_noun, self.from_block = nn.Linear(noun, hidden), nn.Linear(KNOWN, hidden)
        self.worth = nn.Linear(hidden, 1)
        self.asked, self.seen = nn.Linear(TEXT, rank), nn.Linear(GRID, rank)
        self.shade, self.name = nn.Linear(SHADES, shades), nn.Linear(shades, len(NAMES))
        self.prior = nn.Linear(TEXT, len(NAMES))
        nn.init.zeros_(self.prior.weight)
        self.heat = nn.Parameter(torch.tensor(1.0))
        self.there, self.anywhere = (nn.Parameter(torch.tensor(x)) for x in (1.0, 0.0))
        self.little = nn.Parameter(torch.tensor(-3.5))

    def forward(self, traits: Tensor, heat: Tensor, grid: Tensor, text: Tensor) -> Tensor:
        """`(n, 12)` from what `look` gives, `heat` `(n, 8, 8)`, `grid` `(n, 64, 403)` and the
        learned half of the thing's text vector, `text` `(n, 384)`."""
        text = 8 * text
        names = self.name(self.shade(traits[..., :SHADES]).relu()).softmax(2)
        weights = self.weights(traits, heat, grid, text)
        there, anywhere = (weights[..., None] * names).sum(1), names.mean(1)
        little = self.little.exp()
        seen = self.there * (there + little).log() - self.anywhere * (anywhere + little).log()
        return seen + self.prior(self.dropout(text))

    def weights(self, traits: Tensor, heat: Tensor, grid: Tensor, text: Tensor) -> Tensor:
        """How much each block counts, `(n, 256)`, in all 1 for a photo."""
        fine = F.interpolate(heat[:, None], size=(SIDE, SIDE), mode="bilinear").flatten(1)
        above = fine - fine.mean(1, keepdim=True)
        above = above / ((above**2).mean(1, keepdim=True) + SMALL).sqrt()
        near = (2 * above).softmax(1)[..., None]
        centre = (near * self.places).sum(1, keepdim=True)
        reach = (near * (self.places - centre) ** 2).sum(1, keepdim=True).add(SMALL).sqrt()
        known = [above[..., None], 3 * fine[..., None], (self.places - centre) / (reach + 0.1)]
        known += [self.places.expand(heat.shape[0], -1, -1), traits[..., SHADES:], traits[..., 3:4]]
        known.append(traits[..., :3])
        noun = self.from_noun(self.dropout(self.noun(text)))[:, None]
        worth = self.worth((self.from_block(torch.cat(known, 2)) + noun).relu())[..., 0]
        cells = self.seen(self.dropout((grid - self.mean) / self.scale))
        fit = (cells * self.dropout(self.asked(text))[:, None]).sum(2) / 4
        fit = fit.reshape(-1, 1, CELLS, CELLS)
        fit = F.interpolate(fit, size=(SIDE, SIDE), mode="nearest").flatten(1)
        return (worth + self.heat * above + fit).softmax(1)


class ColourGraph(nn.Module):
    """What colours.onnx computes: log probabilities out of raw pixels."""

    def __init__(self, reader: ColourReader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, pixels: Tensor, heat: Tensor, grid: Tensor, text: Tensor) -> Tensor:
        return self.reader(look(pixels), heat, grid, text).log_softmax(1)
