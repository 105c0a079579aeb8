package io.claviger.application.gateway;

import io.claviger.application.gateway.port.CallContexts.CallContext;
import io.claviger.application.gateway.port.CallContexts.ProjectContext;
import io.claviger.application.gateway.port.CallContexts.ServiceContext;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** The ids of the things that a call depends on. A change of one of them ends what is cached. */
final class CallSubjects {
  private CallSubjects() {}

  static Set<UUID> ofService(CallContext<ServiceContext> known) {
    Set<UUID> subjects = new HashSet<>();
    subjects.add(known.user().id().value());
    known.target().ifPresent(t -> subjects.add(t.instance().id().value()));
    return subjects;
  }

  static Set<UUID> ofProject(CallContext<ProjectContext> known) {
    Set<UUID> subjects = new HashSet<>();
    subjects.add(known.user().id().value());
    known
        .target()
        .map(ProjectContext::project)
        .ifPresent(
            project -> {
              subjects.add(project.id().value());
              // An owner whose share is that of a group loses it with the membership of the group.
              subjects.add(project.owner().value());
            });
    known
        .target()
        .flatMap(ProjectContext::bound)
        .ifPresent(t -> subjects.add(t.instance().id().value()));
    return subjects;
  }
}
