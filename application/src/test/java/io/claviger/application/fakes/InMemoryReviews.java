package io.claviger.application.fakes;

import io.claviger.application.reviews.port.ReviewStore;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.reviews.Review;
import io.claviger.domain.reviews.Review.Decided;
import io.claviger.domain.reviews.Review.Kind;
import io.claviger.domain.reviews.Review.Line;
import io.claviger.domain.reviews.Review.State;
import io.claviger.domain.reviews.Review.Subject;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * {@link ReviewStore} in memory. It is not rolled back, and knows neither projects nor the last use
 * of anything.
 */
public final class InMemoryReviews implements ReviewStore {
  /** The grants of a review when it began, by name. */
  private record Row(Review review, SortedMap<String, Grant> grants) {}

  private record Grant(Line line, String mark) {}

  private final InMemoryTransactions transactions;
  private final InstantSource clock;
  private final Map<Review.Id, Row> rows = new ConcurrentHashMap<>();

  public InMemoryReviews(InMemoryTransactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  @Override
  public Open lockAndCount(Subject subject, User.Id starter, Instant now) {
    return new Open(
        (int) open(starter, now).filter(each -> each.subject().equals(subject)).count(),
        (int) open(starter, now).count());
  }

  private Stream<Review> open(User.Id starter, Instant now) {
    return rows.values().stream()
        .map(Row::review)
        .filter(each -> each.isOpen(now) && each.starterId().equals(starter));
  }

  @Override
  public int insert(Review review, int most) {
    SortedMap<String, Grant> grants = present(review.subject(), review.startedAt());
    rows.put(review.id(), new Row(review, grants));
    return grants.size();
  }

  @Override
  public Optional<Review> find(Review.Id id) {
    return Optional.ofNullable(rows.get(id)).map(InMemoryReviews::counted);
  }

  private static Review counted(Row row) {
    Review review = row.review();
    return new Review(
        review.id(),
        review.subject(),
        review.starterId(),
        review.starter(),
        review.startedAt(),
        review.until(),
        false,
        row.grants().size(),
        (int) row.grants().values().stream().filter(g -> g.line().decided().isPresent()).count());
  }

  @Override
  public List<Review> list(
      User.Id user, boolean all, Instant now, Optional<TimeCursor> after, int limit) {
    return rows.values().stream()
        .map(InMemoryReviews::counted)
        .filter(each -> all || isFor(user, each.subject()))
        .filter(each -> after.isEmpty() || each.startedAt().isBefore(after.get().at()))
        .sorted(Comparator.comparing(Review::startedAt).reversed())
        .limit(limit)
        .toList();
  }

  private boolean isFor(User.Id user, Subject subject) {
    return switch (subject) {
      case Subject.OfService service ->
          service.owner().equals(user)
              || transactions.read(
                  t ->
                      Optional.ofNullable(t.shares.get(new Tables.ShareKey<>(service.id(), user)))
                          .filter(stored -> stored.share().terms().role() == Role.OWNER)
                          .isPresent());
      case Subject.OfGroup group ->
          transactions.read(
              t ->
                  Optional.ofNullable(t.groupMembers.get(new Tables.MemberKey(group.id(), user)))
                      .filter(member -> member.role() == GroupRole.MANAGER)
                      .isPresent());
    };
  }

  @Override
  public List<Line> lines(Review review, Optional<String> after, int limit, Instant now) {
    SortedMap<String, Grant> present = present(review.subject(), now);
    return rows.get(review.id()).grants().entrySet().stream()
        .filter(each -> after.isEmpty() || each.getKey().compareTo(after.get()) > 0)
        .limit(limit)
        .map(each -> compared(each.getValue(), Optional.ofNullable(present.get(each.getKey()))))
        .toList();
  }

  private static Line compared(Grant then, Optional<Grant> now) {
    Line line = now.map(Grant::line).orElse(then.line());
    State state =
        now.map(grant -> grant.mark().equals(then.mark()) ? State.UNCHANGED : State.CHANGED)
            .orElse(State.ENDED);
    return with(line, state, Optional.empty(), then.line().decided());
  }

  private static Line with(
      Line line, State state, Optional<LocalDate> lastUse, Optional<Decided> decided) {
    return new Line(
        line.grantee(),
        line.kind(),
        line.holder(),
        line.role(),
        line.givenBy(),
        line.since(),
        line.expiresAt(),
        state,
        lastUse,
        decided);
  }

  @Override
  public Optional<Line> lock(Review review, String grantee, Instant now) {
    return line(review, grantee, now);
  }

  @Override
  public Optional<Line> line(Review review, String grantee, Instant now) {
    return lines(review, Optional.empty(), Integer.MAX_VALUE, now).stream()
        .filter(line -> line.grantee().equals(grantee))
        .findFirst();
  }

  @Override
  public void decide(Review.Id id, String grantee, Decided decided) {
    Grant before = rows.get(id).grants().get(grantee);
    Line line = before.line();
    rows.get(id)
        .grants()
        .put(
            grantee,
            new Grant(
                with(line, line.state(), line.lastUse(), Optional.of(decided)), before.mark()));
  }

  @Override
  public int deleteOlderThan(Duration age) {
    Instant time = clock.instant().minus(age);
    int before = rows.size();
    rows.values().removeIf(row -> row.review().startedAt().isBefore(time));
    return before - rows.size();
  }

  private SortedMap<String, Grant> present(Subject subject, Instant now) {
    SortedMap<String, Grant> grants = new TreeMap<>();
    transactions.run(
        t -> {
          switch (subject) {
            case Subject.OfService service ->
                t.shares.forEach(
                    (key, stored) -> {
                      if (key.shared().equals(service.id()) && !stored.share().expiredAt(now)) {
                        Grant grant = grant(stored.share());
                        grants.put(grant.line().grantee(), grant);
                      }
                    });
            case Subject.OfGroup group ->
                t.groupMembers.forEach(
                    (key, member) -> {
                      if (key.group().equals(group.id())) {
                        grants.put(member.handle().value(), grant(member));
                      }
                    });
          }
        });
    return grants;
  }

  private static Grant grant(Share share) {
    return new Grant(
        new Line(
            share.grantee().name().toString(),
            share.grantee().name().isGroup() ? Kind.GROUP : Kind.USER,
            share.grantee().id().value(),
            share.terms().role().wireName(),
            share.givenBy().map(Handle::value),
            share.createdAt(),
            share.terms().expiresAt(),
            State.UNCHANGED,
            Optional.empty(),
            Optional.empty()),
        share.version() + " " + share.createdAt());
  }

  private static Grant grant(GroupMember member) {
    return new Grant(
        new Line(
            member.handle().value(),
            Kind.USER,
            member.user().value(),
            member.role().wireName(),
            Optional.empty(),
            member.createdAt(),
            Optional.empty(),
            State.UNCHANGED,
            Optional.empty(),
            Optional.empty()),
        member.role() + " " + member.createdAt());
  }
}
