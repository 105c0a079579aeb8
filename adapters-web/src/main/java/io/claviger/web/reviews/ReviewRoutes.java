package io.claviger.web.reviews;

import io.claviger.application.reviews.Reviews;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.PageRequest;
import io.claviger.domain.Fault;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.reviews.Review;
import io.claviger.domain.reviews.Review.Decided;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.web.json.Body;
import io.claviger.web.json.InvalidInput;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.Csv;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** {@code /v1/reviews}. */
public final class ReviewRoutes implements RouteGroup {
  /**
   * The position of a grant in a review. In the API, the position is also the name of the grant.
   */
  public static final CursorFormat<String> GRANT =
      new CursorFormat<>(name -> name, ReviewRoutes::name);

  private static final String REVIEWS = "/v1/reviews";
  private static final JsonConverter<Review.Decision> DECISION =
      JsonConverter.text(Review.Decision::of);

  private final Reviews reviews;

  public ReviewRoutes(Reviews reviews) {
    this.reviews = reviews;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at(REVIEWS).get(this::list, "limit", "cursor").post(this::start);
    routes.at(REVIEWS + "/{id}").get(this::show, "limit", "cursor");
    routes.at(REVIEWS + "/{id}/_export").get(this::export);
    routes.at(REVIEWS + "/{id}/{grantee}").put(this::decide);
  }

  private void list(ApiCall call) {
    call.list(
        Problems.valueOf(reviews.list(call.actor(), call.page(CursorFormat.TIME))),
        CursorFormat.TIME,
        ReviewJson::of);
  }

  private void start(ApiCall call) {
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      Field<Instance.Ref> service = fields.value("service", JsonConverter.text(Instance.Ref::of));
      Field<Handle> group = fields.value("group", JsonConverter.text(GranteeName::groupHandle));
      fields.rejectUnread();
      if (service.given().isPresent() == group.given().isPresent()) {
        throw new InvalidInput(
            new Fault("", "required", "Give either a service or a group to review."));
      }
      Review started =
          Problems.valueOf(
              service.given().isPresent()
                  ? reviews.startOfService(call.actor(), service.given().orElseThrow())
                  : reviews.startOfGroup(call.actor(), group.given().orElseThrow()));
      call.created(REVIEWS + "/" + started.id().value(), ReviewJson.of(started));
    }
  }

  private void show(ApiCall call) {
    PageRequest<String> page = call.page(GRANT);
    Review review = Problems.valueOf(reviews.find(call.actor(), id(call)));
    call.list(
        Problems.valueOf(reviews.lines(call.actor(), id(call), page)),
        GRANT,
        LineJson::of,
        Map.of("review", ReviewJson.of(review)));
  }

  private void export(ApiCall call) {
    Review review = Problems.valueOf(reviews.find(call.actor(), id(call)));
    call.file(
        "review-" + review.id().value() + ".csv",
        Csv.MEDIA_TYPE,
        ReviewFile.of(reviews, call.actor(), review));
  }

  private void decide(ApiCall call) {
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      Field<Review.Decision> decision =
          fields.required("decision", DECISION, "Decide: keep or end.");
      fields.rejectUnread();
      call.ok(
          LineJson.of(
              Problems.valueOf(
                  reviews.decide(
                      call.actor(),
                      id(call),
                      call.text("grantee"),
                      decision.given().orElseThrow()))));
    }
  }

  private static Review.Id id(ApiCall call) {
    return new Review.Id(call.id("id"));
  }

  private static String name(String text) {
    if (!Review.Line.isName(text)) {
      throw CursorFormat.notOfThisList();
    }
    return text;
  }

  record ReviewJson(
      UUID id,
      Optional<String> service,
      Optional<String> group,
      String startedBy,
      int grants,
      int decided,
      Instant createdAt,
      Instant until) {
    static ReviewJson of(Review review) {
      boolean ofService = review.subject() instanceof Review.Subject.OfService;
      Optional<String> ref = Optional.of(review.subject().ref());
      return new ReviewJson(
          review.id().value(),
          ref.filter(text -> ofService),
          ref.filter(text -> !ofService).map(text -> text.substring(1)),
          review.starter().value(),
          review.grants(),
          review.decided(),
          review.startedAt(),
          review.until());
    }
  }

  record LineJson(
      String grantee,
      String kind,
      String role,
      Optional<String> givenBy,
      Instant since,
      Optional<Instant> expiresAt,
      Optional<LocalDate> lastUse,
      String state,
      Optional<String> decision,
      Optional<String> decidedBy,
      Optional<Instant> decidedAt) {
    static LineJson of(Review.Line line) {
      return new LineJson(
          line.grantee(),
          line.kind().wireName(),
          line.role(),
          line.givenBy(),
          line.since(),
          line.expiresAt(),
          line.lastUse(),
          line.state().wireName(),
          line.decision().map(Review.Decision::wireName),
          line.decided().map(decided -> decided.decidedBy().value()),
          line.decided().map(Decided::at));
    }
  }

  /** All grants of a review as a table, with one row for each grant. */
  public static final class ReviewFile {
    private static final List<String> COLUMNS =
        List.of(
            "reviewed",
            "grantee",
            "kind",
            "role",
            "given_by",
            "since",
            "expires_at",
            "last_use",
            "state",
            "decision",
            "decided_by",
            "decided_at");

    private ReviewFile() {}

    public static Iterator<byte[]> of(Reviews reviews, Actor actor, Review review) {
      return new Csv.OfList<Review.Line, String>(
          COLUMNS,
          page -> reviews.lines(actor, review.id(), page),
          line -> Optional.of(values(review, line)));
    }

    private static List<String> values(Review review, Review.Line line) {
      return List.of(
          review.subject().ref(),
          line.grantee(),
          line.kind().wireName(),
          line.role(),
          line.givenBy().orElse(""),
          line.since().toString(),
          line.expiresAt().map(Instant::toString).orElse(""),
          line.lastUse().map(LocalDate::toString).orElse(""),
          line.state().wireName(),
          line.decision().map(Review.Decision::wireName).orElse(""),
          line.decided().map(decided -> decided.decidedBy().value()).orElse(""),
          line.decided().map(decided -> decided.at().toString()).orElse(""));
    }
  }
}
