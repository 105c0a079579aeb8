package io.claviger.application.instances;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.sharing.Role;
import java.util.Optional;

/** Shows the instances that a caller can see. A restricted token shows its one service. */
public interface FindInstances {
  Outcome find(Actor actor, InstanceRef ref);

  Outcome find(Actor actor, InstanceId id);

  /**
   * Every instance that a user can use, own, shared and system-level, each once, by owner and
   * handle. Users see their own list, administrators everybody's, and everybody that of {@code
   * _system}, which has the system-level ones.
   */
  ListOutcome usableBy(Actor actor, Handle user, Filter filter, PageRequest<InstanceRef> page);

  /**
   * Empty parts filter nothing.
   *
   * @param role the listed user's
   * @param text stands in handle, display name, description or model, whatever the case
   */
  record Filter(
      Optional<Provider> provider,
      Optional<Handle> owner,
      Optional<Role> role,
      Optional<Boolean> enabled,
      Optional<String> text) {}

  /** One instance, or that there is none that the caller can see. */
  sealed interface Outcome {
    record Found(InstanceView view) implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }

  /** A page of instances, or why not. */
  sealed interface ListOutcome {
    record Listed(Page<InstanceView, InstanceRef> page) implements ListOutcome {}

    record Refused(Refusal why) implements ListOutcome {}
  }
}
