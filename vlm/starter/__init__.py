"""The models that come with the package: they need no download and no GPU. See CARD.md."""
