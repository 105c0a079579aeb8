package io.claviger.application.projects;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.projects.port.ProjectStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenRestriction;
import io.claviger.domain.accounts.User;
import io.claviger.domain.projects.ProjectRef;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

final class FindProjectsService implements FindProjects {
  private final ProjectStore projects;
  private final UserStore users;
  private final AuditedChanges attempts;

  FindProjectsService(ProjectStore projects, UserStore users, AuditedChanges attempts) {
    this.projects = projects;
    this.users = users;
    this.attempts = attempts;
  }

  @Override
  public Outcome find(Actor actor, ProjectRef ref) {
    return projects
        .find(ref, actor.id())
        .filter(seen -> ProjectViews.isVisible(actor, seen))
        .<Outcome>map(seen -> new Outcome.Found(ProjectViews.view(actor, seen, attempts.now())))
        .orElseGet(() -> new Outcome.Refused(new Refusal.NotFound()));
  }

  @Override
  public ListOutcome list(Actor actor, Handle handle, PageRequest<ProjectRef> page) {
    boolean anybodys = actor.administrator() && actor.mayManage();
    boolean may = actor.handle().equals(handle) || anybodys;
    Optional<User> user = may ? users.find(handle) : Optional.empty();
    if (user.isEmpty()) {
      return new ListOutcome.Refused(new Refusal.NotFound());
    }
    Instant now = attempts.now();
    Optional<TokenRestriction> restriction = actor.token().flatMap(AccessToken::restriction);
    Page<ProjectStore.Seen, ProjectRef> found =
        restriction.isPresent()
            ? Page.whole(theOne(actor, restriction.get(), page))
            : Page.of(
                projects.list(user.get().id(), actor.id(), page.after(), page.limit() + 1),
                page.limit(),
                seen -> seen.project().ref());
    return new ListOutcome.Listed(found.map(seen -> ProjectViews.view(actor, seen, now)));
  }

  /**
   * Of a list, the one project that a restricted token is for, on the first page, so that neither
   * empty pages nor cursors tell of others.
   */
  private List<ProjectStore.Seen> theOne(
      Actor actor, TokenRestriction restriction, PageRequest<ProjectRef> page) {
    return restriction instanceof TokenRestriction.ToProject one && page.after().isEmpty()
        ? projects
            .find(ProjectRef.of(one.ref()), actor.id())
            .filter(seen -> ProjectViews.isVisible(actor, seen))
            .stream()
            .toList()
        : List.of();
  }
}
