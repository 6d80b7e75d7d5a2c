"""The `allure` reporter."""
