package io.claviger.web.server;

import io.javalin.http.Context;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.Supplier;

/** One request of a program that is not a user, and the answer to this request. */
public final class ProgramCall {
  private final Context ctx;
  private final ReceivedBody body;
  private final Supplier<Runnable> lists;
  private final Runnable demandPermitted;

  /**
   * @param lists the limit on lists that are read at the same time: a function that waits until the
   *     program may read a list, and returns an action that frees the program's place
   * @param demandPermitted an action that throws an exception if the program may no longer read a
   *     list
   */
  ProgramCall(Context ctx, ReceivedBody body, Supplier<Runnable> lists, Runnable demandPermitted) {
    this.ctx = ctx;
    this.body = body;
    this.lists = lists;
    this.demandPermitted = demandPermitted;
  }

  /** Returns Javalin's context, which provides everything that this class does not. */
  public Context ctx() {
    return ctx;
  }

  /** Passes the body to a function, and then wipes the body's bytes. */
  public <T> T body(Function<byte[], T> read) {
    return body.take(
        (bytes, length) -> {
          byte[] exact = Arrays.copyOf(bytes, length);
          Arrays.fill(bytes, (byte) 0);
          try {
            return read.apply(exact);
          } finally {
            Arrays.fill(exact, (byte) 0);
          }
        });
  }

  /**
   * Runs a function that reads for a long time. First waits until the program may read a list,
   * because only a few long answers are created at the same time.
   */
  public <T> T readAsList(Supplier<T> reading) {
    Runnable done = lists.get();
    try {
      demandPermitted.run();
      return reading.get();
    } finally {
      done.run();
    }
  }
}
