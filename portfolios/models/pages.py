"""A portfolio, its pages, their private drafts and their shared versions."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.slugs import MAX_LENGTH
from pairings.models import Pairing
from programmes.models import Criterion, Enrolment

# Words that a page's address can never be, because a route of the portfolio is called so.
RESERVED_SLUGS = {
    "changes", "checklist", "comments", "criteria", "edit", "evidence", "export", "new", "pages", "send",
    "skills", "statement", "versions",
}  # fmt: skip


def reading_window(user, owner, at):
    """Whether `user` may read, as a mentor, what the owner at path `owner` (to an Enrolment) shared at path `at`."""
    return Exists(
        Pairing.objects.all().open_to(
            user,
            programme=OuterRef(f"{owner}__programme"),
            mentee=OuterRef(f"{owner}__person"),
            at=OuterRef(at),
        )
    )


class PortfolioQuerySet(models.QuerySet):
    def editable_by(self, user):
        return self.filter(enrolment__person=user)

    def visible_to(self, user):
        live = Pairing.objects.live().filter(
            mentor=user, programme=OuterRef("enrolment__programme"), mentee=OuterRef("enrolment__person")
        )
        shared = PageVersion.objects.visible_to(user).filter(page__portfolio=OuterRef("pk"))
        return self.filter(Q(enrolment__person=user) | Exists(live) | Exists(shared))

    def with_owner(self):
        return self.select_related("enrolment__person", "enrolment__programme", "enrolment__level")


class Portfolio(models.Model):
    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="portfolio")
    slug = models.SlugField(max_length=MAX_LENGTH + 10, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = PortfolioQuerySet.as_manager()

    def __str__(self):
        return str(self.enrolment)

    def get_absolute_url(self):
        return reverse("portfolios:portfolio", args=[self.slug])

    @property
    def owner(self):
        return self.enrolment.person


class PortfolioSlug(models.Model):
    """Every address a portfolio ever had; the old ones redirect."""

    portfolio = models.ForeignKey(Portfolio, on_delete=models.CASCADE, related_name="slugs")
    slug = models.SlugField(max_length=MAX_LENGTH + 10, unique=True)
    given_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return self.slug


class PageQuerySet(models.QuerySet):
    def editable_by(self, user):
        return self.filter(portfolio__enrolment__person=user)

    def visible_to(self, user):
        shared = PageVersion.objects.visible_to(user).filter(page=OuterRef("pk"))
        return self.filter(Q(portfolio__enrolment__person=user) | Exists(shared))

    def commentable_by(self, user):
        """Pages the reader may talk about: their own, or their present mentee's that they can read."""
        live = Pairing.objects.live().filter(
            mentor=user,
            programme=OuterRef("portfolio__enrolment__programme"),
            mentee=OuterRef("portfolio__enrolment__person"),
        )
        return self.visible_to(user).filter(Q(portfolio__enrolment__person=user) | Exists(live))

    def with_owner(self):
        return self.select_related(
            "portfolio__enrolment__person", "portfolio__enrolment__programme", "portfolio__enrolment__level"
        )


class Page(models.Model):
    portfolio = models.ForeignKey(Portfolio, on_delete=models.PROTECT, related_name="pages")
    slug = models.SlugField(max_length=MAX_LENGTH + 10)
    position = models.PositiveSmallIntegerField(default=0)
    latest = models.ForeignKey("PageVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = PageQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["portfolio", "slug"], name="one_page_per_address")]

    def __str__(self):
        return f"page {self.pk}"

    def get_absolute_url(self):
        return reverse("portfolios:page", args=[self.portfolio.slug, self.slug])

    @property
    def owner(self):
        return self.portfolio.enrolment.person


class PageSlugQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Addresses the reader may know: a title given after their window closed is none of their business."""
        known = Pairing.objects.all().not_closed_to(
            user,
            programme=OuterRef("page__portfolio__enrolment__programme"),
            mentee=OuterRef("page__portfolio__enrolment__person"),
            at=OuterRef("given_at"),
        )
        return self.filter(Q(page__portfolio__enrolment__person=user) | Exists(known))


class PageSlug(models.Model):
    """Every address a page ever had, never given to another page of the portfolio; the old ones redirect."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="slugs")
    portfolio = models.ForeignKey(Portfolio, on_delete=models.CASCADE, related_name="page_slugs")
    slug = models.SlugField(max_length=MAX_LENGTH + 10)
    given_at = models.DateTimeField(default=timezone.now)

    objects = PageSlugQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["portfolio", "slug"], name="page_address_given_once")]

    def __str__(self):
        return self.slug


class PageDraftQuerySet(models.QuerySet):
    def editable_by(self, user):
        return self.filter(page__portfolio__enrolment__person=user)


class PageDraft(models.Model):
    """The owner's private, continuously saved text of a page. `saves` counts, so that a stale tab is noticed."""

    page = models.OneToOneField(Page, on_delete=models.PROTECT, related_name="draft")
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"), blank=True)
    criteria = models.ManyToManyField(Criterion, blank=True, related_name="+")
    saves = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(default=timezone.now)

    objects = PageDraftQuerySet.as_manager()

    def __str__(self):
        return f"draft of page {self.page_id}"


class PageVersionQuerySet(models.QuerySet):
    def visible_to(self, user):
        own = Q(page__portfolio__enrolment__person=user)
        window = reading_window(user, "page__portfolio__enrolment", "shared_at")
        return self.filter(own | (window & Q(page__archived_at=None)))

    def with_criteria_names(self):
        names = Criterion.objects.filter(page_versions=OuterRef("pk")).order_by("number").values("name")
        return self.annotate(criteria_names=ArraySubquery(names))


class PageVersion(models.Model):
    """What was shared, word for word. A version never changes: the database refuses it."""

    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    body = models.TextField()
    note = models.CharField(max_length=300, blank=True)
    words = models.PositiveIntegerField()
    criteria = models.ManyToManyField(Criterion, blank=True, related_name="page_versions")
    shared_at = models.DateTimeField(default=timezone.now)
    shared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = PageVersionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "number"], name="one_version_per_number")]
        indexes = [
            models.Index(fields=["page", "shared_at"], name="versions_of_a_page"),
            models.Index(fields=["shared_at"], name="versions_by_moment"),
        ]
        triggers = [pgtrigger.Protect(name="versions_never_change", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"version {self.number} of page {self.page_id}"
