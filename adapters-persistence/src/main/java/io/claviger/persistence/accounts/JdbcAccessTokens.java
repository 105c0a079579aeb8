package io.claviger.persistence.accounts;

import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.AddressNet;
import io.claviger.domain.accounts.CertificateThumbprint;
import io.claviger.domain.accounts.TokenBinding;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenPrefix;
import io.claviger.domain.accounts.TokenRestriction;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.TokenBudget;
import io.claviger.domain.policy.TokenPace;
import io.claviger.domain.policy.TokenRate;
import io.claviger.persistence.shared.ByReference;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.PrimaryAnswers;
import io.claviger.persistence.shared.Row;
import io.claviger.persistence.shared.StoredBudgets;
import io.claviger.persistence.shared.StoredPaces;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** Implements {@link AccessTokenStore} with the table {@code access_tokens}. */
public final class JdbcAccessTokens implements AccessTokenStore {
  private static final RowMapper<AccessToken> LISTED = Row.mapper(AccountRows::listedToken);
  private static final RowMapper<Presented> PRESENTED = Row.mapper(row -> presented(row));
  private static final String PRESENTED_ROWS =
      """
      select
        %s,
        %s,
        u.sign_in_due_at as u_sign_in_due_at,
      """
              .formatted(
                  AccountRows.TOKEN.as("t") + ", " + AccountRows.TOKEN_REFERENCES,
                  AccountRows.USER.as("u"))
          + PrimaryAnswers.COLUMN
          + "\n"
          + AccountRows.TOKEN_JOINS;
  private static final String FOR_SERVICE =
      "(cast(:owner as text) is null or t.service_id = %s)".formatted(ByReference.SERVICE);
  private static final TimeCursor BEGINNING = new TimeCursor(Instant.EPOCH, new UUID(0, 0));

  private final JdbcClient jdbc;

  public JdbcAccessTokens(Database database) {
    this.jdbc = database.jdbc();
  }

  @Override
  public Optional<Presented> find(TokenHash hash) {
    return jdbc.sql(
            """
            %s
            where t.token_hash = :hash
            """
                .formatted(PRESENTED_ROWS))
        .param("hash", hash.bytes())
        .query(PRESENTED)
        .optional();
  }

  @Override
  public List<AccessToken> listOf(
      User.Id user, Optional<Instance.Ref> service, Optional<TimeCursor> after, int limit) {
    TimeCursor position = after.orElse(BEGINNING);
    return jdbc.sql(
            """
            select
              %s,
              r.owner_handle || '/' || r.handle as service_ref,
              q.owner_handle || '/' || q.handle as project_ref,
              array(
                select i.owner_handle || '/' || i.handle
                from instances i
                where i.id = any(t.imported_services)
                order by (i.owner_handle || '/' || i.handle) collate "C") as imported_service_refs
            from access_tokens t
            left join instances r on r.id = t.service_id
            left join projects q on q.id = t.project_id
            where t.user_id = :user and (t.created_at, t.id) > (:after_at, :after_id)
              and %s
            order by t.created_at, t.id
            limit :limit
            """
                .formatted(AccountRows.TOKEN.at("t"), FOR_SERVICE))
        .param("owner", Parameters.orNull(service, ref -> ref.owner().value()))
        .param("handle", Parameters.orNull(service, ref -> ref.handle().value()))
        .param("user", user.value())
        .param("after_at", Parameters.at(position.at()))
        .param("after_id", position.id())
        .param("limit", limit)
        .query(LISTED)
        .list();
  }

  @Override
  public int count(User.Id user, Optional<Instance.Ref> service, int most) {
    return jdbc.sql(
            """
            select count(*)
            from (
              select t.id
              from access_tokens t
              where t.user_id = :user and %s
              limit :most) counted
            """
                .formatted(FOR_SERVICE))
        .param("user", user.value())
        .param("owner", Parameters.orNull(service, ref -> ref.owner().value()))
        .param("handle", Parameters.orNull(service, ref -> ref.handle().value()))
        .param("most", most)
        .query(Integer.class)
        .single();
  }

  @Override
  public void save(AccessToken token, TokenHash hash) {
    String replacing =
        """
        update
        set %s
        where access_tokens.user_id = excluded.user_id
        """
            .formatted(AccountRows.TOKEN.and("depth", "parent_depth").replacements());
    if (insert(token, hash, replacing) != 1) {
      throw new ConcurrencyConflict(
          ConcurrencyConflict.How.TAKEN, new DuplicateKeyException("the token is somebody else's"));
    }
  }

  @Override
  public boolean add(AccessToken token, TokenHash hash) {
    return insert(token, hash, "nothing") == 1;
  }

  /**
   * @param ifKnown the end of the SQL statement, which states the action if a token already has the
   *     same hash
   */
  private int insert(AccessToken token, TokenHash hash, String ifKnown) {
    StatementSpec statement =
        jdbc.sql(
                """
                insert into access_tokens (%s, token_hash, depth, parent_depth)
                values (%s, :hash,
                  coalesce((select p.depth + 1 from access_tokens p where p.id = :parent_id), 0),
                  (select p.depth from access_tokens p where p.id = :parent_id))
                on conflict on constraint access_tokens_token_hash_key do %s
                """
                    .formatted(AccountRows.TOKEN, AccountRows.TOKEN.parameters(), ifKnown))
            .param("id", token.id().value())
            .param("user_id", token.user().value())
            .param("hash", hash.bytes())
            .param("name", token.name().value())
            .param("scope", token.scope().wireName())
            .param("origin", token.origin().name().toLowerCase(Locale.ROOT))
            .param("service_id", service(token.restriction()))
            .param("project_id", project(token.restriction()))
            .param("inherited_from", inherited(token, TokenRate::token).toArray(UUID[]::new))
            .param(
                "inherited_per_minute",
                inherited(token, TokenRate::perMinute).toArray(Integer[]::new))
            .param(
                "inherited_budgets_from",
                Parameters.uuids(token.inherited().budgets(), TokenBudget::token))
            .param(
                "inherited_budgets",
                Parameters.texts(token.inherited().budgets(), b -> StoredBudgets.text(b.budget())))
            .param(
                "inherited_paces_from",
                Parameters.uuids(token.inherited().paces(), TokenPace::token))
            .param(
                "inherited_paces",
                Parameters.texts(
                    token.inherited().paces(), p -> StoredPaces.text(p.kind(), p.limit())))
            .param("created_at", Parameters.at(token.createdAt()))
            .param("expires_at", Parameters.at(token.expiresAt()))
            .param("last_used_at", Parameters.at(token.lastUsedAt()))
            .param("parent_id", Parameters.orNull(token.parent(), AccessToken.Id::value))
            .param("refreshable_until", Parameters.at(token.refreshableUntil()))
            .param("trust_id", Parameters.orNull(token.exchanged(), AccessToken.Exchanged::trust))
            .param("presented_subject", token.presentedSubject().orElse(null))
            .param("imported_from", token.imported().map(AccessToken.Imported::from).orElse(null))
            .param(
                "imported_prefix", token.imported().map(from -> from.prefix().value()).orElse(null))
            .param(
                "imported_services",
                Parameters.orNull(
                    token.imported().flatMap(AccessToken.Imported::services),
                    all -> all.stream().sorted().toArray(UUID[]::new)))
            .param("bound_networks", networks(token.binding()))
            .param(
                "bound_certificate",
                token.binding().certificate().map(CertificateThumbprint::value).orElse(null))
            .param("stray_at", Parameters.at(token.stray().map(AccessToken.Stray::at)))
            .param("stray_from", token.stray().map(AccessToken.Stray::from).orElse(null));
    return Parameters.withLimits(statement, token.limits()).update();
  }

  /**
   * Looks up each prefix in an index, so the cost is independent of the number of imported tokens.
   */
  @Override
  public List<TokenPrefix> importedPrefixes(Instant now, int most) {
    return jdbc.sql(
            """
            with recursive known (prefix) as (
              select min(imported_prefix) from access_tokens
              union all
              select (
                select min(t.imported_prefix) from access_tokens t
                where t.imported_prefix > k.prefix)
              from known k
              where k.prefix is not null)
            select prefix from known
            where prefix is not null
              and exists (
                select from access_tokens
                where imported_prefix = prefix and expires_at > :now)
            order by prefix
            limit :most
            """)
        .param("now", Parameters.at(now))
        .param("most", most)
        .query((row, number) -> new TokenPrefix(row.getString(1)))
        .list();
  }

  @Override
  public boolean hold(User.Id user, AccessToken.Id token) {
    return jdbc.sql(
            "select true from access_tokens where id = :id and user_id = :user for key share")
        .param("id", token.value())
        .param("user", user.value())
        .query(Boolean.class)
        .optional()
        .isPresent();
  }

  /**
   * Locks the parent token. Another transaction that creates a narrower token from the same parent
   * waits for this lock. Once the other transaction has the lock, it also counts the token that
   * this transaction has created.
   */
  @Override
  public Optional<Parent> lockParent(User.Id user, AccessToken.Id token, Instant now) {
    Optional<Integer> depth =
        jdbc.sql(
                """
                select depth from access_tokens
                where id = :id and user_id = :user
                for no key update
                """)
            .param("id", token.value())
            .param("user", user.value())
            .query(Integer.class)
            .optional();
    return depth.map(levels -> new Parent(levels, countNarrower(token, now)));
  }

  private int countNarrower(AccessToken.Id token, Instant now) {
    return jdbc.sql(
            """
            select count(*) from access_tokens
            where parent_id = :id and (expires_at is null or expires_at > :now)
            """)
        .param("id", token.value())
        .param("now", Parameters.at(now))
        .query(Integer.class)
        .single();
  }

  @Override
  public Optional<Presented> find(AccessToken.Id token) {
    return jdbc.sql(
            """
            %s
            where t.id = :id
            """
                .formatted(PRESENTED_ROWS))
        .param("id", token.value())
        .query(PRESENTED)
        .optional();
  }

  /**
   * Client secrets refer to the hash of their token's text, so those of the former text are deleted
   * first. The lock makes a new secret wait, and lets this transaction see all secrets that were
   * made before.
   */
  @Override
  public void replaceText(AccessToken.Id token, TokenHash hash, Instant expiresAt) {
    Optional<byte[]> former =
        jdbc.sql("select token_hash from access_tokens where id = :id for update")
            .param("id", token.value())
            .query(byte[].class)
            .optional();
    if (former.isPresent()) {
      Database.update(
          jdbc.sql("delete from client_secrets where token_hash = :former")
              .param("former", former.get()));
    }
    Database.updateOne(
        jdbc.sql(
                """
                update access_tokens
                set token_hash = :hash, expires_at = :expires_at
                where id = :id
                """)
            .param("id", token.value())
            .param("hash", hash.bytes())
            .param("expires_at", Parameters.at(expiresAt)));
  }

  @Override
  public int deleteEnded(Duration ago, int most) {
    return jdbc.sql(
            """
            delete from access_tokens
            where id in (
              select id from access_tokens
              where origin in ('device', 'narrowed', 'exchanged')
                and expires_at < statement_timestamp() - make_interval(secs => :seconds)
                and (refreshable_until is null
                  or refreshable_until < statement_timestamp() - make_interval(secs => :seconds))
              order by expires_at
              limit :most)
            """)
        .param("seconds", ago.toSeconds())
        .param("most", most)
        .update();
  }

  @Override
  public void deleteNarrower(TokenHash hash) {
    Database.update(
        jdbc.sql(
                """
                delete from access_tokens
                where parent_id = (select id from access_tokens where token_hash = :hash)
                """)
            .param("hash", hash.bytes()));
  }

  @Override
  public boolean delete(User.Id user, AccessToken.Id token) {
    return jdbc.sql("delete from access_tokens where id = :id and user_id = :user")
            .param("id", token.value())
            .param("user", user.value())
            .update()
        == 1;
  }

  @Override
  public int deleteAll(User.Id user, AccessToken.Origin origin) {
    return jdbc.sql("delete from access_tokens where user_id = :user and origin = :origin")
        .param("user", user.value())
        .param("origin", origin.name().toLowerCase(Locale.ROOT))
        .update();
  }

  /** Does nothing if the token no longer exists. */
  @Override
  public void recordStray(AccessToken.Id token, AccessToken.Stray stray) {
    Database.update(
        jdbc.sql("update access_tokens set stray_at = :at, stray_from = :from where id = :id")
            .param("id", token.value())
            .param("at", Parameters.at(stray.at()))
            .param("from", stray.from()));
  }

  /** Does nothing if the token no longer exists. */
  @Override
  public void recordUse(AccessToken.Id token, Instant at) {
    Database.update(
        jdbc.sql(
                """
                update access_tokens
                set last_used_at = :at
                where id = :id and (last_used_at is null or last_used_at <= :long_ago)
                """)
            .param("id", token.value())
            .param("at", Parameters.at(at))
            .param("long_ago", Parameters.at(at.minus(USE_GRAIN))));
  }

  private static String @Nullable [] networks(TokenBinding binding) {
    return binding.networks().isEmpty()
        ? null
        : binding.networks().stream().map(AddressNet::text).toArray(String[]::new);
  }

  private static <T> Stream<T> inherited(AccessToken token, Function<TokenRate, T> part) {
    return token.inherited().rates().stream().map(part);
  }

  private static @Nullable UUID service(Optional<TokenRestriction> restriction) {
    return restriction.flatMap(TokenRestriction::service).orElse(null);
  }

  private static @Nullable UUID project(Optional<TokenRestriction> restriction) {
    return restriction.flatMap(TokenRestriction::project).orElse(null);
  }

  private static Presented presented(Row row) throws SQLException {
    PrimaryAnswers.require(row);
    return new Presented(
        AccountRows.token(row.part("t_")),
        AccountRows.user(row.part("u_")),
        row.optionalInstant("u_sign_in_due_at"));
  }
}
