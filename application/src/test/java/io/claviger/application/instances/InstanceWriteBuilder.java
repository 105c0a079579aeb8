package io.claviger.application.instances;

import io.claviger.application.Wiring;
import io.claviger.application.definitions.DefinitionWriteBuilder;
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
import io.claviger.domain.fields.ScalarField;
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
  private FieldWrites fields = FieldWrites.NONE;
  private Field<Definition.Ref> definition = Field.absent();
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
    write.definition = Field.ofNullable(read.definitionRef());
    write.fields =
        DefinitionWriteBuilder.back(s.fields())
            .with(InstanceField.DISPLAY_NAME.scalar(), Field.of(s.displayName()))
            .with(InstanceField.TIMEOUT_MS.scalar(), Field.of(s.timeout()))
            .with(InstanceField.ORGANIZATION.scalar(), Field.ofNullable(s.organization()))
            .with(InstanceField.ENABLED.scalar(), Field.of(s.enabled()));
    KeyPolicy policy = s.keyPolicy();
    write.keyPolicy(policy.centralKey(), policy.userKeys(), policy.fallbackToCentral());
    write.limits = LimitsWrite.of(s.limits());
    return write;
  }

  /** A complete service: OpenAI at its own endpoint. */
  public static InstanceWriteBuilder openAi() {
    return of().provider(Provider.OPENAI).model("text-embedding-3-small");
  }

  /** A complete service that needs no key. */
  public static InstanceWriteBuilder ollama() {
    return of().provider(Provider.OLLAMA).endpoint("http://localhost:11434/v1").model("m");
  }

  private <V> InstanceWriteBuilder with(ScalarField<V> field, Field<V> value) {
    fields = fields.with(field, value);
    return this;
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
    return with(InstanceField.DISPLAY_NAME.scalar(), Field.of(new DisplayName(text)));
  }

  public InstanceWriteBuilder description(String text) {
    return with(DefinitionFields.DESCRIPTION, Field.of(new Description(text)));
  }

  public InstanceWriteBuilder provider(Provider given) {
    return with(DefinitionFields.PROVIDER, Field.of(given));
  }

  public InstanceWriteBuilder apiStandard(String handle) {
    return with(DefinitionFields.API_STANDARD, Field.of(new Handle(handle)));
  }

  public InstanceWriteBuilder endpoint(String url) {
    return with(DefinitionFields.ENDPOINT, Field.of(Endpoint.of(url)));
  }

  public InstanceWriteBuilder model(String name) {
    return with(DefinitionFields.MODEL, Field.of(new ModelName(name)));
  }

  public InstanceWriteBuilder dimensions(int length) {
    return with(DefinitionFields.DIMENSIONS, Field.of(new Dimensions(length)));
  }

  public InstanceWriteBuilder withoutDimensions() {
    return with(DefinitionFields.DIMENSIONS, Field.ofNull());
  }

  public InstanceWriteBuilder contextLimit(int tokens) {
    return with(DefinitionFields.CONTEXT_LIMIT, Field.of(new ContextLimit(tokens)));
  }

  public InstanceWriteBuilder timeout(int millis) {
    return with(InstanceField.TIMEOUT_MS.scalar(), Field.of(new Timeout(millis)));
  }

  public InstanceWriteBuilder organization(String text) {
    return with(InstanceField.ORGANIZATION.scalar(), Field.of(new Organization(text)));
  }

  public InstanceWriteBuilder enabled(boolean given) {
    return with(InstanceField.ENABLED.scalar(), Field.of(given));
  }

  public InstanceWriteBuilder audience(Audience given) {
    return with(InstanceField.AUDIENCE.scalar(), Field.of(given));
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
            fields,
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
