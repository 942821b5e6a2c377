"""Below /admin/programme/: route, view, name (`mentoring.programme_pages`)."""

from mentoring.exports import views

ROUTES = [
    ("exports/", views.exports, "exports"),
    ("exports/<int:pk>/", views.export, "export"),
    ("exports/<int:pk>/file/", views.file, "export_file"),
    ("exports/<int:pk>/stop/", views.stop, "export_stop"),
]
