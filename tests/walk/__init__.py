"""The road of an organizer from an empty folder to a published wave, on pages alone: `python -m tests.walk --out FOLDER`.

It is no test of the suite: it takes the pictures of docs/con-duong.md. The start of the server is all the command line does.
"""
