package io.claviger.console.instances;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.credentials.CredentialField;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.credentials.CredentialShape;
import io.claviger.domain.credentials.FederationProvider;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A kind of credential, with the inputs of its form. Users choose a kind as the answer to the
 * question "How does the provider know this service?". A form has inputs for exactly the settings
 * in {@link CredentialShape}.
 *
 * @param provider the provider that gives tokens in exchange for statements which this installation
 *     signs; empty unless the kind is {@code federated}
 */
public record CredentialChoice(CredentialKind kind, Optional<FederationProvider> provider) {

  /** The name of the form field, and of the query parameter, that contains the chosen kind. */
  public static final String FIELD = "credential";

  private static final List<CredentialChoice> ALL =
      Stream.of(CredentialKind.values())
          .flatMap(
              kind ->
                  kind == CredentialKind.FEDERATED
                      ? Stream.of(FederationProvider.values())
                          .map(provider -> new CredentialChoice(kind, Optional.of(provider)))
                      : Stream.of(new CredentialChoice(kind, Optional.empty())))
          .toList();

  /**
   * Returns the kinds of credentials that the user can choose for a service. The kind {@code
   * ambient} is among them only for services of {@code _system}.
   */
  static List<CredentialChoice> offered(boolean systemLevel) {
    return ALL.stream()
        .filter(choice -> systemLevel || choice.kind() != CredentialKind.AMBIENT)
        .toList();
  }

  /** Finds the choice for a credential that a service already has. */
  static CredentialChoice of(CredentialKind kind, Optional<FederationProvider> provider) {
    return ALL.stream()
        .filter(choice -> choice.kind() == kind && choice.provider().equals(provider))
        .findAny()
        .orElse(ALL.getFirst());
  }

  /**
   * Finds the choice that a form or an address names. If the form or the address names no choice,
   * the choice is an API key.
   *
   * @throws InvalidValue if there is no choice with this name
   */
  static CredentialChoice of(String value) {
    return value.isEmpty()
        ? ALL.getFirst()
        : ALL.stream()
            .filter(choice -> choice.value().equals(value))
            .findAny()
            .orElseThrow(() -> new InvalidValue(FIELD, "one of the list"));
  }

  /** Returns the value that stands for this choice in a form. */
  public String value() {
    return kind.wireName() + provider.map(each -> "-" + each.wireName()).orElse("");
  }

  public String label() {
    return kind.label(provider);
  }

  /** Returns one line that says when to choose this kind of credential. */
  public String help() {
    return kind.help();
  }

  /** The address of the documentation's page about this choice. */
  public String documentation() {
    return "/docs/guide/providers/" + kind.page(provider);
  }

  /** Returns the settings of the credential that are not secret. */
  List<CredentialField> settings() {
    return kind.shape(provider).entered();
  }

  /**
   * Returns the inputs of the form: first the inputs for the settings, then the input for the
   * secret.
   */
  public List<Input> inputs() {
    CredentialShape shape = kind.shape(provider);
    return Stream.concat(
            settings().stream()
                .map(
                    field ->
                        new Input(
                            field.wireName(),
                            field.words().label(),
                            shape.help(field),
                            field.words().choices().isEmpty() ? Input.TEXT : Input.CHOICE,
                            field.words().choices(),
                            shape.required().contains(field) && !kind.isInFile(field))),
            kind.secrets().stream()
                .map(
                    secret ->
                        new Input(
                            secret.name(),
                            secret.words().label(),
                            secret.words().help(),
                            secret.isFile() ? Input.FILE : Input.PASSWORD,
                            List.of(),
                            secret.required())))
        .toList();
  }

  /**
   * An input field of a form.
   *
   * @param name the name that the field has in the API
   * @param type the type of the input, which is one of the constants of this record
   * @param choices the possible values of a {@link #CHOICE}
   */
  public record Input(
      String name, String label, String help, String type, List<String> choices, boolean required) {
    public static final String TEXT = "text";
    public static final String PASSWORD = "password";
    public static final String FILE = "file";
    public static final String CHOICE = "choice";
  }
}
