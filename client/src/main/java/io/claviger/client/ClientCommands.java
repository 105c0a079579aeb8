package io.claviger.client;

import io.claviger.client.faults.ClientFault;
import io.claviger.client.listings.ServicesCommand;
import io.claviger.client.terminal.Surroundings;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;

/** The commands that talk to a server elsewhere. Each is made only when it is needed. */
public final class ClientCommands {
  private static final Map<String, Function<Surroundings, Object>> COMMANDS = commands();

  private ClientCommands() {}

  private static Map<String, Function<Surroundings, Object>> commands() {
    Map<String, Function<Surroundings, Object>> commands = new LinkedHashMap<>();
    commands.put("services", ServicesCommand::new);
    return Collections.unmodifiableMap(commands);
  }

  /** Their names, in the order in which help shows them. */
  public static List<String> names() {
    return List.copyOf(COMMANDS.keySet());
  }

  /** Makes the command of a name. */
  public static CommandLine command(String name, Surroundings surroundings) {
    Function<Surroundings, Object> command = COMMANDS.get(name);
    if (command == null) {
      throw new IllegalArgumentException("no such command");
    }
    return new CommandLine(command.apply(surroundings));
  }

  /** Prints why a command did not do what it was asked for. Returns the exit code. */
  public static int explain(ClientFault fault, CommandLine line) {
    fault.lines().forEach(line.getErr()::println);
    line.getErr().flush();
    return CommandLine.ExitCode.SOFTWARE;
  }
}
