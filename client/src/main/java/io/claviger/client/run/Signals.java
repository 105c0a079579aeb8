package io.claviger.client.run;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Forwards signals to another process while this process waits for its end. The JDK has only an
 * unsupported interface for signals. If this interface is missing, a signal ends this process as
 * usual.
 */
final class Signals {
  private static final List<String> PASSED_ON = List.of("TERM", "HUP", "USR1", "USR2", "WINCH");

  /**
   * The signals that a terminal sends to all processes in the foreground. These signals need not be
   * forwarded, because the other process receives them itself.
   */
  private static final List<String> OF_THE_KEYBOARD = List.of("INT", "QUIT", "TSTP");

  private final CompletableFuture<Process> started = new CompletableFuture<>();
  private final List<Runnable> restorings = new ArrayList<>();

  private Signals() {}

  /**
   * Starts to catch the signals that this process receives. This method must be called before the
   * other process is started, because a signal that arrives in between would otherwise end this
   * process and leave the other process running.
   *
   * @param onTerminal whether this process and the other process are in the foreground of a
   *     terminal
   */
  static Signals take(boolean onTerminal) {
    Signals signals = new Signals();
    PASSED_ON.forEach(signals::pass);
    for (String signal : OF_THE_KEYBOARD) {
      if (!onTerminal) {
        signals.pass(signal);
      } else if (!signal.equals("TSTP")) {
        signals.handle(signal, () -> {});
      }
    }
    return signals;
  }

  /**
   * Forwards the signals that were received so far, and all later signals, to the given process.
   */
  void passOnTo(Process process) {
    boolean unused = started.complete(process);
  }

  /** Stops catching signals, so that a signal ends this process as usual. */
  void release() {
    restorings.forEach(Runnable::run);
    restorings.clear();
  }

  private void pass(String signal) {
    handle(
        signal,
        () -> {
          CompletableFuture<Void> unused = started.thenAccept(process -> send(process, signal));
        });
  }

  private static void send(Process process, String signal) {
    try {
      Process unused =
          new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
    } catch (IOException e) {
      // If the program `kill` is missing, only SIGTERM can be sent.
      boolean unused = process.toHandle().destroy();
    }
  }

  private void handle(String name, Runnable action) {
    try {
      Class<?> type = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Method handle = type.getMethod("handle", type, handler);
      Object signal = type.getConstructor(String.class).newInstance(name);
      Object before = handle.invoke(null, signal, proxy(handler, action));
      restorings.add(() -> restore(handle, signal, before));
    } catch (InvocationTargetException e) {
      // The virtual machine reserves this signal for itself.
    } catch (ReflectiveOperationException e) {
      // This Java runtime has no interface for signals.
    }
  }

  private static void restore(Method handle, Object signal, Object before) {
    try {
      Object unused = handle.invoke(null, signal, before);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e); // the handler could be replaced before
    }
  }

  private static Object proxy(Class<?> handler, Runnable action) {
    return Proxy.newProxyInstance(
        Signals.class.getClassLoader(),
        new Class<?>[] {handler},
        (proxy, method, arguments) -> {
          if (method.getName().equals("handle")) {
            action.run();
          }
          return switch (method.getName()) {
            case "hashCode" -> 0;
            case "equals" -> false;
            case "toString" -> "passes signals on";
            default -> null;
          };
        });
  }
}
