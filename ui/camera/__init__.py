"""What the camera sees, described: on demand or steadily, announced and spoken."""

from ui.camera.mode import camera_mode

__all__ = ["camera_mode"]
