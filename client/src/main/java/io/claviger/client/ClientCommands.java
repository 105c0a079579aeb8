package io.claviger.client;

import io.claviger.client.accounts.TokenCommand;
import io.claviger.client.apply.ApplyCommand;
import io.claviger.client.apply.ExportCommand;
import io.claviger.client.connect.ConnectCommand;
import io.claviger.client.faults.ClientFault;
import io.claviger.client.instances.ChangeCommands;
import io.claviger.client.instances.CheckCommand;
import io.claviger.client.instances.DeleteCommand;
import io.claviger.client.instances.RegisterCommand;
import io.claviger.client.instances.ShowCommand;
import io.claviger.client.instances.WhyCommand;
import io.claviger.client.listings.AuditCommand;
import io.claviger.client.listings.BudgetsCommand;
import io.claviger.client.listings.ModelsCommand;
import io.claviger.client.listings.ServicesCommand;
import io.claviger.client.listings.UsageCommand;
import io.claviger.client.oauth.LoginCommand;
import io.claviger.client.oauth.LogoutCommand;
import io.claviger.client.oauth.StatusCommand;
import io.claviger.client.run.RunCommand;
import io.claviger.client.sharing.LendCommand;
import io.claviger.client.sharing.RevokeCommand;
import io.claviger.client.terminal.ProgramContext;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;

/** The commands that talk to a server elsewhere. Each is made only when it is needed. */
public final class ClientCommands {
  private static final Map<String, Function<ProgramContext, Object>> COMMANDS = commands();

  private ClientCommands() {}

  private static Map<String, Function<ProgramContext, Object>> commands() {
    Map<String, Function<ProgramContext, Object>> commands = new LinkedHashMap<>();
    commands.put("login", LoginCommand::new);
    commands.put("logout", LogoutCommand::new);
    commands.put("status", StatusCommand::new);
    commands.put("services", ServicesCommand::new);
    commands.put("models", ModelsCommand::new);
    commands.put("usage", UsageCommand::new);
    commands.put("budgets", BudgetsCommand::new);
    commands.put("audit", AuditCommand::new);
    commands.put("show", ShowCommand::new);
    commands.put("why", WhyCommand::new);
    commands.put("check", CheckCommand::new);
    commands.put("register", RegisterCommand::new);
    commands.put("replace-key", ChangeCommands.ReplaceKey::new);
    commands.put("enable", ChangeCommands.Enable::new);
    commands.put("disable", ChangeCommands.Disable::new);
    commands.put("delete", DeleteCommand::new);
    commands.put("lend", LendCommand::new);
    commands.put("revoke", RevokeCommand::new);
    commands.put("token", TokenCommand::new);
    commands.put("run", RunCommand::new);
    commands.put("apply", ApplyCommand::new);
    commands.put("export", ExportCommand::new);
    commands.put("connect", ConnectCommand::new);
    return Collections.unmodifiableMap(commands);
  }

  /** Their names, in the order in which help shows them. */
  public static List<String> names() {
    return List.copyOf(COMMANDS.keySet());
  }

  /** Makes the command of a name. */
  public static CommandLine command(String name, ProgramContext context) {
    Function<ProgramContext, Object> command = COMMANDS.get(name);
    if (command == null) {
      throw new IllegalArgumentException("no such command");
    }
    // Behind the program that `run` starts come the program's own options.
    return new CommandLine(command.apply(context)).setStopAtPositional(name.equals("run"));
  }

  /** Prints why a command did not do what it was asked for. Returns the exit code. */
  public static int explain(ClientFault fault, CommandLine line) {
    fault.lines().forEach(line.getErr()::println);
    line.getErr().flush();
    return CommandLine.ExitCode.SOFTWARE;
  }
}
