package io.claviger.web.server;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.requests.RequestLinks;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.problems.Problems;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The paths of the API, each with its accepted methods. If several paths match a request, the path
 * that was added first wins.
 *
 * <p>Claviger itself finds the path for a request. Javalin would compare each request with the
 * regular expressions of all paths that accept the request's method. Javalin would also compile two
 * regular expressions for each method of each path at every start.
 */
public final class Routes {
  private static final String PARAMETERS = Routes.class.getName() + ".parameters";

  private final Caller caller;
  private final RequestLinks requestLinks;
  private final List<Path> paths = new ArrayList<>();
  private final Map<Integer, List<Path>> byLength = new HashMap<>();

  /** The handlers for all other paths, keyed by the prefixes of these paths. */
  private final Map<String, Handler> rest = new TreeMap<>();

  private Supplier<Problem> noSuchPath = () -> Problems.NO_SUCH_PATH;

  /**
   * Creates an empty table of paths.
   *
   * @param limits the limits on requests and bodies
   * @param requestLinks the object that creates links to the page on which refused callers can
   *     request missing terms
   */
  public Routes(
      AccessTokens tokens, CallerOrigins origins, ServerLimits limits, RequestLinks requestLinks) {
    this.requestLinks = requestLinks;
    this.caller =
        new Caller(
            tokens,
            origins,
            new RequestRates(limits.requestsPerMinute(), System::nanoTime),
            new Places(limits.bodyMemory()));
  }

  /**
   * Returns the object that creates links to the page on which refused callers can request missing
   * terms.
   */
  public RequestLinks requestLinks() {
    return requestLinks;
  }

  /** Answers a request of an authenticated caller. */
  @FunctionalInterface
  public interface RouteHandler {
    void to(ApiCall call);
  }

  /** Answers a request that anyone may make. */
  @FunctionalInterface
  public interface OpenAnswer {
    void to(Context ctx);
  }

  /** Answers a request that anyone may make. The body of the request may be a form. */
  @FunctionalInterface
  public interface OpenHandler {
    void to(OpenCall call);

    /**
     * Answers a request that exceeds the rate for the caller's address.
     *
     * @throws ProblemException always with the given problem {@code why}, unless an implementation
     *     answers in another way
     */
    default void refuse(OpenCall call, ProblemException why) {
      throw why;
    }
  }

  /**
   * A part of a path's pattern.
   *
   * @param text the part itself, or the name of the parameter
   */
  private record Segment(boolean isParameter, String text) {
    static Segment of(String written) {
      return written.startsWith("{")
          ? new Segment(true, written.substring(1, written.length() - 1))
          : new Segment(false, written);
    }
  }

  public final class Path {
    private final String pattern;
    private final List<Segment> segments;
    private final boolean ofContract;
    private final Map<String, Handler> methods = new TreeMap<>();

    private Path(String pattern, boolean ofContract) {
      this.pattern = pattern;
      this.ofContract = ofContract;
      this.segments = Stream.of(pattern.split("/", -1)).map(Segment::of).toList();
    }

    /**
     * Whether this path matches a request whose path has the given segments. A segment for a
     * parameter must not be empty.
     */
    private boolean matches(List<String> asked) {
      for (int i = 0; i < segments.size(); i++) {
        Segment segment = segments.get(i);
        if (segment.isParameter ? asked.get(i).isEmpty() : !segment.text.equals(asked.get(i))) {
          return false;
        }
      }
      return true;
    }

    private Map<String, String> parameters(List<String> asked) {
      Map<String, String> values = new HashMap<>();
      for (int i = 0; i < segments.size(); i++) {
        Segment segment = segments.get(i);
        if (segment.isParameter) {
          // In a path, unlike in a query, a plus sign stands for itself.
          String escaped = asked.get(i).replace("+", "%2B");
          values.put(segment.text, URLDecoder.decode(escaped, StandardCharsets.UTF_8));
        }
      }
      return values;
    }

    private void answer(Context ctx) throws Exception {
      Handler handler = methods.get(ctx.req().getMethod());
      if (handler != null) {
        handler.handle(ctx);
        return;
      }
      caller.countUnknown(ctx);
      if (!ctx.req().getMethod().equals("OPTIONS")) {
        throw new ProblemException(
            new Problem(
                    405, "method_not_allowed", "The header Allow lists the methods of this path.")
                .with("Allow", allowed()));
      }
      ctx.status(204).header("Allow", allowed());
    }

    private String allowed() {
      return String.join(", ", methods.keySet()) + ", OPTIONS";
    }

    /**
     * Makes this path accept GET and HEAD.
     *
     * @param parameters the names of the accepted query parameters
     */
    public Path get(RouteHandler answer, String... parameters) {
      return known("GET", answer, parameters).known("HEAD", answer, parameters);
    }

    /**
     * Makes this path accept PUT, and POST with the same effect.
     *
     * @param parameters the names of the accepted query parameters
     */
    public Path put(RouteHandler answer, String... parameters) {
      return known("PUT", answer, parameters).known("POST", answer, parameters);
    }

    public Path post(RouteHandler answer, String... parameters) {
      return known("POST", answer, parameters);
    }

    /**
     * Makes this path accept PATCH.
     *
     * @param parameters the names of the accepted query parameters
     */
    public Path patch(RouteHandler answer, String... parameters) {
      return known("PATCH", answer, parameters);
    }

    /**
     * Makes this path accept DELETE.
     *
     * @param parameters the names of the accepted query parameters
     */
    public Path delete(RouteHandler answer, String... parameters) {
      return known("DELETE", answer, parameters);
    }

    /**
     * Adds the methods for reading a resource, for writing it as a whole or in part, and for
     * deleting it.
     */
    public Path resource(
        RouteHandler show, RouteHandler put, RouteHandler patch, RouteHandler delete) {
      return get(show).put(put).patch(patch).delete(delete);
    }

    /** Makes this path the path of a page that anyone may read without authentication. */
    public Path open(OpenAnswer answer) {
      Handler handler =
          ctx -> {
            caller.countUnknown(ctx);
            answer.to(ctx);
          };
      methods.put("GET", handler);
      methods.put("HEAD", handler);
      return this;
    }

    /**
     * Makes this path accept {@code GET} and {@code HEAD} from unauthenticated callers. The handler
     * reads the query, which may contain any parameters.
     */
    public Path openGet(OpenHandler answer) {
      Handler handler = ctx -> answerAnyone(ctx, answer);
      methods.put("GET", handler);
      methods.put("HEAD", handler);
      return this;
    }

    /**
     * Makes this path accept a method from programs that are not users. The handler identifies the
     * program. If the handler can't identify the program, the handler counts the request against
     * the address ({@link OpenCall#countUnknown}). GET includes HEAD.
     */
    public Path forPrograms(String method, OpenHandler answer) {
      Handler handler = ctx -> answer.to(caller.anyone(ctx));
      methods.put(method, handler);
      if (method.equals("GET")) {
        methods.put("HEAD", handler);
      }
      return this;
    }

    /**
     * Makes this path accept {@code POST} with a form from unauthenticated callers. The number of
     * requests from each address is limited.
     */
    public Path openPost(OpenHandler answer) {
      methods.put("POST", ctx -> answerAnyone(ctx, answer));
      return this;
    }

    private Path known(String method, RouteHandler answer, String... parameters) {
      Set<String> names = Set.of(parameters);
      methods.put(method, ctx -> answer.to(caller.of(ctx, names)));
      return this;
    }
  }

  public Path at(String pattern) {
    return add(new Path(pattern, true));
  }

  /** Returns a path for pages that people read. These pages are not part of the API's contract. */
  public Path pageAt(String pattern) {
    return add(new Path(pattern, false));
  }

  private Path add(Path path) {
    paths.add(path);
    byLength.computeIfAbsent(path.segments.size(), any -> new ArrayList<>()).add(path);
    return path;
  }

  /**
   * Refuses every request to a path with this beginning, because another server serves these paths.
   *
   * @param problem a function that returns a problem that names the other server; the function is
   *     called for each such request
   */
  public void elsewhere(String beginning, Supplier<Problem> problem) {
    rest.put(
        beginning,
        ctx -> {
          caller.countUnknown(ctx);
          throw new ProblemException(problem.get());
        });
  }

  /**
   * Sets the problem with which requests to unknown paths are answered.
   *
   * @param problem a function that returns the problem; it is called for each such request
   */
  public void otherwise(Supplier<Problem> problem) {
    noSuchPath = problem;
  }

  /**
   * Answers all requests whose paths begin with this prefix and match no other path. Anyone may
   * make these requests.
   */
  public void rest(String beginning, OpenHandler answer) {
    rest.put(beginning, ctx -> answerAnyone(ctx, answer));
  }

  private void answerAnyone(Context ctx, OpenHandler answer) {
    OpenCall call = caller.anyone(ctx);
    try {
      caller.countUnknown(ctx);
    } catch (ProblemException e) {
      answer.refuse(call, e);
      return;
    }
    answer.to(call);
  }

  /** Returns the accepted methods of each path in the API's contract. */
  public Map<String, Set<String>> table() {
    return table(true);
  }

  /** Returns the accepted methods of each HTML page's path. */
  public Map<String, Set<String>> pages() {
    return table(false);
  }

  private Map<String, Set<String>> table(boolean ofContract) {
    Map<String, Set<String>> table = new TreeMap<>();
    paths.stream()
        .filter(path -> path.ofContract == ofContract)
        .forEach(path -> table.put(path.pattern, Set.copyOf(path.methods.keySet())));
    return table;
  }

  /** Makes Javalin pass all requests to this table. */
  void register(RoutesConfig javalin) {
    javalin.before(
        ctx -> {
          answer(ctx);
          Completion.of(ctx).waitsForCaller();
          ctx.skipRemainingHandlers();
        });
  }

  private void answer(Context ctx) throws Exception {
    List<String> asked = List.of(ctx.path().split("/", -1));
    Optional<Path> found = find(asked);
    if (found.isPresent()) {
      ctx.attribute(PARAMETERS, found.get().parameters(asked));
      found.get().answer(ctx);
      return;
    }
    for (Map.Entry<String, Handler> other : rest.entrySet()) {
      if (ctx.path().startsWith(other.getKey())) {
        other.getValue().handle(ctx);
        return;
      }
    }
    caller.countUnknown(ctx);
    boolean slash =
        asked.getLast().isEmpty() && find(asked.subList(0, asked.size() - 1)).isPresent();
    throw new ProblemException(slash ? Problems.SLASH_AT_THE_END : noSuchPath.get());
  }

  private Optional<Path> find(List<String> asked) {
    for (Path path : byLength.getOrDefault(asked.size(), List.of())) {
      if (path.matches(asked)) {
        return Optional.of(path);
      }
    }
    return Optional.empty();
  }

  /**
   * Returns a parameter from a request's path, with percent-encoding decoded.
   *
   * @param name the parameter's name, without the braces around it
   * @throws IllegalArgumentException if the path has no such parameter
   */
  public static String parameter(Context ctx, String name) {
    Map<String, String> parameters = ctx.attribute(PARAMETERS);
    String value = parameters == null ? null : parameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the path has no parameter " + name);
    }
    return value;
  }
}
