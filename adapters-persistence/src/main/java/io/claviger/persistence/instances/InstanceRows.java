package io.claviger.persistence.instances;

import io.claviger.application.instances.port.InstanceStore.VisibleInstance;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.CredentialField;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.SentSettings;
import io.claviger.domain.fairness.CapacityGroup;
import io.claviger.domain.fairness.CapacityPolicy;
import io.claviger.domain.fairness.MaxWait;
import io.claviger.domain.fairness.OnTooManyRequests;
import io.claviger.domain.instances.CallableInstance;
import io.claviger.domain.instances.ConnectionTerms;
import io.claviger.domain.instances.GivenCredential;
import io.claviger.domain.instances.HeaderName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.instances.InstanceSettings;
import io.claviger.domain.instances.Organization;
import io.claviger.domain.instances.Timeout;
import io.claviger.domain.keys.SealedKeys;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.names.Attribution;
import io.claviger.domain.names.PromptCache;
import io.claviger.domain.objects.StorageKinds;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sharing.Audience;
import io.claviger.domain.sharing.HeldShares;
import io.claviger.persistence.definitions.DefinitionRows;
import io.claviger.persistence.definitions.KnownEndpoints;
import io.claviger.persistence.limits.UserLimitRows;
import io.claviger.persistence.providers.ProviderRows;
import io.claviger.persistence.shared.FieldColumns;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import io.claviger.persistence.shared.StoredBudgets;
import io.claviger.persistence.sharing.ShareRows;
import io.claviger.persistence.standards.StandardRows;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.RowMapper;

public final class InstanceRows {
  /** The beginning of that element of {@code given_credential} that names the first owner. */
  private static final String OF = "of=";

  /**
   * The beginning of that element of {@code given_credential} that names the owner whom the first
   * owner lets use the account.
   */
  private static final String FOR = "for=";

  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  /**
   * Reads an instance with its sealed values, and whether it is the viewer's default. Columns with
   * the prefix {@code s_} belong to the viewer's own share. Columns with the prefix {@code h_}
   * belong to the share of one of the viewer's groups. If a co-owner gave the share that calls use,
   * columns with the prefix {@code v_} contain the limits of the co-owner's own share.
   */
  public static final RowMapper<VisibleInstance> SEEN =
      Row.mapper(
          row ->
              seen(
                  row,
                  new HeldShares(
                      ShareRows.optionalShare(row.part("s_")), ShareRows.byGroup(row.part("h_"))),
                  ShareRows.optionalLimits(row.part("v_"))));

  private InstanceRows() {}

  /**
   * Reads an instance.
   *
   * @param row a row that also contains the key placement of the instance's API standard, the
   *     definition's name and the provider's content
   */
  public static Instance instance(Row row) throws SQLException {
    return new Instance(
        new Instance.Id(row.uuid("id")),
        new User.Id(row.uuid("owner_id")),
        row.instanceRef(),
        settings(row),
        StandardRows.placement(row),
        definitionRef(row),
        row.texts("custom_header_names").stream().map(HeaderName::new).toList(),
        row.optionalInstant("api_key_set_at"),
        row.optionalUuid("endpoint_set_by").map(User.Id::new),
        row.optionalUuid("headers_set_by").map(User.Id::new),
        row.bigNumber("version"),
        row.instant("created_at"),
        row.instant("updated_at"));
  }

  /**
   * Reads those fields of an instance that are needed for calls.
   *
   * @param row a row that also contains the key placement of the instance's API standard. The row's
   *     columns for the provider's limits contain the lowest limits in the instance's capacity
   *     group, as in {@code CallContextRows}
   */
  public static CallableInstance callable(Row row) throws SQLException {
    return new CallableInstance(
        new Instance.Id(row.uuid("id")),
        new User.Id(row.uuid("owner_id")),
        row.instanceRef(),
        ProviderRows.provider(row),
        KnownEndpoints.of(row.text("endpoint")),
        StandardRows.placement(row),
        row.optionalText("organization").map(Organization::new),
        new Timeout(row.number("timeout_ms")),
        row.flag("enabled"),
        keyPolicy(row),
        Parameters.limits(row),
        row.optionalInstant("api_key_set_at"),
        row.bigNumber("headers_version"),
        row.optionalFlag("stream_usage"),
        PromptCache.of(row.text("prompt_cache")),
        Attribution.of(row.text("attribution")),
        StorageKinds.of(row.texts("storage")),
        row.number("account"),
        Parameters.inAll(row),
        new CapacityPolicy(
            Parameters.providerLimits(row),
            row.optionalText("capacity_group").map(CapacityGroup::new),
            new MaxWait(row.number("max_wait_ms")),
            OnTooManyRequests.of(row.text("on_429"))),
        credential(row),
        audience(row),
        ConnectionTerms.of(row.number("max_connection_minutes"), row.texts("allowed_origins")),
        sent(row));
  }

  /** Reads which users other than the owner can use an instance. */
  public static Audience audience(Row row) throws SQLException {
    return row.flag("is_everybodys") ? Audience.EVERYBODY : Audience.SHARED;
  }

  /**
   * Reads the sealed keys of an instance.
   *
   * @param row a row with the three columns of sealed values. The column {@code user_key_sealed}
   *     contains the viewer's own key
   */
  public static SealedKeys keys(Row row) throws SQLException {
    return new SealedKeys(
        row.optionalBytes("api_key_sealed").map(SealedValue::new),
        row.optionalBytes("headers_sealed").map(SealedValue::new),
        row.optionalBytes("user_key_sealed").map(SealedValue::new));
  }

  private static VisibleInstance seen(Row row, HeldShares shares, Optional<Limits> giversLimits)
      throws SQLException {
    return new VisibleInstance(
        instance(row),
        shares,
        keys(row),
        row.flag("is_default"),
        giversLimits,
        UserLimitRows.read(row));
  }

  private static InstanceSettings settings(Row row) throws SQLException {
    return new InstanceSettings(
        row.optionalUuid("definition_id").map(Definition.Id::new),
        DefinitionRows.fields(row).withProvider(ProviderRows.provider(row)),
        keyPolicy(row),
        Parameters.limits(row),
        FieldColumns.read(row, InstanceField.own()),
        StoredBudgets.read(row.optionalTexts("budgets_in_all")),
        Parameters.limitsInAll(row),
        Parameters.providerLimits(row),
        credential(row),
        sent(row));
  }

  /**
   * Reads the settings that are sent with calls.
   *
   * @throws InvalidValue if somebody wrote an invalid value directly into the database
   */
  public static SentSettings sent(Row row) throws SQLException {
    return SentSettings.of(row.texts("sent_settings"));
  }

  /** Reads an instance's kind of credential and the credential's settings. */
  public static CredentialSettings credential(Row row) throws SQLException {
    CredentialKind kind = CredentialKind.of(row.text("credential_kind"));
    if (kind == CredentialKind.API_KEY) {
      return CredentialSettings.API_KEY;
    }
    return CredentialSettings.stored(kind, settings(row.texts("credential_settings")));
  }

  /**
   * Reads the credential settings with which the first owner gave the service away.
   *
   * @param row a row that also contains the column {@code given_credential}
   */
  static Optional<GivenCredential> given(Row row) throws SQLException {
    return row.optionalTexts("given_credential")
        .map(
            given ->
                new GivenCredential(
                    CredentialSettings.stored(CredentialKind.FEDERATED, settings(given)),
                    user(OF, given),
                    user(FOR, given)));
  }

  private static Optional<User.Id> user(String name, List<String> given) {
    return given.stream()
        .filter(each -> each.startsWith(name))
        .map(each -> each.substring(name.length()))
        .filter(ID.asMatchPredicate())
        .map(each -> new User.Id(UUID.fromString(each)))
        .findFirst();
  }

  /** Reads texts such as {@code token_url=https://…}. Texts that name no setting are left out. */
  private static Map<CredentialField, String> settings(List<String> texts) {
    Map<CredentialField, String> values = new EnumMap<>(CredentialField.class);
    for (String setting : texts) {
      int equals = setting.indexOf('=');
      CredentialField.named(setting.substring(0, equals))
          .ifPresent(field -> values.put(field, setting.substring(equals + 1)));
    }
    return values;
  }

  /**
   * Reads for which user the stored confirmation of the credential was sealed, if there is one.
   *
   * @param row a row that also contains the column {@code given_credential}
   */
  public static User.Id confirmer(Row row) throws SQLException {
    CredentialSettings present = credential(row);
    return given(row)
        .flatMap(given -> given.confirmer(present))
        .orElse(new User.Id(row.uuid("owner_id")));
  }

  /** Returns each setting of a credential as a text, such as {@code token_url=https://…}. */
  static List<String> stored(CredentialSettings credential) {
    return credential.values().entrySet().stream()
        .map(setting -> setting.getKey().wireName() + "=" + setting.getValue())
        .toList();
  }

  /** Reads a key policy from its three columns. */
  public static KeyPolicy keyPolicy(Row row) throws SQLException {
    return new KeyPolicy(
        row.flag("central_key"), row.flag("user_keys"), row.flag("fallback_to_central"));
  }

  private static Optional<Definition.Ref> definitionRef(Row row) throws SQLException {
    return row.has("definition_handle")
        ? Optional.of(
            new Definition.Ref(
                new Handle(row.text("definition_owner")),
                new Handle(row.text("definition_handle"))))
        : Optional.empty();
  }
}
