"""`python -m api.cli`, which `./wengang` becomes."""

from api.cli.verbs import app

if __name__ == "__main__":
    app()
