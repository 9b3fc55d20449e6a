"""The faces over HTTP: the API with its shapes and problems, metrics, and the server itself."""
