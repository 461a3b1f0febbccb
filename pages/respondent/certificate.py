"""The certificate of a release, for everybody: what was tried against it before it was published, and what was found."""

from __future__ import annotations

import streamlit as st

from survey.disclose.release import Release
from survey.disseminate import certificate
from survey.i18n import Locale


def section(release: Release, locale: Locale) -> None:
    _ = locale
    if not release.audit:
        return
    with st.expander(_("Certificate: what was tried against these results, and what was found")):
        lines = [f"- {line}" for line in certificate.attacks(release, _)]
        parts = [certificate.opening(release, _), "\n".join(lines), certificate.again(release, _)]
        st.markdown("\n\n".join(part for part in parts if part))
        st.markdown(_("Fingerprints (SHA-256): whoever has the files can calculate them again."))
        values = certificate.fingerprints(release, release.hash, _)
        st.code("\n".join(f"{name}: {value}" for name, value in values.items()), language=None, wrap_lines=True)
