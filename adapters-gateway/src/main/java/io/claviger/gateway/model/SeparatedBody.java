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

/**
 * Decides which bodies the gateway searches for references to objects at the provider, and which
 * bodies it forwards unread.
 */
public final class SeparatedBody {
  private SeparatedBody() {}

  /**
   * Refuses a form for an operation that accepts only JSON. A form can't contain the instruction to
   * store nothing, and a provider might read the form differently than the gateway. If the key is
   * sent in a form, the provider evidently accepts forms, so no form is refused.
   *
   * @param path the path after the name of the service or project
   * @throws CallRefused if other people use the same key and the operation does not accept forms
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
   * Returns the collector for the references in a body; empty if nobody else uses the account at
   * the provider, or if the body can't contain references.
   *
   * @param path the path after the name of the service or project
   */
  static Optional<FoundReferences> found(AuthorizedCall call, HttpRequest request, String path) {
    if (call.isolation().isEmpty()) {
      return Optional.empty();
    }
    Optional<FoundReferences> found = found(call.standard().format().api(), request, path);
    if (call.hasKeyInForm()) {
      found.ifPresent(collector -> collector.ignoreField(call.placement().field()));
    }
    return found;
  }

  /**
   * Returns the collector for a buffered body.
   *
   * @param mayStream whether nothing else requires buffering. If nothing else requires buffering,
   *     the gateway forwards a form unbuffered, and {@link PassingForm} searches it
   */
  static Optional<FoundReferences> found(
      AuthorizedCall call, HttpRequest request, String path, boolean mayStream) {
    Optional<FoundReferences> found = found(call, request, path);
    return mayStream && found.isPresent() && isForm(request) ? Optional.empty() : found;
  }

  /**
   * Whether the body is a multipart form. A body with two content types does not count as a form.
   */
  static boolean isForm(HttpRequest request) {
    String first = request.headers().get(HttpHeaderNames.CONTENT_TYPE);
    if (first == null || !isOf(first, "multipart/")) {
      return false;
    }
    BodyType type = BodyType.of(request.headers());
    return !type.isEncoded() && type.boundaryIfPlain().isPresent();
  }

  /** Returns the collector for a body whose service is not yet known. */
  static Optional<FoundReferences> found(ProviderApi api, HttpRequest request, String path) {
    ObjectPlaces places = api.ofBodies(path).objectPlaces();
    return !request.method().equals(HttpMethod.GET) && places.areInBody(path)
        ? Optional.of(new FoundReferences(places))
        : Optional.empty();
  }

  /**
   * Returns the scan for a body of this type.
   *
   * @throws CallRefused if the gateway can't search a body of this type for references
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
