"""postrunner: run Postman collections, headless and whole."""
