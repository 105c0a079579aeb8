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

/**
 * Shows and writes API standards. An API standard states how a provider is called, and where a call
 * carries the key.
 */
public interface Standards {
  static Standards of(ApiStandardStore standards, AuditedChanges changes) {
    return new StandardUseCases(standards, changes);
  }

  /**
   * Shows a standard. Every user may call this method. If there is no such standard, the answer is
   * {@code not_found}.
   */
  Outcome<ApiStandard> find(Actor actor, Handle handle);

  /** Lists all standards by handle. Every user may call this method. */
  Page<ApiStandard, Handle> list(Actor actor, PageRequest<Handle> page);

  /**
   * Creates or replaces a standard. Only administrators may call this method. While a definition or
   * service uses the standard, only the description can change, because keys are sealed to the
   * standard's key placement. Any other change is refused with the conflict {@code in_use}.
   */
  Outcome<SavedStandard> save(Actor actor, Precondition precondition, StandardContent content);

  /**
   * Deletes a standard. Only administrators may call this method. While anything uses the standard,
   * the answer is the conflict {@code in_use}. Returns the handle of the deleted standard.
   */
  Outcome<Handle> delete(Actor actor, Handle handle, Precondition precondition);

  /** A write to a standard, with all fields of the standard. */
  record StandardContent(
      Handle handle,
      Description description,
      WireFormat format,
      KeyPlacement placement,
      List<Operation> operations,
      List<RequestHeader> requestHeaders,
      List<ResponseHeader> responseHeaders,
      List<String> queryParameters) {
    public StandardContent {
      operations = List.copyOf(operations);
      requestHeaders = List.copyOf(requestHeaders);
      responseHeaders = List.copyOf(responseHeaders);
      queryParameters = List.copyOf(queryParameters);
    }
  }

  /**
   * A standard after a write.
   *
   * @param created whether the write created the standard
   */
  record SavedStandard(ApiStandard standard, boolean created) {}
}
