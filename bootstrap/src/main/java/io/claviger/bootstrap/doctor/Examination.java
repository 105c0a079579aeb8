package io.claviger.bootstrap.doctor;

import io.claviger.application.identity.OidcSettings;
import io.claviger.application.issuer.port.StatementSigner;
import io.claviger.application.keys.port.OutsideKeyFailure;
import io.claviger.application.operations.port.Doctor.Finding;
import io.claviger.application.prices.PublishedPrices;
import io.claviger.bootstrap.database.ConnectedDatabase;
import io.claviger.bootstrap.settings.KeptEncryptionKey;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.bootstrap.telemetry.Telemetry;
import io.claviger.custody.Keyring;
import io.claviger.custody.TinkSealer;
import io.claviger.domain.keys.KeyUri;
import io.claviger.domain.keys.Secret;
import io.claviger.embeddedpostgres.EmbeddedDatabase;
import io.claviger.host.Confidential;
import io.claviger.host.DataDirectory;
import io.claviger.host.StartRefused;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs the examinations of {@code claviger doctor} in their order. If an examination fails, skips
 * the examinations that depend on it.
 */
public final class Examination {
  private static final String KEYS = "encryption_keys";
  private static final String DATABASE = "database";

  private final Settings settings;
  private final Consumer<Finding> findings;

  private Examination(Settings settings, Consumer<Finding> findings) {
    this.settings = settings;
    this.findings = findings;
  }

  /** Runs all examinations, whether or not nodes are running. */
  public static void of(Settings settings, Consumer<Finding> findings) {
    new Examination(settings, findings).run();
  }

  /** Runs all examinations, and returns what they find. */
  public static List<Finding> of(Settings settings) {
    List<Finding> findings = new ArrayList<>();
    of(settings, findings::add);
    return findings;
  }

  private void run() {
    examineTelemetry();
    boolean embedded = settings.database().given().isEmpty();
    boolean begun = !embedded || DataDirectoryExamination.of(settings.dataDirectory(), findings);
    Optional<TinkSealer> sealer = begun ? sealer(embedded) : Optional.empty();
    sealer.ifPresent(held -> findings.accept(SealingExamination.roundTrip(held)));
    settings.keys().wrapping().issuerKey().ifPresent(this::examineIssuerKey);
    if (begun) {
      examineDatabase(embedded, sealer);
    }
    ExposureExamination.examineSecretFiles(settings.secretFiles(), findings);
    findings.accept(ExposureExamination.listeners(settings.listeners()));
    ExposureExamination.examineTls(settings.listeners().tls(), Instant.now(), findings);
    PrivateHostsExamination.of(settings.gateway().allowedPrivateHosts(), findings);
    findings.accept(prices(LocalDate.now(ZoneOffset.UTC)));
  }

  private void examineTelemetry() {
    try {
      Telemetry.demandUsable(settings.telemetry());
    } catch (StartRefused e) {
      e.lines().forEach(line -> findings.accept(Finding.fail("environment", line)));
    }
  }

  private void examineIssuerKey(KeyUri key) {
    StatementSigner signer = settings.keys().wrapping().signer();
    try {
      StatementSigner.NewKey made = signer.make();
      try (Secret reference = made.signing()) {
        byte[] unused = signer.sign(reference, new byte[] {1});
      }
      findings.accept(
          Finding.ok(
              "issuer_key", "%s is %s, and signs".formatted(key, made.verification().kid())));
    } catch (OutsideKeyFailure e) {
      findings.accept(
          Finding.fail("issuer_key", "%s can't be used: %s".formatted(key, e.getMessage())));
    }
  }

  private static Finding prices(LocalDate today) {
    String age = PublishedPrices.BUNDLED.age(today);
    return PublishedPrices.BUNDLED.isOld(today)
        ? Finding.warn("prices", age)
        : Finding.ok("prices", age);
  }

  private Optional<TinkSealer> sealer(boolean embedded) {
    try {
      Optional<Confidential> keys =
          settings.keys().encryptionKeys().or(() -> embedded ? kept() : Optional.empty());
      if (keys.isEmpty()) {
        findings.accept(
            Finding.fail(KEYS, "none is given: set ENCRYPTION_KEY or ENCRYPTION_KEY_FILE"));
      }
      Optional<Keyring> keyring = keys.map(given -> settings.keys().checkedWith(given).keyring());
      keyring.ifPresent(held -> SealingExamination.wrappings(held).forEach(findings));
      return keyring.map(TinkSealer::new);
    } catch (StartRefused e) {
      e.lines().forEach(line -> findings.accept(Finding.fail(KEYS, line)));
      return Optional.empty();
    }
  }

  private Optional<Confidential> kept() {
    return KeptEncryptionKey.in(DataDirectory.open(settings.dataDirectory()));
  }

  private void examineDatabase(boolean embedded, Optional<TinkSealer> sealer) {
    if (embedded && !madeBefore()) {
      findings.accept(Finding.warn(DATABASE, "there is none yet: the first start creates it"));
      return;
    }
    try (ConnectedDatabase database = ConnectedDatabase.toJoin(settings)) {
      new DatabaseExamination(
              database.pool(),
              settings.database().forMigrations(),
              !settings.retention().bounds().keepsEverything(),
              settings.signIn().oidc().map(OidcSettings::issuer),
              findings)
          .run(sealer);
      new DirectDatabaseExamination(findings)
          .run(database.pool(), settings.database().direct(), database::sharesSessions);
    } catch (StartRefused e) {
      e.lines().forEach(line -> findings.accept(Finding.fail(DATABASE, line)));
      findings.accept(Finding.warn("schema", "not examined, because the database is unreachable"));
    }
  }

  private boolean madeBefore() {
    return EmbeddedDatabase.existsIn(settings.dataDirectory());
  }
}
