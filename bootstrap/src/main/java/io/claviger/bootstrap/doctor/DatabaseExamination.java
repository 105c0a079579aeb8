package io.claviger.bootstrap.doctor;

import com.zaxxer.hikari.HikariDataSource;
import io.claviger.application.health.SharedTime;
import io.claviger.application.identity.UnfollowedPeople;
import io.claviger.application.identity.port.IdentityStore.Unfollowed;
import io.claviger.application.keys.KeyringAdmission;
import io.claviger.application.operations.port.Doctor.Finding;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.custody.TinkSealer;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.identity.Issuer;
import io.claviger.host.DatabaseAddress;
import io.claviger.persistence.Schema;
import io.claviger.persistence.identity.JdbcIdentities;
import io.claviger.persistence.keys.JdbcEncryptionKeys;
import io.claviger.persistence.shared.Database;
import io.claviger.wiring.CommandContext;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.springframework.dao.DataAccessException;

/**
 * Examines the database server, the schema, the server's clock, and the recorded encryption keys.
 */
final class DatabaseExamination {
  private static final Duration CLOCKS_AGREE = Duration.ofSeconds(1);

  private final HikariDataSource pool;
  private final Optional<DatabaseAddress> owner;
  private final boolean removesMonths;
  private final Optional<Issuer> issuer;
  private final Consumer<Finding> findings;

  /**
   * @param owner the address for connections with the role that runs migrations; empty if the pool
   *     uses the same role
   * @param removesMonths whether nodes are configured to remove old months of usage or of the audit
   *     trail
   * @param issuer the identity provider with which people sign in; empty if there is no identity
   *     provider
   */
  DatabaseExamination(
      HikariDataSource pool,
      Optional<DatabaseAddress> owner,
      boolean removesMonths,
      Optional<Issuer> issuer,
      Consumer<Finding> findings) {
    this.pool = pool;
    this.owner = owner;
    this.removesMonths = removesMonths;
    this.issuer = issuer;
    this.findings = findings;
  }

  void run(Optional<TinkSealer> sealer) {
    try {
      findings.accept(Finding.ok("database", "PostgreSQL " + version() + " answers"));
      findings.accept(clock());
      Optional<Schema.State> schema =
          new SchemaExamination(findings, removesMonths).run(pool, owner);
      if (schema.filter(DatabaseExamination::hasKeys).isPresent()) {
        sealer.ifPresent(held -> findings.accept(keys(held)));
      } else if (schema.filter(Schema.State.BEHIND::equals).isPresent()
          && new Schema(pool).recordsEncryptionKeys()) {
        sealer.ifPresent(held -> findings.accept(keysBeforeUpgrade(held)));
      }
      if (schema.filter(Schema.State.CURRENT::equals).isPresent()) {
        Database database = new Database(pool);
        identities(UnfollowedPeople.find(issuer, new JdbcIdentities(database), database.clock()))
            .ifPresent(findings);
      }
    } catch (StoreUnavailable e) {
      findings.accept(Finding.fail("database", "not examined to the end: " + e.getMessage()));
    } catch (SQLException | DataAccessException e) {
      findings.accept(Finding.fail("database", "became unreachable during the examination"));
    }
  }

  private String version() throws SQLException {
    try (Connection connection = pool.getConnection()) {
      return connection.getMetaData().getDatabaseProductVersion();
    }
  }

  private static boolean hasKeys(Schema.State schema) {
    return schema == Schema.State.CURRENT || schema == Schema.State.AHEAD;
  }

  static Finding schema(Schema.State state) {
    return switch (state) {
      case CURRENT -> Finding.ok("schema", "is what this Claviger needs");
      case EMPTY -> Finding.warn("schema", "there is none yet: the next start creates it");
      case BEHIND -> Finding.warn("schema", "is older: the next start upgrades it");
      case AHEAD -> Finding.fail("schema", "a newer Claviger has changed it: use that one");
      case FOREIGN -> Finding.fail("schema", "the database holds tables of another program");
    };
  }

  /**
   * Compares the database's clock with the local clock, which is read before and after the
   * database's clock.
   */
  private Finding clock() {
    Instant before = Instant.now();
    Instant there = new Database(pool).clock();
    Duration away = Duration.between(before, there);
    Duration took = Duration.between(before, Instant.now());
    return clock(Math.max(0, Math.max(-away.toMillis(), away.minus(took).toMillis())));
  }

  static Finding clock(long off) {
    String what = "%d ms away from the database's".formatted(off);
    if (off <= CLOCKS_AGREE.toMillis()) {
      return Finding.ok("clock", what);
    }
    return off <= SharedTime.TOLD.toMillis()
        ? Finding.warn("clock", what + ", more than 1 s: let both machines follow a time server")
        : Finding.fail(
            "clock",
            what
                + ", more than %d s: sign-ins, certificates and the audit trail depend on it; let both"
                    .formatted(SharedTime.TOLD.toSeconds())
                + " machines follow a time server");
  }

  /**
   * Warns about people who signed in with an identity provider other than the one that Claviger
   * asks.
   */
  static Optional<Finding> identities(Unfollowed people) {
    if (people.number() == 0) {
      return Optional.empty();
    }
    String named =
        people.first().stream().map(Handle::value).collect(Collectors.joining(", "))
            + (people.number() > people.first().size() ? ", ..." : "");
    return Optional.of(
        Finding.warn(
            "identities",
            "%d people signed in with an identity provider that is not CLAVIGER_OIDC_ISSUER: %s;"
                    .formatted(people.number(), named)
                + " link or unlink their identities, or recover or delete the users"));
  }

  /**
   * Decides only by the recorded encryption keys whether a node could start, because an older
   * schema might lack the records of other nodes.
   */
  private Finding keysBeforeUpgrade(TinkSealer sealer) {
    return SealingExamination.finding(
        KeyringAdmission.judge(new JdbcEncryptionKeys(new Database(pool)), sealer));
  }

  private Finding keys(TinkSealer sealer) {
    try (CommandContext context = CommandContext.of(pool, Optional.of(sealer), "doctor")) {
      return SealingExamination.finding(context.get(KeyringAdmission.class).preview());
    }
  }
}
