package io.claviger.application.instances;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenRestriction;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.instances.InstanceRef;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

final class FindInstancesService implements FindInstances {
  private final InstanceStore instances;
  private final UserStore users;
  private final InstanceViews views;
  private final AuditedChanges attempts;

  FindInstancesService(
      InstanceStore instances, UserStore users, InstanceViews views, AuditedChanges attempts) {
    this.instances = instances;
    this.users = users;
    this.views = views;
    this.attempts = attempts;
  }

  @Override
  public Outcome find(Actor actor, InstanceRef ref) {
    return found(actor, instances.find(ref, actor.id()));
  }

  @Override
  public Outcome find(Actor actor, InstanceId id) {
    return found(actor, instances.find(id, actor.id()));
  }

  @Override
  public ListOutcome usableBy(
      Actor actor, Handle handle, Filter filter, PageRequest<InstanceRef> page) {
    boolean own = actor.handle().equals(handle);
    boolean anybodys = actor.administrator() && actor.mayManage();
    if (!own && !handle.isSystem() && !anybodys) {
      return new ListOutcome.Refused(new Refusal.NotFound());
    }
    Optional<User> user = users.find(handle);
    if (user.isEmpty()) {
      return new ListOutcome.Refused(new Refusal.NotFound());
    }
    Instant now = attempts.now();
    Listing listing =
        (by, after, limit) ->
            handle.isSystem()
                ? instances.systemLevel(actor.id(), by, after, limit)
                : instances.usableBy(user.get().id(), actor.id(), by, after, limit, now);
    Optional<TokenRestriction> restriction = actor.token().flatMap(AccessToken::restriction);
    Page<InstanceStore.Seen, InstanceRef> found =
        restriction.isPresent()
            ? Page.whole(theOne(actor, restriction.get(), listing, filter, page))
            : Page.of(
                listing.from(filter, page.after(), page.limit() + 1),
                page.limit(),
                s -> s.instance().ref());
    return new ListOutcome.Listed(found.map(s -> views.view(actor, s, now)));
  }

  /** A list of which parts can be had. */
  @FunctionalInterface
  private interface Listing {
    List<InstanceStore.Seen> from(Filter filter, Optional<InstanceRef> after, int limit);
  }

  /**
   * Of a list, the one service that a restricted token is for, so that neither empty pages nor
   * cursors tell of others. It is looked for among those of its owner that are named like it.
   */
  private List<InstanceStore.Seen> theOne(
      Actor actor,
      TokenRestriction restriction,
      Listing listing,
      Filter filter,
      PageRequest<InstanceRef> page) {
    Optional<InstanceRef> ref =
        restriction instanceof TokenRestriction.ToService one
            ? instances
                .find(new InstanceId(one.instance()), actor.id())
                .map(s -> s.instance().ref())
                .filter(r -> filter.owner().isEmpty() || filter.owner().get().equals(r.owner()))
            : Optional.empty();
    if (ref.isEmpty()) {
      return List.of();
    }
    Filter narrow =
        new Filter(
            filter.provider(),
            Optional.of(ref.get().owner()),
            filter.role(),
            filter.enabled(),
            filter.text().or(() -> Optional.of(ref.get().handle().value())));
    Optional<InstanceRef> after = page.after();
    while (true) {
      List<InstanceStore.Seen> part = listing.from(narrow, after, PageRequest.MAX_LIMIT);
      Optional<InstanceStore.Seen> found =
          part.stream().filter(s -> s.instance().ref().equals(ref.get())).findFirst();
      if (found.isPresent() || part.size() < PageRequest.MAX_LIMIT) {
        return found.stream().toList();
      }
      after = Optional.of(part.get(part.size() - 1).instance().ref());
    }
  }

  private Outcome found(Actor actor, Optional<InstanceStore.Seen> seen) {
    Instant now = attempts.now();
    return seen.filter(s -> InstanceViews.isVisible(actor, s, now))
        .filter(s -> actor.isWithinRestriction(s.instance().id()))
        .<Outcome>map(s -> new Outcome.Found(views.view(actor, s, now)))
        .orElseGet(() -> new Outcome.Refused(new Refusal.NotFound()));
  }
}
