package io.claviger.client.instances;

import io.claviger.client.command.Confirmation;
import io.claviger.client.faults.ClientFault;
import io.claviger.client.settings.ConfirmedDestinations;
import io.claviger.client.terminal.SecretInput;
import io.claviger.client.terminal.Terminal;
import io.claviger.client.text.TerminalText;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * The options for the source of a provider's key, and for the endpoint to which it may be sent. The
 * key is never an argument. A server's statement alone never decides where it is sent.
 */
public final class KeyOptions {
  private static final String WHAT = "the provider's key";

  @Option(names = "--key-stdin", description = "Read the key from standard input.")
  private boolean input;

  @Option(names = "--key-file", paramLabel = "FILE", description = "Read the key from a file.")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--send-to",
      paramLabel = "URL",
      description = "The endpoint to which the key may be sent. Otherwise you are asked.")
  private Optional<String> agreed = Optional.empty();

  /**
   * Reads the key, or asks for it without showing what is typed. The user's agreement to the
   * endpoint is stored.
   *
   * @param service the full reference of the service
   * @param endpoint where the key will be sent
   * @param named whether the user has named the endpoint in the same command
   * @throws ClientFault if nobody agrees that the key is sent there
   */
  String key(
      Terminal terminal,
      ConfirmedDestinations confirmed,
      String service,
      String endpoint,
      boolean named) {
    if (input && file.isPresent()) {
      throw ClientFault.of("--key-stdin and --key-file are two places for one key");
    }
    String shown = TerminalText.line(endpoint);
    if (agreed.isPresent() && !isAgreed(endpoint)) {
      throw ClientFault.of(
          "the key would go to %s, which is not what --send-to says; nothing is changed"
              .formatted(shown));
    }
    String key;
    if (input || file.isPresent()) {
      if (!named && agreed.isEmpty() && !confirmed.contain(service, endpoint)) {
        agree(terminal, shown);
      }
      key =
          new String(input ? SecretInput.line(terminal, WHAT) : SecretInput.line(file.get(), WHAT));
    } else {
      key = typed(terminal, shown);
    }
    confirmed.addAll(Map.of(service, endpoint));
    return key;
  }

  private boolean isAgreed(String endpoint) {
    return agreed
        .map(ConfirmedDestinations::normalized)
        .equals(Optional.of(ConfirmedDestinations.normalized(endpoint)));
  }

  private static void agree(Terminal terminal, String endpoint) {
    if (!terminal.isInput()) {
      throw ClientFault.of(
          "the key would go to %s, which only the server names; nothing is changed"
              .formatted(endpoint),
          "If that is right: --send-to " + endpoint);
    }
    if (!Confirmation.agrees(terminal, "Send the key to %s?".formatted(endpoint))) {
      throw ClientFault.of("nothing is done", "To send it there: --send-to " + endpoint);
    }
  }

  /** Asks for the key. The question names the endpoint, so who types the key agrees to it. */
  private static String typed(Terminal terminal, String endpoint) {
    char[] typed =
        terminal
            .askSecret(
                "The provider's key, to be sent to %s (it is not shown): ".formatted(endpoint))
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
