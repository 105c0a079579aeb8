package io.claviger.application.builders;

import io.claviger.application.instances.port.InstanceStore.VisibleInstance;
import io.claviger.application.projects.port.ProjectStore.BoundInstance;
import io.claviger.application.projects.port.ProjectStore.VisibleProject;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.SealedKeys;
import io.claviger.domain.policy.UserLimits;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.HeldShares;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.util.Optional;

/** Services and projects, as they are shown to a viewer who is in no group and has no limits. */
public final class Seen {
  private Seen() {}

  /** A service without keys that is not the viewer's default. */
  public static VisibleInstance of(Instance instance, Optional<Share> share) {
    return of(instance, share, SealedKeys.NONE, false);
  }

  public static VisibleInstance of(
      Instance instance, Optional<Share> share, SealedKeys keys, boolean isDefault) {
    return new VisibleInstance(
        instance, HeldShares.own(share), keys, isDefault, Optional.empty(), UserLimits.NONE);
  }

  /** A project that is for its members alone. */
  public static VisibleProject of(
      Project project, Optional<Role> membership, Optional<BoundInstance> bound) {
    return new VisibleProject(project, membership, bound, Optional.empty());
  }
}
