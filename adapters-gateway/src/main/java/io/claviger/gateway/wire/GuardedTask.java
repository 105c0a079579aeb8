package io.claviger.gateway.wire;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task for an event loop or an executor. The task's failure is always reported, even an {@link
 * Error}. Event loops ignore exceptions of tasks. So without the report, a call that waits for the
 * outcome of a failed task would wait forever, with its secrets in memory.
 */
public final class GuardedTask implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(GuardedTask.class);

  private final Runnable task;
  private final Consumer<? super Throwable> onFailure;

  private GuardedTask(Runnable task, Consumer<? super Throwable> onFailure) {
    this.task = task;
    this.onFailure = onFailure;
  }

  /**
   * @param onFailure an action that receives the task's exception on the task's thread, and has to
   *     end the request or call for which the task ran
   */
  public static Runnable of(Runnable task, Consumer<? super Throwable> onFailure) {
    return new GuardedTask(task, onFailure);
  }

  /**
   * Creates a task that nobody waits for. The task's failure is logged, and the task can run again.
   */
  public static Runnable logged(Runnable task) {
    return new GuardedTask(task, failure -> {});
  }

  @Override
  public void run() {
    try {
      task.run();
    } catch (Throwable failure) {
      try {
        LOG.error("a task of the gateway failed", failure);
      } finally {
        tell(failure);
      }
    }
  }

  private void tell(Throwable failure) {
    try {
      onFailure.accept(failure);
    } catch (Throwable again) {
      LOG.error("the failure of a task could not be handled", again);
    }
  }
}
