package io.claviger.web.server;

import io.claviger.application.accounts.AccessTokens;
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
import java.util.regex.Pattern;

/**
 * The paths of the API, each with its methods. Registered in order: the first path that fits
 * counts.
 */
public final class Routes {
  private final Caller caller;
  private final List<Path> paths = new ArrayList<>();

  /**
   * @param requestsPerMinute of one user, and of one address without an access token
   */
  public Routes(AccessTokens tokens, CallerAddress addresses, int requestsPerMinute) {
    this.caller =
        new Caller(tokens, addresses, new RequestRates(requestsPerMinute, System::nanoTime));
  }

  /** Answers a request of a caller who is known. */
  @FunctionalInterface
  public interface RouteHandler {
    void to(ApiCall call);
  }

  /** Answers anyone. */
  @FunctionalInterface
  public interface OpenAnswer {
    void to(Context ctx);
  }

  /** One path and what can be done there. */
  public final class Path {
    private final String pattern;
    private final Pattern shape;
    private final Map<String, Handler> methods = new TreeMap<>();

    private Path(String pattern) {
      this.pattern = pattern;
      this.shape = Pattern.compile(pattern.replaceAll("\\{[a-z]+\\}", "[^/]+"));
    }

    private String allowed() {
      return String.join(", ", methods.keySet()) + ", OPTIONS";
    }

    /**
     * @param parameters the query parameters that it knows
     */
    public Path get(RouteHandler answer, String... parameters) {
      return known("GET", answer, parameters).known("HEAD", answer, parameters);
    }

    /** PUT, and POST, which does the same. */
    public Path put(RouteHandler answer) {
      return known("PUT", answer).post(answer);
    }

    public Path post(RouteHandler answer) {
      return known("POST", answer);
    }

    public Path patch(RouteHandler answer) {
      return known("PATCH", answer);
    }

    /**
     * @param parameters the query parameters that it knows
     */
    public Path delete(RouteHandler answer, String... parameters) {
      return known("DELETE", answer, parameters);
    }

    /** A page for anyone, who need not say who they are. */
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

    private Path known(String method, RouteHandler answer, String... parameters) {
      Set<String> names = Set.of(parameters);
      methods.put(
          method,
          ctx -> {
            var actor = caller.of(ctx);
            answer.to(new ApiCall(ctx, actor, Query.of(ctx.queryString(), names), caller.lists()));
          });
      return this;
    }
  }

  public Path at(String pattern) {
    Path path = new Path(pattern);
    paths.add(path);
    return path;
  }

  /** The methods of each path, by path. */
  public Map<String, Set<String>> table() {
    Map<String, Set<String>> table = new TreeMap<>();
    paths.forEach(path -> table.put(path.pattern, Set.copyOf(path.methods.keySet())));
    return table;
  }

  /** Hands the paths over; on each, the methods that it has not are refused there and then. */
  public void register(RoutesConfig routes) {
    for (Path path : paths) {
      String allowed = path.allowed();
      path.methods.forEach(
          (method, handler) -> add(routes, HandlerType.findOrCreate(method), path, handler));
      add(routes, HandlerType.OPTIONS, path, ctx -> options(ctx, allowed));
      for (HandlerType other : HandlerType.commonHttp()) {
        if (!path.methods.containsKey(other.name()) && !other.equals(HandlerType.OPTIONS)) {
          add(routes, other, path, ctx -> refuseMethod(ctx, allowed));
        }
      }
    }
  }

  /**
   * Refuses what no registered path and method answers: a path that is not there, or a method that
   * nobody has heard of.
   */
  void refuseUnmatched(Context ctx) {
    paths.stream()
        .filter(path -> path.shape.matcher(ctx.path()).matches())
        .findFirst()
        .ifPresent(path -> refuseMethod(ctx, path.allowed()));
    caller.countUnknown(ctx);
    throw new ProblemException(Problems.NOT_FOUND);
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
