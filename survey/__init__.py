"""The domain of Lắng Nghe: design -> collect -> process -> disclose -> analyse -> disseminate.

Pure Python. It never imports streamlit, sqlalchemy, db or pages, and a later phase may import an
earlier one, never the reverse (import-linter contracts in pyproject.toml).
"""
