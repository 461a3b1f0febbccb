"""The organizer's desk: a checklist from an empty wave to published results."""
