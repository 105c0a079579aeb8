package io.claviger.web.health;

import io.claviger.application.health.Readiness;
import io.claviger.web.json.JsonWriter;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import io.javalin.http.Context;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** {@code /health/live} and {@code /health/ready}. */
public final class HealthRoutes implements RouteGroup {
  private final Readiness readiness;
  private final BooleanSupplier leaving;

  /**
   * Creates the routes.
   *
   * @param leaving whether this server is about to stop; if so, it reports that it is not ready
   */
  public HealthRoutes(Readiness readiness, BooleanSupplier leaving) {
    this.readiness = new SharedCheck(readiness);
    this.leaving = leaving;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/health/live").open(HealthRoutes::live);
    routes.at("/health/ready").open(this::ready);
  }

  private static void live(Context ctx) {
    answer(ctx, 200, new Live("ok"));
  }

  private void ready(Context ctx) {
    List<Check> checks =
        readiness.checks().stream().map(c -> new Check(c.name(), word(c.ok()))).toList();
    boolean ready =
        !leaving.getAsBoolean() && checks.stream().allMatch(c -> c.status().equals("ok"));
    if (!ready) {
      ctx.header("Retry-After", "5");
    }
    answer(ctx, ready ? 200 : 503, new Ready(word(ready), checks));
  }

  private static void answer(Context ctx, int status, Object answer) {
    ctx.status(status).contentType("application/json").result(JsonWriter.bytes(answer));
  }

  private static String word(boolean ok) {
    return ok ? "ok" : "failed";
  }

  private record Live(String status) {}

  private record Ready(String status, List<Check> checks) {}

  private record Check(String name, String status) {}

  /**
   * Runs one check for all concurrent callers. Anybody may request a check, and each check occupies
   * a connection of the database's pool. The result for a caller always comes from a check that
   * began after the caller's request.
   */
  static final class SharedCheck implements Readiness {
    private final Readiness readiness;
    private final ReentrantLock lock = new ReentrantLock();
    private long began;
    private List<ReadinessCheck> result = List.of();

    SharedCheck(Readiness readiness) {
      this.readiness = readiness;
    }

    @Override
    public List<ReadinessCheck> checks() {
      long asked = System.nanoTime();
      lock.lock();
      try {
        if (result.isEmpty() || began - asked <= 0) {
          long now = System.nanoTime();
          result = readiness.checks();
          began = now;
        }
        return result;
      } finally {
        lock.unlock();
      }
    }
  }
}
