package io.claviger.console.reviews;

import io.claviger.application.reviews.Reviews;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.TimeCursor;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Paging;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Views;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.reviews.Review;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.reviews.ReviewRoutes;
import io.claviger.web.server.Csv;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Form;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Lists access reviews, starts new reviews, and shows a single review with its grants. In a review,
 * users keep or end each grant.
 */
public final class ReviewPages implements ConsolePage {
  /** The address of the list of reviews. */
  public static final String PATH = "/console/reviews";

  private static final String OF = "of";

  /** The prefix of the names of the check boxes. The name of the grant follows this prefix. */
  private static final String BOX = "keep-";

  private final Reviews reviews;
  private final Views views;

  public ReviewPages(Reviews reviews, Views views) {
    this.reviews = reviews;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    Submission.addPage(routes, PATH, visitors, this::list, this::start);
    Submission.addPage(routes, PATH + "/{id}", visitors, this::show, this::decide);
    routes.pageAt(PATH + "/{id}/export").openGet(visitors.signedIn(this::export));
  }

  private void list(Visit visit, int status, FormState form) {
    Page<Review, TimeCursor> page =
        Problems.valueOf(
            reviews.list(visit.signedIn().actor(), Paging.asked(visit, CursorFormat.TIME)));
    views.show(
        visit,
        status,
        Area.AUDIT,
        "Access reviews",
        "reviews",
        new ReviewListView(
            page.items().stream().map(ReviewLine::of).toList(),
            Paging.next(page, CursorFormat.TIME, Links.to(PATH)),
            form));
  }

  private void start(Visit visit) {
    Submission.of(
        visit,
        Set.of(OF),
        form -> {
          Actor actor = visit.signedIn().actor();
          Fields fields = new Fields(form);
          Optional<Optional<Instance.Ref>> of =
              fields.required(
                  OF,
                  "Name a service as owner/handle, or a group with an @ before its name.",
                  text ->
                      text.startsWith("@") ? Optional.empty() : Optional.of(Instance.Ref.of(text)));
          Optional<Instance.Ref> service = fields.check(of::orElseThrow);
          Review started =
              Problems.valueOf(
                  service.isPresent()
                      ? reviews.startOfService(actor, service.get())
                      : reviews.startOfGroup(
                          actor, new Handle(form.value(OF).orElse("").strip().substring(1))));
          return PATH + "/" + started.id().value();
        },
        this::list);
  }

  private void show(Visit visit, int status, FormState form) {
    Actor actor = visit.signedIn().actor();
    Review review = Problems.valueOf(reviews.find(actor, id(visit)));
    String path = PATH + "/" + review.id().value();
    Page<Review.Line, String> page =
        Problems.valueOf(
            reviews.lines(actor, review.id(), Paging.asked(visit, ReviewRoutes.GRANT)));
    boolean open = reviews.isOpen(review);
    views.show(
        visit,
        status,
        Area.AUDIT,
        "Access review of " + review.subject().ref(),
        "review",
        new ReviewView(
            path,
            ReviewLine.of(review),
            open,
            visit.query("after").orElse(""),
            page.items().stream().map(line -> GrantLine.of(line, actor, open)).toList(),
            Paging.next(page, ReviewRoutes.GRANT, Links.to(path)),
            form));
  }

  /** Decides about one grant, or keeps all selected grants. */
  private void decide(Visit visit) {
    Submission.of(
        visit,
        form -> {
          Actor actor = visit.signedIn().actor();
          Review.Id id = id(visit);
          Optional<String> one = form.value("grantee");
          if (one.isPresent()) {
            Review.Decision decision = Review.Decision.of(form.value("decision").orElse(""));
            Problems.throwIfRefused(reviews.decide(actor, id, one.get(), decision));
          } else {
            for (String name : chosen(form)) {
              Problems.throwIfRefused(reviews.decide(actor, id, name, Review.Decision.KEEP));
            }
          }
          return Links.to(PATH + "/" + id.value())
              .with("after", form.value("after").filter(Review.Line::isName).orElse(""))
              .toString();
        },
        this::show);
  }

  private static List<String> chosen(Form form) {
    return form.names().stream()
        .filter(name -> name.startsWith(BOX))
        .map(name -> name.substring(BOX.length()))
        .sorted()
        .toList();
  }

  private void export(Visit visit) {
    Actor actor = visit.signedIn().actor();
    Review review = Problems.valueOf(reviews.find(actor, id(visit)));
    visit.download(
        "review-" + review.id().value() + ".csv",
        Csv.MEDIA_TYPE,
        ReviewRoutes.ReviewFile.of(reviews, actor, review));
  }

  private static Review.Id id(Visit visit) {
    try {
      return new Review.Id(UUID.fromString(visit.pathParam("id")));
    } catch (IllegalArgumentException e) {
      throw new InvalidValue("id", "the id of an access review");
    }
  }

  /**
   * One page of the list of reviews that the viewer may see.
   *
   * @param next the address of the next page; null on the last page
   */
  public record ReviewListView(List<ReviewLine> lines, @Nullable String next, FormState form) {
    public ReviewListView {
      lines = List.copyOf(lines);
    }
  }

  /** A review, as the list shows it. */
  public record ReviewLine(
      String path,
      String of,
      String startedBy,
      String startedAt,
      String until,
      int grants,
      int decided) {
    static ReviewLine of(Review review) {
      return new ReviewLine(
          PATH + "/" + review.id().value(),
          review.subject().ref(),
          review.starter().value(),
          review.startedAt().toString(),
          review.until().toString(),
          review.grants(),
          review.decided());
    }
  }

  /**
   * A review, with one page of its grants.
   *
   * @param after the grant after which the page begins; empty for the first page
   * @param next the address of the next page; null on the last page
   */
  public record ReviewView(
      String path,
      ReviewLine review,
      boolean open,
      String after,
      List<GrantLine> lines,
      @Nullable String next,
      FormState form) {
    public ReviewView {
      lines = List.copyOf(lines);
    }

    public String box(GrantLine line) {
      return BOX + line.grantee();
    }

    public boolean anyToKeep() {
      return lines.stream().anyMatch(GrantLine::keep);
    }
  }

  /**
   * A grant.
   *
   * @param who the user or group who holds the grant, in words
   * @param until the time at which the grant ends (ISO 8601); null if the grant has no end
   * @param state the state of the grant in words; empty if the grant has not changed since the
   *     review began
   * @param decided the decision, and the user who made it; empty if nobody has decided yet
   * @param keep whether the page lets the viewer keep the grant
   * @param end whether the page lets the viewer end the grant
   */
  public record GrantLine(
      String grantee,
      String who,
      String role,
      String givenBy,
      String since,
      @Nullable String until,
      String lastUse,
      String state,
      String decided,
      boolean keep,
      boolean end) {
    static GrantLine of(Review.Line line, Actor actor, boolean open) {
      boolean own = line.holder().equals(actor.id().value());
      boolean decidable = open && line.state() == Review.State.UNCHANGED;
      boolean share = line.kind() == Review.Kind.USER || line.kind() == Review.Kind.GROUP;
      return new GrantLine(
          line.grantee(),
          who(line),
          line.role(),
          line.givenBy().orElse("–"),
          line.since().toString(),
          line.expiresAt().map(Instant::toString).orElse(null),
          line.lastUse().map(LocalDate::toString).orElse("–"),
          line.state() == Review.State.UNCHANGED ? "" : line.state().wireName(),
          line.decided()
              .map(
                  decided ->
                      (decided.decision() == Review.Decision.KEEP ? "kept by " : "ended by ")
                          + decided.decidedBy())
              .orElse(""),
          decidable && !own && line.decided().isEmpty(),
          decidable && share && !line.decision().equals(Optional.of(Review.Decision.END)));
    }

    private static String who(Review.Line line) {
      return switch (line.kind()) {
        case USER, GROUP -> line.grantee();
        case PROJECT -> "project " + line.grantee().replace(':', '/');
        case EVERYBODY -> "everybody";
      };
    }
  }
}
