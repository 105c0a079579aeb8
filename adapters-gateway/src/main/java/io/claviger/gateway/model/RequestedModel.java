package io.claviger.gateway.model;

import io.claviger.application.gateway.CallRefusal;
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

/**
 * Finds the model that a request asks for, where only some are allowed. A request that two readers
 * could understand differently is refused, because the provider might see another model.
 */
final class RequestedModel {
  private static final String MODELS = "models";

  private final Set<ModelPattern> allowed;
  private final Optional<String> inPath;

  /**
   * @param path below the service
   */
  RequestedModel(Set<ModelPattern> allowed, WireFormat format, String path) {
    this.allowed = Set.copyOf(allowed);
    this.inPath = inPath(format, path);
  }

  /**
   * @throws CallRefused when the path names a model that is not allowed
   */
  void checkPath() {
    inPath.ifPresent(this::demandAllowed);
  }

  /**
   * @throws CallRefused when the body is of a kind that can't be read for its model
   */
  static void checkReadable(HttpHeaders headers) {
    String type = only(headers, HttpHeaderNames.CONTENT_TYPE, "").toLowerCase(Locale.ROOT);
    int parameters = type.indexOf(';');
    String bare = (parameters < 0 ? type : type.substring(0, parameters)).strip();
    String rest = parameters < 0 ? "" : type.substring(parameters + 1).strip();
    boolean utf8 =
        rest.isEmpty() || rest.equals("charset=utf-8") || rest.equals("charset=\"utf-8\"");
    String encoding = only(headers, HttpHeaderNames.CONTENT_ENCODING, "identity");
    if (!bare.equals("application/json") || !utf8 || !encoding.equalsIgnoreCase("identity")) {
      throw ModelScan.notReadable();
    }
  }

  /** Refuses two values: the provider might follow the other one. */
  private static String only(HttpHeaders headers, CharSequence name, String otherwise) {
    List<String> values = headers.getAll(name);
    if (values.size() > 1) {
      throw ModelScan.notReadable();
    }
    return values.isEmpty() ? otherwise : values.get(0);
  }

  /** Makes what reads a body that arrives in parts. */
  ModelScan scan() {
    return new ModelScan(allowed, inPath);
  }

  private void demandAllowed(String model) {
    if (!ModelPattern.anyMatches(allowed, model)) {
      throw new CallRefused(CallError.of(CallRefusal.MODEL_NOT_ALLOWED));
    }
  }

  /**
   * {@code …/models/{model}} or {@code …/models/{model}:verb}, not decoded: a name that is
   * percent-encoded equals none that is allowed.
   */
  private static Optional<String> inPath(WireFormat format, String path) {
    String[] segments = path.split("/", -1);
    for (int i = segments.length - 2; i >= 0; i--) {
      if (segments[i].equals(MODELS)) {
        String last = String.join("/", List.of(segments).subList(i + 1, segments.length));
        int verb = format == WireFormat.GEMINI ? last.indexOf(':') : -1;
        return Optional.of(verb < 0 ? last : last.substring(0, verb));
      }
    }
    return Optional.empty();
  }
}
