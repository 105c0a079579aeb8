package io.claviger.client.services;

import io.claviger.client.faults.ClientFault;
import io.claviger.client.terminal.SecretInput;
import io.claviger.client.terminal.Terminal;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where a provider's key comes from. It is never an argument. */
public final class KeyOptions {
  private static final String WHAT = "the provider's key";

  @Option(names = "--key-stdin", description = "Read the key from standard input.")
  private boolean input;

  @Option(names = "--key-file", paramLabel = "FILE", description = "Read the key from a file.")
  private Optional<Path> file = Optional.empty();

  /** Reads the key, or asks for it without showing what is typed. */
  String key(Terminal terminal) {
    if (input && file.isPresent()) {
      throw ClientFault.of("--key-stdin and --key-file are two places for one key");
    }
    if (input) {
      return new String(SecretInput.line(terminal, WHAT));
    }
    if (file.isPresent()) {
      return new String(SecretInput.line(file.get(), WHAT));
    }
    char[] typed =
        terminal
            .askSecret("The provider's key (it is not shown): ")
            .orElseThrow(
                () ->
                    ClientFault.of(
                        "there is no terminal to ask for the key on",
                        "Use --key-stdin or --key-file FILE."));
    if (typed.length == 0) {
      throw ClientFault.of("no key was typed, and nothing is changed");
    }
    return new String(typed);
  }
}
