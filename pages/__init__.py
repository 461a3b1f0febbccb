"""Pages: one render(services, viewer, locale) a file. No other .py may stand directly in this folder:
Streamlit would serve it as a page of its own, without app.py and its sign-in (docs/decisions)."""
