package io.claviger.application.transfers;

import io.claviger.application.gateway.port.CallContexts;
import io.claviger.application.transfers.port.MovedReferences;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Lets calls reach services and projects by their former references. A reference is looked up as a
 * former reference only if the caller can see nothing that has this reference now. The look-up
 * takes equally long for a reference that never existed and for the reference of something that is
 * hidden from the caller.
 */
public final class MovedCallContexts implements CallContexts {
  private final CallContexts contexts;
  private final MovedReferences moved;

  public MovedCallContexts(CallContexts contexts, MovedReferences moved) {
    this.contexts = contexts;
    this.moved = moved;
  }

  @Override
  public Optional<CallContext<ServiceContext>> gather(
      TokenHash token, Instance.Ref service, Instant now) {
    Optional<CallContext<ServiceContext>> found = contexts.gather(token, service, now);
    return leadsNowhere(found)
        ? contexts.gather(token, moved.serviceThatWas(service).orElse(service), now)
        : found;
  }

  @Override
  public Optional<CallContext<ProjectContext>> gather(
      TokenHash token, Project.Ref project, Instant now) {
    Optional<CallContext<ProjectContext>> found = contexts.gather(token, project, now);
    return leadsNowhere(found)
        ? contexts.gather(token, moved.projectThatWas(project).orElse(project), now)
        : found;
  }

  @Override
  public Optional<ServiceContext> find(Instance.Ref service, User.Id caller, Instant now) {
    return contexts.find(service, caller, now);
  }

  @Override
  public List<ServiceContext> usableBy(
      User.Id caller, Optional<Instance.Ref> after, int limit, Instant now) {
    return contexts.usableBy(caller, after, limit, now);
  }

  private static boolean leadsNowhere(Optional<? extends CallContext<?>> found) {
    return found.filter(context -> context.target().isEmpty()).isPresent();
  }
}
