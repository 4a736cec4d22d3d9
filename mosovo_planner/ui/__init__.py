"""The window: models, views and widgets of Qt. It calls ``office`` and nothing below it."""
