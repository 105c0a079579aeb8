package io.claviger.gateway.model;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.formats.ObjectPlaces;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.standards.KeyMethod;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.ReferenceErrors;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;

/** Says which bodies are searched for references to objects at the provider, and which pass. */
public final class SeparatedBody {
  private SeparatedBody() {}

  /**
   * Demands that an operation which takes JSON gets no form. A form can't say that nothing is
   * stored, and a provider may read it otherwise than the gateway. An API standard that places its
   * key in a form says that the provider takes forms.
   *
   * @param path below the service
   * @throws CallRefused when others use the same key, and the operation takes no such body
   */
  public static void demandTaken(AuthorizedCall call, HttpRequest request, String path) {
    String type = request.headers().get(HttpHeaderNames.CONTENT_TYPE);
    if (call.isolation().isPresent()
        && type != null
        && isForm(type)
        && call.placement().method() != KeyMethod.BODY_FORM
        && call.standard().format().api().takesJsonAlone(path)) {
      throw new CallRefused(ReferenceErrors.TAKES_JSON);
    }
  }

  private static boolean isForm(String type) {
    return isOf(type, "multipart/") || isOf(type, "application/x-www-form-urlencoded");
  }

  private static boolean isOf(String type, String beginning) {
    return type.regionMatches(true, 0, beginning, 0, beginning.length());
  }

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

  /** Whether the body is a form of parts. Of two types the first has to be one. */
  static boolean isForm(HttpRequest request) {
    String first = request.headers().get(HttpHeaderNames.CONTENT_TYPE);
    if (first == null || !isOf(first, "multipart/")) {
      return false;
    }
    BodyType type = BodyType.of(request.headers());
    return !type.isEncoded() && type.boundaryIfPlain().isPresent();
  }

  /** Returns the same for a body of which the service is not known yet. */
  static Optional<FoundReferences> found(ProviderApi api, HttpRequest request, String path) {
    ObjectPlaces places = api.ofBodies(path).objectPlaces();
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
