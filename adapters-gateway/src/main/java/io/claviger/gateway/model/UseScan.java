package io.claviger.gateway.model;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.spending.BodyUse;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import java.util.Optional;

/**
 * Finds what a body requests from a provider, as far as the provider may charge for it. The body
 * may arrive in parts. The scan does not refuse any body, because a body that the scan can't read
 * matters only if the use of the call is counted.
 */
sealed interface UseScan extends BodyPart permits JsonUseScan, FormUseScan {
  /**
   * Returns the scan for a body of this type. A body that is neither JSON nor a plain multipart
   * form is always treated as unreadable.
   *
   * @param kind the kind of the operation to which the path belongs
   * @param path the path after the part of the URL that names the service
   * @param inPath the model that the path names; empty if the path names none
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
   * @param path the path after the part of the URL that names the service
   * @throws CallRefused if the body has a content encoding, because the gateway does not decode
   *     such bodies
   */
  static UseScan of(AuthorizedCall call, OperationKind kind, String path, BodyType type) {
    if (type.isEncoded()) {
      throw new CallRefused(CallError.BODY_ENCODED);
    }
    WireFormat format = call.standard().format();
    return of(kind, format, path, format.api().modelInPath(path), type);
  }

  /**
   * Returns what the body requests from the provider, such as tokens. Must be called only after the
   * body has ended. The result is unknown if the body can't be read. It is also unknown if two
   * parsers may understand the body differently, and it is not clear which of the two meanings is
   * the more expensive one.
   *
   * @param bytes how many bytes the whole body has in total
   */
  BodyUse use(long bytes);
}
