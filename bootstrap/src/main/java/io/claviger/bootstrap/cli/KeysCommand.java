package io.claviger.bootstrap.cli;

import io.claviger.host.RandomKey;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "keys", description = "Encryption keys.")
final class KeysCommand extends CommandGroup {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  KeysCommand() {}

  @Command(name = "generate", description = "Print a random encryption key.")
  int generate() {
    PrintWriter out = spec.commandLine().getOut();
    out.println(new RandomKey().next().<String>lend(String::new));
    out.flush();
    return ExitCode.DONE;
  }
}
