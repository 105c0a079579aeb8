package io.claviger.web.server;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.requests.RequestLinks;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.problems.Problems;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The paths of the API, each with its methods. The first registered path that matches a request
 * answers it.
 */
public final class Routes {
  private final Caller caller;
  private final RequestLinks requestLinks;
  private final List<Path> paths = new ArrayList<>();
  private final Map<String, Supplier<Problem>> elsewhere = new TreeMap<>();

  /**
   * Creates an empty table.
   *
   * @param limits the limits of requests and bodies
   * @param requestLinks makes links to the page on which refused callers ask for what they lack
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

  /** Makes links to the page on which refused callers ask for what they lack. */
  public RequestLinks requestLinks() {
    return requestLinks;
  }

  /** Answers a request of an authenticated caller. */
  @FunctionalInterface
  public interface RouteHandler {
    void to(ApiCall call);
  }

  /** Answers a request of anyone. */
  @FunctionalInterface
  public interface OpenAnswer {
    void to(Context ctx);
  }

  /** Answers a request of any caller, which may have a form. */
  @FunctionalInterface
  public interface OpenHandler {
    void to(OpenCall call);

    /**
     * Answers a request beyond the rate of its address.
     *
     * @throws ProblemException the given problem, unless the handler answers in another way
     */
    default void refuse(OpenCall call, ProblemException why) {
      throw why;
    }
  }

  public final class Path {
    private final String pattern;
    private final Pattern shape;
    private final List<String> segments;
    private final boolean ofContract;
    private final Map<String, Handler> methods = new TreeMap<>();

    private Path(String pattern, boolean ofContract) {
      this.pattern = pattern;
      this.ofContract = ofContract;
      this.shape = Pattern.compile(pattern.replaceAll("\\{[a-z]+\\}", "[^/]+"));
      this.segments = List.of(pattern.split("/", -1));
    }

    /** Whether some request may match both paths. */
    private boolean overlaps(Path other) {
      if (segments.size() != other.segments.size()) {
        return false;
      }
      for (int i = 0; i < segments.size(); i++) {
        String one = segments.get(i);
        String two = other.segments.get(i);
        if (!one.equals(two) && !one.contains("{") && !two.contains("{")) {
          return false;
        }
      }
      return true;
    }

    private String allowed() {
      return String.join(", ", methods.keySet()) + ", OPTIONS";
    }

    /**
     * Adds GET, and HEAD.
     *
     * @param parameters the query parameters that the method accepts
     */
    public Path get(RouteHandler answer, String... parameters) {
      return known("GET", answer, parameters).known("HEAD", answer, parameters);
    }

    /**
     * Adds PUT, and POST with the same effect.
     *
     * @param parameters the query parameters that the methods accept
     */
    public Path put(RouteHandler answer, String... parameters) {
      return known("PUT", answer, parameters).known("POST", answer, parameters);
    }

    public Path post(RouteHandler answer, String... parameters) {
      return known("POST", answer, parameters);
    }

    /**
     * Adds PATCH.
     *
     * @param parameters the query parameters that the method accepts
     */
    public Path patch(RouteHandler answer, String... parameters) {
      return known("PATCH", answer, parameters);
    }

    /**
     * Adds DELETE.
     *
     * @param parameters the query parameters that the method accepts
     */
    public Path delete(RouteHandler answer, String... parameters) {
      return known("DELETE", answer, parameters);
    }

    /** Adds the methods that read a resource, write it whole or in part, and delete it. */
    public Path resource(
        RouteHandler show, RouteHandler put, RouteHandler patch, RouteHandler delete) {
      return get(show).put(put).patch(patch).delete(delete);
    }

    /** Adds a page that anyone may read without authentication. */
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

    /** Adds GET, and HEAD, for anyone. Any query is left to the handler. */
    public Path openGet(OpenHandler answer) {
      Handler handler = ctx -> answer(ctx, answer);
      methods.put("GET", handler);
      methods.put("HEAD", handler);
      return this;
    }

    /**
     * Adds a method for programs that are no users. The handler identifies them, and counts the
     * request by its address if it can't ({@link OpenCall#countUnknown}). GET includes HEAD.
     */
    public Path forPrograms(String method, OpenHandler answer) {
      Handler handler = ctx -> answer.to(caller.anyone(ctx));
      methods.put(method, handler);
      if (method.equals("GET")) {
        methods.put("HEAD", handler);
      }
      return this;
    }

    /** Adds POST for anyone, with a form as its body. Requests are limited by address. */
    public Path openPost(OpenHandler answer) {
      methods.put("POST", ctx -> answer(ctx, answer));
      return this;
    }

    private void answer(Context ctx, OpenHandler answer) {
      OpenCall call = caller.anyone(ctx);
      try {
        caller.countUnknown(ctx);
      } catch (ProblemException e) {
        answer.refuse(call, e);
        return;
      }
      answer.to(call);
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

  /** Returns a path of pages for people, which are not part of the API's contract. */
  public Path pageAt(String pattern) {
    return add(new Path(pattern, false));
  }

  private Path add(Path path) {
    paths.add(path);
    return path;
  }

  /**
   * Refuses every request to a path with this beginning, because another server answers it.
   *
   * @param problem says which server; called for each request
   */
  public void elsewhere(String beginning, Supplier<Problem> problem) {
    elsewhere.put(beginning, problem);
  }

  /** Returns the methods of each path of the API's contract. */
  public Map<String, Set<String>> table() {
    return table(true);
  }

  /** Returns the methods of each path of pages for people. */
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

  /**
   * Registers the paths. Methods that a path does not support are refused. Most of them are
   * registered nowhere and end in {@link #refuseUnmatched}, because each registration takes time at
   * every start.
   */
  public void register(RoutesConfig routes) {
    for (int i = 0; i < paths.size(); i++) {
      Path path = paths.get(i);
      String allowed = path.allowed();
      path.methods.forEach(
          (method, handler) -> add(routes, HandlerType.findOrCreate(method), path, handler));
      add(routes, HandlerType.OPTIONS, path, ctx -> options(ctx, allowed));
      for (String other : methodsOfOthers(path, paths.subList(i + 1, paths.size()))) {
        add(routes, HandlerType.findOrCreate(other), path, ctx -> refuseMethod(ctx, allowed));
      }
    }
  }

  /**
   * Returns the methods that only later paths support, if this path matches some of their requests.
   */
  private static Set<String> methodsOfOthers(Path path, List<Path> later) {
    Set<String> methods = new TreeSet<>();
    for (Path other : later) {
      if (path.overlaps(other)) {
        methods.addAll(other.methods.keySet());
      }
    }
    methods.removeAll(path.methods.keySet());
    return methods;
  }

  /**
   * Refuses requests that match no registered path and method: the path does not exist, or the
   * method is unknown to HTTP.
   */
  void refuseUnmatched(Context ctx) {
    paths.stream()
        .filter(path -> path.shape.matcher(ctx.path()).matches())
        .findFirst()
        .ifPresent(path -> refuseMethod(ctx, path.allowed()));
    caller.countUnknown(ctx);
    throw new ProblemException(
        elsewhere.entrySet().stream()
            .filter(other -> ctx.path().startsWith(other.getKey()))
            .findFirst()
            .map(other -> other.getValue().get())
            .orElse(Problems.NO_SUCH_PATH));
  }

  private void options(Context ctx, String allowed) {
    caller.countUnknown(ctx);
    ctx.status(204).header("Allow", allowed);
  }

  private void refuseMethod(Context ctx, String allowed) {
    caller.countUnknown(ctx);
    throw new ProblemException(
        new Problem(405, "method_not_allowed", "Allow lists what can be done here.")
            .with("Allow", allowed));
  }

  private static void add(RoutesConfig routes, HandlerType method, Path path, Handler handler) {
    routes.addHttpHandler(method, path.pattern, handler);
  }
}
