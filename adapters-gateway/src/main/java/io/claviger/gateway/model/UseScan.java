package io.claviger.gateway.model;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.spending.BodyUse;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import java.util.Optional;

/**
 * Finds the use that a body requests from a provider, while the body arrives in parts. It does not
 * refuse any body, because a body that it can't read matters only if the use of the call is
 * counted.
 */
sealed interface UseScan extends BodyPart permits JsonUseScan, FormUseScan {
  /**
   * Returns the scan for a body of this type. A body that is neither JSON nor a plain multipart
   * form is always treated as unreadable.
   *
   * @param kind the kind of the operation to which the path belongs
   * @param path the path below the service
   * @param inPath the model that the path names
   */
  static UseScan of(
      OperationKind kind, WireFormat format, String path, Optional<String> inPath, BodyType type) {
    Optional<String> boundary = type.boundaryIfPlain();
    return boundary.isPresent()
        ? new FormUseScan(kind, inPath, boundary.get())
        : new JsonUseScan(format.api(), path, kind, inPath, type.mayBeJson());
  }

  /**
   * Returns the scan for the body of a call.
   *
   * @param kind the kind of the operation to which the path belongs
   * @param path the path below the service
   * @throws CallRefused when the body has a content encoding, which the gateway does not decode
   */
  static UseScan of(AuthorizedCall call, OperationKind kind, String path, BodyType type) {
    if (type.isEncoded()) {
      throw new CallRefused(CallError.BODY_ENCODED);
    }
    WireFormat format = call.standard().format();
    return of(kind, format, path, format.api().modelInPath(path), type);
  }

  /**
   * Returns the use that the body requests. Must be called only once the body has ended. The use is
   * unknown if the body can't be read. It is also unknown if two parsers may understand the body
   * differently, and it is not clear which of the two meanings is the more expensive one.
   *
   * @param bytes how many bytes the whole body has
   */
  BodyUse use(long bytes);
}
