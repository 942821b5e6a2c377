from django.urls import path

from portfolios.views import editor, overview, pages, talk

app_name = "portfolios"

urlpatterns = [
    path("portfolio/", overview.my_portfolio, name="mine"),
    path("portfolios/<slug:portfolio_slug>/", overview.portfolio, name="portfolio"),
    path("portfolios/<slug:portfolio_slug>/new/", overview.new_page, name="new_page"),
    path("portfolios/<slug:portfolio_slug>/<slug:page_slug>/", pages.page, name="page"),
    path("portfolios/<slug:portfolio_slug>/<slug:page_slug>/changes/", pages.page, name="changes"),
    path("portfolios/<slug:portfolio_slug>/<slug:page_slug>/edit/", editor.edit, name="edit"),
    path("portfolios/<slug:portfolio_slug>/<slug:page_slug>/draft/", editor.draft, name="draft"),
    path("portfolios/<slug:portfolio_slug>/<slug:page_slug>/share/", editor.share, name="share"),
    path("portfolios/<slug:portfolio_slug>/<slug:page_slug>/reading/", pages.reading, name="reading"),
    path("portfolios/<slug:portfolio_slug>/<slug:page_slug>/comments/", talk.comments, name="comments"),
    path(
        "portfolios/<slug:portfolio_slug>/<slug:page_slug>/comments/<int:pk>/replies/",
        talk.replies,
        name="replies",
    ),
    path(
        "portfolios/<slug:portfolio_slug>/<slug:page_slug>/comments/<int:pk>/settlement/",
        talk.settlement,
        name="settlement",
    ),
]
