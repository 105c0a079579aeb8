package io.claviger.application.projects;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.projects.ProjectRef;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;

/**
 * Gives and ends membership: readers use a project, writers also change its description. The owning
 * user alone gives and ends it; members may leave. Membership gives no sight of the instance.
 */
public interface ShareProject {
  /**
   * @param role reader or writer; a project has one owner
   */
  Outcome share(
      Actor actor, ProjectRef project, Handle member, Precondition precondition, Role role);

  /** Ending what is not there changes nothing and is no error. */
  EndOutcome end(Actor actor, ProjectRef project, Handle member, Precondition precondition);

  Outcome find(Actor actor, ProjectRef project, Handle member);

  /** By the member's handle. */
  ListOutcome list(Actor actor, ProjectRef project, PageRequest<Handle> page);

  /** The membership as it is now, or why not. */
  sealed interface Outcome {
    record Shared(Share share, boolean created) implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }

  /** There is no such membership any more, or why not. */
  sealed interface EndOutcome {
    record Ended() implements EndOutcome {}

    record Refused(Refusal why) implements EndOutcome {}
  }

  /** A page of members, or why not. */
  sealed interface ListOutcome {
    record Listed(Page<Share, Handle> page) implements ListOutcome {}

    record Refused(Refusal why) implements ListOutcome {}
  }
}
