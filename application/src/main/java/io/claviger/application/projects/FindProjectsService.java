package io.claviger.application.projects;

import io.claviger.application.accounts.out.Users;
import io.claviger.application.projects.out.Projects;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.projects.ProjectRef;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

final class FindProjectsService implements FindProjects {
  private final Projects projects;
  private final Users users;
  private final Attempts attempts;

  FindProjectsService(Projects projects, Users users, Attempts attempts) {
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
    Optional<User> user =
        actor.handle().equals(handle) || anybodys ? users.find(handle) : Optional.empty();
    if (user.isEmpty()) {
      return new ListOutcome.Refused(new Refusal.NotFound());
    }
    Instant now = attempts.now();
    Page<Projects.Seen, ProjectRef> found =
        actor.token().flatMap(AccessToken::restriction).isPresent()
            ? new Page<>(theOne(actor, user.get().id(), page.after()), Optional.empty())
            : Page.of(
                projects.list(user.get().id(), actor.id(), page.after(), page.limit() + 1),
                page.limit(),
                seen -> seen.project().ref());
    return new ListOutcome.Listed(found.map(seen -> ProjectViews.view(actor, seen, now)));
  }

  /**
   * Of a list, the one project that a restricted token is for, so that neither empty pages nor
   * cursors tell of others.
   */
  private List<Projects.Seen> theOne(Actor actor, UserId user, Optional<ProjectRef> after) {
    Optional<ProjectRef> position = after;
    while (true) {
      List<Projects.Seen> part = projects.list(user, actor.id(), position, PageRequest.MAX_LIMIT);
      Optional<Projects.Seen> found =
          part.stream().filter(seen -> ProjectViews.isVisible(actor, seen)).findFirst();
      if (found.isPresent() || part.size() < PageRequest.MAX_LIMIT) {
        return found.stream().toList();
      }
      position = Optional.of(part.get(part.size() - 1).project().ref());
    }
  }
}
