package io.claviger.application.standards;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.domain.Description;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.standards.ApiStandard;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.domain.standards.RequestHeader;
import io.claviger.domain.standards.ResponseHeader;
import io.claviger.domain.standards.WireFormat;
import java.util.List;

/** API standards: how providers are called, and where the key of a call is placed. */
public interface Standards {
  static Standards of(ApiStandardStore standards, AuditedChanges changes) {
    return new StandardUseCases(standards, changes);
  }

  /** Shows a standard to every user; refused as not found when there is no such standard. */
  Outcome<ApiStandard> find(Actor actor, Handle handle);

  /** Lists all standards, by handle, to every user. */
  Page<ApiStandard, Handle> list(Actor actor, PageRequest<Handle> page);

  /**
   * Creates or replaces a standard; administrators only. While a definition or a service uses the
   * standard, only its description can change, because keys are sealed to the key placement that
   * the standard states. Other changes are refused as a conflict with {@code in_use}.
   */
  Outcome<SavedStandard> save(Actor actor, Precondition precondition, StandardContent content);

  /**
   * Deletes a standard; administrators only. Refused as a conflict with {@code in_use} while
   * something uses the standard. Returns the handle of the deleted standard.
   */
  Outcome<Handle> delete(Actor actor, Handle handle, Precondition precondition);

  /** All fields of a standard, as a write states them. */
  record StandardContent(
      Handle handle,
      Description description,
      WireFormat format,
      KeyPlacement placement,
      List<Operation> operations,
      List<RequestHeader> requestHeaders,
      List<ResponseHeader> responseHeaders,
      List<String> queryParameters) {}

  /**
   * A standard after it was written.
   *
   * @param created whether the standard is new
   */
  record SavedStandard(ApiStandard standard, boolean created) {}
}
