"""Below /admin/programme/: route, view, name (`mentoring.programme_pages`)."""

from mentoring.imports import views

ROUTES = [
    ("imports/", views.imports, "imports"),
    ("imports/members.csv", views.example, "import_example"),
    ("imports/<int:pk>/", views.import_, "import"),
    ("imports/<int:pk>/problems.csv", views.problems, "import_problems"),
    ("imports/<int:pk>/start/", views.start, "import_start"),
    ("imports/<int:pk>/check/", views.check, "import_check"),
    ("imports/<int:pk>/stop/", views.stop, "import_stop"),
    ("imports/<int:pk>/undo/", views.undo, "import_undo"),
]
