package io.claviger.gateway.model;

import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the model that a request asks for, if only some models are allowed. A request that two
 * readers could understand differently is refused, because the provider might see another model.
 */
final class RequestedModel {
  private static final Pattern MULTIPART =
      Pattern.compile(
          "(?i:multipart/form-data); ?(?i:boundary)="
              + "(?:\"([A-Za-z0-9'()+_,./:=?-]{1,70})\"|([A-Za-z0-9'+_.-]{1,70}))");

  private static final Pattern JSON =
      Pattern.compile(
          "(?i)(?:application/(?:[a-z0-9.-]+\\+)?json|text/(?:json|plain))"
              + "(?: ?; ?charset=\"?utf-8\"?)? ?;?");

  private final Set<ModelPattern> allowed;
  private final Optional<String> inPath;

  /**
   * @param path below the service
   */
  RequestedModel(Set<ModelPattern> allowed, WireFormat format, String path) {
    this.allowed = Set.copyOf(allowed);
    this.inPath = format.api().modelInPath(path);
  }

  /**
   * @throws CallRefused when the path names a model that is not allowed
   */
  void checkPath() {
    inPath.ifPresent(this::demandAllowed);
  }

  /**
   * @throws CallRefused when the body is encoded, or of a kind that can't be read for its model
   */
  static void checkReadable(HttpHeaders headers) {
    String type = contentType(headers).toLowerCase(Locale.ROOT);
    int parameters = type.indexOf(';');
    String bare = (parameters < 0 ? type : type.substring(0, parameters)).strip();
    String rest = parameters < 0 ? "" : type.substring(parameters + 1).strip();
    boolean utf8 =
        rest.isEmpty() || rest.equals("charset=utf-8") || rest.equals("charset=\"utf-8\"");
    if (isEncoded(headers)) {
      throw new CallRefused(CallError.BODY_ENCODED);
    }
    boolean json = bare.equals("application/json") && utf8;
    if (!json && boundary(headers).isEmpty()) {
      throw ModelScan.notReadable();
    }
  }

  /** Whether headers describe a body in JSON that is not encoded. */
  static boolean isPlainJson(HttpHeaders headers) {
    try {
      checkReadable(headers);
      return boundary(headers).isEmpty();
    } catch (CallRefused e) {
      return false;
    }
  }

  /** Whether the type is JSON. Most calls write it in the same way, which needs no pattern. */
  private static boolean isJson(String type) {
    return type.equals("application/json") || JSON.matcher(type).matches();
  }

  /** Whether a content encoding hides what the body says. */
  static boolean isEncoded(HttpHeaders headers) {
    return headers.contains(HttpHeaderNames.CONTENT_ENCODING)
        && !headers.getAll(HttpHeaderNames.CONTENT_ENCODING).stream()
            .allMatch("identity"::equalsIgnoreCase);
  }

  /**
   * Whether a provider reads a body with these headers as JSON or not at all. Many clients announce
   * JSON as plain text, or do not announce it. A provider that reads the body as a form would find
   * other members.
   */
  static boolean mayBeJson(HttpHeaders headers) {
    List<String> types = headers.getAll(HttpHeaderNames.CONTENT_TYPE);
    return !isEncoded(headers) && (types.isEmpty() || (types.size() == 1 && isJson(types.get(0))));
  }

  private static boolean isMultipart(String type) {
    return type.regionMatches(true, 0, "multipart/", 0, "multipart/".length());
  }

  /** The boundary of a form of parts; empty for any other body. */
  static Optional<String> boundary(HttpHeaders headers) {
    String type = contentType(headers);
    if (!isMultipart(type)) {
      return Optional.empty();
    }
    Matcher multipart = MULTIPART.matcher(type);
    if (!multipart.matches()) {
      return Optional.empty();
    }
    String quoted = multipart.group(1);
    return Optional.of(quoted == null ? multipart.group(2) : quoted);
  }

  /**
   * Returns the boundary as {@link #boundary} does; empty as well if the body's type is ambiguous.
   */
  static Optional<String> boundaryIfPlain(HttpHeaders headers) {
    return headers.getAll(HttpHeaderNames.CONTENT_TYPE).size() > 1
        ? Optional.empty()
        : boundary(headers);
  }

  /**
   * Returns the content type. Refuses two values, because the provider might follow the other one.
   */
  private static String contentType(HttpHeaders headers) {
    List<String> values = headers.getAll(HttpHeaderNames.CONTENT_TYPE);
    if (values.size() > 1) {
      throw ModelScan.notReadable();
    }
    return values.isEmpty() ? "" : values.get(0);
  }

  /**
   * Returns the scan for a body with these headers.
   *
   * @throws CallRefused as {@link #checkReadable}
   */
  BodyScan scan(HttpHeaders headers) {
    checkReadable(headers);
    return boundary(headers)
        .<BodyScan>map(boundary -> new MultipartScan(allowed, inPath, boundary))
        .orElseGet(this::scan);
  }

  /** Returns the scan for a body in JSON. */
  ModelScan scan() {
    return new ModelScan(allowed, inPath);
  }

  private void demandAllowed(String model) {
    if (!ModelPattern.anyMatches(allowed, model)) {
      throw new CallRefused(CallError.modelNotAllowed(model));
    }
  }
}
