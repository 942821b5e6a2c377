"""The talk beside a page."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pairings.models import Pairing
from portfolios.models.pages import Page, PageVersion, reading_window


def said_in(window) -> Q:
    """Comments that can be read through a window; `window(path)` says whether the moment at that path lies in it."""
    thread = Q(parent=None) | (window("parent__created_at") & window("parent__version__shared_at"))
    return Q(window("created_at")) & Q(window("version__shared_at")) & thread


class CommentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The owner's all; a mentor's what was said in their window, about a version in it, in a thread begun in it."""
        owner = "page__portfolio__enrolment"
        through = said_in(lambda moment: reading_window(user, owner, moment))
        return self.filter(Q(page__portfolio__enrolment__person=user) | (through & Q(page__archived_at=None)))

    def editable_by(self, user):
        """What the person said themselves and may still put in other words. What a mentor read whose time has ended
        stays as they read it."""
        mine = self.filter(author=user, page__in=Page.objects.commentable_by(user))
        closed = Pairing.objects.exclude(reads_until=None).filter(
            Q(reads_from=None) | Q(reads_from__lte=OuterRef("created_at")),
            programme=OuterRef("page__portfolio__enrolment__programme"),
            mentee=OuterRef("page__portfolio__enrolment__person"),
            reads_until__gte=OuterRef("created_at"),
        )
        return mine.filter(~Exists(closed))

    def threads(self):
        return self.filter(parent=None)

    def open(self):
        return self.threads().filter(settled_at=None)

    def placed_in(self, version):
        """Adds `start` and `end`: where the quoted words stand in the text of `version`, None where they are gone; and
        `reworded`: whether they read differently there."""
        here = FilteredRelation("anchors", condition=Q(anchors__version=version))
        return self.annotate(here=here, start=F("here__start"), end=F("here__end"), reworded=F("here__reworded"))


class Comment(models.Model):
    """A comment on a page, on quoted words of it, or a reply to one.

    `quote` with `prefix` and `suffix` says which words (the W3C's TextQuoteSelector); `version` where they stood when
    it was written, `anchors` where they stand in that version and those after it. `suggestion` is other wording that
    the commenter suggests for the quoted words.
    """

    class Kind(models.TextChoices):
        QUESTION = "question", _("Question")
        IDEA = "idea", _("Idea")
        WELL_DONE = "well done", _("Well done")

    class Decision(models.TextChoices):
        TAKEN = "taken", _("Taken up")
        KEPT = "kept", _("Left as it was")

    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="comments")
    version = models.ForeignKey(PageVersion, on_delete=models.PROTECT, related_name="comments")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replies")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments")
    kind = models.CharField(_("kind"), max_length=9, choices=Kind.choices, blank=True)
    body = models.TextField(_("comment"), blank=True)
    quote = models.TextField(blank=True)
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)
    suggestion = models.TextField(_("suggested wording"), blank=True)
    decision = models.CharField(max_length=5, choices=Decision.choices, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["page", "created_at"], name="comments_of_a_page")]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent=None) | Q(kind="", quote="", suggestion="", settled_at=None),
                name="replies_only_reply",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None) | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="settled_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(suggestion="", decision="") | (~Q(suggestion="") & ~Q(quote="")),
                name="suggestions_are_for_quoted_words",
            ),
            models.CheckConstraint(condition=~Q(body="") | ~Q(suggestion=""), name="comments_say_something"),
        ]

    def __str__(self):
        return f"comment {self.pk} on page {self.page_id}"


class CommentWording(models.Model):
    """How a comment read before its author put it in other words."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="earlier_wordings")
    body = models.TextField(blank=True)
    suggestion = models.TextField(blank=True)
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["written_at", "pk"]

    def __str__(self):
        return f"earlier wording of comment {self.comment_id}"


class Anchor(models.Model):
    """Where the words that a comment quotes stand in `richtext.text` of one version, in characters; `reworded` when
    they were changed a little since they were quoted."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="anchors")
    version = models.ForeignKey(PageVersion, on_delete=models.CASCADE, related_name="anchors")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    reworded = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "version"], name="one_place_per_version"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="anchors_hold_words"),
        ]

    def __str__(self):
        return f"anchor of comment {self.comment_id} in version {self.version_id}"
