package io.claviger.application.standards;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.Description;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.standards.ApiStandard;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.domain.standards.RequestHeader;
import io.claviger.domain.standards.ResponseHeader;
import io.claviger.domain.standards.WireFormat;
import java.util.List;

/**
 * Creates or replaces an API standard; administrators only. Of one that a definition or an instance
 * uses, only the description can change (conflict {@code in_use}): keys are sealed to its
 * placement.
 */
public interface SaveStandard {
  Outcome save(Actor actor, Precondition precondition, Command command);

  /** The whole standard. */
  record Command(
      Handle handle,
      Description description,
      WireFormat format,
      KeyPlacement placement,
      List<Operation> operations,
      List<RequestHeader> requestHeaders,
      List<ResponseHeader> responseHeaders,
      List<String> queryParameters) {}

  /** The standard as it is now, or why not. */
  sealed interface Outcome {
    record Saved(ApiStandard standard, boolean created) implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }
}
