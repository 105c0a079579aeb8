package io.claviger.gateway.head;

import io.claviger.domain.standards.WireFormat;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A URL that stands for a provider's own API. It names no service: the model that is asked for
 * leads to one.
 *
 * @param below the path behind {@code /gateway/{format}}, without a leading slash, not decoded
 */
public record ModelUrl(WireFormat format, String below) {
  private static final String GATEWAY = "/gateway/";
  private static final Map<String, WireFormat> FORMATS =
      Arrays.stream(WireFormat.values())
          .filter(WireFormat::hasBaseUrl)
          .collect(Collectors.toUnmodifiableMap(WireFormat::wireName, Function.identity()));

  /** Clients disagree on who adds the version. The first that leads to an operation is added. */
  private static final List<String> VERSIONS = List.of("v2/", "v1/", "v1beta/");

  private static final String OF_GEMINI = "v1beta/";

  /**
   * @param path the path of a request, with its leading slash
   * @return empty for any other path
   */
  public static Optional<ModelUrl> of(String path) {
    if (!path.startsWith(GATEWAY)) {
      return Optional.empty();
    }
    int end = path.indexOf('/', GATEWAY.length());
    String name = path.substring(GATEWAY.length(), end < 0 ? path.length() : end);
    return Optional.ofNullable(FORMATS.get(name))
        .map(format -> new ModelUrl(format, end < 0 ? "" : path.substring(end + 1)));
  }

  /**
   * The base URL of a format, as people set it, without the host.
   *
   * @param format a format that {@link WireFormat#hasBaseUrl has a base URL}
   */
  public static String base(WireFormat format) {
    return GATEWAY + format.wireName() + (format == WireFormat.OPENAI ? "/v1" : "");
  }

  /** Whether this is a base URL itself, with or without a version. */
  public boolean isBase() {
    return withoutVersions(below.isEmpty() || below.endsWith("/") ? below : below + "/").isEmpty();
  }

  /**
   * The path of the operation as services of this format expect it: with a version where the format
   * has one, whether or not the client sent it.
   */
  public String operation(String method) {
    String bare = bare();
    if (format == WireFormat.OPENAI) {
      return bare; // its services have the version in their endpoints
    }
    if (format == WireFormat.GEMINI) {
      return version().orElse(OF_GEMINI) + bare;
    }
    if (lends(method, below)) {
      return below;
    }
    return VERSIONS.stream()
        .map(version -> version + bare)
        .filter(path -> lends(method, path))
        .findFirst()
        .orElse(bare);
  }

  /** The path without a version. */
  public String bare() {
    return withoutVersions(below);
  }

  private Optional<String> version() {
    return VERSIONS.stream().filter(below::startsWith).findFirst();
  }

  private boolean lends(String method, String path) {
    return format.operations().stream().anyMatch(operation -> operation.matches(method, path));
  }

  /** Two versions are one too many, and come from a client that adds its own to a base URL's. */
  private static String withoutVersions(String path) {
    String rest = path;
    for (int i = 0; i < 2; i++) {
      for (String version : VERSIONS) {
        if (rest.startsWith(version)) {
          rest = rest.substring(version.length());
          break;
        }
      }
    }
    return rest;
  }
}
