package io.claviger.gateway.model;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.formats.ObjectPlaces;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.ReferenceErrors;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;

/** Says which bodies are searched for references to objects at the provider. */
final class SeparatedBody {
  private SeparatedBody() {}

  /**
   * Returns what is to collect the references in a body; empty if the caller's account has no other
   * users, or the body can't refer to anything.
   *
   * @param path below the service
   */
  static Optional<FoundReferences> found(AuthorizedCall call, HttpRequest request, String path) {
    return call.isolation().isEmpty()
        ? Optional.empty()
        : found(call.standard().format().api(), request, path);
  }

  /**
   * Returns the same for a body that is held.
   *
   * @param mayStream whether it need not be held for another reason, so that a form passes and is
   *     searched by {@link PassingForm}
   */
  static Optional<FoundReferences> found(
      AuthorizedCall call, HttpRequest request, String path, boolean mayStream) {
    Optional<FoundReferences> found = found(call, request, path);
    return mayStream && found.isPresent() && isForm(request) ? Optional.empty() : found;
  }

  private static boolean isForm(HttpRequest request) {
    BodyType type = BodyType.of(request.headers());
    return !type.isEncoded() && type.boundaryIfPlain().isPresent();
  }

  /** Returns the same for a body of which the service is not known yet. */
  static Optional<FoundReferences> found(ProviderApi api, HttpRequest request, String path) {
    ObjectPlaces places = api.objectPlaces();
    return !request.method().equals(HttpMethod.GET) && places.areInBody(path)
        ? Optional.of(new FoundReferences(places))
        : Optional.empty();
  }

  /**
   * Returns the scan for a body of this type.
   *
   * @throws CallRefused when the body can't be searched
   */
  static BodyPart scan(FoundReferences found, BodyType type) {
    if (type.isEncoded()) {
      throw new CallRefused(ReferenceErrors.ENCODED);
    }
    Optional<String> boundary = type.boundaryIfPlain();
    if (boundary.isPresent()) {
      return new FormReferenceScan(found, boundary.get());
    }
    if (type.mayBeJson()) {
      return new ReferenceScan(found);
    }
    if (type.isFields()) {
      return new FieldReferenceScan(found);
    }
    throw new CallRefused(ReferenceErrors.NOT_READABLE);
  }
}
