from django.urls import path

from portfolios.views import arranging, editor, overview, pages, talk

app_name = "portfolios"

urlpatterns = [
    path("portfolio/", overview.my_portfolio, name="mine"),
    path("portfolios/<slug:portfolio_slug>/", overview.portfolio, name="portfolio"),
    path("portfolios/<slug:portfolio_slug>/new/", overview.new_page, name="new_page"),
    path("portfolios/<slug:portfolio_slug>/pages/order/", arranging.order, name="order"),
    path("portfolios/<slug:portfolio_slug>/<slug:page_slug>/place/", arranging.place, name="place"),
    path("portfolios/<slug:portfolio_slug>/<slug:page_slug>/title/", arranging.title, name="title"),
    path("portfolios/<slug:portfolio_slug>/<slug:page_slug>/away/", arranging.away, name="away"),
    path("portfolios/<slug:portfolio_slug>/<slug:page_slug>/", pages.page, name="page"),
    path("portfolios/<slug:portfolio_slug>/<slug:page_slug>/changes/", pages.page, name="changes"),
    path("portfolios/<slug:portfolio_slug>/<slug:page_slug>/versions/", pages.versions, name="versions"),
    path(
        "portfolios/<slug:portfolio_slug>/<slug:page_slug>/versions/<int:number>/",
        pages.version,
        name="version",
    ),
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
    path(
        "portfolios/<slug:portfolio_slug>/<slug:page_slug>/comments/<int:pk>/decision/",
        talk.decision,
        name="decision",
    ),
    path(
        "portfolios/<slug:portfolio_slug>/<slug:page_slug>/comments/<int:pk>/wording/",
        talk.wording,
        name="wording",
    ),
    path(
        "portfolios/<slug:portfolio_slug>/<slug:page_slug>/comments/<int:pk>/earlier/",
        talk.earlier,
        name="earlier",
    ),
]
