package io.claviger.journeys;

import io.claviger.journeys.CommandServer.Command;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Executes commands of the program in one other process for all of them, which saves the start of a
 * JVM for each. Each command also has a test that starts it as {@link Program}, as users do.
 */
final class Commands {
  private static final long PATIENCE_SECONDS = 60;

  private final Writer commands;
  private final BufferedReader results;

  private Commands(Process process) {
    commands = process.outputWriter(StandardCharsets.UTF_8);
    results = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Executes a command and returns its result. {@code serve} must refuse to start. */
  static CommandResult run(Map<String, String> environment, String... arguments) {
    return Started.ONCE.send(new Command(environment, List.of(arguments)));
  }

  private synchronized CommandResult send(Command command) {
    try {
      commands.write(CommandServer.JSON.writeValueAsString(command) + "\n");
      commands.flush();
      String result =
          CompletableFuture.supplyAsync(this::line, Thread::startVirtualThread)
              .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return CommandServer.JSON.readValue(result, CommandResult.class);
    } catch (IOException | ExecutionException | TimeoutException e) {
      throw new AssertionError("no result of " + command.arguments(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private String line() {
    try {
      return String.valueOf(results.readLine());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The process ends with this one, which closes its input. */
  private static final class Started {
    static final Commands ONCE = new Commands(Program.commandServer());
  }
}
