"""The respondent: entering a code, answering, how anonymity is kept, public results."""
