package io.claviger.gateway.model;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.spending.BodyUse;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Optional;

/**
 * Finds in a body whatever the provider may charge for (the requested use). The body can arrive in
 * parts. The scan refuses no body, because an unreadable body matters only if the use of the call
 * is counted.
 */
sealed interface UseScan extends BodyPart permits JsonUseScan, FormUseScan {
  /**
   * Returns the scan for a body of this type. A body that is neither JSON nor a plain multipart
   * form always counts as unreadable.
   *
   * @param kind the kind of the operation at the path
   * @param path the path after the name of the service or project
   * @param inPath the model in the path; empty if the path names no model
   * @param headers the headers of the request, which can choose a service tier or name a model
   */
  static UseScan of(
      OperationKind kind,
      WireFormat format,
      String path,
      Optional<String> inPath,
      BodyType type,
      HttpHeaders headers) {
    Optional<String> boundary = type.boundaryIfPlain();
    if (boundary.isPresent()) {
      return new FormUseScan(kind, inPath, boundary.get());
    }
    JsonUseScan scan = new JsonUseScan(format.api(), path, kind, inPath, type.mayBeJson());
    format
        .api()
        .tierHeaders(path)
        .forEach((header, member) -> scan.chooseTiers(member, headers.getAll(header)));
    format.api().modelHeaders(path).forEach(header -> scan.nameModels(headers.getAll(header)));
    return scan;
  }

  /**
   * Returns the scan for the body of a call.
   *
   * @param kind the kind of the operation at the path
   * @param path the path after the name of the service or project
   * @param headers the headers of the request
   * @throws CallRefused if the body has a content encoding, which the gateway does not decode
   */
  static UseScan of(
      AuthorizedCall call, OperationKind kind, String path, BodyType type, HttpHeaders headers) {
    if (type.isEncoded()) {
      throw new CallRefused(CallError.BODY_ENCODED);
    }
    WireFormat format = call.standard().format();
    return of(kind, format, path, format.api().modelInPath(path), type, headers);
  }

  /**
   * Returns the requested use, such as tokens. Must be called only after the end of the body. The
   * result is unknown if the body is unreadable. The result is also unknown if parsers might
   * understand the body differently, and it is unclear which meaning is more expensive.
   *
   * @param bytes the size of the whole body, in bytes
   */
  BodyUse use(long bytes);
}
