"""The demonstration: illustrative answers with planted, documented differences. Never real people."""
