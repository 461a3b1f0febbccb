"""The questionnaire in a browser: one small module (form.js), hosted by the plain page and by Streamlit."""
