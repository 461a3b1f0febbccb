"""The only shared Streamlit code, and the sole owner of session keys."""
