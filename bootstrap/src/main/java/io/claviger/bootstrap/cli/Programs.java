package io.claviger.bootstrap.cli;

import io.claviger.application.audit.port.TimeSpan;
import io.claviger.application.keys.EncryptionKeys;
import io.claviger.application.prices.port.ImportedModel;
import io.claviger.application.prices.port.PriceStore.Imported;
import io.claviger.bootstrap.doctor.Finding;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.dhampsimport.ImportReport;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.keys.NodeKeys;
import io.claviger.host.Confidential;
import io.claviger.host.DatabaseAddress;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The programs behind the commands. Each may throw {@link io.claviger.host.StartRefused}; its lines
 * are then printed, and the exit code is 1.
 */
public record Programs(
    Serve serve,
    Demo demo,
    AdminToken adminToken,
    SignInLink signInLink,
    Keys keys,
    ImportDhamps importDhamps,
    ImportPrices importPrices,
    AuditExport auditExport,
    Doctor doctor) {

  /** Starts a server. Returns when both listeners accept requests. */
  @FunctionalInterface
  public interface Serve {
    RunningServer start(Settings settings);
  }

  /**
   * Starts a demo. It gets the unchecked environment, because it uses its own data directory and
   * ports.
   */
  @FunctionalInterface
  public interface Demo {
    RunningServer start(Map<String, String> environment, PrintWriter out);
  }

  /** Imports from a database of dhamps-vdb. */
  @FunctionalInterface
  public interface ImportDhamps {
    ImportReport run(Settings settings, ImportOptions options);

    /**
     * @param renames new handles by old names
     */
    record ImportOptions(
        DatabaseAddress from,
        Optional<Path> legacyKeyFile,
        Map<String, Handle> renames,
        boolean dryRun) {}
  }

  /** Imports prices of models. */
  @FunctionalInterface
  public interface ImportPrices {
    /**
     * @param dryRun whether to roll everything back
     */
    Imported run(Settings settings, List<ImportedModel> models, boolean dryRun);
  }

  /** Creates a new token for {@code root}. */
  @FunctionalInterface
  public interface AdminToken {
    /**
     * @param recover whether to end everything with which anybody can act as {@code root}, and not
     *     only the token that this created before
     */
    Renewed renew(Settings settings, boolean recover);

    /**
     * The new token.
     *
     * @param ended a sentence that says what a recovery has ended
     */
    record Renewed(Confidential token, Optional<String> ended) {}
  }

  /** Makes a one-time link with which a user signs in. */
  @FunctionalInterface
  public interface SignInLink {
    Confidential make(Settings settings, Handle user);
  }

  /** Opens the encryption keys on record, with or without running nodes. */
  @FunctionalInterface
  public interface Keys {
    OpenKeys open(Settings settings);
  }

  /** Writes the audit trail, or the part within a span of time, as JSON lines, oldest first. */
  @FunctionalInterface
  public interface AuditExport {
    /**
     * @throws IOException when writing to the stream fails
     */
    void write(Settings settings, TimeSpan span, OutputStream out) throws IOException;
  }

  /** Examines the installation without changing anything. Reports each finding immediately. */
  @FunctionalInterface
  public interface Doctor {
    void examine(Settings settings, Consumer<Finding> findings);
  }

  /** The use case of encryption keys. It must be closed. */
  public interface OpenKeys extends AutoCloseable {
    EncryptionKeys encryptionKeys();

    /** The keys that the environment has. Empty if it has none. */
    Optional<NodeKeys> given();

    @Override
    void close();
  }
}
