package io.claviger.application.instances;

import io.claviger.application.Wiring;
import io.claviger.domain.Description;
import io.claviger.domain.DisplayName;
import io.claviger.domain.Field;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Dimensions;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.fairness.ProviderLimitsWrite;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.instances.HeaderName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.instances.InstanceSettings;
import io.claviger.domain.instances.Organization;
import io.claviger.domain.instances.SettingsWrite;
import io.claviger.domain.instances.Timeout;
import io.claviger.domain.keys.CustomHeader;
import io.claviger.domain.keys.CustomHeaders;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.KeyPolicyWrite;
import io.claviger.domain.policy.LimitsInAll;
import io.claviger.domain.policy.LimitsWrite;
import io.claviger.domain.sharing.Audience;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Builds a write of a service. A field that is not named is absent. */
public final class InstanceWriteBuilder {
  private Field<Definition.Ref> definition = Field.absent();
  private Field<DisplayName> displayName = Field.absent();
  private Field<Description> description = Field.absent();
  private Field<Provider> provider = Field.absent();
  private Field<Handle> apiStandard = Field.absent();
  private Field<Endpoint> endpoint = Field.absent();
  private Field<ModelName> model = Field.absent();
  private Field<Dimensions> dimensions = Field.absent();
  private Field<ContextLimit> contextLimit = Field.absent();
  private Field<Timeout> timeout = Field.absent();
  private Field<Organization> organization = Field.absent();
  private Field<Boolean> enabled = Field.absent();
  private Field<Audience> audience = Field.absent();
  private KeyPolicyWrite keyPolicy = KeyPolicyWrite.ABSENT;
  private LimitsWrite limits = LimitsWrite.ABSENT;
  private Field<Secret> apiKey = Field.absent();
  private Field<CustomHeaders> headers = Field.absent();
  private Optional<Boolean> sameAccount = Optional.empty();

  public static InstanceWriteBuilder of() {
    return new InstanceWriteBuilder();
  }

  /** A write with all fields as a reader sees them. */
  public static InstanceWriteBuilder back(Instance read) {
    InstanceSettings s = read.settings();
    InstanceWriteBuilder write = new InstanceWriteBuilder();
    write.definition = nullable(read.definitionRef());
    write.displayName = Field.of(s.displayName());
    write.description = Field.of(s.fields().description());
    write.provider = Field.of(s.fields().provider());
    write.apiStandard = Field.of(s.fields().apiStandard());
    write.endpoint = Field.of(s.fields().endpoint());
    write.model = Field.of(s.fields().model());
    write.dimensions = nullable(s.fields().dimensions());
    write.contextLimit = nullable(s.fields().contextLimit());
    write.timeout = Field.of(s.timeout());
    write.organization = nullable(s.organization());
    write.enabled = Field.of(s.enabled());
    KeyPolicy policy = s.keyPolicy();
    write.keyPolicy(policy.centralKey(), policy.userKeys(), policy.fallbackToCentral());
    write.limits = LimitsWrite.of(s.limits());
    return write;
  }

  private static <T> Field<T> nullable(Optional<T> value) {
    return value.map(Field::of).orElseGet(Field::ofNull);
  }

  /** A complete service: OpenAI at its own endpoint. */
  public static InstanceWriteBuilder openAi() {
    return of().provider(Provider.OPENAI).model("text-embedding-3-small");
  }

  public InstanceWriteBuilder from(String ref) {
    definition = Field.of(Definition.Ref.of(ref));
    return this;
  }

  public InstanceWriteBuilder fromNone() {
    definition = Field.ofNull();
    return this;
  }

  public InstanceWriteBuilder displayName(String text) {
    displayName = Field.of(new DisplayName(text));
    return this;
  }

  public InstanceWriteBuilder description(String text) {
    description = Field.of(new Description(text));
    return this;
  }

  public InstanceWriteBuilder provider(Provider given) {
    provider = Field.of(given);
    return this;
  }

  public InstanceWriteBuilder apiStandard(String handle) {
    apiStandard = Field.of(new Handle(handle));
    return this;
  }

  public InstanceWriteBuilder endpoint(String url) {
    endpoint = Field.of(Endpoint.of(url));
    return this;
  }

  public InstanceWriteBuilder model(String name) {
    model = Field.of(new ModelName(name));
    return this;
  }

  public InstanceWriteBuilder dimensions(int length) {
    dimensions = Field.of(new Dimensions(length));
    return this;
  }

  public InstanceWriteBuilder withoutDimensions() {
    dimensions = Field.ofNull();
    return this;
  }

  public InstanceWriteBuilder contextLimit(int tokens) {
    contextLimit = Field.of(new ContextLimit(tokens));
    return this;
  }

  public InstanceWriteBuilder timeout(int millis) {
    timeout = Field.of(new Timeout(millis));
    return this;
  }

  public InstanceWriteBuilder organization(String text) {
    organization = Field.of(new Organization(text));
    return this;
  }

  public InstanceWriteBuilder enabled(boolean given) {
    enabled = Field.of(given);
    return this;
  }

  public InstanceWriteBuilder audience(Audience given) {
    audience = Field.of(given);
    return this;
  }

  public InstanceWriteBuilder keyPolicy(boolean central, boolean user, boolean fallback) {
    keyPolicy = new KeyPolicyWrite(Field.of(central), Field.of(user), Field.of(fallback));
    return this;
  }

  public InstanceWriteBuilder userKeys(boolean on) {
    keyPolicy = new KeyPolicyWrite(Field.absent(), Field.of(on), Field.absent());
    return this;
  }

  public InstanceWriteBuilder centralKey(boolean on) {
    keyPolicy = new KeyPolicyWrite(Field.of(on), Field.absent(), Field.absent());
    return this;
  }

  public InstanceWriteBuilder requestsPerMinute(int most) {
    limits = new LimitsWrite(Field.of(most), Field.absent(), Field.absent());
    return this;
  }

  public InstanceWriteBuilder key() {
    return key(Wiring.CANARY);
  }

  public InstanceWriteBuilder key(String text) {
    apiKey = Field.of(Secret.apiKey(text.getBytes(StandardCharsets.US_ASCII)));
    return this;
  }

  public InstanceWriteBuilder clearingTheKey() {
    apiKey = Field.ofNull();
    return this;
  }

  public InstanceWriteBuilder header(String name, String value) {
    List<CustomHeader> all =
        new ArrayList<>(headers.given().map(CustomHeaders::headers).orElse(List.of()));
    all.add(CustomHeader.of(new HeaderName(name), value.getBytes(StandardCharsets.US_ASCII)));
    headers = Field.of(new CustomHeaders(all));
    return this;
  }

  /** Says whether calls reach the same account at the provider afterwards. */
  public InstanceWriteBuilder sameAccount(boolean same) {
    sameAccount = Optional.of(same);
    return this;
  }

  public InstanceWriteBuilder noHeaders() {
    headers = Field.of(new CustomHeaders(List.of()));
    return this;
  }

  public InstanceWriteBuilder clearingTheHeaders() {
    headers = Field.ofNull();
    return this;
  }

  public InstanceWrite command() {
    return new InstanceWrite(
        definition,
        new SettingsWrite(
            FieldWrites.NONE
                .with(DefinitionFields.DESCRIPTION, description)
                .with(DefinitionFields.PROVIDER, provider)
                .with(DefinitionFields.API_STANDARD, apiStandard)
                .with(DefinitionFields.ENDPOINT, endpoint)
                .with(DefinitionFields.MODEL, model)
                .with(DefinitionFields.DIMENSIONS, dimensions)
                .with(DefinitionFields.CONTEXT_LIMIT, contextLimit)
                .with(InstanceField.DISPLAY_NAME.scalar(), displayName)
                .with(InstanceField.TIMEOUT_MS.scalar(), timeout)
                .with(InstanceField.ORGANIZATION.scalar(), organization)
                .with(InstanceField.ENABLED.scalar(), enabled)
                .with(InstanceField.AUDIENCE.<Audience>scalar(), audience),
            keyPolicy,
            limits,
            Field.absent(),
            LimitsInAll.Write.ABSENT,
            ProviderLimitsWrite.ABSENT),
        apiKey,
        headers,
        sameAccount);
  }
}
