"""The web application. Imported by the server it is `app`; run by Streamlit as a script it is one run of a page."""

from __future__ import annotations

import streamlit as st

from bootstrap import refuse_defaults, running_services

if __name__ == "__main__":
    from pages.navigation.run import run

    run(running_services())
else:
    # What answers respondents comes first; the pages, and what they draw with, are imported beside it (ahead).
    from pages.navigation.catalogue import ahead, paths
    from pages.plain.application import parts
    from pages.plain.patience import be_patient

    # `streamlit run` finds the application by this very form: a name bound to st.App(...).
    refuse_defaults(running_services(), st.get_option("server.address") or "")
    be_patient()
    surface = running_services().settings.surface
    app = st.App(__file__, **parts(running_services, *paths(surface), ahead(surface)))
