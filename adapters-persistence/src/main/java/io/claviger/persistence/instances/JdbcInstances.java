package io.claviger.persistence.instances;

import io.claviger.application.instances.port.InstanceFilter;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.shared.Sight;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.GivenCredential;
import io.claviger.domain.instances.HeaderName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.instances.InstanceSettings;
import io.claviger.persistence.shared.ByReference;
import io.claviger.persistence.shared.Columns;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.FieldColumns;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.ReferredRows;
import io.claviger.persistence.shared.Row;
import io.claviger.persistence.shared.Seeing;
import io.claviger.persistence.shared.StoredBudgets;
import io.claviger.persistence.shared.StoredPaces;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * Implements {@link InstanceStore} with the table {@code instances}. Each query returns what one
 * viewer sees.
 */
public final class JdbcInstances implements InstanceStore {
  private static final Columns WHOLE =
      FieldColumns.of(InstanceField.scalars()).and(Columns.PROVIDER_LIMITS).and(Columns.IN_ALL);

  private static final String FIND =
      "select " + InstanceColumns.SEEN + "from instances i\n" + InstanceColumns.SEEN_JOINS;
  private static final String FIND_BY_REF =
      FIND + "where i.id = " + ByReference.SERVICE + Seeing.SERVICE;
  private static final String SEEN_ID =
      "select i.id from instances i where i.id = " + ByReference.SERVICE + Seeing.SERVICE;
  private static final String FIND_BY_ID = FIND + "where i.id = :id";

  private static final String FIND_TRANSFERRED =
      "select i.given_credential, "
          + InstanceColumns.SEEN
          + "from instances i\n"
          + InstanceColumns.SEEN_JOINS
          + "where i.id = :id";

  private static final String FIND_IN_IMAGE =
      "select "
          + InstanceColumns.SEEN
          + "from jsonb_populate_record(cast(null as instances), cast(:image as jsonb)) i\n"
          + InstanceColumns.SEEN_JOINS;

  private static final String INSERT =
      """
      insert into instances (
        id, owner_id, owner_handle, handle, definition_id, endpoint_set_by, headers_set_by,
        central_key, user_keys,
        fallback_to_central, limit_requests_per_minute, limit_models, limit_operations,
        limit_max_output_tokens, limit_budgets, limit_storage, limit_max_objects, limit_max_bytes,
        limit_objects, limit_pace,
        custom_header_names, headers_sealed, headers_version, api_key_sealed, api_key_set_at,
        credential_kind, credential_settings, sent_settings,
        version, created_at, updated_at,
      """
          + WHOLE
          + """
          )
          values (
            :id, :owner_id, :owner_handle, :handle, :definition, :endpoint_set_by, :headers_set_by,
            :central_key, :user_keys, :fallback_to_central, :limit_requests_per_minute,
            :limit_models, :limit_operations,
            :limit_max_output_tokens, :limit_budgets, :limit_storage, :limit_max_objects,
            :limit_max_bytes, :limit_objects, :limit_pace, :custom_header_names,
            :headers,
            case when cast(:headers as bytea) is null then 0 else cast(:version as bigint) end,
            :api_key, :api_key_set_at, :credential_kind, :credential_settings, :sent_settings, :version,
            :created_at, :updated_at,
          """
          + WHOLE.parameters()
          + ")";

  private static final String UPDATE =
      """
      update instances
      set definition_id = :definition, endpoint_set_by = :endpoint_set_by,
        headers_set_by = :headers_set_by,
        central_key = :central_key, user_keys = :user_keys,
        fallback_to_central = :fallback_to_central,
        limit_requests_per_minute = :limit_requests_per_minute, limit_models = :limit_models,
        limit_operations = :limit_operations,
        limit_max_output_tokens = :limit_max_output_tokens, limit_budgets = :limit_budgets,
        limit_storage = :limit_storage, limit_max_objects = :limit_max_objects,
        limit_max_bytes = :limit_max_bytes, limit_objects = :limit_objects, limit_pace = :limit_pace,
        custom_header_names = :custom_header_names,
        headers_sealed =
          case when :keep_headers then headers_sealed else cast(:headers as bytea) end,
        headers_version =
          case when :keep_headers then headers_version else cast(:version as bigint) end,
        api_key_sealed =
          case when :keep_api_key then api_key_sealed else cast(:api_key as bytea) end,
        api_key_set_at = :api_key_set_at, credential_kind = :credential_kind,
        credential_settings = :credential_settings, sent_settings = :sent_settings,
        version = :version, updated_at = :updated_at,
      """
          + WHOLE.assignments()
          + "\nwhere id = :id";

  private final JdbcClient jdbc;
  private final InstanceLists lists;
  private final NeedyInstances needy;

  public JdbcInstances(Database database) {
    this.jdbc = database.jdbc(ReferredRows.INSTANCES);
    this.lists = new InstanceLists(database.lists());
    this.needy = new NeedyInstances(database.lists());
  }

  @Override
  public Optional<VisibleInstance> find(Instance.Ref ref, Sight sight, Instant now) {
    return Seeing.ofService(sight, jdbc.sql(FIND_BY_REF))
        .param("owner", ref.owner().value())
        .param("handle", ref.handle().value())
        .param("now", Parameters.at(now))
        .query(InstanceRows.SEEN)
        .optional();
  }

  @Override
  public Optional<VisibleInstance> find(Instance.Id id, User.Id viewer, Instant now) {
    return jdbc.sql(FIND_BY_ID)
        .param("id", id.value())
        .param("viewer", viewer.value())
        .param("now", Parameters.at(now))
        .query(InstanceRows.SEEN)
        .optional();
  }

  /**
   * Locks the instance with a first statement, and reads it with a second statement. A single
   * statement would see the locked row after the wait, but the joined rows as they were before the
   * wait.
   */
  @Override
  public Optional<VisibleInstance> lock(Instance.Ref ref, Sight sight, Instant now) {
    return findLocked(ref, sight, now, "for update of i");
  }

  @Override
  public Optional<VisibleInstance> hold(Instance.Ref ref, Sight sight, Instant now) {
    return findLocked(ref, sight, now, "for share of i");
  }

  private Optional<VisibleInstance> findLocked(
      Instance.Ref ref, Sight sight, Instant now, String lock) {
    return Seeing.ofService(sight, jdbc.sql(SEEN_ID + lock))
        .param("owner", ref.owner().value())
        .param("handle", ref.handle().value())
        .param("now", Parameters.at(now))
        .query(UUID.class)
        .optional()
        .flatMap(id -> find(new Instance.Id(id), sight.viewer(), now));
  }

  /**
   * If the oldest service is disabled or deleted while this statement waits for its lock, the next
   * service is locked. Services for everybody have no shares, so the value of {@code now} does not
   * matter.
   */
  @Override
  public Optional<VisibleInstance> holdOldestEnabled(Provider provider, User.Id viewer) {
    return holdOldest(provider, "and is_everybodys")
        .flatMap(id -> find(new Instance.Id(id), viewer, Instant.EPOCH));
  }

  @Override
  public boolean holdsEnabled(Provider provider) {
    return holdOldest(provider, "").isPresent();
  }

  private Optional<UUID> holdOldest(Provider provider, String condition) {
    return jdbc.sql(
            """
            select id
            from instances
            where owner_handle = '_system' and enabled and provider = :provider %s
            order by created_at, id
            limit 1
            for share
            """
                .formatted(condition))
        .param("provider", provider.wireName())
        .query(UUID.class)
        .optional();
  }

  @Override
  public List<VisibleInstance> usableBy(
      User.Id user, User.Id viewer, InstanceFilter.Slice slice, Instant now) {
    return lists.usableBy(user, viewer, slice, now);
  }

  @Override
  public int countUsableBy(User.Id user, InstanceFilter filter, int most, Instant now) {
    return lists.countUsableBy(user, filter, most, now);
  }

  @Override
  public List<VisibleInstance> all(User.Id viewer, InstanceFilter.Slice slice, Instant now) {
    return lists.all(viewer, slice, now);
  }

  @Override
  public int countAll(InstanceFilter filter, int most) {
    return lists.countAll(filter, most);
  }

  @Override
  public List<VisibleInstance> systemLevel(
      User.Id viewer, boolean everything, InstanceFilter.Slice slice, Instant now) {
    return lists.systemLevel(viewer, everything, slice, now);
  }

  @Override
  public List<VisibleInstance> withoutKey(User.Id user, int limit, Instant now) {
    return needy.withoutKey(user, limit, now);
  }

  @Override
  public List<VisibleInstance> endingShares(User.Id user, Instant now, Instant until, int limit) {
    return needy.endingShares(user, now, until, limit);
  }

  @Override
  public void insert(Instance instance, SecretChange apiKey, SecretChange headers) {
    StatementSpec statement =
        jdbc.sql(INSERT)
            .param("owner_id", instance.owner().value())
            .param("owner_handle", instance.ref().owner().value())
            .param("handle", instance.ref().handle().value())
            .param("api_key", sealed(apiKey))
            .param("headers", sealed(headers))
            .param("created_at", Parameters.at(instance.createdAt()));
    Database.updateOne(with(statement, instance));
  }

  @Override
  public void update(Instance instance, SecretChange apiKey, SecretChange headers) {
    StatementSpec statement =
        jdbc.sql(UPDATE)
            .param("keep_api_key", apiKey instanceof SecretChange.Keep)
            .param("api_key", sealed(apiKey))
            .param("keep_headers", headers instanceof SecretChange.Keep)
            .param("headers", sealed(headers));
    Database.updateOne(with(statement, instance));
  }

  /** Nobody's shares are read, so the viewer and the time do not matter. */
  @Override
  public Optional<TransferredInstance> findTransferred(Instance.Id id) {
    return jdbc.sql(FIND_TRANSFERRED)
        .param("id", id.value())
        .param("viewer", User.Id.SYSTEM.value())
        .param("now", Parameters.at(Instant.EPOCH))
        .query(
            Row.mapper(
                row ->
                    new TransferredInstance(InstanceRows.instance(row), InstanceRows.given(row))))
        .optional();
  }

  @Override
  public Optional<GivenCredential> givenCredential(Instance.Id id) {
    return jdbc.sql(
            """
            select given_credential
            from instances
            where id = :id and given_credential is not null
            """)
        .param("id", id.value())
        .query(Row.mapper(InstanceRows::given))
        .optional()
        .flatMap(Function.identity());
  }

  @Override
  public void leaveGivenCredential(Instance.Id id, User.Id to) {
    Database.updateOne(
        jdbc.sql(
                """
                update instances
                set given_credential =
                  array(
                    select s
                    from unnest(given_credential) with ordinality as g (s, n)
                    where s not like 'for=%'
                    order by n)
                  || ('for=' || cast(:to as text))
                where id = :id and given_credential is not null
                """)
            .param("id", id.value())
            .param("to", to.value()));
  }

  @Override
  public String image(Instance.Id id) {
    return jdbc.sql("select cast(to_jsonb(i) as text) from instances i where id = :id")
        .param("id", id.value())
        .query(String.class)
        .single();
  }

  @Override
  public Optional<VisibleInstance> ofImage(String image, User.Id viewer, Instant now) {
    return jdbc.sql(FIND_IN_IMAGE)
        .param("image", image)
        .param("viewer", viewer.value())
        .param("now", Parameters.at(now))
        .query(InstanceRows.SEEN)
        .optional();
  }

  @Override
  public void delete(Instance.Id id) {
    Database.updateOne(jdbc.sql("delete from instances where id = :id").param("id", id.value()));
  }

  private static StatementSpec with(StatementSpec statement, Instance instance) {
    InstanceSettings settings = instance.settings();
    StatementSpec filled =
        Parameters.withProviderLimits(
            FieldColumns.with(statement, InstanceField.scalars(), settings.scalars()),
            settings.providerLimits());
    return Parameters.withLimits(filled, settings.limits())
        .param("budgets_in_all", StoredBudgets.orNull(settings.budgetsInAll()))
        .param("requests_in_all", settings.limitsInAll().requestsPerMinute().orElse(null))
        .param("pace_in_all", StoredPaces.orNull(settings.limitsInAll().pace()))
        .param("id", instance.id().value())
        .param("definition", Parameters.orNull(settings.definition(), Definition.Id::value))
        .param("endpoint_set_by", Parameters.orNull(instance.endpointSetBy(), User.Id::value))
        .param("headers_set_by", Parameters.orNull(instance.headersSetBy(), User.Id::value))
        .param("central_key", settings.keyPolicy().centralKey())
        .param("user_keys", settings.keyPolicy().userKeys())
        .param("fallback_to_central", settings.keyPolicy().fallbackToCentral())
        .param(
            "custom_header_names",
            Parameters.texts(instance.customHeaderNames(), HeaderName::value))
        .param("api_key_set_at", Parameters.at(instance.apiKeySetAt()))
        .param("credential_kind", settings.credential().kind().wireName())
        .param(
            "credential_settings",
            InstanceRows.stored(settings.credential()).toArray(String[]::new))
        .param("sent_settings", settings.sent().lines().toArray(String[]::new))
        .param("version", instance.version())
        .param("updated_at", Parameters.at(instance.updatedAt()));
  }

  private static byte @Nullable [] sealed(SecretChange change) {
    return switch (change) {
      case SecretChange.Replace replace -> replace.with().bytes();
      case SecretChange.Keep keep -> null;
      case SecretChange.Clear clear -> null;
    };
  }
}
