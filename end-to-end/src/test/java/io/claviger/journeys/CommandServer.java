package io.claviger.journeys;

import io.claviger.bootstrap.Main;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * Executes commands of the program, one after the other, until its input ends. Each line of the
 * input is a command, and each line of the output is the result of a command. All lines are JSON.
 */
final class CommandServer {
  static final JsonMapper JSON = JsonMapper.builder().build();

  private CommandServer() {}

  /** A command with the environment that it gets. */
  record Command(Map<String, String> environment, List<String> arguments) {}

  public static void main(String[] args) throws IOException {
    PrintStream results = System.out;
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      CommandResult result = execute(JSON.readValue(line, Command.class));
      results.write((JSON.writeValueAsString(result) + "\n").getBytes(StandardCharsets.UTF_8));
      results.flush();
    }
    System.exit(0);
  }

  private static CommandResult execute(Command command) {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
    int exitCode = Main.execute(command.environment(), command.arguments().toArray(String[]::new));
    System.out.flush();
    System.err.flush();
    return new CommandResult(
        exitCode, output.toString(StandardCharsets.UTF_8), errors.toString(StandardCharsets.UTF_8));
  }
}
