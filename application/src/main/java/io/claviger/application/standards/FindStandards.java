package io.claviger.application.standards;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.standards.ApiStandard;

/** Shows API standards to every user. */
public interface FindStandards {
  Outcome find(Actor actor, Handle handle);

  /** All of them, by handle. */
  Page<ApiStandard, Handle> list(Actor actor, PageRequest<Handle> page);

  /** One standard, or that there is none. */
  sealed interface Outcome {
    record Found(ApiStandard standard) implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }
}
