package io.claviger.application.accounts.port;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.Fault;
import io.claviger.domain.accounts.TokenRestriction;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import java.util.Optional;

/** Finds the services and projects to which an access token can be restricted. */
public interface RestrictionTargets {
  /** Finds the service with this name; empty when the actor sees no such service. */
  Optional<Instance.Id> service(Actor actor, Instance.Ref ref);

  /** Finds the project with this name; empty when the actor sees no such project. */
  Optional<Project.Id> project(Actor actor, Project.Ref ref);

  /**
   * Returns the restriction of a token to a service or a project; empty if the request names
   * neither. If the request names a service and a project, the service is used.
   *
   * @throws RefusedException when the actor can't see the named service or project
   */
  default Optional<TokenRestriction> restriction(
      Actor actor, Optional<Instance.Ref> service, Optional<Project.Ref> project) {
    if (service.isPresent()) {
      Instance.Ref ref = service.get();
      Instance.Id id = service(actor, ref).orElseThrow(() -> unknown("service"));
      return Optional.of(new TokenRestriction.ToService(id.value(), ref.toString()));
    }
    return project.map(
        ref -> {
          Project.Id id = project(actor, ref).orElseThrow(() -> unknown("project"));
          return new TokenRestriction.ToProject(id.value(), ref.toString());
        });
  }

  private static RefusedException unknown(String kind) {
    return RefusedException.invalid(Fault.unknownReference(kind, kind));
  }
}
