# One image for web, worker and migrations; the command decides. Build: docker build -t caseguide .
FROM python:3.12-slim-bookworm AS build
COPY requirements.lock /tmp/
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r /tmp/requirements.lock
WORKDIR /caseguide
COPY pyproject.toml README.md LICENSE ./
COPY app app
COPY workers workers
COPY migrations migrations
# Editable: the migrations stand beside the packages, not in them.
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation -e . \
 && /venv/bin/caseguide knowledge build && /venv/bin/caseguide knowledge check

FROM python:3.12-slim-bookworm
RUN apt-get update && apt-get install -y --no-install-recommends \
      tesseract-ocr tesseract-ocr-spa tesseract-ocr-deu tesseract-ocr-fra tesseract-ocr-nld curl \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home --uid 10001 caseguide \
 && install -d -o caseguide /data
COPY --from=build /venv /venv
COPY --from=build /caseguide /caseguide
WORKDIR /caseguide
USER caseguide
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 OMP_THREAD_LIMIT=1 CASEGUIDE_DATA=/data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["curl", "-fsS", "http://127.0.0.1:8000/healthz"]
# Alone, the image is the whole product on one machine.
CMD ["caseguide", "serve", "--host", "0.0.0.0", "--port", "8000"]
