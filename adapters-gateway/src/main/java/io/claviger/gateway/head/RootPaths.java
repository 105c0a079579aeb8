package io.claviger.gateway.head;

import io.claviger.gateway.errors.CallRefused;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Maps paths at the root of the gateway to the URLs that name no service. So clients of another
 * gateway or of a provider can keep the paths of their calls. Paths that are not in the table stay
 * unchanged, and the gateway refuses them as unknown.
 *
 * <p>Nothing is decoded or normalized here. Only the beginning of the path is replaced. The end of
 * the path stays, and the gateway checks it like the path of any other call.
 */
public final class RootPaths {
  private static final String GATEWAY = "/gateway/";
  private static final AsciiString ANTHROPIC_VERSION = AsciiString.cached("anthropic-version");

  /** A condition that a request must meet, in addition to its path, so that a row applies. */
  public enum Only {
    ANY(""),
    POST("`POST`"),
    ANTHROPIC("with the header `anthropic-version`");

    private final String words;

    Only(String words) {
      this.words = words;
    }

    /** The condition in the words of the documentation. */
    public String words() {
      return words;
    }

    private boolean applies(HttpRequest request) {
      return switch (this) {
        case ANY -> true;
        case POST -> request.method().equals(HttpMethod.POST);
        case ANTHROPIC -> request.headers().contains(ANTHROPIC_VERSION);
      };
    }
  }

  /**
   * A row of the table of paths.
   *
   * @param from the path that the row matches. A final {@code /…} matches either the empty text, or
   *     a slash with any text after it. {@code {name}} matches one segment of letters, digits,
   *     dots, hyphens and underscores
   * @param to the text that replaces the matched beginning of the path; the rest of the path stays
   */
  public record Row(String from, Only only, String to) {
    private static final String ANYTHING = "/…";

    private String beginning() {
      return withoutEnd(from);
    }

    private boolean isBeginning() {
      return from.endsWith(ANYTHING);
    }

    private String firstSegment() {
      return segment(from);
    }

    private static String withoutEnd(String path) {
      return path.endsWith(ANYTHING) ? path.substring(0, path.length() - ANYTHING.length()) : path;
    }

    /** Returns the rewritten path; empty if this row does not match the path. */
    private Optional<String> lead(String path) {
      int end = from.indexOf('{') < 0 ? endOfBeginning(path) : endOfPattern(path);
      if (end < 0 || (end < path.length() && (!isBeginning() || path.charAt(end) != '/'))) {
        return Optional.empty();
      }
      return Optional.of(withoutEnd(to) + path.substring(end));
    }

    private int endOfBeginning(String path) {
      return path.startsWith(beginning()) ? beginning().length() : -1;
    }

    private int endOfPattern(String path) {
      Matcher matcher =
          Pattern.compile(beginning().replaceAll("\\{[a-z]+\\}", "[A-Za-z0-9][A-Za-z0-9._-]*"))
              .matcher(path);
      return matcher.lookingAt() ? matcher.end() : -1;
    }
  }

  /** The first segments of those OpenAI paths that some clients call without a version. */
  private static final List<String> OF_OPENAI =
      List.of(
          "audio",
          "batches",
          "chat",
          "completions",
          "containers",
          "conversations",
          "deployments",
          "embeddings",
          "files",
          "fim",
          "images",
          "models",
          "moderations",
          "ocr",
          "realtime",
          "rerank",
          "responses",
          "uploads",
          "vector_stores");

  /**
   * The rows of the table. Rows with longer beginnings of paths come first. If two beginnings have
   * the same length, the row with a condition comes first.
   */
  private static final List<Row> ROWS =
      Stream.concat(
              Stream.of(
                  new Row("/openai/…", Only.ANY, "/gateway/openai/…"),
                  new Row("/anthropic/…", Only.ANY, "/gateway/anthropic/…"),
                  new Row("/gemini/…", Only.ANY, "/gateway/gemini/…"),
                  new Row("/cohere/…", Only.ANY, "/gateway/cohere/…"),
                  new Row("/bedrock/…", Only.ANY, "/gateway/bedrock/…"),
                  new Row(
                      "/vertex_ai/{version}/projects/{project}/locations/{location}/publishers/google/…",
                      Only.ANY,
                      "/gateway/gemini/…"),
                  new Row("/ws/…", Only.ANY, "/gateway/gemini/ws/…"),
                  // Google's SDKs put a slash after a base URL that has no path.
                  new Row("//ws/…", Only.ANY, "/gateway/gemini/ws/…"),
                  new Row("/v1beta/…", Only.ANY, "/gateway/gemini/v1beta/…"),
                  new Row("/v1alpha/…", Only.ANY, "/gateway/gemini/v1alpha/…"),
                  new Row("/upload/v1alpha/…", Only.ANY, "/gateway/gemini/upload/v1alpha/…"),
                  new Row("/upload/v1beta/…", Only.ANY, "/gateway/gemini/upload/v1beta/…"),
                  new Row("/v1/models/…", Only.POST, "/gateway/gemini/v1/models/…"),
                  new Row("/v2/…", Only.ANY, "/gateway/cohere/v2/…"),
                  new Row("/v1/chat", Only.ANY, "/gateway/cohere/v1/chat"),
                  new Row("/v1/embed", Only.ANY, "/gateway/cohere/v1/embed"),
                  new Row("/v1/classify", Only.ANY, "/gateway/cohere/v1/classify"),
                  new Row("/v1/tokenize", Only.ANY, "/gateway/cohere/v1/tokenize"),
                  new Row("/v1/detokenize", Only.ANY, "/gateway/cohere/v1/detokenize"),
                  new Row("/v1/messages", Only.ANY, "/gateway/anthropic/v1/messages"),
                  new Row(
                      "/v1/messages/count_tokens",
                      Only.ANY,
                      "/gateway/anthropic/v1/messages/count_tokens"),
                  new Row(
                      "/v1/messages/batches/…",
                      Only.ANTHROPIC,
                      "/gateway/anthropic/v1/messages/batches/…"),
                  new Row("/v1/models/…", Only.ANTHROPIC, "/gateway/anthropic/v1/models/…"),
                  new Row("/v1/files/…", Only.ANTHROPIC, "/gateway/anthropic/v1/files/…"),
                  new Row("/models/…", Only.ANTHROPIC, "/gateway/anthropic/v1/models/…"),
                  new Row("/files/…", Only.ANTHROPIC, "/gateway/anthropic/v1/files/…"),
                  new Row("/v1/…", Only.ANY, "/gateway/openai/v1/…")),
              OF_OPENAI.stream()
                  .map(
                      first ->
                          new Row(
                              "/" + first + "/…", Only.ANY, "/gateway/openai/v1/" + first + "/…")))
          .sorted(
              Comparator.comparingInt((Row row) -> row.beginning().length())
                  .reversed()
                  .thenComparing(Row::only, Comparator.reverseOrder())
                  .thenComparing(Row::from))
          .toList();

  private static final Map<String, List<Row>> BY_FIRST_SEGMENT =
      ROWS.stream().collect(Collectors.groupingBy(Row::firstSegment));

  private RootPaths() {}

  /** Returns the table in the order in which the rows are tried. */
  public static List<Row> rows() {
    return new ArrayList<>(ROWS);
  }

  /** Rewrites the URI of a request whose path begins at the root of the gateway. */
  public static HttpRequest lead(HttpRequest request) {
    if (!request.uri().startsWith(GATEWAY)) {
      try {
        RequestTarget target = RequestTarget.of(request.uri());
        lead(request, target.path())
            .ifPresent(
                path -> {
                  HttpRequest unused =
                      request.setUri(target.query().isEmpty() ? path : path + "?" + target.query());
                });
      } catch (CallRefused malformed) {
        return request; // A later step refuses the request, as it refuses other malformed calls.
      }
    }
    return request;
  }

  private static Optional<String> lead(HttpRequest request, String path) {
    for (Row row : BY_FIRST_SEGMENT.getOrDefault(segment(path), List.of())) {
      Optional<String> led = row.only().applies(request) ? row.lead(path) : Optional.empty();
      if (led.isPresent()) {
        return led;
      }
    }
    return Optional.empty();
  }

  private static String segment(String path) {
    int end = path.indexOf('/', 1);
    return end < 0 ? path : path.substring(0, end);
  }
}
