package io.claviger.gateway.model;

import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The type of a request's body, according to the head of the request. All readers of the body need
 * the type, so the headers are searched only once.
 */
final class BodyType {
  private static final Pattern MULTIPART =
      Pattern.compile(
          "(?i:multipart/form-data); ?(?i:boundary)="
              + "(?:\"([A-Za-z0-9'()+_,./:=?-]{1,70})\"|([A-Za-z0-9'+_.-]{1,70}))");

  private static final Pattern JSON =
      Pattern.compile(
          "(?i)(?:application/(?:[a-z0-9.-]+\\+)?json|text/(?:json|plain))"
              + "(?: ?; ?charset=\"?utf-8\"?)? ?;?");

  private static final Pattern FIELDS =
      Pattern.compile("(?i)application/x-www-form-urlencoded(?: ?; ?charset=\"?utf-8\"?)? ?;?");

  private final List<String> types;
  private final boolean encoded;

  private BodyType(List<String> types, boolean encoded) {
    this.types = types;
    this.encoded = encoded;
  }

  static BodyType of(HttpHeaders headers) {
    return new BodyType(headers.getAll(HttpHeaderNames.CONTENT_TYPE), isEncoded(headers));
  }

  private static boolean isEncoded(HttpHeaders headers) {
    return headers.contains(HttpHeaderNames.CONTENT_ENCODING)
        && !headers.getAll(HttpHeaderNames.CONTENT_ENCODING).stream()
            .allMatch("identity"::equalsIgnoreCase);
  }

  /** Whether the body has a content encoding, which makes it unreadable for the gateway. */
  boolean isEncoded() {
    return encoded;
  }

  /**
   * Does the same as {@link #checkReadable()}, but can accept a body without a type.
   *
   * @param isJsonIfUntyped whether a body without a type counts as JSON. An untyped body counts as
   *     JSON if the path names the model and the operation accepts JSON alone: Amazon's SDK for
   *     Python states no type
   */
  void checkReadable(boolean isJsonIfUntyped) {
    if (isJsonIfUntyped && types.isEmpty() && !encoded) {
      return;
    }
    checkReadable();
  }

  /**
   * @throws CallRefused if the body has a content encoding, or if the gateway can't search a body
   *     of its type for the model
   */
  void checkReadable() {
    String type = only().toLowerCase(Locale.ROOT);
    int parameters = type.indexOf(';');
    String bare = (parameters < 0 ? type : type.substring(0, parameters)).strip();
    String rest = parameters < 0 ? "" : type.substring(parameters + 1).strip();
    boolean utf8 =
        rest.isEmpty() || rest.equals("charset=utf-8") || rest.equals("charset=\"utf-8\"");
    if (encoded) {
      throw new CallRefused(CallError.BODY_ENCODED);
    }
    boolean json = bare.equals("application/json") && utf8;
    if (!json && boundary().isEmpty()) {
      throw ModelScan.notReadable();
    }
  }

  /** Whether {@link #checkReadable} accepts a body of this type. */
  boolean isReadable(boolean isJsonIfUntyped) {
    try {
      checkReadable(isJsonIfUntyped);
      return true;
    } catch (CallRefused e) {
      return false;
    }
  }

  /** Whether the body is JSON without a content encoding. */
  boolean isPlainJson() {
    return isReadable(false) && boundary().isEmpty();
  }

  /**
   * Whether a provider would read a body of this type as JSON. Many clients send JSON as plain
   * text, or name no type. A provider that read such a body as a form would not find the members of
   * the JSON object.
   */
  boolean mayBeJson() {
    return !encoded && (types.isEmpty() || (types.size() == 1 && isJson(types.get(0))));
  }

  /** Whether the body is a form of names and values, in the syntax of a query. */
  boolean isFields() {
    return !encoded && types.size() == 1 && FIELDS.matcher(types.get(0)).matches();
  }

  /**
   * Whether the type is JSON. The spelling of most clients is recognized without a regular
   * expression.
   */
  private static boolean isJson(String type) {
    return type.equals("application/json") || JSON.matcher(type).matches();
  }

  /**
   * The boundary of a multipart form; empty if the body is no multipart form.
   *
   * @throws CallRefused if the head has two content types
   */
  Optional<String> boundary() {
    String type = only();
    if (!type.regionMatches(true, 0, "multipart/", 0, "multipart/".length())) {
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
   * Returns the {@link #boundary}. The result is also empty if the head has more than one content
   * type.
   */
  Optional<String> boundaryIfPlain() {
    return types.size() > 1 ? Optional.empty() : boundary();
  }

  /**
   * The content type. Refuses a request with two content types, because the provider and the
   * gateway might not use the same one.
   */
  private String only() {
    if (types.size() > 1) {
      throw ModelScan.notReadable();
    }
    return types.isEmpty() ? "" : types.get(0);
  }
}
