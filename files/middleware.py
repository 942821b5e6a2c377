from files import orphans


class FilesMiddleware:
    """Answers static/js/upload.js, which sends a form by itself to show how far it is: a script cannot see a redirect,
    only what it leads to, and a message shown there would be gone. Lets go of what a failed request wrote."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        orphans.begin()
        response = self.get_response(request)
        orphans.end()
        if "HTTP_X_UPLOAD" in request.META and "Location" in response:
            response["X-Location"] = response["Location"]
            del response["Location"]
            response.status_code = 204
        return response
