"""The built site, shown as a static web server shows it."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from flask import Flask, Response, redirect, request, send_file
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join
from werkzeug.wrappers import Response as AnyResponse


def create_site(
    folder: Path, headers: Mapping[str, str], of_paths: Mapping[str, Mapping[str, str]]
) -> Flask:
    """The files in ``folder``. Every answer has ``headers`` too, where it has none of that name.

    ``of_paths`` are the headers of paths that have others.
    """
    app = Flask(__name__, static_folder=None)

    def file(path: str = "") -> AnyResponse:
        found = safe_join(str(folder), path)
        if found is None:
            raise NotFound
        target = Path(found)
        if target.is_dir() and path and not path.endswith("/"):
            return redirect(f"{request.path}/", 301)
        if target.is_dir():
            target /= "index.html"
        if not target.is_file():
            raise NotFound
        # With an entity tag and "no-cache": asked each time, sent when it has changed.
        return send_file(target.resolve())

    def not_found(_error: NotFound) -> AnyResponse:
        """The nearest 404.html upwards, which is in the language of the folder."""
        for part in PurePosixPath(request.path).parents:
            beside = safe_join(str(folder), str(part).lstrip("/"), "404.html")
            if beside and Path(beside).is_file():
                return Response(Path(beside).read_text("utf-8"), 404)
        return Response("404\n", 404, mimetype="text/plain")

    def finish(response: Response) -> Response:
        for header, value in of_paths.get(request.path, headers).items():
            response.headers.setdefault(header, value)
        return response

    app.add_url_rule("/", view_func=file)
    app.add_url_rule("/<path:path>", view_func=file)
    app.register_error_handler(NotFound, not_found)
    app.after_request(finish)
    return app
