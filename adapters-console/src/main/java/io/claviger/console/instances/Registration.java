package io.claviger.console.instances;

import io.claviger.application.instances.InstanceWrite;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.domain.Field;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.definitions.ServiceSettings;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.instances.SettingsWrite;
import io.claviger.domain.keys.Secret;
import io.claviger.web.server.Form;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The settings of a service that is to be registered. When this object is closed, the secret of the
 * service is wiped.
 */
record Registration(Instance.Ref service, InstanceWrite write, CredentialChoice choice)
    implements AutoCloseable {
  /** The prefix of the names of the inputs for the provider's settings. */
  static final String SETTING = "setting_";

  /**
   * The field with the template of the endpoint, as the form showed it. In the template, names of
   * settings are in braces.
   */
  static final String TEMPLATE = "template";

  private static final Set<String> FIELDS =
      Stream.concat(
              Stream.of("from", "definition", "name", "provider", "model", "endpoint"),
              CredentialForm.shownAgain().stream())
          .collect(Collectors.toUnmodifiableSet());

  /** Returns the form as it was sent, without its secrets. */
  static FormState shownAgain(Form form) {
    return FormState.sent(
        form,
        Stream.concat(
                FIELDS.stream(), form.names().stream().filter(name -> name.startsWith(SETTING)))
            .collect(Collectors.toUnmodifiableSet()));
  }

  /** Returns the name of the input next to which a fault is shown. */
  static String inputOf(String pointer) {
    String settings = "/settings/";
    return pointer.startsWith(settings)
        ? SETTING + pointer.substring(settings.length())
        : FormState.fieldOf(pointer);
  }

  /**
   * Reads the form.
   *
   * @param owner the handle of the user who registers the service
   * @throws io.claviger.web.json.InvalidInput with all faults of the form
   */
  static Registration of(Form form, Handle owner) {
    Fields fields = new Fields(form);
    Optional<Handle> name = fields.required("name", "Give the service a name.", Handle::new);
    Optional<Instance.Ref> service = name.map(handle -> new Instance.Ref(owner, handle));
    CredentialForm credential = CredentialForm.read(fields);
    boolean taken = false;
    try {
      Registration read =
          RegisterPages.isStandalone(form.value("from").orElse(""))
              ? standalone(form, fields, service, credential)
              : fromDefinition(fields, service, credential);
      taken = true;
      return read;
    } finally {
      if (!taken) {
        credential.close();
      }
    }
  }

  private static Registration fromDefinition(
      Fields fields, Optional<Instance.Ref> service, CredentialForm credential) {
    Optional<ShownDefinition> definition =
        fields.required("definition", "Choose a definition.", ShownDefinition::of);
    return fields.check(
        () ->
            new Registration(
                service.orElseThrow(),
                write(
                    Field.of(definition.orElseThrow().ref()),
                    settings(
                        Field.absent(),
                        Field.of(definition.orElseThrow().endpoint()),
                        Field.absent(),
                        Field.absent()),
                    credential),
                credential.choice()));
  }

  private static Registration standalone(
      Form form, Fields fields, Optional<Instance.Ref> service, CredentialForm credential) {
    Optional<Provider> provider = fields.required("provider", "Choose a provider.", Provider::of);
    Optional<ModelName> model =
        fields.required("model", "Give the provider's name for the model.", ModelName::new);
    Optional<Endpoint> given = fields.optional("endpoint", Endpoint::ofBaseUrl);
    Map<String, String> typed = typed(form);
    Optional<ServiceSettings> settings =
        typed.isEmpty()
            ? Optional.empty()
            : fields.made("settings", () -> new ServiceSettings(typed));
    // The form shows each provider's own endpoint, so an empty field means that endpoint.
    Optional<Endpoint> endpoint =
        given.or(
            () ->
                typed.isEmpty()
                    ? provider.flatMap(Provider::defaultEndpoint)
                    : form.value(TEMPLATE).flatMap(template -> made(template, typed)));
    return fields.check(
        () ->
            new Registration(
                service.orElseThrow(),
                write(
                    Field.absent(),
                    settings(
                        Field.of(provider.orElseThrow()),
                        Field.from(endpoint),
                        Field.of(model.orElseThrow()),
                        Field.from(settings)),
                    credential),
                credential.choice()));
  }

  private static Map<String, String> typed(Form form) {
    Map<String, String> typed = new TreeMap<>();
    for (String name : form.names()) {
      if (name.startsWith(SETTING)) {
        form.value(name)
            .map(String::strip)
            .filter(value -> !value.isEmpty())
            .ifPresent(value -> typed.put(name.substring(SETTING.length()), value));
      }
    }
    return typed;
  }

  /**
   * Returns the endpoint that results from the template and the settings; empty if the result is
   * not a valid endpoint. The template is the one that the form showed, because the user typed the
   * secret for that endpoint. The stored template of the provider might have been changed since
   * then.
   */
  private static Optional<Endpoint> made(String template, Map<String, String> settings) {
    String text = template;
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      text = text.replace("{" + setting.getKey() + "}", setting.getValue());
    }
    try {
      return Optional.of(Endpoint.of(text));
    } catch (InvalidValue e) {
      return Optional.empty();
    }
  }

  private static FieldWrites settings(
      Field<Provider> provider,
      Field<Endpoint> endpoint,
      Field<ModelName> model,
      Field<ServiceSettings> settings) {
    return FieldWrites.NONE
        .with(DefinitionFields.PROVIDER, provider)
        .with(DefinitionFields.ENDPOINT, endpoint)
        .with(DefinitionFields.MODEL, model)
        .with(InstanceField.SETTINGS.<ServiceSettings>scalar(), settings);
  }

  private static InstanceWrite write(
      Field<Definition.Ref> definition, FieldWrites settings, CredentialForm credential) {
    return credential.addTo(
        new InstanceWrite(definition, new SettingsWrite(settings), Field.absent(), Field.absent()));
  }

  @Override
  public void close() {
    write.secret().ifPresent(Secret::close);
  }

  /**
   * A definition, as the form showed it when the user chose it. The key is sent to the endpoint
   * that the form showed, even if somebody has changed the definition since then.
   */
  record ShownDefinition(Definition.Ref ref, Endpoint endpoint) {
    static ShownDefinition of(String chosen) {
      int space = chosen.indexOf(' ');
      if (space < 0) {
        throw new InvalidValue("definition", "one of the list");
      }
      return new ShownDefinition(
          Definition.Ref.of(chosen.substring(0, space)), Endpoint.of(chosen.substring(space + 1)));
    }

    @Override
    public String toString() {
      return ref + " " + endpoint.url();
    }
  }
}
