package io.claviger.gateway.relay;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.gateway.port.AuthorizedCall.AuthorizationBasis;
import io.claviger.application.objects.UploadLinks;
import io.claviger.application.objects.UploadLinks.Upload;
import io.claviger.domain.formats.ObjectOperation.Effect;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.head.ParsedCall;
import io.claviger.gateway.head.RequestTarget;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Recognizes and replaces the URLs at which providers accept uploads without credentials. */
final class UploadAddress {
  private UploadAddress() {}

  /**
   * Replaces each upload URL in an answer with a URL of the gateway.
   *
   * @param path the path of the call, below the service's endpoint
   * @throws CallRefused if a URL does not belong to the service's provider
   */
  static void replace(
      HttpHeaders answer,
      AuthorizedCall authorized,
      ParsedCall parsed,
      String method,
      String path,
      Optional<UploadLinks> links) {
    for (String name : authorized.standard().format().api().capabilityHeaders()) {
      List<String> values = answer.getAll(name);
      if (!values.isEmpty()) {
        answer.remove(name);
        boolean uploads =
            authorized
                .standard()
                .objectOperation(method, path)
                .filter(operation -> operation.effect() == Effect.UPLOAD)
                .isPresent();
        if (uploads && links.isPresent() && values.size() == 1) {
          answer.set(name, links.get().write(upload(values.getFirst(), authorized, parsed, path)));
        } else if (uploads) {
          throw new CallRefused(CallError.PROVIDER_ANSWER_UNUSABLE);
        }
      }
    }
  }

  private static Upload upload(
      String address, AuthorizedCall authorized, ParsedCall parsed, String path) {
    URI uri;
    try {
      uri = URI.create(address);
    } catch (IllegalArgumentException unreadable) {
      throw new CallRefused(CallError.PROVIDER_ANSWER_UNUSABLE);
    }
    String before = authorized.endpoint().path() + "/";
    String at = uri.getRawPath();
    String authority = authorized.endpoint().authority();
    if (!authorized.endpoint().scheme().equals(uri.getScheme())
        || !authority.equalsIgnoreCase(uri.getRawAuthority())
        || at == null
        || !at.startsWith(before)
        || at.contains("..")
        || uri.getRawFragment() != null) {
      throw new CallRefused(CallError.PROVIDER_ANSWER_UNUSABLE);
    }
    return new Upload(
        authorized.basis().account().instance(),
        parsed.credential().token().hash(),
        key(authorized.basis()),
        RequestTarget.pathOf(parsed.callee()) + "/" + path,
        authority,
        at.substring(before.length()),
        Optional.ofNullable(uri.getRawQuery()).orElse(""),
        Instant.now().plus(UploadLinks.VALID));
  }

  /**
   * Returns a text that identifies the key of a call. Uploads with the caller's own key and uploads
   * with the service's key go to different accounts.
   */
  private static String key(AuthorizationBasis basis) {
    return basis.source() + " " + basis.keySetAt().orElse(Instant.EPOCH);
  }

  /**
   * Checks that an upload continues at the same provider and with the same key.
   *
   * @throws CallRefused if the service, its provider or the key has changed since the upload began
   */
  static void check(Upload upload, AuthorizedCall authorized, String method, String path) {
    boolean same =
        authorized.basis().account().instance().equals(upload.service())
            && authorized.endpoint().authority().equals(upload.authority())
            && key(authorized.basis()).equals(upload.key())
            && authorized
                .standard()
                .objectOperation(method, path)
                .filter(operation -> operation.effect() == Effect.UPLOAD)
                .isPresent();
    if (!same) {
      throw new CallRefused(CallError.UPLOAD_ENDED);
    }
  }
}
