# One image for every part of Homeward: `homeward web`, `worker`, `relay` or `migrate`.
FROM python:3.13.16-slim-bookworm AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_INPUT=1
WORKDIR /src
RUN python -m venv /opt/homeward

# The packages change less often than the code, so they have their own layer.
COPY requirements.lock ./
RUN /opt/homeward/bin/pip install --require-hashes -r requirements.lock

COPY . .
RUN /opt/homeward/bin/pip install --no-deps --no-build-isolation .


FROM python:3.13.16-slim-bookworm

RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fonts-crosextra-carlito fonts-dejavu-core fonts-droid-fallback fonts-liberation \
        fonts-symbola libreoffice-writer-nogui \
    && rm -rf /var/lib/apt/lists/*

# A named volume takes the owner of the folder that it is first mounted on.
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin homeward \
    && install -d -o homeward -g homeward -m 0700 /data /keys

COPY --from=build /opt/homeward /opt/homeward
COPY deploy/healthcheck.py /opt/homeward/bin/healthcheck

ENV PATH=/opt/homeward/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    HOMEWARD_DATA=/data \
    HOMEWARD_KEY_FILE=/keys/homeward.key \
    HOMEWARD_HOST=0.0.0.0 \
    HOMEWARD_PORT=8000

USER homeward
WORKDIR /data
VOLUME ["/data", "/keys"]
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=10s --start-period=30s --retries=4 \
    CMD ["healthcheck", "web"]

ENTRYPOINT ["homeward"]
CMD ["web"]
