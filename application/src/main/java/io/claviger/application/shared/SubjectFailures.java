package io.claviger.application.shared;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Collects the failures of a task that does the same work for several subjects, such as accounts,
 * services or tokens. A failing subject does not prevent the work for the other subjects.
 */
public final class SubjectFailures {
  /**
   * The time for which a subject is left out after a failure. If the subject were not left out, it
   * would make the task fail in each run. Because a failing task pauses, the work for the other
   * subjects would be late.
   */
  public static final Duration REST = Duration.ofSeconds(10);

  private @Nullable RuntimeException first;

  /**
   * Does the work for a subject.
   *
   * @param rest the task that leaves the subject out for {@link #REST}; called if the work fails
   *     although the database answers
   */
  public static void orRest(Runnable work, Runnable rest) {
    try {
      work.run();
    } catch (StoreUnavailable e) {
      throw e;
    } catch (RuntimeException e) {
      rest.run();
      throw e;
    }
  }

  /**
   * Does the work for a subject.
   *
   * @throws StoreUnavailable when the database does not answer, so that the work for the other
   *     subjects would fail too
   */
  public void collect(Runnable work) {
    try {
      work.run();
    } catch (StoreUnavailable e) {
      throw e;
    } catch (RuntimeException e) {
      add(e);
    }
  }

  /** Adds the failure of a subject. */
  public void add(RuntimeException failure) {
    first = first == null ? failure : first;
  }

  /** Throws the first failure, if any. */
  public void throwFirst() {
    if (first != null) {
      throw first;
    }
  }
}
