"""Plain HTTP beside Streamlit: the page for phones, session cookie, health, headers."""
