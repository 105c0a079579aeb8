package io.claviger.client.apply;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The fields that a file can contain: the writable fields of the contract, the fields that name
 * entries, and the lists in entries.
 */
final class FileSchemas {
  private static final Contract CONTRACT = Contract.packaged();
  private static final ValueSchema TEXT = new ValueSchema.Text();

  /** The name of the field with the format of a model or provider. */
  static final String FORMAT = "format";

  /**
   * The schema of the limits of users and groups. The schema has no limits on storage, because
   * users and groups can't have such limits.
   */
  static final ValueSchema.Fields LIMITS = fields("AssignedLimitsWrite", Map.of());

  static final ValueSchema.Fields PROVIDER = named("ProviderWrite", "name");
  static final ValueSchema.Fields DEFINITION = named("DefinitionWrite", "ref");
  static final ValueSchema.Fields GROUP_MEMBER = named("GroupMemberWrite", "user");

  static final ValueSchema.Fields GROUP =
      fields(
          "GroupWrite",
          Map.of(
              "handle", TEXT,
              "limits", LIMITS,
              "pooled_limits", LIMITS,
              "members", new ValueSchema.ListOf(GROUP_MEMBER)));

  static final ValueSchema.Fields SERVICE_SHARE = named("ShareWrite", "grantee", "user");

  static final ValueSchema.Fields SHARED_OBJECT = named("SharedObjectWrite", "kind", "id");

  static final ValueSchema.Fields SERVICE =
      fields(
          "LlmServiceWrite",
          Map.of(
              "ref",
              TEXT,
              "shares",
              new ValueSchema.ListOf(SERVICE_SHARE),
              "shared_objects",
              new ValueSchema.ListOf(SHARED_OBJECT)));

  static final ValueSchema.Fields PROJECT_SHARE = named("ProjectShareWrite", "grantee", "user");

  static final ValueSchema.Fields PROJECT =
      fields("ProjectWrite", Map.of("ref", TEXT, "shares", new ValueSchema.ListOf(PROJECT_SHARE)));

  static final ValueSchema.Fields MODEL =
      fields("ModelConfigWriteFields", Map.of(FORMAT, PROVIDER.fields().get(FORMAT)));

  static final ValueSchema.Fields PRICE = named("PriceWrite", "provider", "model");

  static final ValueSchema.Fields USER =
      new ValueSchema.Fields(Map.of("handle", TEXT, "limits", LIMITS));

  /**
   * The fields of a credential that can contain its secret. A credential has at most one of these
   * fields, whatever its kind.
   */
  static final Set<String> CREDENTIAL_SECRETS =
      CONTRACT.fields("CredentialWrite").entrySet().stream()
          .filter(field -> field.getValue() instanceof ValueSchema.Reference)
          .map(Map.Entry::getKey)
          .collect(Collectors.toUnmodifiableSet());

  /** Fields that have an effect when the server receives them, but are not stored. */
  static final Set<String> WRITE_ONLY_FLAGS = CONTRACT.writeOnlyFlags();

  /** The lists whose order has no meaning. */
  static final Set<String> SETS = CONTRACT.sets();

  /** The fields whose values are compared as decimal numbers, so that 1.5 and 1.50 are equal. */
  static final Set<String> DECIMALS = CONTRACT.decimals();

  private FileSchemas() {}

  /**
   * Returns the fields of a schema, and a text field for each of the given names. In the API, these
   * names are parts of paths.
   */
  private static ValueSchema.Fields named(String schema, String... names) {
    Map<String, ValueSchema> more = new LinkedHashMap<>();
    for (String name : names) {
      more.put(name, TEXT);
    }
    return fields(schema, more);
  }

  private static ValueSchema.Fields fields(String schema, Map<String, ValueSchema> more) {
    Map<String, ValueSchema> fields = new LinkedHashMap<>(CONTRACT.fields(schema));
    fields.putAll(more);
    return new ValueSchema.Fields(Map.copyOf(fields));
  }
}
