package io.claviger.client.http;

import io.claviger.client.faults.ClientFault;
import io.claviger.client.http.HttpExchange.Received;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.text.TerminalText;
import java.io.Writer;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The API of one server. Every method throws {@link ApiRefusal} if the server refuses the request.
 * Every method throws {@link ClientFault} if there is no answer, or if the answer does not come
 * from Claviger.
 */
public final class Api implements AutoCloseable {
  private static final String JSON = "application/json";
  private static final Pattern NAME = Pattern.compile("[^/\\\\%\\p{Cntrl}]+");
  private static final int OK = 200;
  private static final int ACCEPTED = 202;
  private static final int FOUND = 302;
  private static final int UNAUTHORIZED = 401;

  /**
   * The maximum number of items that {@link #all} keeps in memory. Only the list of all users can
   * be longer, so commands read that list by its {@link #pages}.
   */
  private static final int MOST_ITEMS = 250_000;

  private final URI server;
  private final HttpExchange exchange;
  private final AccessTokens tokens;

  public interface AccessTokens {
    /** Returns the access token to send to the server; empty if none is sent. */
    Optional<String> token();

    /**
     * Returns another access token, to be used if the server does not know the first token.
     *
     * @return empty if there is no other access token
     */
    Optional<String> insteadOf(String refused);
  }

  /** Always sends the same access token, or always none. */
  public record Fixed(Optional<String> token) implements AccessTokens {
    @Override
    public Optional<String> insteadOf(String refused) {
      return Optional.empty();
    }

    @Override
    public String toString() {
      return "an access token";
    }
  }

  public Api(URI server, AccessTokens tokens) {
    this(server, tokens, HttpExchange.USUAL, WaitingNote.onTerminal(server.getHost()));
  }

  private Api(
      URI server, AccessTokens tokens, HttpExchange.Patience patience, WaitingNote waiting) {
    this.server = server;
    this.exchange = new HttpExchange(server, patience, waiting);
    this.tokens = tokens;
  }

  /**
   * Returns the API for a caller who can't wait long. The given duration limits each of three
   * waits: for the connection, for the answer, and for the answer's body. The returned API never
   * tells the user that the command is waiting.
   */
  public static Api hurried(URI server, AccessTokens tokens, Duration patience) {
    return new Api(
        server, tokens, new HttpExchange.Patience(patience, patience), WaitingNote.none());
  }

  /** Stops telling the user that the command is waiting for an answer. */
  public void silence() {
    exchange.silence();
  }

  public URI server() {
    return server;
  }

  /**
   * Returns a path. Each segment is percent-encoded, as URLs require.
   *
   * @throws ClientFault if a segment can't be a name. The server would refuse every path with such
   *     a segment
   */
  public static String path(String... segments) {
    return Arrays.stream(segments)
        .map(segment -> "/" + encoded(demandName(segment)))
        .collect(Collectors.joining());
  }

  private static String demandName(String segment) {
    if (!NAME.matcher(segment).matches()) {
      throw ClientFault.of(
          segment.isEmpty()
              ? "a name or id is empty"
              : "no name and no id has a / \\ % or control character in it: " + segment);
    }
    return segment;
  }

  /** Returns a path with a query. Parameters that are empty are not added. */
  public static String query(String path, Map<String, Optional<String>> parameters) {
    String query =
        parameters.entrySet().stream()
            .filter(each -> each.getValue().isPresent())
            .map(each -> each.getKey() + "=" + encoded(each.getValue().orElseThrow()))
            .collect(Collectors.joining("&"));
    return query.isEmpty() ? path : path + "?" + query;
  }

  static String encoded(String text) {
    // The encoder writes blanks as +, as forms do. In a path, however, a + means a plus sign.
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  public JsonNode get(String path) {
    return call("GET", path, null, Map.of()).orElseGet(JsonTrees::object);
  }

  /** Reads a resource; empty if the resource does not exist or the user can't see it. */
  public Optional<JsonNode> find(String path) {
    try {
      return call("GET", path, null, Map.of());
    } catch (ApiRefusal e) {
      if (e.status() == 404) {
        return Optional.empty();
      }
      throw e;
    }
  }

  public JsonNode post(String path, JsonNode body) {
    return call("POST", path, body, Map.of()).orElseGet(JsonTrees::object);
  }

  /**
   * Creates a resource. If a resource with this path exists already, the server refuses the request
   * with 412.
   */
  public JsonNode create(String path, JsonNode body) {
    return call("PUT", path, body, Map.of("If-None-Match", "*")).orElseGet(JsonTrees::object);
  }

  /**
   * Merges a change into a resource (RFC 7396), even if the resource has changed since it was read.
   */
  public JsonNode patch(String path, JsonNode body) {
    return call("PATCH", path, body, Map.of()).orElseGet(JsonTrees::object);
  }

  /**
   * Merges a change into a resource (RFC 7396). If the resource has changed since it was read, the
   * server refuses the request with 412.
   *
   * @param read the resource as it was read
   */
  public JsonNode patch(String path, JsonNode body, JsonNode read) {
    return call("PATCH", path, body, Map.of("If-Match", tag(read))).orElseGet(JsonTrees::object);
  }

  /** Returns the entity tag (version) of a resource that was read from the server. */
  public static String tag(JsonNode read) {
    String version = JsonTrees.text(read, "version");
    if (!version.matches("[0-9]{1,19}")) {
      throw JsonTrees.lacks("version");
    }
    return "\"" + version + "\"";
  }

  public void delete(String path) {
    Optional<JsonNode> unused = call("DELETE", path, null, Map.of());
  }

  /**
   * Sends a request with additional headers.
   *
   * @param body the body of the request; null if the request has no body
   * @return the body of the answer; empty if there is none
   */
  public Optional<JsonNode> call(
      String method, String path, @Nullable JsonNode body, Map<String, String> headers) {
    return understood(presenting(token -> sent(method, path, body, headers, token)));
  }

  /** Reads a CSV file from the server, and writes each part as soon as it has arrived. */
  public void download(String path, Writer file) {
    Received received =
        presenting(
            token ->
                exchange.send(
                    request(path, "text/csv, application/problem+json", token).GET().build(),
                    Optional.of(file)));
    if (received.status() != OK || !received.contentType().startsWith("text/csv")) {
      Optional<JsonNode> unused = understood(received);
      throw exchange.unlike("it answers with something other than a file");
    }
  }

  /**
   * Sends a request. If the server does not know the access token, the request is repeated with
   * another token if there is one.
   */
  private Received presenting(Function<Optional<String>, Received> request) {
    Optional<String> token = tokens.token();
    Received received = request.apply(token);
    if (received.status() == UNAUTHORIZED
        && token.isPresent()
        && refusal(received).isOfUnknownToken()) {
      Optional<String> other = tokens.insteadOf(token.get());
      return other.isPresent() ? request.apply(other) : received;
    }
    return received;
  }

  private HttpRequest.Builder request(String path, String accept, Optional<String> token) {
    HttpRequest.Builder request = exchange.request(path).header("Accept", accept);
    token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
    return request;
  }

  private Received sent(
      String method,
      String path,
      @Nullable JsonNode body,
      Map<String, String> headers,
      Optional<String> token) {
    HttpRequest.Builder request = request(path, JSON, token);
    headers.forEach(request::header);
    if (body == null) {
      return exchange.send(request.method(method, BodyPublishers.noBody()).build());
    }
    request.header("Content-Type", JSON);
    return exchange.send(
        request.method(method, BodyPublishers.ofByteArray(JsonTrees.bytes(body))).build());
  }

  /**
   * Sends a form to an OAuth endpoint. If the server refuses the form, {@link ApiRefusal} has a
   * code of RFC 6749 or RFC 8628.
   */
  public JsonNode form(String path, Map<String, String> fields) {
    String form =
        fields.entrySet().stream()
            .map(each -> each.getKey() + "=" + encoded(each.getValue()))
            .collect(Collectors.joining("&"));
    HttpRequest request =
        exchange
            .request(path)
            .header("Accept", JSON)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form))
            .build();
    return understood(exchange.send(request)).orElseGet(JsonTrees::object);
  }

  private Optional<JsonNode> understood(Received received) {
    int status = received.status();
    if (status >= 200 && status < 300) {
      if (received.body().isEmpty()) {
        return Optional.empty();
      }
      JsonNode body = json(received);
      if (status == ACCEPTED && body.path("pending").isObject()) {
        throw new PendingChange(body);
      }
      return Optional.of(body);
    }
    if (status < 400) {
      throw exchange.unlike("it answers with %d".formatted(status));
    }
    throw refusal(received);
  }

  private JsonNode json(Received received) {
    try {
      if (received.contentType().contains("json")) {
        return JsonTrees.read(received.body().getBytes(StandardCharsets.UTF_8));
      }
    } catch (JacksonException e) {
      // The code below reports the fault.
    }
    throw exchange.unlike(
        "it answers %d with something other than JSON".formatted(received.status()));
  }

  private ApiRefusal refusal(Received received) {
    JsonNode problem = json(received);
    Optional<String> oauth = JsonTrees.optional(problem, "error");
    if (oauth.isPresent()) {
      String said = JsonTrees.optional(problem, "error_description").orElse(oauth.get());
      return new ApiRefusal(
          received.status(),
          TerminalText.line(oauth.get()),
          TerminalText.line(said),
          List.of(),
          waiting(received));
    }
    String type = JsonTrees.optional(problem, "type").orElse("");
    if (!type.startsWith("urn:claviger:problem:")) {
      throw exchange.unlike(
          "it refuses with %d, but not in Claviger's format".formatted(received.status()));
    }
    String said = JsonTrees.optional(problem, "detail").orElse("refused");
    return new ApiRefusal(
        received.status(),
        TerminalText.line(type.substring(type.lastIndexOf(':') + 1)),
        TerminalText.line(said),
        faults(problem, said),
        waiting(received));
  }

  /**
   * Returns the faults that a problem (RFC 9457) lists. Leaves out a fault if its text is already
   * the end of the text {@code said}.
   */
  private static List<String> faults(JsonNode problem, String said) {
    List<String> faults = new ArrayList<>();
    for (JsonNode fault : problem.path("errors")) {
      String why = JsonTrees.optional(fault, "detail").orElse("");
      if (why.isEmpty() || !said.endsWith(why)) {
        String pointer = JsonTrees.optional(fault, "pointer").orElse("");
        faults.add(TerminalText.line(pointer.isEmpty() ? why : pointer + ": " + why));
      }
    }
    return faults;
  }

  /**
   * Returns the time for which the server tells the client to wait. Claviger states this time in
   * seconds. The result is empty if the answer does not state a number of seconds.
   */
  private static Optional<Duration> waiting(Received received) {
    return received.retryAfter().matches("[0-9]{1,6}")
        ? Optional.of(Duration.ofSeconds(Long.parseLong(received.retryAfter())))
        : Optional.empty();
  }

  /**
   * Returns the answer to a request for {@code /}, with the addresses of the API and the gateway.
   * Browsers, in contrast, are redirected from {@code /} to the documentation.
   */
  JsonNode startPage() {
    Received received = sent("GET", "/", null, Map.of(), Optional.empty());
    return received.status() == FOUND
        ? json(received)
        : understood(received).orElseGet(JsonTrees::object);
  }

  /** Returns the pages of a list. Each page is requested only when the iterator reaches it. */
  public Iterable<List<JsonNode>> pages(String path) {
    return () -> new PageIterator(this, path);
  }

  /** Returns the items of all pages of a list. */
  public List<JsonNode> all(String path) {
    List<JsonNode> all = new ArrayList<>();
    for (List<JsonNode> page : pages(path)) {
      all.addAll(page);
      if (all.size() > MOST_ITEMS) {
        throw ClientFault.of(
            "a list of %s has more than %,d items, and so is too long for this command"
                .formatted(server, MOST_ITEMS));
      }
    }
    return all;
  }

  @Override
  public void close() {
    exchange.close();
  }

  /**
   * Reads a list page by page, so that the first items can be shown before the last items have
   * arrived.
   */
  private static final class PageIterator implements Iterator<List<JsonNode>> {
    private static final int MOST_EMPTY_PAGES = 100;

    private final Api api;
    private final String path;
    private Optional<String> cursor = Optional.empty();
    private boolean ended;
    private int pages;
    private int emptyPages;

    /** The cursor of an earlier page, which no later page may repeat. */
    private Optional<String> earlier = Optional.empty();

    PageIterator(Api api, String path) {
      this.api = api;
      this.path = path;
    }

    @Override
    public boolean hasNext() {
      return !ended;
    }

    @Override
    public List<JsonNode> next() {
      if (ended) {
        throw new NoSuchElementException();
      }
      String first = path + (path.contains("?") ? "&" : "?") + "limit=200";
      JsonNode page =
          api.get(cursor.map(next -> first + "&cursor=" + Api.encoded(next)).orElse(first));
      cursor = JsonTrees.optional(page, "next_cursor");
      ended = cursor.isEmpty();
      List<JsonNode> items = List.copyOf(page.path("items").values());
      demandProgress(items);
      return items;
    }

    /**
     * Refuses a list that does not end. The cursor of each page is compared with only one earlier
     * cursor. This cursor is replaced after 1, 2, 4, 8 … pages, so a repetition of any length is
     * noticed.
     */
    private void demandProgress(List<JsonNode> items) {
      emptyPages = items.isEmpty() ? emptyPages + 1 : 0;
      if (!ended && (cursor.equals(earlier) || emptyPages >= MOST_EMPTY_PAGES)) {
        throw api.exchange.unlike("one of its lists does not end");
      }
      pages++;
      if (Integer.bitCount(pages) == 1) {
        earlier = cursor;
      }
    }
  }
}
