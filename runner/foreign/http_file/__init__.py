"""`.http` and `.rest` files, as VS Code's REST Client and JetBrains' HTTP Client have them, in and out."""
