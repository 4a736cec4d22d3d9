"""The window: Qt models, views and widgets. Calls office and shows domain objects, and nothing below."""
