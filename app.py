"""Starts the page: the same as `coach run`."""

from coach.cli.run import run

if __name__ == "__main__":
    run(host=None, port=None)
