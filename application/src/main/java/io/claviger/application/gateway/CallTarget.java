package io.claviger.application.gateway;

import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;

public sealed interface CallTarget {
  /** Returns the reference by which the caller names the target. */
  default String name() {
    return switch (this) {
      case Service service -> service.ref().toString();
      case OfProject project -> project.ref().toString();
    };
  }

  /** An instance that the caller calls directly, with the caller's own role. */
  record Service(Instance.Ref ref) implements CallTarget {}

  /** The instance that a project uses, called through the project. */
  record OfProject(Project.Ref ref) implements CallTarget {}
}
