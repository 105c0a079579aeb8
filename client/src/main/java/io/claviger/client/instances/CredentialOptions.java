package io.claviger.client.instances;

import io.claviger.client.faults.ClientFault;
import io.claviger.client.faults.HelpAsked;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.terminal.Terminal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/**
 * The options that say how a service authenticates to its provider. On a terminal, the command asks
 * the user for missing values.
 */
public final class CredentialOptions {
  private static final String QUESTION = "?";

  @Option(
      names = "--credential",
      paramLabel = "WAY",
      converter = WayOrQuestion.class,
      description =
          "How the service authenticates to the provider: api_key,"
              + " oauth_client, aws, federated-openai …;"
              + " --credential '?' lists all.")
  private Optional<String> way = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "A setting of the credential, such as token_url; never a secret.")
  private Map<String, String> settings = new LinkedHashMap<>();

  boolean isGiven() {
    return way.isPresent() || !settings.isEmpty();
  }

  /**
   * @throws ClientFault if the option names no known way to authenticate; the message lists all
   *     ways
   */
  void checkWay() {
    way.ifPresent(CredentialWay::of);
  }

  /** Returns how the service authenticates. Asks the user if no option says how. */
  CredentialWay way(Terminal terminal, boolean asks) {
    if (way.isPresent()) {
      return CredentialWay.of(way.get());
    }
    if (!settings.isEmpty()) {
      throw ClientFault.of("--set needs --credential WAY");
    }
    if (!asks || !terminal.isInput()) {
      return CredentialWay.usual();
    }
    String answer = askedWay(terminal, "How does this provider know you? (? lists the ways)");
    while (answer.equals(QUESTION)) {
      answer = askedWay(terminal, String.join("\n", CredentialWay.list()) + "\nWhich one?");
    }
    return answer.isEmpty() ? CredentialWay.usual() : CredentialWay.of(answer);
  }

  /** Returns what the user typed; empty if the user typed nothing, or can't be asked any more. */
  private static String askedWay(Terminal terminal, String question) {
    return terminal.ask(question + " [api_key] ").map(String::strip).orElse("");
  }

  /**
   * Returns the credential without its secret. If the options lack settings of the credential, asks
   * the user for them.
   */
  ObjectNode credential(CredentialWay chosen, Terminal terminal) {
    Set<String> known =
        chosen.settings().stream()
            .map(CredentialWay.Setting::name)
            .collect(Collectors.toCollection(java.util.TreeSet::new));
    settings.keySet().stream()
        .filter(name -> !known.contains(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw ClientFault.of(
                  "%s has no setting of that name".formatted(chosen.text()),
                  known.isEmpty() ? "It has none." : "It has: " + String.join(", ", known));
            });
    ObjectNode values = JsonTrees.object();
    for (CredentialWay.Setting setting : chosen.settings()) {
      Optional<String> value =
          Optional.ofNullable(settings.get(setting.name()))
              .or(
                  () ->
                      setting.required()
                          ? Optional.of(asked(setting, terminal))
                          : Optional.empty());
      value.ifPresent(text -> values.put(setting.name(), text));
    }
    ObjectNode credential = JsonTrees.object().put("kind", chosen.kind());
    if (chosen.isFederated()) {
      values.put("provider", chosen.provider());
      credential.set("federation", values);
    } else {
      credential.setAll(values);
    }
    return credential;
  }

  private static String asked(CredentialWay.Setting setting, Terminal terminal) {
    return (terminal.isInput()
            ? terminal.ask("%s. %s: ".formatted(setting.help(), setting.name()))
            : Optional.<String>empty())
        .map(String::strip)
        .filter(text -> !text.isEmpty())
        .orElseThrow(
            () ->
                ClientFault.of(
                    "the credential needs its " + setting.name(),
                    "%s: --set %s=…".formatted(setting.help(), setting.name())));
  }

  /** Reads the name of a way to authenticate, or a question mark, which asks for all names. */
  static final class WayOrQuestion implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      if (text.equals(QUESTION)) {
        throw new HelpAsked(CredentialWay.list());
      }
      return text;
    }
  }
}
