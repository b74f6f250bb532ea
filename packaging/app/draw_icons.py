"""Draw the icons of bundles from coreg's own drawing, `coreg/web/static/icon.svg`.

    python packaging/app/draw_icons.py [FOLDER]     (without a word: icons, beside this)

typst draws and Pillow writes what macOS and Windows take; coreg needs both anyway.
"""

import io
import sys
import tempfile
from pathlib import Path

import typst
from PIL import Image

HERE = Path(__file__).resolve().parent
DRAWING = HERE.parents[1] / "coreg" / "web" / "static" / "icon.svg"
SIZES_PX = (16, 32, 64, 128, 256, 512, 1024)
LARGEST_ICO_PX = 256
PAGE = """
#set page(width: 72pt, height: 72pt, margin: 0pt, fill: none)
#image("icon.svg", width: 72pt, height: 72pt)
"""


def drawn(size_px: int) -> Image.Image:
    """Return the drawing at this size, on nothing."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        (here / "icon.svg").write_bytes(DRAWING.read_bytes())
        (here / "icon.typ").write_text(PAGE, encoding="utf-8")
        file = here / "icon.png"
        typst.compile(here / "icon.typ", file, format="png", ppi=float(size_px))
        return Image.open(io.BytesIO(file.read_bytes())).convert("RGBA")


def draw_into(folder: Path) -> None:
    """Write each size as PNG, and all of them as `coreg.icns` and `coreg.ico`."""
    folder.mkdir(parents=True, exist_ok=True)
    images = {size: drawn(size) for size in SIZES_PX}
    for size, image in images.items():
        image.save(folder / f"coreg-{size}.png")
    *smaller, largest = images.values()
    largest.save(folder / "coreg.icns", append_images=smaller)
    of_windows = [image for size, image in images.items() if size <= LARGEST_ICO_PX]
    of_windows[-1].save(
        folder / "coreg.ico",
        append_images=of_windows[:-1],
        sizes=[image.size for image in of_windows],
    )


if __name__ == "__main__":
    draw_into(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "icons")
