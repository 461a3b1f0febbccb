"""The stores: SQLAlchemy models, engines, repositories and migrations. Only this package knows SQL."""
