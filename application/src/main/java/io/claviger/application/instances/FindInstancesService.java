package io.claviger.application.instances;

import io.claviger.application.accounts.out.Users;
import io.claviger.application.instances.out.Instances;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Attempts;
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
  private final Instances instances;
  private final Users users;
  private final InstanceViews views;
  private final Attempts attempts;

  FindInstancesService(Instances instances, Users users, InstanceViews views, Attempts attempts) {
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
    List<Instances.Seen> seen =
        handle.isSystem()
            ? instances.systemLevel(actor.id(), filter, page.after(), page.limit() + 1)
            : instances.usableBy(
                user.get().id(), actor.id(), filter, page.after(), page.limit() + 1, now);
    Page<Instances.Seen, InstanceRef> found = Page.of(seen, page.limit(), s -> s.instance().ref());
    List<InstanceView> shown =
        found.items().stream()
            .filter(s -> isWithinRestriction(actor, s))
            .map(s -> views.view(actor, s, now))
            .toList();
    return new ListOutcome.Listed(new Page<>(shown, found.next()));
  }

  private Outcome found(Actor actor, Optional<Instances.Seen> seen) {
    Instant now = attempts.now();
    return seen.filter(s -> InstanceViews.isVisible(actor, s, now))
        .filter(s -> isWithinRestriction(actor, s))
        .<Outcome>map(s -> new Outcome.Found(views.view(actor, s, now)))
        .orElseGet(() -> new Outcome.Refused(new Refusal.NotFound()));
  }

  /** A token restricted to one service shows that one, and one restricted to a project none. */
  private static boolean isWithinRestriction(Actor actor, Instances.Seen seen) {
    Optional<TokenRestriction> restriction = actor.token().flatMap(AccessToken::restriction);
    return restriction.isEmpty()
        || (restriction.get() instanceof TokenRestriction.ToService one
            && one.instance().equals(seen.instance().id().value()));
  }
}
