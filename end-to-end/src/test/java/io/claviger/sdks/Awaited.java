package io.claviger.sdks;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Assumptions;

/** Waits for the results of runs in other threads. */
final class Awaited {
  private Awaited() {}

  /**
   * Waits for a run. Ends the test, as skipped, where this machine can't run the client.
   *
   * @param client what is told of it then
   */
  static <T> T result(Object client, Future<T> running) {
    try {
      return running.get();
    } catch (ExecutionException e) {
      for (Throwable each = e; each != null; each = each.getCause()) {
        if (each instanceof NpmPackages.Missing missing) {
          Assumptions.abort(client + " is not tested: " + missing.getMessage());
        }
      }
      throw new IllegalStateException(client + " was not run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
