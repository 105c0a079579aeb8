package io.claviger.persistence.accounts;

import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.AddressNet;
import io.claviger.domain.accounts.CertificateThumbprint;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.Responsible;
import io.claviger.domain.accounts.TokenBinding;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenPrefix;
import io.claviger.domain.accounts.TokenRestriction;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserKind;
import io.claviger.domain.policy.InheritedLimits;
import io.claviger.domain.policy.TokenBudget;
import io.claviger.domain.policy.TokenPace;
import io.claviger.domain.policy.TokenRate;
import io.claviger.persistence.shared.Columns;
import io.claviger.persistence.shared.FieldColumns;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import io.claviger.persistence.shared.StoredBudgets;
import io.claviger.persistence.shared.StoredPaces;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

/** Reads users and access tokens from rows of query results. */
public final class AccountRows {
  /** The columns of table {@code users} that {@link #user} reads. */
  public static final Columns USER =
      Columns.of(
              "id",
              "handle",
              "kind",
              "responsible_id",
              "responsible_handle",
              "suspended_at",
              "version",
              "created_at",
              "updated_at")
          .and(FieldColumns.of(User.STORED));

  /** The columns of table {@code access_tokens} that {@link #token} reads. */
  public static final Columns TOKEN =
      Columns.of("id", "user_id", "name", "scope", "origin", "service_id", "project_id")
          .and(Columns.LIMITS)
          .and(
              "inherited_from",
              "inherited_per_minute",
              "inherited_budgets_from",
              "inherited_budgets",
              "inherited_paces_from",
              "inherited_paces",
              "created_at",
              "expires_at",
              "last_used_at",
              "parent_id",
              "refreshable_until",
              "trust_id",
              "presented_subject",
              "imported_from",
              "imported_prefix",
              "imported_services",
              "bound_networks",
              "bound_certificate",
              "stray_at",
              "stray_from");

  /**
   * The columns with the names of service {@code r} and project {@code q}. Token {@code t} can be
   * restricted to one of them.
   */
  public static final String TOKEN_REFERENCES =
      "r.owner_handle || '/' || r.handle as t_service_ref,"
          + " q.owner_handle || '/' || q.handle as t_project_ref";

  /**
   * Token {@code t} with its user {@code u}, and with service {@code r} or project {@code q} to
   * which the token can be restricted.
   */
  public static final String TOKEN_JOINS =
      """
      from access_tokens t
      join users u on u.id = t.user_id
      left join instances r on r.id = t.service_id
      left join projects q on q.id = t.project_id
      """;

  private AccountRows() {}

  public static User user(Row row) throws SQLException {
    return new User(
        new User.Id(row.uuid("id")),
        new Handle(row.text("handle")),
        FieldColumns.read(row, User.STORED),
        UserKind.of(row.text("kind")),
        responsible(row),
        row.optionalInstant("suspended_at"),
        row.bigNumber("version"),
        row.instant("created_at"),
        row.instant("updated_at"));
  }

  private static Optional<Responsible> responsible(Row row) throws SQLException {
    if (!row.has("responsible_id")) {
      return Optional.empty();
    }
    UUID id = row.uuid("responsible_id");
    String name = row.text("responsible_handle");
    return Optional.of(
        name.startsWith("@")
            ? new Responsible.GroupManagers(id, new Handle(name.substring(1)))
            : new Responsible.Person(new User.Id(id), new Handle(name)));
  }

  /**
   * Reads an access token from a row.
   *
   * @param row a row with the additional columns {@code service_ref} and {@code project_ref}: the
   *     names of the service or project to which the token is restricted
   */
  public static AccessToken token(Row row) throws SQLException {
    return new AccessToken(
        new AccessToken.Id(row.uuid("id")),
        new User.Id(row.uuid("user_id")),
        new TokenName(row.text("name")),
        row.constant("scope", TokenScope.class),
        new AccessToken.Provenance(
            row.constant("origin", AccessToken.Origin.class),
            row.optionalUuid("parent_id").map(AccessToken.Id::new),
            exchanged(row),
            imported(row)),
        restriction(row),
        Parameters.limits(row),
        new InheritedLimits(inheritedRates(row), inheritedBudgets(row), inheritedPaces(row)),
        row.instant("created_at"),
        row.optionalInstant("expires_at"),
        row.optionalInstant("last_used_at"),
        row.optionalInstant("refreshable_until"),
        binding(row),
        row.has("stray_at")
            ? Optional.of(new AccessToken.Stray(row.instant("stray_at"), row.text("stray_from")))
            : Optional.empty());
  }

  private static TokenBinding binding(Row row) throws SQLException {
    boolean anywhere = !row.has("bound_networks");
    if (anywhere && !row.has("bound_certificate")) {
      return TokenBinding.NONE;
    }
    List<AddressNet> networks =
        anywhere
            ? List.of()
            : row.texts("bound_networks").stream()
                .map(text -> AddressNet.parse(text).orElseThrow())
                .toList();
    return new TokenBinding(
        networks,
        row.has("bound_certificate")
            ? Optional.of(new CertificateThumbprint(row.text("bound_certificate")))
            : Optional.empty());
  }

  /**
   * Reads an access token from a row of a list.
   *
   * @param row a row as {@link #token} reads it, with the additional column {@code
   *     imported_service_refs}: the names of {@code imported_services}
   */
  static AccessToken listedToken(Row row) throws SQLException {
    AccessToken token = token(row);
    return token.imported().flatMap(AccessToken.Imported::services).isEmpty()
        ? token
        : token.withImportedServices(row.texts("imported_service_refs"));
  }

  private static Optional<AccessToken.Imported> imported(Row row) throws SQLException {
    return row.has("imported_from")
        ? Optional.of(
            new AccessToken.Imported(
                row.text("imported_from"),
                new TokenPrefix(row.text("imported_prefix")),
                row.has("imported_services")
                    ? Optional.of(Set.copyOf(row.uuids("imported_services")))
                    : Optional.empty()))
        : Optional.empty();
  }

  private static Optional<AccessToken.Exchanged> exchanged(Row row) throws SQLException {
    return row.has("trust_id")
        ? Optional.of(
            new AccessToken.Exchanged(row.uuid("trust_id"), row.text("presented_subject")))
        : Optional.empty();
  }

  private static List<TokenRate> inheritedRates(Row row) throws SQLException {
    List<UUID> from = row.uuids("inherited_from");
    List<Integer> perMinute = row.numbers("inherited_per_minute");
    return IntStream.range(0, from.size())
        .mapToObj(i -> new TokenRate(from.get(i), perMinute.get(i)))
        .toList();
  }

  private static List<TokenBudget> inheritedBudgets(Row row) throws SQLException {
    List<UUID> from = row.uuids("inherited_budgets_from");
    List<String> budgets = row.texts("inherited_budgets");
    return IntStream.range(0, from.size())
        .mapToObj(i -> new TokenBudget(from.get(i), StoredBudgets.read(budgets.get(i))))
        .toList();
  }

  private static List<TokenPace> inheritedPaces(Row row) throws SQLException {
    List<UUID> from = row.uuids("inherited_paces_from");
    List<String> paces = row.texts("inherited_paces");
    return IntStream.range(0, from.size())
        .mapToObj(
            i ->
                new TokenPace(
                    from.get(i), StoredPaces.kind(paces.get(i)), StoredPaces.limit(paces.get(i))))
        .toList();
  }

  private static Optional<TokenRestriction> restriction(Row row) throws SQLException {
    if (row.has("service_id")) {
      return Optional.of(
          new TokenRestriction.ToService(row.uuid("service_id"), row.text("service_ref")));
    }
    return row.has("project_id")
        ? Optional.of(
            new TokenRestriction.ToProject(row.uuid("project_id"), row.text("project_ref")))
        : Optional.empty();
  }
}
