package io.claviger.client.instances;

import io.claviger.client.command.Confirmation;
import io.claviger.client.faults.ClientFault;
import io.claviger.client.settings.ConfirmedDestinations;
import io.claviger.client.terminal.SecretInput;
import io.claviger.client.terminal.Terminal;
import io.claviger.client.text.TerminalText;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/**
 * The options that say where a provider's key is read from, and to which endpoint the key may be
 * sent. The key itself is never an argument. If the endpoint is named only by the server, the user
 * must agree before the key is sent there.
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
      description =
          "The endpoint to which the key may be sent. Without this option, you are asked.")
  private Optional<String> agreed = Optional.empty();

  /**
   * Reads the key, or asks the user for it without showing what the user types. The user's
   * agreement to the endpoint is stored.
   *
   * @param service the full reference of the service with the key
   * @param endpoint the endpoint to which the key will be sent
   * @param named whether the command's arguments contain the endpoint
   * @throws ClientFault if the user does not agree to send the key to this endpoint
   */
  String key(
      Terminal terminal,
      ConfirmedDestinations confirmed,
      String service,
      String endpoint,
      boolean named) {
    return secret(new Use(terminal, confirmed, service, endpoint, named), false);
  }

  /**
   * Where a secret is used: the addresses that receive the secret, or a token that is obtained with
   * it.
   *
   * @param service the full reference of the service with the secret
   * @param tokenUrls the addresses, besides the endpoint, to which the secret is sent, as the user
   *     named them
   * @param named whether the command's arguments contain the endpoint
   */
  record Use(
      Terminal terminal,
      ConfirmedDestinations confirmed,
      String service,
      String endpoint,
      List<String> tokenUrls,
      boolean named) {
    Use(
        Terminal terminal,
        ConfirmedDestinations confirmed,
        String service,
        String endpoint,
        boolean named) {
      this(terminal, confirmed, service, endpoint, List.of(), named);
    }

    Use with(ObjectNode credential) {
      return new Use(
          terminal,
          confirmed,
          service,
          endpoint,
          ConfirmedDestinations.tokenUrls(credential),
          named);
    }

    String destinations() {
      return ConfirmedDestinations.of(endpoint, tokenUrls);
    }

    String shown() {
      return TerminalText.line(
          Stream.concat(Stream.of(endpoint), tokenUrls.stream())
              .collect(Collectors.joining(" and ")));
    }

    void agreed() {
      confirmed.addAll(Map.of(service, destinations()));
    }
  }

  /** Whether an option says where the key is read from. */
  boolean isGiven() {
    return input || file.isPresent();
  }

  /** Returns the credential with its secret, after the user has agreed to the endpoint. */
  ObjectNode credential(CredentialOptions options, CredentialWay way, Use use) {
    ObjectNode credential = options.credential(way, use.terminal());
    Use whole = use.with(credential);
    if (way.hasSecret()) {
      String secret = secret(whole, way.isFile());
      credential.put(way.secretField(secret), secret);
      return credential;
    }
    if (isGiven()) {
      throw ClientFault.of("%s has no secret".formatted(way.text()));
    }
    if (way.isMinted()) {
      agree(whole, "a token of yours");
    }
    return credential;
  }

  /**
   * Requires that the user agrees to the endpoint. The user agrees by naming the endpoint in the
   * command, or by answering a question.
   */
  private void agree(Use use, String what) {
    demandAgreed(use.endpoint(), use.shown(), what);
    if (!use.named()
        && agreed.isEmpty()
        && !use.confirmed().contain(use.service(), use.destinations())) {
      agree(use, use.shown(), what);
    }
    use.agreed();
  }

  private void demandAgreed(String endpoint, String shown, String what) {
    if (agreed.isPresent() && !isAgreed(endpoint)) {
      throw ClientFault.of(
          "%s would go to %s, but --send-to names another address; nothing is changed"
              .formatted(what, shown));
    }
  }

  /**
   * @param ofFile whether the secret can be the content of a file, which can have several lines
   */
  private String secret(Use use, boolean ofFile) {
    if (input && file.isPresent()) {
      throw ClientFault.of("--key-stdin and --key-file are two places for one key");
    }
    if (isGiven()) {
      agree(use, "the key");
      return new String(
          input
              ? SecretInput.of(use.terminal(), WHAT, ofFile)
              : SecretInput.of(file.get(), WHAT, ofFile));
    }
    demandAgreed(use.endpoint(), use.shown(), "the key");
    String typed = typed(use.terminal(), use.shown());
    use.agreed();
    return typed;
  }

  private boolean isAgreed(String endpoint) {
    return agreed
        .map(ConfirmedDestinations::normalized)
        .equals(Optional.of(ConfirmedDestinations.normalized(endpoint)));
  }

  private static void agree(Use use, String shown, String what) {
    String endpoint = TerminalText.line(use.endpoint());
    if (!use.terminal().isInput()) {
      throw ClientFault.of(
          "%s would go to %s, which only the server names; nothing is changed"
              .formatted(what, shown),
          "If that is right: --send-to " + endpoint);
    }
    if (!Confirmation.agrees(use.terminal(), "Send %s to %s?".formatted(what, shown))) {
      throw ClientFault.of("nothing is done", "To send it there: --send-to " + endpoint);
    }
  }

  /**
   * Asks the user for the key. The question names the endpoint. By typing the key, the user agrees
   * that the key is sent to this endpoint.
   */
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
